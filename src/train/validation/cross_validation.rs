//! Holds every row out once: calibration, thresholds and audits come from these predictions.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::evaluate::Metrics;
use crate::label::{ClassId, argmax};
use crate::model::{Calibration, TrainingProfile};
use crate::train::audit::suspects;
use crate::train::audit::suspects::Suspect;
use crate::train::dataset::data::{Data, WordCounts};
use crate::train::dataset::row::Rows;
use crate::train::fit::FoldPredictions;
use crate::train::fit::{FitParams, Fitted, OutOfFold, Split};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::validation::calibrate::Margins;
use crate::train::validation::off_topic_scores::{OffTopicScores, TopicFold, TopicWords};
use crate::train::validation::pool::fit_pooled;

/// Every row held out once, with the models that held it out.
pub(crate) struct CrossValidation {
    folds: Vec<Fold>,
}

struct Fold {
    oof: OutOfFold,
    fitted: Fitted,
    off_topic: OffTopicScores,
}

impl CrossValidation {
    /// Fits and predicts split by split.
    pub(crate) fn run(
        data: &Data<'_>,
        params: FitParams<'_>,
        splits: &[Split],
        words: Option<&TopicWords>,
    ) -> Result<Self> {
        let numbered: Vec<(u32, &Split)> = (0u32..).zip(splits).collect();
        let folds = data.each(&numbered, |&(fold, split)| {
            let fitted = fit_pooled(data, params, &split.train)?;
            let oof = OutOfFold::predict(data, split, &fitted);
            let off_topic = match words {
                None => OffTopicScores::default(),
                Some(words) => words.hold_out(
                    &fitted.features.own.featurizer(&data.counted)?,
                    TopicFold {
                        fold,
                        folds: splits.len() as u32,
                        test: &split.test,
                        train: &data.typical(&split.train),
                        groups: &data.rows.groups,
                    },
                ),
            };
            data.corpus.progress.advance(1);
            Ok(Fold { oof, fitted, off_topic })
        })?;
        Ok(CrossValidation { folds })
    }

    /// All margins that a calibration can be fitted on.
    pub(crate) fn margins(&self, rows: &Rows) -> Margins {
        margins(rows, self.folds.iter().map(|fold| &fold.oof))
    }

    /// Calibrated probabilities of every held-out row, fold after fold.
    pub(crate) fn predictions(&self, calibration: &Calibration) -> Vec<FoldPredictions> {
        self.folds.iter().flat_map(|fold| calibrated(&fold.oof, calibration)).collect()
    }

    /// Counts the held-out rows; `None` without folds.
    pub(crate) fn metrics(&self, rows: &Rows, predictions: &[FoldPredictions]) -> Option<Metrics> {
        (!self.folds.is_empty()).then(|| {
            let mut metrics = Metrics::new(rows.labels.len());
            predictions.iter().for_each(|one| count(&mut metrics, rows, one));
            metrics
        })
    }

    /// The off-topic scores of all folds.
    pub(crate) fn off_topic(&self) -> impl Iterator<Item = &OffTopicScores> {
        self.folds.iter().map(|fold| &fold.off_topic)
    }

    /// Gives suspects their terms, each by the model that held it out.
    pub(crate) fn explain(&self, data: &Data<'_>, suspects: &mut [Suspect]) {
        let fold_of: BTreeMap<usize, usize> = self
            .folds
            .iter()
            .enumerate()
            .flat_map(|(fold, Fold { oof, .. })| oof.rows.iter().map(move |&row| (row, fold)))
            .collect();
        for suspect in suspects {
            if let Some(fold) = fold_of.get(&suspect.row) {
                suspects::explain(suspect, data, &self.folds[*fold].fitted);
            }
        }
    }

    /// What the held-out rows looked like; `None` without any.
    pub(crate) fn profile(
        &self,
        settings: &Hyperparameters,
        predictions: &[FoldPredictions],
    ) -> Option<TrainingProfile> {
        let classes = predictions.first()?.probabilities.len();
        let mut words = WordCounts::default();
        for row in self.folds.iter().flat_map(|fold| &fold.oof.words) {
            words.all += row.all;
            words.known += row.known;
        }
        let (mut confidence, mut shares) = (0.0, vec![0.0; classes]);
        for FoldPredictions { probabilities, .. } in predictions {
            let top = argmax(probabilities).index();
            confidence += probabilities[top];
            shares[top] += 1.0;
        }
        let rows = predictions.len() as f64;
        shares.iter_mut().for_each(|share| *share /= rows);
        Some(TrainingProfile {
            known: (settings.tokenizer_config.has_single_words() && words.all > 0)
                .then(|| words.known as f64 / words.all as f64),
            confidence: (confidence / rows).min(1.0),
            shares,
        })
    }
}

/// The margins of all folds that a calibration can be fitted on.
pub(crate) fn margins<'o>(rows: &Rows, folds: impl Iterator<Item = &'o OutOfFold>) -> Margins {
    let mut all = Margins::default();
    for (fold, oof) in folds.enumerate() {
        // A class that the fold's model never saw says nothing about how sure it may be.
        for (row, own) in oof.iter().filter(|(row, _)| oof.trained[rows.targets[*row]]) {
            all.margins.extend_from_slice(own);
            all.targets.push(rows.targets[row]);
            all.weights.push(rows.rows[row].weight);
            all.folds.push(fold);
        }
    }
    all
}

/// Calibrated probabilities of the rows that one model held out.
pub(crate) fn calibrated<'o>(
    oof: &'o OutOfFold,
    calibration: &'o Calibration,
) -> impl Iterator<Item = FoldPredictions> + 'o {
    oof.iter().map(|(row, margins)| {
        let mut probabilities = margins.to_vec();
        calibration.apply(&mut probabilities);
        FoldPredictions { row, probabilities }
    })
}

/// Counts one held-out row.
pub(crate) fn count(metrics: &mut Metrics, rows: &Rows, one: &FoldPredictions) {
    let target = ClassId::new(rows.targets[one.row]);
    metrics.add(target, argmax(&one.probabilities), &one.probabilities, true);
}
