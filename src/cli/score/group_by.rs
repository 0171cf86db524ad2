//! Defines the options of the table of groups that gets published, and writes it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::inputs::DateArgs;
use crate::cli::{flags, terminal};
use crate::tabulate::{GroupKey, Groups};
use crate::write::{Output, OutputFile, group_columns, write_groups};
use crate::{LabelSet, Result};

/// What to count by.
#[derive(clap::Args)]
pub struct ByArgs {
    /// Count labels for each value of these columns; of dates by year, month, week or day: source,date:month
    #[arg(long, value_name = "COLUMN[:PERIOD]", requires = "by_output")]
    by: Option<String>,
    /// Write the counts here, as CSV with 95 % intervals
    #[arg(long, value_name = "FILE", requires = "by")]
    by_output: Option<PathBuf>,
    #[command(flatten)]
    date_format: DateArgs,
}

impl ByArgs {
    /// The keys, if there are any, checked against the labels with which they share a table.
    pub fn keys(&self, labels: &LabelSet) -> Result<Vec<GroupKey>> {
        let Some(by) = &self.by else { return Ok(Vec::new()) };
        let keys = GroupKey::parse_list(by)?;
        let keys: Vec<GroupKey> =
            keys.into_iter().map(|key| key.with_date_format(self.date_format.order())).collect();
        group_columns(&keys, labels)?;
        Ok(keys)
    }

    /// The file for the counts.
    pub fn output(&self) -> Option<&Path> {
        self.by_output.as_deref()
    }
}

/// Writes the table, after a warning about values that could not be read.
pub fn write_table(
    mut out: OutputFile,
    labels: &LabelSet,
    groups: &Groups,
    (excel, quiet): (bool, bool),
) -> anyhow::Result<()> {
    terminal::warn(quiet, &groups.notes().map(|note| flags::in_message(&note)).collect::<Vec<_>>());
    write_groups(&mut out, labels, groups, excel)
        .and_then(|()| out.commit())
        .context("cannot write the table of groups")
}
