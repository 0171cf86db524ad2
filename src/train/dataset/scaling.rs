//! Scales features before they are learned from: by how unevenly the classes hold them, and n-grams
//! against single words.
//!
//! A scaled feature is penalized less or more than others: weights of scaled features under one
//! penalty are weights of the features themselves under a penalty of 1 / scale^2 each. What was
//! learned is multiplied by the scale again, so that a model has no scales.

use crate::train::dataset::row::Rows;
use crate::train::dataset::{DocumentTermMatrix, Entries, SelectedTerm};
use crate::train::hyperparameters::Hyperparameters;

/// Rows that each class holds of every term beside the counted ones, and lacks beside them. Little
/// moved between 0.3 and 10.
const PSEUDO_ROWS: f64 = 3.0;
/// What a term that all classes hold alike is left with.
const MIN_RATIO: f64 = 0.05;

/// How features are scaled.
#[derive(Clone, Copy)]
pub(crate) struct Scaling<'r> {
    /// The power of the greatest log-count ratio; 0 for none.
    pub naive_bayes: f64,
    /// What n-grams of several words are multiplied by.
    pub ngram_weight: f64,
    /// The counted rows, with their classes and weights.
    pub rows: &'r Rows<'r>,
}

impl<'r> Scaling<'r> {
    /// As hyperparameters have it, for these rows.
    pub(crate) fn new(settings: &Hyperparameters, rows: &'r Rows<'r>) -> Self {
        Scaling { naive_bayes: settings.naive_bayes, ngram_weight: settings.ngram_weight, rows }
    }

    /// The scale of each feature, chosen on some of the rows; nothing where all are 1. `feature`
    /// finds that of a term.
    pub(super) fn scales(
        &self,
        counted: &DocumentTermMatrix,
        chosen: &[usize],
        kept: &[SelectedTerm],
        feature: impl Fn(u32) -> Option<u32>,
    ) -> Vec<f32> {
        if self.naive_bayes == 0.0 && self.ngram_weight == 1.0 {
            return Vec::new();
        }
        let mut scales = vec![1.0; kept.len()];
        if self.naive_bayes > 0.0 {
            let rows = chosen.iter().map(|&row| (row, counted.row(row)));
            scales = self.log_count_ratios(rows, kept.len(), feature);
            scales.iter_mut().for_each(|ratio| *ratio = libm::pow(*ratio + MIN_RATIO, self.naive_bayes));
            divide_by_mean_square(&mut scales, kept);
        }
        let singles = counted.terms().singles().len();
        for (scale, kept) in scales.iter_mut().zip(kept) {
            *scale *= if kept.term as usize >= singles { self.ngram_weight } else { 1.0 };
        }
        scales.into_iter().map(|scale| scale as f32).collect()
    }

    /// For each feature the greatest of the classes' |r|, where r is the logarithm of the share of
    /// the class's rows that hold it over the share of all others', by the rows' weights (Wang and
    /// Manning 2012, "Baselines and bigrams: simple, good sentiment and topic classification",
    /// section 2.1, with presence for counts).
    fn log_count_ratios<'e>(
        &self,
        rows: impl Iterator<Item = (usize, Entries<'e>)>,
        features: usize,
        feature: impl Fn(u32) -> Option<u32>,
    ) -> Vec<f64> {
        let classes = self.rows.labels.len();
        let mut of_class = vec![0.0; classes];
        let mut holding = vec![0.0; features * classes];
        for (row, entries) in rows {
            let (class, weight) = (self.rows.targets[row], self.rows.fit_weight(row));
            of_class[class] += weight;
            for feature in entries.filter_map(|(term, _)| feature(term)) {
                holding[feature as usize * classes + class] += weight;
            }
        }
        let all: f64 = of_class.iter().sum();
        let share = |holding: f64, of: f64| (holding + PSEUDO_ROWS) / (of + 2.0 * PSEUDO_ROWS);
        let greatest = |holding: &[f64]| {
            let held: f64 = holding.iter().sum();
            let with_rows = holding.iter().zip(&of_class).filter(|(_, of)| **of > 0.0 && **of < all);
            let ratio = |(own, of): (&f64, &f64)| {
                libm::log(share(*own, *of)) - libm::log(share((held - own).max(0.0), all - of))
            };
            with_rows.map(ratio).fold(0.0, |most: f64, ratio| most.max(ratio.abs()))
        };
        holding.chunks_exact(classes).map(greatest).collect()
    }
}

/// Divides scales by the root of their mean square over all entries, so that C means about what it
/// means without scales.
fn divide_by_mean_square(scales: &mut [f64], kept: &[SelectedTerm]) {
    let rows = |kept: &SelectedTerm| f64::from(kept.documents);
    let squares: f64 = scales.iter().zip(kept).map(|(scale, kept)| scale * scale * rows(kept)).sum();
    let entries: f64 = kept.iter().map(rows).sum();
    let root = (squares / entries).sqrt();
    scales.iter_mut().for_each(|scale| *scale /= root);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Weighting;
    use crate::train::Row;
    use crate::train::dataset::{FeatureSelection, Pruning, SelectionParams, document_terms};

    /// The scales of the terms of rows, by their text.
    fn scales(rows: &[(&str, &str)], (naive_bayes, ngram_weight): (f64, f64)) -> Vec<(String, f64)> {
        let texts: Vec<&str> = rows.iter().map(|(_, text)| *text).collect();
        let counted = document_terms::tests::words(&texts);
        let rows: Vec<Row> = rows.iter().map(|(label, text)| Row::new(*label, *text)).collect();
        let rows = Rows::new(&rows).unwrap();
        let pruning = Pruning { min_df: 1, ..Pruning::default() };
        let params = SelectionParams {
            weighting: Weighting::TfIdf,
            pruning: &pruning,
            groups: &rows.groups,
            background: None,
            scaling: Some(Scaling { naive_bayes, ngram_weight, rows: &rows }),
        };
        let all: Vec<usize> = (0..texts.len()).collect();
        let features = FeatureSelection::fit(&counted, &all, &params).unwrap();
        let named =
            |feature: u32| (counted.terms().text(features.term(feature).unwrap()), features.scale(feature));
        (0..features.len() as u32).map(named).collect()
    }

    #[test]
    fn a_term_of_one_class_has_a_greater_scale_than_one_of_all_classes() {
        let rows = [("for", "a b"), ("for", "a b"), ("against", "a c"), ("against", "a c")];
        let found = scales(&rows, (0.5, 1.0));
        let of = |term: &str| found.iter().find(|(text, _)| text == term).unwrap().1;
        // Both classes have two rows: shares of (2 + 3) / 8 and 3 / 8 for b and c.
        let [common, own] = [MIN_RATIO.sqrt(), ((5f64 / 3.0).ln() + MIN_RATIO).sqrt()];
        let root = ((4.0 * common * common + 4.0 * own * own) / 8.0).sqrt();
        for (term, expected) in [("a", common), ("b", own), ("c", own)] {
            assert!((of(term) - expected / root).abs() < 1e-6, "{found:?}");
        }
    }

    #[test]
    fn without_scaling_every_scale_is_one() {
        let found = scales(&[("for", "a b"), ("against", "a c")], (0.0, 1.0));
        assert!(found.iter().all(|(_, scale)| *scale == 1.0), "{found:?}");
    }
}
