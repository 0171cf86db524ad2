//! Trains models on labeled rows: counts features, tunes, cross-validates, calibrates, audits.
//!
//! [`TrainingFiles`] reads rows from CSV, JSON lines, Parquet or spreadsheets; [`train`] makes a
//! [`Model`] of them. [`adapt()`] trains on the caller's rows together with a [`TrainingCorpus`].
//! [`Logistic`] is the sparse logistic regression behind linfa's traits.

mod adapt;
pub(crate) mod audit;
mod baseline;
mod block_settings;
mod corpus;
pub(crate) mod dataset;
mod fit;
mod hyperparameters;
mod options;
mod params;
mod params_check;
mod preset;
mod report;
mod run;
pub(crate) mod solver;
pub(crate) mod validation;

use std::borrow::Cow;

pub use adapt::{
    AdaptCandidate, AdaptOptions, AdaptReport, AnsweredShares, Beside, Measures, MoreLabels, Retrained,
    TrainedOn, adapt, measure_beside, retrain,
};
pub use audit::{NearDuplicates, RowPair, SourceTerm, Suspect};
pub use baseline::Baseline;
pub use block_settings::BlockSettings;
pub use corpus::TrainingCorpus;
pub(crate) use dataset::add_texts;
use dataset::row::Rows;
pub use dataset::{OneGroup, Pruning, Row, SourceRow, TrainingFiles, TrainingRows, read_texts, rows_sha256};
pub use fit::FoldPredictions;
pub use hyperparameters::{GroupWeight, Hyperparameters};
pub use options::TrainOptions;
pub use params::{CalibrationChoice, TrainParams};
pub use preset::Preset;
pub use report::TrainReport;
pub use solver::{ClassWeight, Csc, CscBuilder, FitError, FittedLogistic, Logistic, ValidLogistic};
pub use validation::{
    CalibrationLogLoss, CurvePoint, CurveStep, HeldOutFigures, LearningCurve, Score, SplitKind, Trial, Tuning,
};

use crate::error::{Error, Message, Result};
pub use crate::label::LabelVariants;
use crate::model::Model;
use crate::threads::Threads;

/// Trains a model on labeled rows, which are not copied if they are lent. The same rows and
/// parameters give the same model, bit for bit, on any number of threads.
///
/// # Errors
/// Parameters outside their ranges, and rows that cannot be trained on: fewer than two labels, a
/// label with fewer rows than folds, no term that is frequent enough.
pub fn train<'r>(
    rows: impl Into<Cow<'r, [Row]>>,
    params: TrainParams,
    threads: &Threads,
) -> Result<(Model, TrainReport)> {
    train_with(rows, params, &TrainOptions::default(), threads)
}

/// As [`train`], with a search for hyperparameters, a progress report, or both. Where
/// [`Tuning::stop`] ends the search, a search with as many [trials](Tuning::trials) as the model's
/// provenance says gives the same model.
///
/// # Errors
/// As [`train`]; a tuning without folds; and [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if
/// the progress says so.
pub fn train_with<'r>(
    rows: impl Into<Cow<'r, [Row]>>,
    params: TrainParams,
    options: &TrainOptions<'_>,
    threads: &Threads,
) -> Result<(Model, TrainReport)> {
    let plan = params.with_current_language_rules().plan()?;
    if plan.params.folds == 0 && options.tuning.is_some() {
        return Err(Error::invalid_parameter("folds", 0, "cross-validation")
            .with_message("tuning needs cross-validation")
            .with_hint(Message::naming("give `folds`")));
    }
    let rows = Rows::new(rows)?;
    threads.run(|| run::run(rows, &plan, options))
}
