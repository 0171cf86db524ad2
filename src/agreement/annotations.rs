//! Holds the labels that several coders gave the same rows.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::label::{LabelSet, spelling_key};

/// Labels by row and coder. A coder may leave rows out.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotations {
    coders: usize,
    /// The labels in the order of their bytes.
    labels: Vec<String>,
    /// Row by row and, within it, coder by coder: the index of the label.
    indices: Vec<Option<u32>>,
}

impl Annotations {
    /// Takes rows with at most one label from each coder. Shorter rows are filled with none, longer
    /// ones are cut.
    ///
    /// # Errors
    /// More labels than a model may have, as in a column that holds something else.
    pub fn new(coders: usize, rows: &[Vec<Option<String>>]) -> Result<Self> {
        let mut numbers: BTreeMap<&str, u32> =
            rows.iter().flatten().flatten().map(|label| (label.as_str(), 0)).collect();
        if numbers.len() > LabelSet::MAX_LABELS {
            return Err(Error::data(format!(
                "found {} different labels; at most {} are possible. Do all columns hold labels?",
                numbers.len(),
                LabelSet::MAX_LABELS
            )));
        }
        numbers.values_mut().zip(0..).for_each(|(number, place)| *number = place);
        let indices = rows
            .iter()
            .flat_map(|row| (0..coders).map(|coder| row.get(coder).and_then(Option::as_deref)))
            .map(|label| numbers.get(label?).copied())
            .collect();
        Ok(Annotations { coders, indices, labels: numbers.into_keys().map(str::to_owned).collect() })
    }

    /// Number of coders.
    pub fn coders(&self) -> usize {
        self.coders
    }

    /// Every label that was given, in the order of their bytes.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The rows: for each coder the index of the label.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Option<u32>]> {
        self.indices.chunks_exact(self.coders.max(1))
    }

    /// The same rows with two of the coders only. The labels are still those of all coders.
    pub fn pair(&self, coders: [usize; 2]) -> Annotations {
        let indices =
            self.rows().flat_map(|row| coders.map(|coder| row.get(coder).copied().flatten())).collect();
        Annotations { coders: 2, labels: self.labels.clone(), indices }
    }

    /// Groups of labels that differ only in spelling, as in case, blanks and invisible characters:
    /// as a rule, slips.
    pub fn near_labels(&self) -> Vec<Vec<&str>> {
        let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for label in &self.labels {
            alike.entry(spelling_key(label)).or_default().push(label);
        }
        alike.into_values().filter(|labels| labels.len() > 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<Option<String>>> {
        let label = |label: &&str| (!label.is_empty()).then(|| (*label).to_owned());
        rows.iter().map(|row| row.iter().map(label).collect()).collect()
    }

    #[test]
    fn labels_are_numbered_by_their_bytes_and_rows_have_one_place_a_coder() {
        let annotations =
            Annotations::new(3, &rows(&[&["b", "", "a"], &["c"], &["a", "a", "b", "x"]])).unwrap();
        assert_eq!(annotations.labels(), ["a", "b", "c", "x"]);
        let found: Vec<&[Option<u32>]> = annotations.rows().collect();
        let expected = [[Some(1), None, Some(0)], [Some(2), None, None], [Some(0), Some(0), Some(1)]];
        assert_eq!(found, expected);
        let pair: Vec<Vec<Option<u32>>> = annotations.pair([2, 0]).rows().map(<[_]>::to_vec).collect();
        assert_eq!(pair, [[Some(0), Some(1)], [None, Some(2)], [Some(1), Some(0)]]);
    }

    #[test]
    fn a_column_of_texts_is_no_column_of_labels() {
        let texts = |count: usize| {
            let rows: Vec<_> = (0..count).map(|row| vec![Some(format!("text {row}")), None]).collect();
            Annotations::new(2, &rows)
        };
        assert!(texts(1000).is_ok());
        assert!(texts(1001).unwrap_err().to_string().contains("found 1001 different labels"));
    }

    #[test]
    fn labels_that_differ_in_capitals_and_blanks_are_told_together() {
        let annotations =
            Annotations::new(2, &rows(&[&["For", "for"], &["for ", "against"], &["pro us", "pro  US"]]))
                .unwrap();
        assert_eq!(annotations.near_labels(), [vec!["For", "for", "for "], vec!["pro  US", "pro us"]]);
    }
}
