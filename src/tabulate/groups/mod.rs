//! Counts verdicts by group: how many documents, which labels, how far along the axis.

mod largest;
mod limits;
mod saved;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::classifier::verdict::Decision;
use crate::error::{Error, Message, Result};
use crate::tabulate::group::Tally;
use crate::tabulate::groups::limits::{Limits, size};
use crate::tabulate::groups::saved::Saved;
use crate::tabulate::{Cut, Group, GroupKey, Unknown};

pub use largest::Largest;

/// The counts of each group. A group is a combination of the keys' values that occurs.
///
/// The parts of a run add up to the run, bit for bit, however it was cut: counts are integers, and
/// slants are summed as integers too. Memory is one entry per group, about 400 bytes with three
/// labels and short values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Groups {
    keys: Vec<GroupKey>,
    classes: usize,
    duplicates_marked: bool,
    unknown: Vec<Unknown>,
    #[serde(serialize_with = "saved::pairs")]
    groups: BTreeMap<Vec<String>, Tally>,
    /// Bytes of the groups' values and counts.
    #[serde(skip_serializing)]
    held: usize,
    #[serde(skip_serializing)]
    limits: Limits,
}

impl Groups {
    /// Starts an empty table for a model with so many classes. `duplicates_marked` says whether
    /// [`Groups::add`] is told which documents are stories.
    ///
    /// # Errors
    /// No key, or a key that is given twice.
    pub fn new(keys: Vec<GroupKey>, classes: usize, duplicates_marked: bool) -> Result<Self> {
        GroupKey::check(&keys)?;
        let unknown = vec![Unknown::default(); keys.len()];
        Ok(Groups {
            keys,
            classes,
            duplicates_marked,
            unknown,
            groups: BTreeMap::new(),
            held: 0,
            limits: Limits::default(),
        })
    }

    /// Counts one document: the values of the keys' columns in the order of the keys (one that is
    /// not there is missing), the answer, and whether it is the first of its story in its group: a
    /// reprint counts as a story where no other print of it was counted.
    ///
    /// # Errors
    /// A group too many, or a label of another model. The table is left as it was.
    pub fn add(
        &mut self,
        values: &[Option<&str>],
        decision: Decision,
        slant: Option<f64>,
        is_story: bool,
    ) -> Result<()> {
        if decision.label().is_some_and(|class| class.index() >= self.classes) {
            return Err(Error::data("a label of another model than the table's"));
        }
        let mut unknown = vec![Unknown::default(); self.keys.len()];
        let group = self.keys.iter().zip(&mut unknown).enumerate().map(|(at, (key, unknown))| {
            let cut = key.cut(values.get(at).copied().flatten());
            unknown.add(&cut);
            if let Cut::Known(value) = cut { value.into_owned() } else { String::new() }
        });
        let group: Vec<String> = group.collect();
        if !self.groups.contains_key(&group) {
            self.make_room(1, size(&group, self.classes))?;
        }
        let tally = self.groups.entry(group).or_insert_with(|| Tally::new(self.classes));
        tally.add(decision, slant, is_story);
        self.unknown.iter_mut().zip(&unknown).for_each(|(sum, more)| sum.merge(more));
        Ok(())
    }

    /// Adds the counts of another part of the same run.
    ///
    /// # Errors
    /// A table of other keys, classes or marking, or a group too many. The table is left as it was.
    pub fn merge(&mut self, other: &Groups) -> Result<()> {
        let shape = |groups: &Groups| (groups.classes, groups.duplicates_marked);
        if self.keys != other.keys || shape(self) != shape(other) {
            return Err(Error::data(
                "tables of different runs cannot be added: their keys, their numbers of labels or their marking of \
                 duplicates differ",
            ));
        }
        let new = || other.groups.keys().filter(|group| !self.groups.contains_key(*group));
        let (count, bytes) =
            new().fold((0, 0), |(count, bytes), group| (count + 1, bytes + size(group, self.classes)));
        self.make_room(count, bytes)?;
        for (group, more) in &other.groups {
            match self.groups.get_mut(group) {
                Some(tally) => tally.merge(more),
                None => {
                    self.groups.insert(group.clone(), more.clone());
                }
            }
        }
        self.unknown.iter_mut().zip(&other.unknown).for_each(|(sum, more)| sum.merge(more));
        Ok(())
    }

    /// The keys that the table is grouped by.
    pub fn keys(&self) -> &[GroupKey] {
        &self.keys
    }

    /// Whether some group has a reprint: without one, shares of stories are those of documents.
    pub fn has_repeats(&self) -> bool {
        self.iter().any(|group| group.stories.is_some_and(|stories| stories < group.documents))
    }

    /// Whether stories are counted as well as documents.
    pub fn has_stories(&self) -> bool {
        self.duplicates_marked
    }

    /// Number of groups.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether no document was counted.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Iterates over the groups, ordered by the bytes of their values.
    pub fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        self.groups.iter().map(|(values, tally)| tally.figures(values, self.duplicates_marked))
    }

    /// The documents without a known value of each key, in the order of the keys.
    pub fn unknown(&self) -> &[Unknown] {
        &self.unknown
    }

    /// Describes values that are not known, in one sentence for each key.
    pub fn notes(&self) -> impl Iterator<Item = Message> {
        let all: u64 = self.groups.values().map(|tally| tally.documents).sum();
        self.keys.iter().zip(&self.unknown).filter_map(move |(key, unknown)| unknown.note(key, all))
    }
}
