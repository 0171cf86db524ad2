//! Gold labels and answers to figures: counts that add up, ratios that may be undefined.

pub(crate) mod bootstrap;
mod clusters;
mod comparison;
mod coverage;
mod estimates;
mod evaluation;
mod metrics;
mod prediction_sets;
mod reliability;

pub use bootstrap::{REPLICATES, bootstrap, bootstrap_all, bootstrap_difference};
pub use comparison::{Compared, Comparison, Difference};
pub use coverage::{Answer, CoverageCurve, CoveragePoint};
pub use estimates::{ClassEstimates, Estimates};
pub use evaluation::{Dates, Evaluation, EvaluationResult, LabeledPrediction, Slice};
pub use metrics::{ClassFigures, Metrics};
pub use prediction_sets::PredictionSetMetrics;
pub use reliability::Bin;
