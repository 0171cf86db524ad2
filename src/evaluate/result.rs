//! Holds what an evaluation found.

use serde::Serialize;

use crate::evaluate::coverage::CoverageCurve;
use crate::evaluate::estimates::Estimates;
use crate::evaluate::metrics::Metrics;
use crate::evaluate::prediction_sets::PredictionSetMetrics;
use crate::evaluate::seen::SeenRows;
use crate::evaluate::slices::{Dates, Slice};
use crate::evaluate::temperature::BestTemperature;
use crate::statistics::{Estimate, Interval};

/// Mean F1 over some labels, such as SemEval's F_avg.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct F1OfLabels {
    /// The labels.
    pub labels: Vec<String>,
    /// The mean of their F1 with its 95 % interval; `None` if none of them occurs.
    pub f1: Option<Estimate>,
}

/// What an evaluation found.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct EvaluationResult {
    /// Counts of all rows.
    pub metrics: Metrics,
    /// Every figure with its 95 % interval.
    pub estimates: Estimates,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// How many clusters the bootstrap draws: one for each group, and one for each row without a
    /// group.
    pub clusters: usize,
    /// Whether rows differ in weight.
    pub weighted: bool,
    /// Mean F1 over the labels that were chosen for it, if any were.
    pub f1_of_labels: Option<F1OfLabels>,
    /// Whether rows have weights of their own, be they all alike.
    pub has_weights: bool,
    /// The groups, largest first; all rows without a group are one slice without a name. Empty if
    /// no row has a group.
    pub groups: Vec<Slice>,
    /// The periods of the rows' dates; `None` if no row has a date.
    pub dates: Option<Dates>,
    /// The risk-coverage curve.
    pub curve: CoverageCurve,
    /// The temperature that would have given these rows the least log loss; `None` without rows.
    pub best_temperature: Option<BestTemperature>,
    /// Counts of prediction sets, if the classifier gave any.
    pub sets: Option<PredictionSetMetrics>,
    /// Rows that the model was trained on, where its rows were at hand; [`TrainingTexts::compare`]
    /// counts them.
    ///
    /// [`TrainingTexts::compare`]: crate::evaluate::TrainingTexts::compare
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenRows>,
}

impl EvaluationResult {
    /// Returns at most `count` of the groups whose accuracy is below that of all rows, the worst
    /// first. Groups are ordered by the upper end of Wilson's interval of their accuracy, so that a
    /// group with a single wrong row does not come first.
    pub fn worst_groups(&self, count: usize) -> Vec<&Slice> {
        let upper = |slice: &&Slice| {
            let (correct, rows) = (slice.metrics.correct_rows(), slice.metrics.rows());
            Interval::wilson(correct, rows, rows).map_or(1.0, |interval| interval.high)
        };
        let mean = self.metrics.accuracy();
        let mut worst: Vec<&Slice> =
            self.groups.iter().filter(|slice| slice.metrics.accuracy() < mean).collect();
        worst.sort_by(|a, b| upper(a).total_cmp(&upper(b)));
        worst.truncate(count);
        worst
    }
}
