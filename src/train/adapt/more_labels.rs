//! Estimates what further labels would bring, from how much all training rows bring over half of
//! them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Result;
use crate::evaluate::bootstrap::sum;
use crate::evaluate::{Metrics, bootstrap_difference};
use crate::label::{ClassId, argmax};
use crate::model::softmax;
use crate::progress::Progress;
use crate::random::nth;
use crate::statistics::{Estimate, Interval};
use crate::train::adapt::candidate::{Candidate, counted, predict};
use crate::train::adapt::own_rows::OwnRows;
use crate::train::dataset::row::Rows;
use crate::train::fit::{OutOfFold, Split};
use crate::train::params::TrainParams;

/// How many labels are thought of.
const LABELS: usize = 50;

/// What further labels would bring, if each doubling of them goes on to bring as much as the last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MoreLabels {
    /// How many.
    pub labels: usize,
    /// Gain in macro-F1 over the rows, with its interval by group.
    pub macro_f1: Estimate,
    /// Macro-F1 with half of the labels, the mean over both halves.
    pub half: f64,
    /// Macro-F1 with all of them.
    pub all: f64,
}

/// Held-out counts of each group.
type ByGroup = BTreeMap<usize, Metrics>;

/// Fits on either half of each training part's own rows, group by group, and compares with the fits
/// on all of it. `None` where a half cannot be fitted.
pub(super) fn estimate(
    candidate: &Candidate,
    own: &OwnRows,
    params: &TrainParams,
    progress: &dyn Progress,
) -> Result<Option<MoreLabels>> {
    let rows = &candidate.rows;
    let halves: Vec<Split> =
        candidate.splits.iter().flat_map(|split| halves(rows, split, params.seed)).collect();
    let data = counted(rows, params, progress)?;
    let found = data.each(&halves, |half| Ok(predict(&data, half, params).ok()))?;
    let Some(found) = found.into_iter().collect::<Option<Vec<OutOfFold>>>() else { return Ok(None) };
    let half = count(rows, found.iter());
    // Each row was held out of two halves.
    let all = count(rows, candidate.outer.iter().chain(&candidate.outer));
    let doubling = bootstrap_difference(&half, &all, params.seed, &Metrics::macro_f1);
    let [half, all] = [half, all].map(|groups| sum(&groups).macro_f1().unwrap_or(0.0));
    Ok(doubling.map(|Estimate { value, interval }| {
        let share = libm::log2((own.texts() + LABELS) as f64 / own.texts() as f64);
        let interval =
            interval.map(|Interval { low, high }| Interval { low: share * low, high: share * high });
        MoreLabels { labels: LABELS, macro_f1: Estimate { value: share * value, interval }, half, all }
    }))
}

/// The two halves of a training part: every other family in an order of the seed, each with all
/// rows that are never held out.
fn halves(rows: &Rows, split: &Split, seed: u64) -> [Split; 2] {
    let mut families: Vec<usize> = split
        .train
        .iter()
        .filter(|&&row| !rows.rows[row].train_only)
        .map(|&row| rows.families[row])
        .collect();
    families.sort_unstable();
    families.dedup();
    families.sort_by_key(|&family| (nth(seed ^ 0x5EED, family as u64), family));
    let second: Vec<usize> = families.into_iter().skip(1).step_by(2).collect();
    [false, true].map(|is_second| Split {
        train: split
            .train
            .iter()
            .copied()
            .filter(|&row| rows.rows[row].train_only || second.contains(&rows.families[row]) == is_second)
            .collect(),
        test: split.test.clone(),
    })
}

/// Counts held-out answers by group.
pub(super) fn count<'o>(rows: &Rows, folds: impl Iterator<Item = &'o OutOfFold>) -> Vec<Metrics> {
    let classes = rows.labels.len();
    let mut groups = ByGroup::new();
    for (row, margins) in folds.flat_map(OutOfFold::iter) {
        let mut probabilities = margins.to_vec();
        softmax(&mut probabilities);
        let metrics = groups.entry(rows.groups[row]).or_insert_with(|| Metrics::new(classes));
        metrics.add(ClassId::new(rows.targets[row]), argmax(margins), &probabilities, true);
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Row;

    #[test]
    fn halves_share_the_corpus_and_part_the_groups() {
        let own =
            (0..12).map(|n| Row { group: Some(format!("g{}", n / 2)), ..Row::new(["a", "b"][n % 2], "x") });
        let rows = Rows::beside(own.collect(), &[Row::new("a", "y"), Row::new("b", "z")]).unwrap();
        let split = Split { train: (2..14).collect(), test: vec![0, 1] };
        let [first, second] = halves(&rows, &split, 1);
        assert_eq!((&first.test, &second.test), (&split.test, &split.test));
        for row in 2..14 {
            let of = [&first, &second].iter().filter(|half| half.train.contains(&row)).count();
            assert_eq!(of, if row < 12 { 1 } else { 2 }, "row {row}");
        }
        assert_eq!(first.train.len() + second.train.len(), 14);
        assert!(first.train.len() >= 6 && second.train.len() >= 6, "{first:?}");
        let together = |half: &Split| {
            (1..6).all(|group| half.train.contains(&(2 * group)) == half.train.contains(&(2 * group + 1)))
        };
        assert!(together(&first) && together(&second));
    }
}
