//! What several coders said of the same rows.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::label::LabelSet;

/// Labels by row and coder. A coder may have left a row out.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotations {
    coders: usize,
    /// The labels in the order of their bytes.
    labels: Vec<String>,
    /// Row by row, one place a coder: the label's place among the labels.
    places: Vec<Option<u32>>,
}

impl Annotations {
    /// The codings of rows, each with one label or none a coder. Rows of another length are cut or filled with none.
    ///
    /// # Errors
    /// More labels than a model may have: a column of something else.
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
        let places = rows
            .iter()
            .flat_map(|row| (0..coders).map(|coder| row.get(coder).and_then(Option::as_deref)))
            .map(|label| numbers.get(label?).copied())
            .collect();
        Ok(Annotations { coders, places, labels: numbers.into_keys().map(str::to_owned).collect() })
    }

    /// Number of coders.
    pub fn coders(&self) -> usize {
        self.coders
    }

    /// Every label that a coder gave, in the order of their bytes.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The rows: for each coder the label's place among the labels.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Option<u32>]> {
        self.places.chunks_exact(self.coders.max(1))
    }

    /// The same rows as two of the coders saw them. The labels are still those of all.
    pub fn of_pair(&self, first: usize, second: usize) -> Annotations {
        let places = self
            .rows()
            .flat_map(|row| [first, second].map(|coder| row.get(coder).copied().flatten()))
            .collect();
        Annotations { coders: 2, labels: self.labels.clone(), places }
    }

    /// Labels that differ in nothing but capitals and blanks, together: slips, as a rule.
    pub fn near_labels(&self) -> Vec<Vec<&str>> {
        let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for label in &self.labels {
            let folded: String = label.to_lowercase().split_whitespace().collect();
            alike.entry(folded).or_default().push(label);
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
        let codings = Annotations::new(3, &rows(&[&["b", "", "a"], &["c"], &["a", "a", "b", "x"]])).unwrap();
        assert_eq!(codings.labels(), ["a", "b", "c", "x"]);
        let found: Vec<&[Option<u32>]> = codings.rows().collect();
        let expected = [[Some(1), None, Some(0)], [Some(2), None, None], [Some(0), Some(0), Some(1)]];
        assert_eq!(found, expected);
        let pair: Vec<Vec<Option<u32>>> = codings.of_pair(2, 0).rows().map(<[_]>::to_vec).collect();
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
        let codings =
            Annotations::new(2, &rows(&[&["For", "for"], &["for ", "against"], &["pro us", "pro  US"]]))
                .unwrap();
        assert_eq!(codings.near_labels(), [vec!["For", "for", "for "], vec!["pro  US", "pro us"]]);
    }
}
