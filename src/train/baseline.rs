//! Compares a new model with the one before it on rows that neither has seen.

use std::collections::HashMap;

use crate::classifier::Classifier;
use crate::classifier::verdict::Verdict;
use crate::error::{Error, Result};
use crate::evaluate::{Comparison, ComparisonResult};
use crate::threads::Threads;
use crate::train::dataset::{Row, rows_sha256};
use crate::train::fit::FoldPredictions;

/// The model before, and the rows that are new to it.
#[derive(Debug)]
pub struct Baseline<'c> {
    classifier: &'c Classifier,
    new: Vec<usize>,
}

impl<'c> Baseline<'c> {
    /// `new` has the numbers of those of `rows` that the model was not trained on.
    ///
    /// # Errors
    /// No row is new, or all of them are.
    pub fn new(classifier: &'c Classifier, rows: &[Row], new: Vec<usize>) -> Result<Self> {
        if new.is_empty() || new.len() >= rows.iter().filter(|row| !row.train_only).count() {
            return Err(Error::data("expected the rows that the old model was trained on, and new ones"));
        }
        Ok(Baseline { classifier, new })
    }

    /// Whether the model was trained on exactly the rows that are not new. If not, it may have seen
    /// new ones, and its figures are too good.
    pub fn was_trained_on_the_others(&self, rows: &[Row]) -> bool {
        let mut is_new = vec![false; rows.len()];
        for &row in &self.new {
            if let Some(slot) = is_new.get_mut(row) {
                *slot = true;
            }
        }
        let old = rows.iter().zip(is_new).filter(|(_, is_new)| !is_new);
        rows_sha256(old.map(|(row, _)| row)) == self.classifier.model().provenance.data_sha256
    }

    /// Compares the answers of the model before with the predictions of the new training on its
    /// held-out rows.
    pub fn compare(
        &self,
        rows: &[Row],
        predictions: &[FoldPredictions],
        seed: u64,
        threads: &Threads,
    ) -> ComparisonResult {
        let labels = self.classifier.labels();
        let mut comparison = Comparison::new(labels.len());
        let predicted: HashMap<usize, &[f64]> =
            predictions.iter().map(|one| (one.row, one.probabilities.as_slice())).collect();
        let mut worker = self.classifier.worker();
        for &number in &self.new {
            let Some((row, probabilities)) = rows.get(number).zip(predicted.get(&number)) else { continue };
            let Some(gold) = labels.get(&row.label) else { continue };
            let before = worker.score_unit(&row.text);
            let after = Verdict::from_probabilities(labels.clone(), probabilities.to_vec());
            comparison.add([&row.answered(gold, &before), &row.answered(gold, &after)]);
        }
        threads.run(|| comparison.result(seed))
    }
}
