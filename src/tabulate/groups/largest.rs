//! Names the largest groups of a table, and adds up all others.

use crate::tabulate::group::Tally;
use crate::tabulate::{Group, Groups};

/// The largest groups of a table.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Largest<'a> {
    /// The largest first.
    pub groups: Vec<Group<'a>>,
    /// How many groups are not among them.
    pub others: usize,
    /// The figures of those together, under no values; `None` if there are none.
    pub merged: Option<Group<'a>>,
}

impl Groups {
    /// The `count` groups with the most documents, largest first and then by their values, and all
    /// others as one.
    pub fn largest(&self, count: usize) -> Largest<'_> {
        let mut all: Vec<(&[String], &Tally)> =
            self.groups.iter().map(|(values, tally)| (values.as_slice(), tally)).collect();
        all.sort_by(|a, b| b.1.documents.cmp(&a.1.documents).then(a.0.cmp(b.0)));
        let others = all.split_off(count.min(all.len()));
        let mut sum = Tally::new(self.classes);
        others.iter().for_each(|(_, tally)| sum.merge(tally));
        Largest {
            groups: all
                .into_iter()
                .map(|(values, tally)| tally.figures(values, self.duplicates_marked))
                .collect(),
            others: others.len(),
            merged: (!others.is_empty()).then(|| sum.figures(&[], self.duplicates_marked)),
        }
    }
}
