//! Tries one set of hyperparameters: fits it for each C, and judges the fits on held-out rows.
//!
//! C goes upwards, each fit from the one before, which is close to it.

use serde::Serialize;

use crate::error::Result;
use crate::evaluate::Metrics;
use crate::features::Weighting;
use crate::label::{ClassId, argmax};
use crate::model::softmax;
use crate::train::dataset::data::Data;
use crate::train::fit::{FitParams, Fitted, Learner, OutOfFold, Split, dataset, learner};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::solver::fitted::FittedLogistic;

/// One finished trial.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trial {
    /// The hyperparameters, with the C that did best.
    pub settings: Hyperparameters,
    /// One for each C, in ascending order.
    pub scores: Vec<Score>,
    /// The best of them.
    pub macro_f1: f64,
}

/// How one C did in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Score {
    /// Inverse strength of the L2 penalty.
    pub c: f64,
    /// Macro-F1 over the held-out rows, or the mean F1 of the labels that
    /// [`Tuning`](crate::train::Tuning) names; `None` where no term was left to fit.
    pub macro_f1: Option<f64>,
}

/// Values of C that are tried for unit-length rows.
const TF_IDF_C: [f64; 7] = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];
/// For binary rows, which are longer by far.
const BINARY_C: [f64; 7] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0];
/// Settings are compared by rougher fits than the model itself is.
const TOLERANCE: f64 = 1e-4;

fn values_of_c(settings: &Hyperparameters) -> [f64; 7] {
    match settings.weighting {
        Weighting::TfIdf | Weighting::Idf => TF_IDF_C,
        Weighting::Binary => BINARY_C,
    }
}

/// Metrics for each C, over the test rows of one split. Settings that leave no term have none.
pub(super) fn fit_each_c(data: &Data<'_>, settings: &Hyperparameters, split: &Split) -> Vec<Metrics> {
    let classes = data.rows.labels.len();
    let along = || -> Result<Vec<Metrics>> {
        let features = data.select(settings, &split.train)?;
        let train = dataset(data, settings, &features, &split.train);
        let mut before: Option<FittedLogistic> = None;
        let mut by_c = Vec::new();
        let mut fitted = Fitted { features, logistic: FittedLogistic::default() };
        for c in values_of_c(settings) {
            let settings = Hyperparameters { c, ..settings.clone() };
            fitted.logistic = learner(FitParams { settings: &settings, tolerance: TOLERANCE }, classes)?
                .learn(&train, before.as_ref(), data.corpus.progress)?;
            let oof = OutOfFold::predict(data, split, &fitted);
            let mut metrics = Metrics::new(classes);
            for (row, margins) in oof.iter() {
                let mut probabilities = margins.to_vec();
                softmax(&mut probabilities);
                metrics.add(ClassId::new(data.rows.targets[row]), argmax(margins), &probabilities, true);
            }
            by_c.push(metrics);
            before = Some(fitted.logistic.clone());
        }
        Ok(by_c)
    };
    along().unwrap_or_default()
}

/// The best C of a trial: the highest mean F1 of some classes over all splits, the smallest C of
/// equals.
pub(super) fn judge<'m>(
    settings: &Hyperparameters,
    judged: &[ClassId],
    splits: impl Iterator<Item = &'m Vec<Metrics>>,
    classes: usize,
) -> Trial {
    let values = values_of_c(settings);
    let mut sums = vec![Metrics::new(classes); values.len()];
    for metrics in splits {
        sums.iter_mut().zip(metrics).for_each(|(sum, metrics)| sum.merge(metrics));
    }
    let scores: Vec<Score> =
        values.into_iter().zip(&sums).map(|(c, sum)| Score { c, macro_f1: sum.mean_f1(judged) }).collect();
    let (mut c, mut best) = (settings.c, f64::NEG_INFINITY);
    for score in &scores {
        if let Some(macro_f1) = score.macro_f1.filter(|macro_f1| *macro_f1 > best) {
            (c, best) = (score.c, macro_f1);
        }
    }
    Trial { settings: Hyperparameters { c, ..settings.clone() }, scores, macro_f1: best.max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_judged_by_the_labels_that_are_named() {
        let settings = Hyperparameters::default();
        // With the second C, one more row of the last label is right and one of the first is wrong.
        let of_c = |answers: [usize; 4]| {
            let mut metrics = Metrics::new(3);
            for (gold, answer) in [0, 0, 1, 2].into_iter().zip(answers) {
                metrics.add(ClassId::new(gold), ClassId::new(answer), &[0.4, 0.3, 0.3], true);
            }
            metrics
        };
        let of_split = vec![of_c([0, 0, 1, 1]), of_c([0, 1, 1, 2])];
        let best = |classes: &[usize]| {
            let classes: Vec<ClassId> = classes.iter().map(|&class| ClassId::new(class)).collect();
            judge(&settings, &classes, [&of_split].into_iter(), 3).settings.c
        };
        assert_eq!((best(&[0, 1]), best(&[0, 1, 2])), (TF_IDF_C[0], TF_IDF_C[1]));
    }
}
