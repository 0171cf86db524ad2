//! Terms to a weighted sparse row: sublinear term frequency x frozen inverse document frequency, unit length.

mod count;
mod row;
mod vocabulary;

pub use count::{Counted, Pruning};
pub use row::{RowBuf, SparseRow};
pub use vocabulary::{TermTable, Vocabulary};

use crate::error::{Error, Result};

/// Turns counted features into weights. It learns once, when it is fitted; scoring only looks up.
#[derive(Debug)]
pub struct Featurizer {
    vocabulary: Vocabulary,
    idf: Vec<f32>,
}

impl Featurizer {
    /// A featurizer of a vocabulary with one inverse document frequency a term, in the vocabulary's order.
    ///
    /// # Errors
    /// Lengths that differ, or an idf that is not a positive finite number.
    pub fn new(vocabulary: Vocabulary, idf: Vec<f32>) -> Result<Self> {
        if vocabulary.len() != idf.len() {
            return Err(Error::model(format!("{} terms but {} idf values", vocabulary.len(), idf.len())));
        }
        if let Some(at) = idf.iter().position(|v| !(v.is_finite() && *v > 0.0)) {
            return Err(Error::model(format!(
                "idf of feature {at} is {:?}; expected a positive number",
                idf.get(at)
            )));
        }
        Ok(Featurizer { vocabulary, idf })
    }

    /// Learns vocabulary and idf from some of the counted rows.
    ///
    /// Features are the terms that survive `pruning`, sorted by their bytes. The idf is smoothed as in
    /// scikit-learn: `ln((1 + rows) / (1 + document frequency)) + 1`, rounded to f32.
    ///
    /// Also returns, for each term of `counted`, its feature, or `None` for terms that were left out.
    ///
    /// # Errors
    /// Nothing survives the pruning.
    pub fn fit(counted: &Counted, rows: &[usize], pruning: &Pruning) -> Result<(Self, Vec<Option<u32>>)> {
        let kept = counted.select(rows, pruning);
        if kept.is_empty() {
            return Err(Error::data(format!(
                "no term occurs in at least {} of the {} rows (and in at most {} of them); \
                 lower --min-df or give more rows",
                pruning.min_df,
                rows.len(),
                pruning.max_df
            )));
        }
        let mut term_to_feature = vec![None; counted.terms().len()];
        let mut idf = Vec::with_capacity(kept.len());
        let mut table = TermTable::default();
        for &(term, document_frequency) in &kept {
            let feature = table.insert(counted.terms().get(term).unwrap_or(""));
            if let Some(slot) = term_to_feature.get_mut(term as usize) {
                *slot = Some(feature);
            }
            idf.push(smoothed_idf(rows.len(), document_frequency) as f32);
        }
        Ok((Featurizer::new(Vocabulary::from_table(table)?, idf)?, term_to_feature))
    }

    /// The terms, sorted.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Inverse document frequencies in the vocabulary's order.
    pub fn idf(&self) -> &[f32] {
        &self.idf
    }

    /// Weighs counted features, given in the order of their first occurrence, and appends them to `row`:
    /// `(1 + ln count) x idf`, divided by the Euclidean length of them all. No features give no weights.
    pub fn weigh(&self, counts: &[(u32, u32)], row: &mut SparseRow) {
        row.clear();
        let mut square = 0.0;
        for &(feature, count) in counts {
            let Some(&idf) = self.idf.get(feature as usize) else { continue };
            let value = (1.0 + libm::log(f64::from(count))) * f64::from(idf);
            square += value * value;
            row.push(feature, value);
        }
        row.divide(square.sqrt());
    }
}

/// `ln((1 + n) / (1 + df)) + 1`, as scikit-learn's `TfidfTransformer(smooth_idf=True)`.
fn smoothed_idf(rows: usize, document_frequency: u32) -> f64 {
    libm::log((1.0 + rows as f64) / (1.0 + f64::from(document_frequency))) + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(texts: &[&str]) -> Counted {
        let mut counted = Counted::default();
        for text in texts {
            counted.push_row(text.split(' '));
        }
        counted
    }

    #[test]
    fn the_smoothed_idf_is_one_for_a_term_in_every_row() {
        assert_eq!(smoothed_idf(10, 10), 1.0);
        assert!((smoothed_idf(3, 1) - (2f64.ln() + 1.0)).abs() < 1e-15);
    }

    #[test]
    fn fitting_sorts_the_vocabulary_and_freezes_the_idf() {
        let counted = counted(&["b a a", "b c", "b a"]);
        let (featurizer, map) =
            Featurizer::fit(&counted, &[0, 1, 2], &Pruning { min_df: 2, ..Pruning::default() }).unwrap();
        assert_eq!(featurizer.vocabulary().iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(map, [Some(1), Some(0), None]);
        assert_eq!(featurizer.idf()[1], 1.0);
    }

    #[test]
    fn a_row_has_unit_length_and_sublinear_counts() {
        let counted = counted(&["a b", "a b"]);
        let (featurizer, _) =
            Featurizer::fit(&counted, &[0, 1], &Pruning { min_df: 1, ..Pruning::default() }).unwrap();
        let mut row = SparseRow::default();
        featurizer.weigh(&[(1, 1), (0, 4)], &mut row);
        let values: Vec<(u32, f64)> = row.iter().collect();
        let long = 1.0 + 4f64.ln();
        let norm = (1.0 + long * long).sqrt();
        assert_eq!(values, [(1, 1.0 / norm), (0, long / norm)]);
        featurizer.weigh(&[], &mut row);
        assert!(row.is_empty());
    }

    #[test]
    fn a_fold_is_fitted_on_its_rows_alone() {
        let counted = counted(&["a b", "c", "a c"]);
        let (featurizer, _) =
            Featurizer::fit(&counted, &[0, 1], &Pruning { min_df: 1, ..Pruning::default() }).unwrap();
        assert_eq!(featurizer.idf()[0], smoothed_idf(2, 1) as f32);
        assert!(Featurizer::fit(&counted, &[0, 1], &Pruning { min_df: 2, ..Pruning::default() }).is_err());
    }
}
