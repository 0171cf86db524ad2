//! Labelled rows to a model: features, the sparse logistic regression, cross-validation by group, calibration.

mod csr;
mod folds;
mod logistic;
mod low_confidence;
mod newton;
mod objective;
mod params;
mod report;
mod row;
mod topic;

pub use csr::{Csr, CsrBuilder};
pub use logistic::{ClassWeight, FitError, FittedLogistic, Logistic, ValidLogistic};
pub use params::{Plan, TrainParams};
pub use report::TrainReport;
pub use row::Row;

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array1;
use rayon::prelude::*;

use crate::classify::Pool;
use crate::error::Result;
use crate::evaluate::Meter;
use crate::feature::{Counted, Featurizer, SparseRow};
use crate::label::{ClassId, argmax};
use crate::model::{Calibration, Model, Outside, Preparation, Provenance, Thresholds, Topic};
use crate::token::{Term, TokenBuf, Tokenizer};
use folds::Folds;
use low_confidence::HeldRow;
use row::{Rows, texts_sha256};
use topic::{Likenesses, Words};

/// Rows that are tokenized at once: enough for every thread, few enough that their terms do not pile up.
const TOKENIZED_AT_ONCE: usize = 2048;

/// Trains a model on labelled rows. The same rows and parameters give the same model, bit for bit, on any number of threads.
///
/// # Errors
/// Parameters outside their ranges, and rows that cannot be trained on: fewer than two labels, a label with fewer rows
/// than folds, no term that is frequent enough.
pub fn train(rows: Vec<Row>, params: TrainParams, pool: &Pool) -> Result<(Model, TrainReport)> {
    let plan = params.check()?;
    pool.run(|| run(Rows::new(rows)?, &plan))
}

/// A learner: sparse rows, their classes and weights to a fitted linear model.
trait Learner {
    fn learn(&self, rows: Csr, targets: Vec<usize>, weights: Vec<f64>) -> Result<FittedLogistic>;
}

impl Learner for ValidLogistic {
    fn learn(&self, rows: Csr, targets: Vec<usize>, weights: Vec<f64>) -> Result<FittedLogistic> {
        let weights: Array1<f32> = weights.iter().map(|&weight| weight as f32).collect();
        let dataset = DatasetBase::new(rows, Array1::from(targets)).with_weights(weights);
        Ok(self.fit(&dataset)?)
    }
}

fn run(rows: Rows, plan: &Plan) -> Result<(Model, TrainReport)> {
    let params = &plan.params;
    let labels = if params.axis.is_empty() {
        rows.labels.clone()
    } else {
        rows.labels.clone().with_axis(&params.axis)?
    };
    let learner = Logistic::new(labels.len())
        .c(params.c)
        .class_weight(params.class_weight)
        .tolerance(params.tolerance)
        .check()?;
    let folds = if params.folds == 0 {
        vec![None; rows.len()]
    } else {
        folds::deal(&rows, params.folds, params.seed)?
    };

    let mut report = TrainReport::new(&rows, &folds, params);
    let data = Data::new(&rows, &folds, plan);
    let held_out =
        (0..params.folds).map(|fold| hold_out(&data, plan, &learner, fold)).collect::<Result<Vec<_>>>()?;
    let (calibration, held) = calibrate(&rows, &held_out, &mut report);
    let thresholds = Thresholds {
        min_words: params.min_words,
        low_confidence: params
            .max_error
            .map(|most| low_confidence::fit(&rows, &held, params.paragraph_weight, most)),
        off_topic: topic::threshold(held_out.into_iter().map(|fold| fold.likenesses)),
        other_language: params.recipe.language.is_some_and(|language| report.expects(language, &rows)),
    };

    let all: Vec<usize> = (0..rows.len()).collect();
    let Fitted { featurizer, logistic, .. } = fit(&data, plan, &learner, &all)?;
    report.fitted(&featurizer, &logistic, calibration, thresholds);
    let topic = data.words.as_ref().filter(|_| thresholds.off_topic.is_some()).map(|words| {
        let outside: Vec<usize> = (0..words.outside.len()).collect();
        words.topic(&featurizer, &data.typical(&all), &outside)
    });
    let model = Model {
        recipe: params.recipe.clone(),
        linear: logistic.to_linear()?,
        calibration,
        thresholds,
        topic: topic.map(Topic::new).transpose()?,
        unit: params.unit,
        preparation: params.preparation.clone().unwrap_or_else(|| Preparation::of(params.unit)),
        paragraph_weight: params.paragraph_weight,
        passage_words: params.passage_words,
        provenance: provenance(&rows, params, &logistic, &report),
        labels,
        featurizer,
    };
    model.check()?;
    Ok((model, report))
}

/// What is the same in every fold and in the final fit.
struct Data<'a> {
    rows: &'a Rows,
    folds: &'a Folds,
    counted: Counted,
    /// Where there are outside texts.
    words: Option<Words>,
}

impl<'a> Data<'a> {
    fn new(rows: &'a Rows, folds: &'a Folds, plan: &Plan) -> Self {
        let texts: Vec<&str> = rows.rows.iter().map(|row| row.text.as_str()).collect();
        let words = (!plan.params.outside.is_empty()).then(|| {
            let outside: Vec<&str> = plan.params.outside.iter().map(String::as_str).collect();
            let words = |texts: &[&str]| count(texts, &plan.tokenizer, |term| term.is_word);
            Words { rows: words(&texts), outside: words(&outside) }
        });
        Data { rows, folds, counted: count(&texts, &plan.tokenizer, |_| true), words }
    }

    /// The rows among these that are like what will be scored: all but those for training only.
    fn typical(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().copied().filter(|&row| !self.rows.rows[row].train_only).collect()
    }
}

/// Tokenizes every text once and counts the terms that are wanted; folds and the final fit share the counts.
fn count(texts: &[&str], tokenizer: &Tokenizer, wanted: impl Fn(&Term<'_>) -> bool + Sync) -> Counted {
    let mut counted = Counted::default();
    for texts in texts.chunks(TOKENIZED_AT_ONCE) {
        let terms: Vec<Counted> = texts
            .par_iter()
            .map_init(
                || (TokenBuf::default(), String::new()),
                |(tokens, scratch), text| {
                    let mut one = Counted::default();
                    tokenizer.tokenize(text, tokens);
                    let mut terms = Vec::new();
                    tokenizer.terms(tokens, scratch, &mut |term| {
                        if wanted(&term) {
                            terms.push(term.text.to_owned());
                        }
                    });
                    one.push_row(terms.iter().map(String::as_str));
                    one
                },
            )
            .collect();
        for one in &terms {
            counted.push_counted(one.terms().iter().zip(one.row(0).iter().map(|(_, count)| *count)));
        }
    }
    counted
}

/// What was learnt from some of the rows.
struct Fitted {
    featurizer: Featurizer,
    term_to_feature: Vec<Option<u32>>,
    logistic: FittedLogistic,
}

/// Fits featurizer and learner on some of the rows.
fn fit(data: &Data<'_>, plan: &Plan, learner: &dyn Learner, chosen: &[usize]) -> Result<Fitted> {
    let rows = data.rows;
    let (featurizer, term_to_feature) = Featurizer::fit(&data.counted, chosen, &plan.params.pruning)?;
    let csr = weigh(&data.counted, &featurizer, &term_to_feature, chosen);
    let targets = chosen.iter().map(|&row| rows.targets[row]).collect();
    let weights = chosen.iter().map(|&row| rows.rows[row].weight).collect();
    let logistic = learner.learn(csr, targets, weights)?;
    Ok(Fitted { featurizer, term_to_feature, logistic })
}

fn weigh(
    counted: &Counted,
    featurizer: &Featurizer,
    term_to_feature: &[Option<u32>],
    chosen: &[usize],
) -> Csr {
    let mut builder = CsrBuilder::new(featurizer.vocabulary().len());
    let (mut features, mut row) = (Vec::new(), SparseRow::default());
    for &number in chosen {
        counted.features_of(number, term_to_feature, &mut features);
        featurizer.weigh(&features, &mut row);
        builder.push(&row);
    }
    builder.build()
}

/// The margins of one fold's rows by a model that was fitted, features and all, without them.
struct HeldOut {
    rows: Vec<usize>,
    /// `[rows, classes]`.
    margins: Vec<f64>,
    /// Classes that the fold's model was trained on.
    trained: Vec<bool>,
    /// How like its rows and its outside texts are to all others.
    likenesses: Likenesses,
}

fn hold_out(data: &Data<'_>, plan: &Plan, learner: &dyn Learner, fold: u32) -> Result<HeldOut> {
    let rows = data.rows;
    let (held, kept): (Vec<usize>, Vec<usize>) =
        (0..rows.len()).partition(|&row| data.folds[row] == Some(fold));
    let fitted = fit(data, plan, learner, &kept)?;
    let mut trained = vec![false; rows.labels.len()];
    kept.iter().for_each(|&row| trained[rows.targets[row]] = true);
    let test = weigh(&data.counted, &fitted.featurizer, &fitted.term_to_feature, &held);
    let margins = (0..held.len()).flat_map(|row| fitted.logistic.margins(&test, row)).collect();
    let likenesses = data.words.as_ref().map_or_else(Likenesses::default, |words| {
        words.hold_out(&fitted.featurizer, (&held, &data.typical(&kept)), (fold, plan.params.folds))
    });
    Ok(HeldOut { rows: held, margins, trained, likenesses })
}

/// Fits the calibration on all held-out margins and counts the cross-validation with it; gives the held-out probabilities.
fn calibrate(rows: &Rows, folds: &[HeldOut], report: &mut TrainReport) -> (Calibration, Vec<HeldRow>) {
    let classes = rows.labels.len();
    let (mut margins, mut targets, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for fold in folds {
        for (&row, own) in fold.rows.iter().zip(fold.margins.chunks_exact(classes)) {
            // A class that the fold's model never saw says nothing about how sure it may be.
            if fold.trained[rows.targets[row]] {
                margins.extend_from_slice(own);
                targets.push(rows.targets[row]);
                weights.push(rows.rows[row].weight);
            }
        }
    }
    let calibration = Calibration::fit_temperature(&margins, &targets, &weights);
    let mut held = Vec::new();
    if !folds.is_empty() {
        let mut meter = Meter::new(classes);
        for fold in folds {
            for (&row, own) in fold.rows.iter().zip(fold.margins.chunks_exact(classes)) {
                let mut probabilities = own.to_vec();
                calibration.apply(&mut probabilities);
                meter.add(ClassId::new(rows.targets[row]), argmax(&probabilities), &probabilities, true);
                held.push((row, probabilities));
            }
        }
        report.cross_validation = Some(meter);
    }
    (calibration, held)
}

fn provenance(
    rows: &Rows,
    params: &TrainParams,
    fitted: &FittedLogistic,
    report: &TrainReport,
) -> Provenance {
    Provenance {
        data_sha256: rows.sha256(),
        rows: rows.len() as u64,
        train_only_rows: rows.rows.iter().filter(|row| row.train_only).count() as u64,
        groups: rows.held_out_groups() as u64,
        rows_by_class: rows.class_counts(),
        seed: params.seed,
        folds: params.folds,
        c: params.c,
        balanced: params.class_weight == ClassWeight::Balanced,
        min_df: params.pruning.min_df,
        max_df: params.pruning.max_df,
        max_features: params.pruning.max_features.map(|limit| limit as u64),
        iterations: fitted.iterations(),
        converged: fitted.converged(),
        objective: fitted.objective(),
        macro_f1: report.cross_validation.as_ref().and_then(Meter::macro_f1),
        unicode: Provenance::unicode_tables(),
        date: params.date.clone(),
        outside: (!params.outside.is_empty())
            .then(|| Outside { texts: params.outside.len() as u64, sha256: texts_sha256(&params.outside) }),
    }
}
