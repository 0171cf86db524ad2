//! Holds documents with labels, and which columns they are taken from.

use std::collections::BTreeSet;

use crate::error::{Error, Message};
use crate::read::tables::cells::MISSING_VALUES;
use crate::read::tables::condition::Condition;
use crate::read::tables::origin::Origin;
use crate::read::{Column, Requirement};
use crate::text::document::Document;

/// Which columns of a labeled file mean what.
#[derive(Clone, Debug)]
pub struct LabeledColumns {
    /// The label.
    pub label: String,
    /// Candidates for the group: the first of them that has a value in a row is its group.
    pub group: Vec<Column>,
    /// The row's weight.
    pub weight: Option<Column>,
    /// The row's date.
    pub date: Option<Column>,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// Rows with one of these labels are left out.
    pub ignored_labels: Vec<String>,
    /// Cells that say that a label, a group, a date or a weight is missing: [`MISSING_VALUES`],
    /// unless others are given.
    pub missing: Vec<String>,
}

/// Columns that a group is taken from where none is named, the first that a row has.
pub const GROUP_COLUMNS: [&str; 4] = ["source", "outlet", "author", ARTICLE];
/// The column of a row's article.
pub(super) const ARTICLE: &str = "article";

impl Default for LabeledColumns {
    /// The label is in the column `label`; the group in the first of [`GROUP_COLUMNS`] and the date
    /// in `date`, where a file has them.
    fn default() -> Self {
        let optional = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
        LabeledColumns {
            label: "label".to_owned(),
            group: GROUP_COLUMNS.map(optional).to_vec(),
            weight: None,
            date: Some(optional("date")),
            conditions: Vec::new(),
            ignored_labels: Vec::new(),
            missing: MISSING_VALUES.map(str::to_owned).to_vec(),
        }
    }
}

/// A labeled document.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold {
    /// The text and its name.
    pub document: Document,
    /// The label.
    pub label: String,
    /// The group, if it has one.
    pub group: Option<String>,
    /// The weight; 1 without a weight column.
    pub weight: f64,
    /// The date as it is written, if the row has one.
    pub date: Option<String>,
}

impl Gold {
    /// Writes the date anew, where `rewrite` can read it.
    pub fn rewrite_date(&mut self, rewrite: impl Fn(&str) -> Option<String>) {
        if let Some(date) = self.date.as_deref().and_then(rewrite) {
            self.date = Some(date);
        }
    }
}

/// What a reading of labeled files gave.
#[derive(Debug, Default)]
pub struct Labeled {
    /// Rows to use.
    pub rows: Vec<Gold>,
    /// Rows left out by a condition or an ignored label, or because their label is missing.
    pub left_out: u64,
    /// Rows that could not be used.
    pub skipped: Vec<Error>,
    /// One line each: signs that texts show, repeated ids, replaced bytes, missing values, rows
    /// that a coding tool rejects.
    pub warnings: Vec<Message>,
    /// The columns that gave groups.
    pub group_columns: BTreeSet<String>,
    /// Whether rows have weights of their own.
    pub has_weights: bool,
    /// Where the rows come from, as far as they say so themselves.
    pub origin: Origin,
}
