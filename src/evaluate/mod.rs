//! Measures a classifier on labeled rows, and compares two.
//!
//! [`evaluate()`] and [`compare()`] score rows and report every figure with its 95 % interval.
//! [`Evaluation`] and [`Comparison`] do the same for verdicts that are at hand already. [`Metrics`]
//! are counts that add up; their ratios are computed on demand, and an undefined ratio is `None`.

pub(crate) mod bootstrap;
mod caveat;
mod class_figures;
mod clusters;
mod compare;
mod comparison;
mod confusion_matrix;
mod coverage;
mod estimates;
mod evaluation;
mod metrics;
mod metrics_figures;
mod mistakes;
mod prediction_sets;
mod reliability;
mod result;
mod rows;
mod run;
mod seen;
mod slices;
mod temperature;

pub(crate) use bootstrap::REPLICATES;
#[cfg(feature = "train")]
pub(crate) use bootstrap::{bootstrap, bootstrap_difference};
pub use caveat::IntervalCaveat;
pub use class_figures::ClassFigures;
pub use compare::{CompareParams, ComparisonReport, Differing, check_same_labels, compare, keep_common_rows};
pub use comparison::{Comparison, ComparisonResult, Difference};
pub use coverage::{CoverageCurve, CoveragePoint};
pub use estimates::{ClassEstimates, Estimates};
pub use evaluation::{Evaluation, LabeledPrediction};
pub use metrics::Metrics;
pub use mistakes::WrongRow;
pub use prediction_sets::{ClassSets, PredictionSetMetrics};
pub use reliability::Bin;
pub use result::{EvaluationResult, F1OfLabels};
#[cfg(feature = "train")]
pub(crate) use rows::spelled_otherwise;
pub use rows::{classes_named, gold_classes, respell};
pub use run::{EvaluateParams, EvaluateRun, EvaluationReport, evaluate, evaluate_with};
pub use seen::{SeenRows, TrainingTexts};
pub use slices::{Dates, Slice};
pub use temperature::BestTemperature;
