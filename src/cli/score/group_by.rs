//! The table of groups that gets published.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::terminal;
use crate::pipeline::Context;
use crate::tabulate::{GroupKey, Groups};
use crate::write::{Output, OutputFile, group_columns, write_groups};
use crate::{Document, LabelSet, Result, Verdict};

/// What to count by.
#[derive(clap::Args)]
pub struct ByArgs {
    /// Count labels for each value of these columns; of dates by year, month, week or day: source,date:month
    #[arg(long, value_name = "COLUMN[:PERIOD]", requires = "by_output")]
    by: Option<String>,
    /// Write the counts here, as CSV with 95 % intervals
    #[arg(long, value_name = "FILE", requires = "by")]
    by_output: Option<PathBuf>,
}

impl ByArgs {
    /// The keys, if there are any, checked against the labels with which they share a table.
    pub fn keys(&self, labels: &LabelSet) -> Result<Vec<GroupKey>> {
        let Some(by) = &self.by else { return Ok(Vec::new()) };
        let keys = GroupKey::parse_list(by)?;
        group_columns(&keys, labels)?;
        Ok(keys)
    }

    /// The file for the counts.
    pub fn output(&self) -> Option<&Path> {
        self.by_output.as_deref()
    }
}

/// Counts by group, of the whole run and since the last checkpoint.
pub struct Table {
    keys: Vec<GroupKey>,
    /// The place of each key's column among a document's columns.
    places: Vec<usize>,
    classes: usize,
    duplicates: bool,
    all: Groups,
    recent: Groups,
}

impl Table {
    /// `columns` are the columns that documents carry; the keys' columns are among them.
    pub fn new(keys: Vec<GroupKey>, columns: &[String], context: &Context) -> Result<Self> {
        let place = |key: &GroupKey| columns.iter().position(|column| column == key.column());
        let empty = || Groups::new(keys.clone(), context.labels.len(), context.duplicates);
        Ok(Table {
            places: keys.iter().filter_map(place).collect(),
            classes: context.labels.len(),
            duplicates: context.duplicates,
            all: empty()?,
            recent: empty()?,
            keys,
        })
    }

    /// The values of the keys in a document.
    pub fn values<'d>(&self, document: &'d Document) -> Vec<Option<&'d str>> {
        self.places.iter().map(|place| document.columns.get(*place)?.as_deref()).collect()
    }

    /// Counts a document.
    pub fn add(&mut self, values: &[Option<&str>], verdict: &Verdict, is_story: bool) -> Result<()> {
        self.recent.add(values, verdict.decision(), verdict.slant(), is_story)
    }

    /// Ends a part of the run; gives its counts.
    pub fn end_part(&mut self) -> Result<Groups> {
        let empty = Groups::new(self.keys.clone(), self.classes, self.duplicates)?;
        let part = std::mem::replace(&mut self.recent, empty);
        self.all.merge(&part)?;
        Ok(part)
    }

    /// Adds a part that was counted before.
    pub fn merge(&mut self, part: &Groups) -> Result<()> {
        self.all.merge(part)
    }

    /// Writes the table.
    pub fn write(
        &self,
        mut out: OutputFile,
        context: &Context,
        excel: bool,
        quiet: bool,
    ) -> anyhow::Result<()> {
        terminal::warn(quiet, &self.all.notes().collect::<Vec<_>>());
        write_groups(&mut out, &context.labels, &self.all, excel)
            .and_then(|()| out.commit())
            .context("cannot write the table of groups")
    }
}
