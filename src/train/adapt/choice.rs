//! Chooses what to train on by log loss: once by all held-out rows, and for each fold by its
//! training part alone.
//!
//! Each label counts alike in that log loss. Otherwise the choice would go to the weight that fits
//! the shares of labels best, at the cost of the rarer labels: own rows of whom six in ten were
//! neutral took the greatest weight, and macro-F1 fell.

use crate::error::Result;
use crate::model::Calibration;
use crate::progress::Progress;
use crate::train::adapt::candidate::Candidate;
use crate::train::dataset::row::Rows;
use crate::train::fit::{FoldPredictions, OutOfFold};
use crate::train::params::CalibrationChoice;
use crate::train::validation::calibrate::Asked;
use crate::train::validation::cross_validation::{calibrated, margins};

/// The choices, with probabilities of the caller's rows by models, calibrations and choices that
/// did not see them.
pub(super) struct Choices {
    /// The number of the candidate with the lowest log loss over all folds.
    pub best: usize,
    /// Of each candidate; each fold is calibrated by the others.
    pub predictions: Vec<Vec<FoldPredictions>>,
    /// Of the candidate that each fold chose for itself.
    pub nested: Vec<FoldPredictions>,
}

/// Chooses between candidates that have held out the same rows.
pub(super) fn choose(
    candidates: &[Candidate],
    calibration: CalibrationChoice,
    progress: &dyn Progress,
) -> Result<Choices> {
    let asked = Asked { choice: calibration, temperature: None };
    let judge = |rows: &Rows, folds: &[OutOfFold]| Judged::new(rows, folds, asked, progress);
    let (mut losses, mut predictions) = (Vec::new(), Vec::new());
    for candidate in candidates {
        let judged = judge(&candidate.rows, &candidate.outer)?;
        losses.push(judged.log_loss);
        predictions.push(judged.predictions);
    }
    let mut nested = Vec::new();
    let folds = candidates.iter().map(|candidate| candidate.outer.len()).min().unwrap_or(0);
    for fold in 0..folds {
        let inner = candidates
            .iter()
            .map(|candidate| judge(&candidate.rows, &candidate.inner[fold]))
            .collect::<Result<Vec<Judged>>>()?;
        let chosen = least(inner.iter().map(|judged| judged.log_loss));
        nested.extend(calibrated(&candidates[chosen].outer[fold], &inner[chosen].calibration));
    }
    Ok(Choices { best: least(losses.into_iter()), predictions, nested })
}

/// What the folds of a cross-validation say of a candidate.
struct Judged {
    /// Each fold calibrated by the others.
    predictions: Vec<FoldPredictions>,
    /// Of these, each label alike.
    log_loss: f64,
    /// By all folds.
    calibration: Calibration,
}

impl Judged {
    fn new(rows: &Rows, folds: &[OutOfFold], calibration: Asked, progress: &dyn Progress) -> Result<Self> {
        let mut predictions = Vec::new();
        for (number, fold) in folds.iter().enumerate() {
            let others = folds.iter().enumerate().filter(|(other, _)| *other != number);
            let others = margins(rows, others.map(|(_, fold)| fold)).choose(calibration, progress)?;
            predictions.extend(calibrated(fold, &others.calibration));
        }
        Ok(Judged {
            log_loss: balanced_log_loss(rows, &predictions),
            predictions,
            calibration: margins(rows, folds.iter()).choose(calibration, progress)?.calibration,
        })
    }
}

/// The mean over the labels of the log loss of their rows; infinite without rows.
fn balanced_log_loss(rows: &Rows, predictions: &[FoldPredictions]) -> f64 {
    let mut sums = vec![(0.0, 0.0); rows.labels.len()];
    for FoldPredictions { row, probabilities } in predictions {
        let (target, weight) = (rows.targets[*row], rows.rows[*row].weight);
        let (loss, all) = &mut sums[target];
        *loss -= weight * libm::log(probabilities[target].max(f64::MIN_POSITIVE));
        *all += weight;
    }
    let found: Vec<f64> = sums.iter().filter(|(_, all)| *all > 0.0).map(|(loss, all)| loss / all).collect();
    if found.is_empty() { f64::INFINITY } else { found.iter().sum::<f64>() / found.len() as f64 }
}

/// The number of the least value; the first of equals.
fn least(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::INFINITY);
    for (number, value) in values.enumerate() {
        if value < best.1 {
            best = (number, value);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Row;

    #[test]
    fn a_rare_label_counts_as_much_as_a_frequent_one() {
        let rows = ["a", "a", "a", "b"].map(|label| Row::new(label, "text"));
        let rows = Rows::new(rows.to_vec()).unwrap();
        let of = |p: [f64; 2]| {
            let predictions: Vec<FoldPredictions> =
                (0..4).map(|row| FoldPredictions { row, probabilities: p.to_vec() }).collect();
            balanced_log_loss(&rows, &predictions)
        };
        assert!((of([0.5, 0.5]) - 2f64.ln()).abs() < 1e-15);
        assert!(of([0.75, 0.25]) > of([0.5, 0.5]), "the shares of labels gain nothing");
        assert_eq!(balanced_log_loss(&rows, &[]), f64::INFINITY);
    }

    #[test]
    fn the_least_is_the_first_of_equals_and_nothing_that_is_undefined() {
        assert_eq!(least([0.5, 0.4, 0.4, f64::INFINITY].into_iter()), 1);
        assert_eq!(least([f64::INFINITY, f64::NAN, 0.9].into_iter()), 2);
        assert_eq!(least([f64::INFINITY].into_iter()), 0);
    }
}
