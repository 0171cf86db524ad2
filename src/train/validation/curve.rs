//! Measures held-out macro-F1 with fewer and fewer training rows: whether more labels would help.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::error::Result;
use crate::evaluate::{Metrics, bootstrap, bootstrap_difference};
use crate::label::{ClassId, argmax};
use crate::model::softmax;
use crate::random::nth;
use crate::statistics::{Estimate, Interval};
use crate::train::dataset::data::Data;
use crate::train::fit::{FitParams, OutOfFold, Split};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::validation::pool::fit_pooled;

/// Shares of the training rows that are learned from.
const SHARES: [f64; 5] = [0.1, 0.2, 0.4, 0.7, 1.0];

/// Tolerance of the fits.
const TOLERANCE: f64 = 1e-6;

/// One point of the curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CurvePoint {
    /// Rows learned from, the mean over the folds.
    pub rows: usize,
    /// Macro-F1 over all held-out rows.
    pub macro_f1: Option<f64>,
    /// Bootstrap interval over groups.
    pub interval: Option<Interval>,
}

/// Macro-F1 against the number of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LearningCurve {
    /// From few rows to all.
    pub points: Vec<CurvePoint>,
    /// From the share before to all rows.
    pub last_step: Option<CurveStep>,
}

/// What the last step of a learning curve brought.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CurveStep {
    /// Difference in macro-F1.
    pub macro_f1: f64,
    /// Its paired bootstrap interval, over groups; `None` if every draw has the same difference.
    pub interval: Option<Interval>,
}

/// Held-out counts of each group.
type ByGroup = BTreeMap<usize, Metrics>;

/// Learns from shares of each split's training rows, group by group in an order of the seed, and
/// tests on its held-out rows.
pub(crate) fn learning_curve(
    data: &Data<'_>,
    settings: &Hyperparameters,
    splits: &[Split],
    seed: u64,
) -> Result<LearningCurve> {
    let tasks: Vec<(usize, &Split)> =
        (0..SHARES.len()).flat_map(|share| splits.iter().map(move |split| (share, split))).collect();
    let parts = data.each(&tasks, |&(share, split)| {
        let part =
            Split { train: share_of(data, &split.train, SHARES[share], seed), test: split.test.clone() };
        // A small part may hold no term that is frequent enough: then it says nothing.
        let oof = fit_pooled(data, FitParams { settings, tolerance: TOLERANCE }, &part.train)
            .ok()
            .map(|fitted| OutOfFold::predict(data, &part, &fitted));
        Ok((share, data.typical(&part.train).len(), oof))
    })?;
    let classes = data.rows.labels.len();
    let mut sums: Vec<(usize, ByGroup)> = vec![(0, ByGroup::new()); SHARES.len()];
    for (share, rows, oof) in parts {
        let (all, groups) = &mut sums[share];
        *all += rows;
        for (row, margins) in oof.iter().flat_map(OutOfFold::iter) {
            let mut probabilities = margins.to_vec();
            softmax(&mut probabilities);
            groups.entry(data.rows.groups[row]).or_insert_with(|| Metrics::new(classes)).add(
                ClassId::new(data.rows.targets[row]),
                argmax(margins),
                &probabilities,
                true,
            );
        }
    }
    let metrics: Vec<(usize, Vec<Metrics>)> =
        sums.into_iter().map(|(rows, groups)| (rows, groups.into_values().collect())).collect();
    let point = |(rows, groups): &(usize, Vec<Metrics>)| -> Result<CurvePoint> {
        data.corpus.progress.check()?;
        Ok(CurvePoint {
            rows: rows / splits.len().max(1),
            macro_f1: sum(groups, classes).macro_f1(),
            interval: bootstrap(groups, seed, &Metrics::macro_f1),
        })
    };
    let points = metrics.iter().map(point).collect::<Result<Vec<CurvePoint>>>()?;
    let last_step = match metrics.as_slice() {
        // Where a small part held no term, it has held out nothing, and the groups are not the
        // same.
        [.., (_, before), (_, last)] if before.len() == last.len() => {
            bootstrap_difference(before, last, seed, &Metrics::macro_f1)
                .map(|Estimate { value, interval }| CurveStep { macro_f1: value, interval })
        }
        _ => None,
    };
    Ok(LearningCurve { points, last_step })
}

fn sum(metrics: &[Metrics], classes: usize) -> Metrics {
    metrics.iter().fold(Metrics::new(classes), |mut sum, metrics| {
        sum.merge(metrics);
        sum
    })
}

/// The first groups of training rows, in an order of the seed, up to a share of them; rows for
/// training only stay.
fn share_of(data: &Data<'_>, train: &[usize], share: f64, seed: u64) -> Vec<usize> {
    if share >= 1.0 {
        return train.to_vec();
    }
    let wanted = (share * train.len() as f64).ceil() as usize;
    let (fixed, mut free): (Vec<usize>, Vec<usize>) =
        train.iter().partition(|&&row| data.rows.rows[row].train_only);
    free.sort_by_key(|&row| (nth(seed ^ 0x5EED, data.rows.groups[row] as u64), row));
    free.truncate(wanted.min(free.len()));
    free.extend(fixed);
    free.sort_unstable();
    free
}
