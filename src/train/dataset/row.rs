//! Checks labeled rows before training.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::classifier::verdict::Verdict;
use crate::error::{Error, Result};
use crate::evaluate::{LabeledPrediction, TrainingTexts};
use crate::label::{ClassId, LabelSet};
use crate::model::hexadecimal;

/// One labeled text.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The text, scored as one unit whatever its length.
    pub text: String,
    /// The label.
    pub label: String,
    /// Rows of one group are never split over folds; `None` is a group of its own.
    pub group: Option<String>,
    /// Rows of one id are codings of one text, and never split over folds either.
    pub id: Option<String>,
    /// The date as it is written, for the split by time; `None` for a row that has none.
    pub date: Option<String>,
    /// How much the row counts; at least 0.
    pub weight: f64,
    /// For training only: never in a held-out fold, nor in a calibration or a threshold.
    pub train_only: bool,
}

impl Row {
    /// A row of weight 1 and a group of its own.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Row {
            text: text.into(),
            label: label.into(),
            group: None,
            id: None,
            date: None,
            weight: 1.0,
            train_only: false,
        }
    }

    /// The row with a model's answer, as evaluations count it.
    pub(crate) fn answered<'a>(&'a self, gold: ClassId, verdict: &'a Verdict) -> LabeledPrediction<'a> {
        LabeledPrediction {
            gold,
            verdict,
            weight: self.weight,
            group: self.group.as_deref(),
            date: self.date.as_deref(),
        }
    }
}

/// Rows whose labels and groups have numbers.
#[derive(Debug)]
pub(crate) struct Rows<'r> {
    pub rows: Cow<'r, [Row]>,
    pub labels: LabelSet,
    /// Class of each row.
    pub targets: Vec<usize>,
    /// Group of each row, numbered in the order of first occurrence.
    pub groups: Vec<usize>,
    /// The first row with the text or the id of each row: itself until
    /// [`hold_together`](crate::train::dataset::hold_together).
    pub repeats: Vec<usize>,
    /// What is held out together: of a row that repeats an earlier one, nearly or wholly, the group
    /// of that one; of any other its own.
    pub families: Vec<usize>,
    /// Whether each row is like what will be scored: all but those for training only, and what
    /// [`Rows::beside`] adds.
    pub typical: Vec<bool>,
    /// What each row's weight is multiplied by in fits, and in nothing else: not in calibrations,
    /// thresholds and figures.
    pub factors: Vec<f64>,
    /// Whether fits add a model of the first rows alone.
    pub pooled: Option<Pooled>,
}

/// A second model, of some rows alone, whose margins are added to those of the model of all rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pooled {
    /// How many of the first rows it is learned from.
    pub rows: usize,
    /// What its margins are multiplied by.
    pub share: f64,
}

impl<'r> Rows<'r> {
    /// Numbers labels and groups.
    ///
    /// # Errors
    /// Too few labels, or a weight that is negative or not a number.
    pub(crate) fn new(rows: impl Into<Cow<'r, [Row]>>) -> Result<Self> {
        let rows = rows.into();
        let labels = LabelSet::new(rows.iter().map(|row| row.label.clone()))?;
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut targets, mut groups) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        let mut next = 0;
        for (number, row) in rows.iter().enumerate() {
            // linfa's datasets hold weights as f32.
            if !((row.weight as f32).is_finite() && row.weight >= 0.0) {
                return Err(Error::data(format!(
                    "row {} has weight {}; expected a number of at least 0",
                    number + 1,
                    row.weight
                )));
            }
            targets.push(labels.require(&row.label)?.index());
            let mut fresh = || {
                next += 1;
                next - 1
            };
            groups.push(match &row.group {
                Some(group) => *numbers.entry(group).or_insert_with(fresh),
                None => fresh(),
            });
        }
        if rows.iter().all(|row| row.weight == 0.0) {
            return Err(Error::data("all rows have weight 0; there is nothing to learn from"));
        }
        Ok(Rows {
            labels,
            targets,
            repeats: (0..rows.len()).collect(),
            families: groups.clone(),
            typical: rows.iter().map(|row| !row.train_only).collect(),
            factors: vec![1.0; rows.len()],
            pooled: None,
            groups,
            rows,
        })
    }

    /// Rows, and those of a corpus after them, which every fold learns and none holds out.
    ///
    /// # Errors
    /// As [`Rows::new`].
    pub(crate) fn beside(mut own: Vec<Row>, corpus: &[Row]) -> Result<Rows<'static>> {
        let count = own.len();
        own.extend(corpus.iter().map(|row| Row { train_only: true, ..row.clone() }));
        let mut rows = Rows::new(own)?;
        let of_corpus = rows.typical.iter_mut().skip(count);
        of_corpus.zip(corpus).for_each(|(typical, row)| *typical = !row.train_only);
        Ok(rows)
    }

    /// How much a row counts in fits.
    pub(crate) fn fit_weight(&self, row: usize) -> f64 {
        self.rows[row].weight * self.factors[row]
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn class_counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.labels.len()];
        self.targets.iter().for_each(|&target| counts[target] += 1);
        counts
    }

    pub(crate) fn group_count(&self) -> usize {
        self.groups.iter().max().map_or(0, |most| most + 1)
    }

    /// Groups of rows that may be held out.
    pub(crate) fn held_out_groups(&self) -> usize {
        let held = |(row, group): (&Row, &usize)| (!row.train_only).then_some(*group);
        self.rows.iter().zip(&self.groups).filter_map(held).collect::<BTreeSet<_>>().len()
    }

    /// Families of rows that may be held out: at most as many folds can be dealt.
    pub(crate) fn held_out_families(&self) -> usize {
        let held = |(row, family): (&Row, &usize)| (!row.train_only).then_some(*family);
        self.rows.iter().zip(&self.families).filter_map(held).collect::<BTreeSet<_>>().len()
    }

    /// Whether some group has several rows: groups of one row each are rows.
    pub(crate) fn has_groups(&self) -> bool {
        self.held_out_groups() < self.rows.iter().filter(|row| !row.train_only).count()
    }

    /// See [`rows_sha256`].
    pub(crate) fn sha256(&self) -> String {
        rows_sha256(self.rows.iter())
    }
}

/// Adds the texts and groups of rows to those that a model has learned.
pub(crate) fn add_texts(texts: &mut TrainingTexts, rows: &[Row]) {
    rows.iter().for_each(|row| texts.add(&row.text, row.group.as_deref()));
}

/// SHA-256 over label, group, weight, use and text of every row, each with its length before it:
/// what a model says it was trained on.
pub fn rows_sha256<'r>(rows: impl IntoIterator<Item = &'r Row>) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        for part in [row.label.as_str(), row.group.as_deref().unwrap_or(""), &row.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(row.weight.to_le_bytes());
        hash.update([u8::from(row.train_only), u8::from(row.group.is_some())]);
    }
    hexadecimal(&hash.finalize())
}

/// SHA-256 over texts, each with its length before it.
pub(crate) fn texts_sha256(texts: &[String]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hexadecimal(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        ["b", "a", "b"]
            .iter()
            .map(|label| Row { group: Some("g".into()), ..Row::new(*label, "text") })
            .collect()
    }

    #[test]
    fn labels_and_groups_are_numbered() {
        let mut rows = rows();
        rows[2].group = None;
        rows.push(Row { train_only: true, ..Row::new("a", "phrase") });
        let rows = Rows::new(rows).unwrap();
        assert_eq!(rows.targets, [1, 0, 1, 0]);
        assert_eq!(rows.groups, [0, 0, 1, 2]);
        assert_eq!(rows.class_counts(), [2, 2]);
        assert_eq!(rows.group_count(), 3);
        assert_eq!(rows.held_out_groups(), 2);
    }

    #[test]
    fn rows_of_a_corpus_are_typical_and_never_held_out() {
        let phrase = Row { train_only: true, ..Row::new("a", "phrase") };
        let rows = Rows::beside(rows(), &[Row::new("c", "text"), phrase]).unwrap();
        assert_eq!(rows.labels.len(), 3);
        assert_eq!(rows.typical, [true, true, true, true, false]);
        assert!(rows.rows[3].train_only && rows.held_out_groups() == 1);
    }

    #[test]
    fn the_hash_sees_every_part_of_a_row() {
        let base = Rows::new(rows()).unwrap().sha256();
        assert_eq!(base, Rows::new(rows()).unwrap().sha256());
        let changes: [fn(&mut Row); 5] = [
            |row| row.text.push('x'),
            |row| row.label = "a".into(),
            |row| row.group = None,
            |row| row.weight = 0.5,
            |row| row.train_only = true,
        ];
        for change in changes {
            let mut rows = rows();
            change(&mut rows[0]);
            assert_ne!(base, Rows::new(rows).unwrap().sha256());
        }
    }

    #[test]
    fn weights_that_are_no_weights_are_refused() {
        for weight in [-1.0, f64::NAN, f64::INFINITY, 1e39] {
            let mut rows = rows();
            rows[1].weight = weight;
            assert!(Rows::new(rows).unwrap_err().to_string().starts_with("row 2"));
        }
        let weightless: Vec<Row> = rows().into_iter().map(|row| Row { weight: 0.0, ..row }).collect();
        assert!(Rows::new(weightless).is_err());
    }
}
