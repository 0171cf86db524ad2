//! Holds rows out to tune, calibrate and estimate: folds, splits by group and date, thresholds.

pub(crate) mod abstention_threshold;
pub(crate) mod calibrate;
mod choices;
pub(crate) mod cross_validation;
pub(crate) mod curve;
pub(crate) mod folds;
pub(crate) mod off_topic_scores;
pub(crate) mod off_topic_threshold;
pub(crate) mod pool;
pub(crate) mod schemes;
pub(crate) mod search;
pub(crate) mod splits;
pub(crate) mod trial;
pub(crate) mod tune;

pub use calibrate::CalibrationLogLoss;
pub use curve::{CurvePoint, CurveStep, LearningCurve};
pub use schemes::HeldOutFigures;
pub use splits::SplitKind;
pub use trial::{Score, Trial};
pub use tune::Tuning;
