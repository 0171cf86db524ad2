//! Counts the labels of a run by group, part by part.

use crate::classifier::verdict::Verdict;
use crate::error::Result;
use crate::read::{Column, Requirement};
use crate::tabulate::{GroupKey, Groups};
use crate::text::document::Document;
use crate::write::RunContext;

/// The columns that documents carry for a run: those to keep, then those to count by.
pub fn carried_columns(keep: &[String], keys: &[GroupKey]) -> Vec<Column> {
    let mut names: Vec<&str> = keep.iter().map(String::as_str).collect();
    for key in keys {
        if !names.contains(&key.column()) {
            names.push(key.column());
        }
    }
    names.into_iter().map(|name| Column { name: name.to_owned(), need: Requirement::InHeader }).collect()
}

/// Counts by group, of the whole run and since the last checkpoint.
#[derive(Debug)]
pub(super) struct GroupCounts {
    keys: Vec<GroupKey>,
    /// The place of each key's column among a document's columns.
    places: Vec<usize>,
    classes: usize,
    duplicates: bool,
    all: Groups,
    recent: Groups,
}

impl GroupCounts {
    /// Counts by these keys, whose columns are among the `columns` that documents carry.
    pub(super) fn new(keys: Vec<GroupKey>, columns: &[Column], context: &RunContext) -> Result<Self> {
        let place = |key: &GroupKey| columns.iter().position(|column| column.name == key.column());
        let empty = || Groups::new(keys.clone(), context.labels.len(), context.duplicates);
        Ok(GroupCounts {
            places: keys.iter().filter_map(place).collect(),
            classes: context.labels.len(),
            duplicates: context.duplicates,
            all: empty()?,
            recent: empty()?,
            keys,
        })
    }

    /// The values of the keys in a document.
    pub(super) fn values<'d>(&self, document: &'d Document) -> Vec<Option<&'d str>> {
        self.places.iter().map(|place| document.columns.get(*place)?.as_deref()).collect()
    }

    /// Counts a document.
    pub(super) fn add(&mut self, values: &[Option<&str>], verdict: &Verdict, is_story: bool) -> Result<()> {
        self.recent.add(values, verdict.decision(), verdict.slant(), is_story)
    }

    /// Ends a part of the run and gives its counts.
    pub(super) fn end_part(&mut self) -> Result<Groups> {
        let empty = Groups::new(self.keys.clone(), self.classes, self.duplicates)?;
        let part = std::mem::replace(&mut self.recent, empty);
        self.all.merge(&part)?;
        Ok(part)
    }

    /// Adds a part that was counted before.
    pub(super) fn merge(&mut self, part: &Groups) -> Result<()> {
        self.all.merge(part)
    }

    /// The counts of all parts that have ended.
    pub(super) fn into_groups(self) -> Groups {
        self.all
    }
}
