//! Chooses which counted terms become features, and learns their inverse document frequencies.

use crate::error::{Error, Message, Result};
use crate::features::{Featurizer, Weighting, smoothed_idf, squared_norm};
use crate::train::dataset::{DocumentTermMatrix, Entries, Pruning, Scaling, SelectedTerm};

/// The terms of counted rows that became features, by their numbers: what folds need, without a
/// vocabulary of their own.
#[derive(Debug)]
pub struct FeatureSelection {
    weighting: Weighting,
    /// In the order of the terms' bytes; a term's place is its feature's number.
    kept: Vec<SelectedTerm>,
    /// For each term its feature, or `NONE`, and the idf of that.
    of_term: Vec<(u32, f32)>,
    /// What each feature's weights are multiplied by before they are learned from; nothing where
    /// all are 1.
    scales: Vec<f32>,
}

const NONE: u32 = u32::MAX;

/// What is asked of a selection.
#[derive(Clone, Copy)]
pub struct SelectionParams<'a> {
    /// How counts become weights.
    pub weighting: Weighting,
    /// Which terms become features.
    pub pruning: &'a Pruning,
    /// The group of every counted row.
    pub groups: &'a [usize],
    /// Further texts whose words count in the idf.
    pub background: Option<&'a UnlabeledCorpus>,
    /// How features are scaled; `None` for no scaling.
    pub scaling: Option<Scaling<'a>>,
}

/// How many further texts there are, and how many of them hold each counted term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnlabeledCorpus {
    /// Texts.
    pub texts: u32,
    /// Texts that hold the term of each number.
    pub frequency: Vec<u32>,
}

impl FeatureSelection {
    /// Learns features and idf from some of the counted rows.
    ///
    /// Features are the terms that survive the pruning. The idf is smoothed as in scikit-learn:
    /// `ln((1 + rows) / (1 + document frequency)) + 1`, rounded to f32, where the background's
    /// texts count as rows do.
    ///
    /// # Errors
    /// Nothing survives the pruning.
    pub fn fit(counted: &DocumentTermMatrix, rows: &[usize], choice: &SelectionParams<'_>) -> Result<Self> {
        let pruning = choice.pruning;
        let kept = counted.select(rows, choice.groups, pruning);
        if kept.is_empty() {
            let stripped = if pruning.strip.is_some() { " and not in one group only" } else { "" };
            return Err(Error::data(format!(
                "no term occurs in at least {} of the {} rows (and in at most {} of them{stripped})",
                pruning.min_df,
                rows.len(),
                pruning.max_df
            ))
            .with_hint(Message::naming("lower `min_df` or give more rows")));
        }
        let mut of_term = vec![(NONE, 0.0); counted.terms().len()];
        for (feature, &SelectedTerm { term, documents, .. }) in (0u32..).zip(&kept) {
            let (more, texts) = choice.background.map_or((0, 0), |background| {
                (background.frequency.get(term as usize).copied().unwrap_or(0), background.texts)
            });
            let smoothed = smoothed_idf(rows.len() + texts as usize, documents.saturating_add(more));
            if let Some(slot) = of_term.get_mut(term as usize) {
                *slot = (feature, smoothed as f32);
            }
        }
        let mut selection =
            FeatureSelection { weighting: choice.weighting, kept, of_term, scales: Vec::new() };
        if let Some(scaling) = choice.scaling {
            let feature = |term| selection.feature(term);
            selection.scales = scaling.scales(counted, rows, &selection.kept, feature);
        }
        Ok(selection)
    }

    /// What a feature's weights in rows are multiplied by, and what was learned for it has to be
    /// multiplied by.
    #[inline]
    pub fn scale(&self, feature: u32) -> f64 {
        self.scales.get(feature as usize).map_or(1.0, |&scale| f64::from(scale))
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// The number of a feature's term.
    pub fn term(&self, feature: u32) -> Option<u32> {
        self.kept.get(feature as usize).map(|kept| kept.term)
    }

    /// The feature of a term, if it is one.
    pub fn feature(&self, term: u32) -> Option<u32> {
        self.find(term).map(|(feature, _)| feature)
    }

    /// The feature of a term with its idf.
    #[inline]
    fn find(&self, term: u32) -> Option<(u32, f32)> {
        self.of_term.get(term as usize).copied().filter(|(feature, _)| *feature != NONE)
    }

    /// For each feature its term, with what the rows that it was learned from said of it, and its
    /// idf.
    pub fn features(&self) -> impl Iterator<Item = (&SelectedTerm, f32)> + '_ {
        self.kept.iter().map(|kept| (kept, self.find(kept.term).map_or(0.0, |(_, idf)| idf)))
    }

    /// How counts become weights.
    pub fn weighting(&self) -> Weighting {
        self.weighting
    }

    /// What the weights of a counted row are divided by.
    pub fn length(&self, counts: Entries<'_>) -> f64 {
        let weight = |(term, count)| Some(self.weighting.weight(count, f64::from(self.find(term)?.1)));
        self.weighting.length(squared_norm(counts.filter_map(weight)))
    }

    /// Features and scaled weights of a counted row.
    pub fn row<'a>(&'a self, counts: Entries<'a>) -> impl Iterator<Item = (u32, f64)> + 'a {
        let length = self.length(counts.clone());
        counts.filter_map(move |(term, count)| {
            let (feature, idf) = self.find(term)?;
            Some((feature, self.weighting.weight(count, f64::from(idf)) / length * self.scale(feature)))
        })
    }

    /// The same features with a vocabulary, for texts that are not counted yet.
    ///
    /// # Errors
    /// Rows that were counted from other terms than these.
    pub fn featurizer(&self, counted: &DocumentTermMatrix) -> Result<Featurizer> {
        let vocabulary = counted.terms().vocabulary(self.kept.iter().map(|kept| kept.term))?;
        Featurizer::new(self.weighting, vocabulary, self.features().map(|(_, idf)| idf).collect::<Vec<f32>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::SparseRow;
    use crate::train::dataset::document_terms;

    fn counted(texts: &[&str]) -> DocumentTermMatrix {
        document_terms::tests::words(texts)
    }

    #[test]
    fn the_smoothed_idf_is_one_for_a_term_in_every_row() {
        assert_eq!(smoothed_idf(10, 10), 1.0);
        assert!((smoothed_idf(3, 1) - (2f64.ln() + 1.0)).abs() < 1e-15);
    }

    fn fit(
        counted: &DocumentTermMatrix,
        rows: &[usize],
        min_df: u32,
        background: Option<&UnlabeledCorpus>,
    ) -> Result<FeatureSelection> {
        let pruning = Pruning { min_df, ..Pruning::default() };
        let choice = SelectionParams {
            weighting: Weighting::TfIdf,
            pruning: &pruning,
            groups: &[],
            background,
            scaling: None,
        };
        FeatureSelection::fit(counted, rows, &choice)
    }

    #[test]
    fn fitting_sorts_the_vocabulary_and_freezes_the_idf() {
        let counted = counted(&["b a a", "b c", "b a"]);
        let selection = fit(&counted, &[0, 1, 2], 2, None).unwrap();
        let featurizer = selection.featurizer(&counted).unwrap();
        assert_eq!(featurizer.vocabulary().iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!([0, 1, 2].map(|term| selection.feature(term)), [Some(1), Some(0), None]);
        assert_eq!([0, 1, 2].map(|feature| selection.term(feature)), [Some(1), Some(0), None]);
        assert_eq!(featurizer.idf()[1], 1.0);
    }

    #[test]
    fn a_row_has_unit_length_and_sublinear_counts() {
        let counted = counted(&["a b", "a b"]);
        let featurizer = fit(&counted, &[0, 1], 1, None).unwrap().featurizer(&counted).unwrap();
        let mut row = SparseRow::default();
        featurizer.vectorize(&[(1, 1), (0, 4)], &mut row);
        let values: Vec<(u32, f64)> = row.iter().collect();
        let long = 1.0 + 4f64.ln();
        let norm = (1.0 + long * long).sqrt();
        assert_eq!(values, [(1, 1.0 / norm), (0, long / norm)]);
        featurizer.vectorize(&[], &mut row);
        assert!(row.is_empty());
    }

    #[test]
    fn a_fold_is_fitted_on_its_rows_alone() {
        let counted = counted(&["a b", "c", "a c"]);
        let featurizer = fit(&counted, &[0, 1], 1, None).unwrap().featurizer(&counted).unwrap();
        assert_eq!(featurizer.idf()[0], smoothed_idf(2, 1) as f32);
        assert!(fit(&counted, &[0, 1], 2, None).is_err());
    }

    #[test]
    fn further_texts_count_in_the_idf_as_rows_do() {
        let counted = counted(&["a b", "a"]);
        let background = UnlabeledCorpus { texts: 8, frequency: vec![2, 0] };
        let selection = fit(&counted, &[0, 1], 1, Some(&background)).unwrap();
        let found = selection.featurizer(&counted).unwrap();
        assert_eq!(found.idf(), [smoothed_idf(10, 4) as f32, smoothed_idf(10, 1) as f32]);
    }
}
