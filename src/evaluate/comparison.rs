//! Counts two models' answers on the same rows, and computes how their figures differ.

use serde::Serialize;

use crate::evaluate::bootstrap::{column, percentiles, replicates, sum};
use crate::evaluate::clusters::Clusters;
use crate::evaluate::evaluation::LabeledPrediction;
use crate::evaluate::metrics::Metrics;
use crate::statistics::{Estimate, McNemar};

/// The counts of a comparison that is still running.
#[derive(Debug)]
pub struct Comparison {
    classes: usize,
    clusters: Clusters,
    /// By cluster, of the first model and of the second.
    cluster_metrics: [Vec<Metrics>; 2],
    /// Rows that the first model alone answers correctly, and the second alone.
    only_correct: [u64; 2],
}

/// One figure of two models.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The first model's value.
    pub first: Option<f64>,
    /// The second model's value.
    pub second: Option<f64>,
    /// The second value minus the first, with the interval of a bootstrap that draws the same
    /// clusters for both.
    pub difference: Option<Estimate>,
    /// Two-sided p-value: twice the smaller share of draws, of those with a difference of at most 0
    /// and those with at least 0, with one draw added on each side (Davison & Hinkley 1997,
    /// "Bootstrap Methods and their Application", 4.4). `None` if the difference is undefined in
    /// too many draws, or with fewer than two clusters.
    pub p: Option<f64>,
}

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ComparisonResult {
    /// Rows compared.
    pub rows: u64,
    /// How many clusters the bootstrap draws.
    pub clusters: usize,
    /// Whether the clusters are groups; else each row is one.
    pub grouped: bool,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// [`Metrics::accuracy`].
    pub accuracy: Difference,
    /// [`Metrics::macro_f1`].
    pub macro_f1: Difference,
    /// [`Metrics::log_loss`].
    pub log_loss: Difference,
    /// McNemar's test on the rows that only one model answers correctly.
    pub mcnemar: McNemar,
}

impl Comparison {
    /// Starts a comparison of two models with so many classes.
    pub fn new(classes: usize) -> Self {
        Comparison {
            classes,
            clusters: Clusters::default(),
            cluster_metrics: [Vec::new(), Vec::new()],
            only_correct: [0, 0],
        }
    }

    /// Counts the two models' answers on one row. Group and weight are those of the first.
    pub fn add(&mut self, rows: [&LabeledPrediction<'_>; 2]) {
        let [first, second] = rows;
        let at = self.clusters.number(first.group);
        for (cluster_metrics, row) in self.cluster_metrics.iter_mut().zip(rows) {
            let metrics = LabeledPrediction { weight: first.weight, ..*row }.metrics(self.classes);
            match cluster_metrics.get_mut(at) {
                Some(sum) => sum.merge(&metrics),
                None => cluster_metrics.push(metrics),
            }
        }
        match (first.verdict.top_class() == first.gold, second.verdict.top_class() == second.gold) {
            (true, false) => self.only_correct[0] += 1,
            (false, true) => self.only_correct[1] += 1,
            _ => {}
        }
    }

    /// Computes the differences. The bootstrap runs on the threads of the pool that this runs in.
    pub fn result(&self, seed: u64) -> ComparisonResult {
        let [first, second] = &self.cluster_metrics;
        let figures = |metrics: &Metrics| [metrics.accuracy(), metrics.macro_f1(), metrics.log_loss()];
        let differences = |[a, b]: [&Metrics; 2]| -> Vec<Option<f64>> {
            figures(a).into_iter().zip(figures(b)).map(|(a, b)| Some(b? - a?)).collect()
        };
        let drawn = replicates([first.as_slice(), second.as_slice()], seed, &differences);
        let (first, second) = (sum(first), sum(second));
        let of = |at: usize, figure: fn(&Metrics) -> Option<f64>| {
            let values = column(&drawn, at);
            let p = p_value(&values.values).filter(|_| values.is_defined());
            let interval = percentiles(&values);
            let (first, second) = (figure(&first), figure(&second));
            let value = first.zip(second).map(|(first, second)| second - first);
            let difference = value.map(|value| Estimate { value, interval });
            Difference { first, second, difference, p: p.filter(|_| value.is_some()) }
        };
        let [only_first, only_second] = self.only_correct;
        ComparisonResult {
            rows: first.rows(),
            clusters: self.clusters.names().len(),
            grouped: self.clusters.are_named(),
            seed,
            accuracy: of(0, Metrics::accuracy),
            macro_f1: of(1, Metrics::macro_f1),
            log_loss: of(2, Metrics::log_loss),
            mcnemar: McNemar::new(only_first, only_second),
        }
    }
}

/// Computes [`Difference::p`] from the differences of all draws.
fn p_value(differences: &[f64]) -> Option<f64> {
    let share = |count: usize| (count + 1) as f64 / (differences.len() + 1) as f64;
    let below = share(differences.iter().filter(|difference| **difference <= 0.0).count());
    let above = share(differences.iter().filter(|difference| **difference >= 0.0).count());
    (!differences.is_empty()).then(|| (2.0 * below.min(above)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::verdict::Verdict;
    use crate::label::{ClassId, LabelSet};

    fn verdict(correct: bool) -> Verdict {
        let labels = LabelSet::new(["a", "b"]).unwrap();
        let probabilities = if correct { vec![0.75, 0.25] } else { vec![0.25, 0.75] };
        Verdict::from_probabilities(labels, probabilities)
    }

    /// Rows of (first right, second right, group, how many).
    fn compared(rows: &[(bool, bool, Option<&str>, usize)]) -> ComparisonResult {
        let mut comparison = Comparison::new(2);
        for &(first, second, group, times) in rows {
            let verdicts = [verdict(first), verdict(second)];
            let prediction = |verdict| LabeledPrediction {
                gold: ClassId::new(0),
                verdict,
                weight: 1.0,
                group,
                date: None,
            };
            for _ in 0..times {
                comparison.add([&prediction(&verdicts[0]), &prediction(&verdicts[1])]);
            }
        }
        comparison.result(1)
    }

    #[test]
    fn a_difference_is_that_of_the_second_from_the_first() {
        let found = compared(&[
            (true, true, None, 50),
            (true, false, None, 2),
            (false, true, None, 20),
            (false, false, None, 28),
        ]);
        assert_eq!((found.accuracy.first, found.accuracy.second), (Some(0.52), Some(0.7)));
        let difference = found.accuracy.difference.unwrap();
        assert!((difference.value - 0.18).abs() < 1e-12);
        // Standard error sqrt((0.22 - 0.18^2) / 100) = 0.0433.
        let interval = difference.interval.unwrap();
        assert!((interval.low - 0.095).abs() < 0.02 && (interval.high - 0.265).abs() < 0.02, "{interval:?}");
        assert!(found.accuracy.p.unwrap() < 0.01 && found.mcnemar.mid_p < 0.001);
        assert_eq!((found.mcnemar.only_first, found.mcnemar.only_second), (2, 20));
        assert!(found.log_loss.difference.unwrap().value < 0.0);
        assert_eq!((found.clusters, found.grouped, found.rows), (100, false, 100));
    }

    #[test]
    fn equal_answers_differ_by_nothing_and_show_no_spread() {
        let found = compared(&[(true, true, None, 9), (false, false, None, 4)]);
        let difference = found.accuracy.difference.unwrap();
        assert_eq!((difference.value, difference.interval), (0.0, None));
        assert_eq!((found.accuracy.p, found.mcnemar.exact), (Some(1.0), 1.0));
    }

    #[test]
    fn what_one_group_alone_says_has_no_interval_and_few_groups_say_little() {
        let one = compared(&[(true, false, Some("a"), 30)]);
        assert_eq!((one.clusters, one.accuracy.p), (1, None));
        assert_eq!(one.accuracy.difference.unwrap().interval, None);
        let two = compared(&[(true, false, Some("a"), 30), (true, true, Some("b"), 30)]);
        assert!(two.accuracy.p.unwrap() > 0.2 && two.mcnemar.exact < 1e-6, "{two:?}");
        assert_eq!((two.clusters, two.grouped), (2, true));
    }

    #[test]
    fn without_rows_nothing_is_defined() {
        let none = compared(&[]);
        assert_eq!((none.rows, none.accuracy.first, none.accuracy.difference), (0, None, None));
    }
}
