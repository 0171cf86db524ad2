//! Labelled rows to a model: features, the sparse logistic regression, tuning, cross-validation, calibration, audits.

pub(crate) mod audit;
pub(crate) mod dataset;
mod fit;
mod hyperparameters;
mod params;
mod report;
pub(crate) mod solver;
pub(crate) mod validation;

use std::borrow::Cow;

pub use audit::{NearDuplicates, SourceTerm, Suspect};
use audit::{leaks, suspects};
use dataset::data::Data;
use dataset::row::{Rows, texts_sha256};
pub use dataset::{OneGroup, Pruning, Row, rows_sha256};
use fit::{Fitted, fit};
pub use hyperparameters::{GroupWeight, Hyperparameters};
pub use params::{Plan, TrainParams};
pub use report::{HeldOutFigures, TrainReport};
pub use solver::{ClassWeight, Csc, CscBuilder, FitError, FittedLogistic, Logistic, ValidLogistic};
use validation::out_of_fold::{CrossValidation, Outer};
use validation::splits::splits;
use validation::topic::Words;
pub use validation::{
    CalibrationChoice, CurvePoint, FoldPredictions, LearningCurve, SplitKind, Trial, Tuning,
};
use validation::{abstention_threshold, curve, folds, topic};

use crate::error::{Error, Message, Result};
use crate::evaluate::Metrics;
use crate::label::ClassId;
use crate::model::{Conformal, HeldOutFigure, Model, Outside, Preparation, Provenance, Thresholds, Topic};
use crate::threads::Threads;

/// Trains a model on labelled rows, which are not copied if they are lent. The same rows and parameters give the same model, bit
/// for bit, on any number of threads.
///
/// # Errors
/// Parameters outside their ranges, and rows that cannot be trained on: fewer than two labels, a label with fewer rows
/// than folds, no term that is frequent enough.
pub fn train<'r>(
    rows: impl Into<Cow<'r, [Row]>>,
    params: TrainParams,
    pool: &Threads,
) -> Result<(Model, TrainReport)> {
    let plan = params.check()?;
    let rows = Rows::new(rows)?;
    pool.run(|| run(&rows, &plan, None))
}

/// As [`train`], with the settings that do best in cross-validation, searched from those of the parameters. Where the budget ends by
/// [`Tuning::stop`], the number of finished trials in the model's provenance repeats it.
///
/// # Errors
/// As [`train`], and parameters without folds.
pub fn train_tuned<'r>(
    rows: impl Into<Cow<'r, [Row]>>,
    params: TrainParams,
    tuning: &Tuning<'_>,
    pool: &Threads,
) -> Result<(Model, TrainReport)> {
    let plan = params.check()?;
    if plan.params.folds == 0 {
        return Err(Error::invalid_parameter("folds", 0, "cross-validation")
            .with_message("tuning needs cross-validation")
            .with_hint(Message::naming("give `folds`")));
    }
    let rows = Rows::new(rows)?;
    pool.run(|| run(&rows, &plan, Some(tuning)))
}

fn run(rows: &Rows<'_>, plan: &Plan, tuning: Option<&Tuning<'_>>) -> Result<(Model, TrainReport)> {
    let params = &plan.params;
    let labels = if params.axis.is_empty() {
        rows.labels.clone()
    } else {
        rows.labels.clone().with_axis(&params.axis)?
    };
    let all: Vec<usize> = (0..rows.len()).collect();
    let by = if rows.has_groups() { SplitKind::Groups } else { SplitKind::Random };
    let main = match params.folds {
        0 => Vec::new(),
        folds => {
            folds::check(rows, folds)?;
            splits(rows, by, &all, (folds, params.seed))
        }
    };
    let mut report = TrainReport::new(rows, &main, params);
    report.near_duplicates = leaks::near_duplicates(rows);

    let mut outer = Outer::of(rows, params);
    let (settings, finished) = match tuning {
        None => (params.settings.clone(), None),
        Some(tuning) => {
            let (settings, trials, finished) = outer.tune(rows, params, tuning)?;
            report.trials = trials;
            (settings, Some(finished as u32))
        }
    };
    report.settings = settings.clone();

    let data = Data::new(rows, &settings.tokenizer_config, settings.pruning.min_df, &params.unlabelled)?;
    let words = (!params.outside.is_empty())
        .then(|| Words::new(rows, &params.outside, &settings.tokenizer_config))
        .transpose()?;
    let validation = CrossValidation::run(&data, &settings, &main, words.as_ref(), params.tolerance)?;
    let calibration = validation.calibrate(rows, params.calibration, &mut report);
    let held = validation.probabilities(&calibration);
    validation.count(rows, &held, &mut report);
    report.held_out = outer.figures(&data, params, (by, &validation, &calibration))?;
    report.suspects = suspects::suspects(rows, &held);
    validation.explain(&data, &mut report.suspects);
    if params.learning_curve {
        report.learning_curve = Some(curve::learning_curve(&data, &settings, &main, params.seed)?);
    }
    let thresholds = Thresholds {
        min_words: params.min_words,
        low_confidence: params
            .max_error
            .map(|most| abstention_threshold::fit(rows, &held, params.paragraph_weight, most)),
        off_topic: topic::threshold(validation.likenesses()),
        other_language: settings
            .tokenizer_config
            .language
            .is_some_and(|language| report.expects(language, rows)),
    };

    // Features are chosen on one thread: another has the time for the terms' order, which is asked for late, and the rows' hash.
    let (fitted, data_sha256) = rayon::join(
        || fit(&data, &settings, params.tolerance, &all),
        || {
            data.counted.sorted();
            rows.sha256()
        },
    );
    let fitted = fitted?;
    report.calibration = calibration.clone();
    report.fitted(&fitted, thresholds);
    let (source_terms, featurizer) = rayon::join(
        || leaks::source_terms(&data, &fitted, &data.typical(&all)),
        || fitted.selection.featurizer(&data.counted),
    );
    report.source_terms = source_terms;
    let featurizer = featurizer?;
    let topic = words.as_ref().filter(|_| thresholds.off_topic.is_some()).map(|words| {
        let outside: Vec<usize> = (0..words.outside.len()).collect();
        words.topic(&featurizer, &data.typical(&all), &outside)
    });
    let of_target = |(row, probabilities): &FoldPredictions| {
        let target = rows.targets[*row];
        (ClassId::new(target), probabilities[target])
    };
    let model = Model {
        tokenizer_config: settings.tokenizer_config.clone(),
        linear: fitted.logistic.to_linear()?,
        calibration,
        thresholds,
        conformal: (!held.is_empty()).then(|| Conformal::fit(held.iter().map(of_target), labels.len())),
        reference: validation.reference(&settings, &held),
        topic: topic.map(Topic::new).transpose()?,
        unit: params.unit,
        preparation: params.preparation.clone().unwrap_or_else(|| Preparation::for_unit(params.unit)),
        paragraph_weight: params.paragraph_weight,
        passage_words: params.passage_words,
        provenance: provenance((rows, data_sha256), params, (&settings, finished), (&fitted, &report)),
        labels,
        featurizer,
    };
    model.check()?;
    report.predictions = held;
    Ok((model, report))
}

fn provenance(
    (rows, data_sha256): (&Rows, String),
    params: &TrainParams,
    (settings, trials): (&Hyperparameters, Option<u32>),
    (fitted, report): (&Fitted, &TrainReport),
) -> Provenance {
    let texts = |texts: &[String]| {
        (!texts.is_empty()).then(|| Outside { texts: texts.len() as u64, sha256: texts_sha256(texts) })
    };
    let figure = |held: &HeldOutFigures| {
        Some(HeldOutFigure {
            by: held.kind.to_string(),
            rows: held.meter.rows(),
            macro_f1: held.meter.macro_f1()?,
        })
    };
    Provenance {
        data_sha256,
        rows: rows.len() as u64,
        train_only_rows: rows.rows.iter().filter(|row| row.train_only).count() as u64,
        groups: rows.held_out_groups() as u64,
        rows_by_class: rows.class_counts(),
        seed: params.seed,
        folds: params.folds,
        c: settings.c,
        balanced: settings.class_weight == ClassWeight::Balanced,
        min_df: settings.pruning.min_df,
        max_df: settings.pruning.max_df,
        max_features: settings.pruning.max_features.map(|limit| limit as u64),
        iterations: fitted.logistic.iterations(),
        converged: fitted.logistic.converged(),
        objective: fitted.logistic.objective(),
        macro_f1: report.cross_validation.as_ref().and_then(Metrics::macro_f1),
        unicode: Provenance::unicode_tables(),
        date: params.date.clone(),
        settings: settings.to_string(),
        trials,
        held_out: report.held_out.iter().filter_map(figure).collect(),
        unlabelled: texts(&params.unlabelled).filter(|_| settings.use_unlabeled),
        outside: texts(&params.outside),
    }
}
