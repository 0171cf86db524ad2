//! Holds rows out: folds, splits by group and date, tuning, calibration, thresholds.

pub(crate) mod abstention_threshold;
pub(crate) mod calibrate;
pub(crate) mod curve;
pub(crate) mod folds;
pub(crate) mod out_of_fold;
pub(crate) mod splits;
pub(crate) mod topic;
pub(crate) mod tune;

pub use abstention_threshold::FoldPredictions;
pub use calibrate::CalibrationChoice;
pub use curve::{CurvePoint, LearningCurve};
pub use splits::SplitKind;
pub use tune::{Trial, Tuning};
