//! Saves a table, and checks one that was saved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serializer};

use crate::error::{Error, Result};
use crate::tabulate::group::Tally;
use crate::tabulate::groups::limits::size;
use crate::tabulate::{GroupKey, Groups, Unknown};

/// Serializes a map whose keys are not strings as a list of pairs.
pub(super) fn pairs<S: Serializer>(
    groups: &BTreeMap<Vec<String>, Tally>,
    out: S,
) -> std::result::Result<S::Ok, S::Error> {
    out.collect_seq(groups)
}

/// A saved table before it is checked.
#[derive(Deserialize)]
pub(super) struct Saved {
    keys: Vec<GroupKey>,
    classes: usize,
    duplicates_marked: bool,
    unknown: Vec<Unknown>,
    groups: Vec<(Vec<String>, Tally)>,
}

impl TryFrom<Saved> for Groups {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let mut table = Groups::new(saved.keys, saved.classes, saved.duplicates_marked)?;
        let damaged =
            || Error::data("the saved table of groups is damaged: its counts do not belong together");
        if saved.unknown.len() != table.keys.len() {
            return Err(damaged());
        }
        table.unknown = saved.unknown;
        let mut documents = 0u64;
        for (group, tally) in saved.groups {
            if group.len() != table.keys.len() || !tally.is_sound(table.classes) {
                return Err(damaged());
            }
            table.make_room(1, size(&group, table.classes))?;
            documents = documents.checked_add(tally.documents).ok_or_else(damaged)?;
            if table.groups.insert(group, tally).is_some() {
                return Err(damaged());
            }
        }
        let possible = |unknown: &Unknown| unknown.count().is_some_and(|count| count <= documents);
        if table.unknown.iter().all(possible) { Ok(table) } else { Err(damaged()) }
    }
}
