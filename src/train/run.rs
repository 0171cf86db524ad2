//! Runs one training step by step: choose hyperparameters, cross-validate, fit on all rows, then
//! make the model and the report.

use crate::error::{Error, Message, Result};
use crate::evaluate::{Metrics, TrainingTexts};
use crate::features::Featurizer;
use crate::label::{ClassId, LabelSet};
use crate::model::{
    BlockKind, Calibration, Conformal, HeldOutFigure, LearnedTexts, Model, OffTopic, PassageRule,
    Preparation, Provenance, TextsNote, Thresholds, Topic, TrainingProfile, Unit, VectorsNote,
};
use crate::train::audit::{SourceTerm, Suspect, leaks, suspects};
use crate::train::dataset::counted::Corpus;
use crate::train::dataset::data::Data;
use crate::train::dataset::row::{Rows, texts_sha256};
use crate::train::dataset::{Row, add_texts, hold_together};
use crate::train::fit::{FitParams, Fitted, FoldPredictions, Split};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::options::TrainOptions;
use crate::train::params::{Plan, TrainParams};
use crate::train::report::{
    TrainReport, fit_warnings, language_warning, repeat_warning, row_warnings, stem_warning,
};
use crate::train::solver::ClassWeight;
use crate::train::validation::abstention_threshold;
use crate::train::validation::calibrate::{Asked, CalibrationLogLoss};
use crate::train::validation::cross_validation::CrossValidation;
use crate::train::validation::curve::{self, LearningCurve};
use crate::train::validation::folds::{self, Dealing};
use crate::train::validation::off_topic_scores::TopicWords;
use crate::train::validation::off_topic_threshold::{self, GivenThresholds};
use crate::train::validation::pool::fit_pooled;
use crate::train::validation::schemes::{HeldOutFigures, HeldOutSchemes, MainScheme, Tuned};
use crate::train::validation::splits::{main_kind, splits};
use crate::train::validation::trial::Trial;
use crate::train::validation::tune::Tuning;
use crate::vectors::Vectors;

/// Runs the training that was planned.
pub(crate) fn run(
    mut rows: Rows<'_>,
    plan: &Plan,
    options: &TrainOptions<'_>,
) -> Result<(Model, TrainReport)> {
    options.progress.begin("near-duplicates", Some(rows.len() as u64));
    let (near_duplicates, pairs) = leaks::near_duplicates(&rows, options.progress)?;
    hold_together(&mut rows, pairs.iter().map(|pair| [pair.row, pair.earlier]));
    let rows = &rows;
    let training = Training::new(rows, plan, options)?;
    let chosen = training.choose(options.tuning)?;
    let data = training.count(&chosen.settings)?;
    let words = training.topic_words(&chosen.settings)?;
    let validated = training.validate(&data, &chosen, words.as_ref())?;
    let language_warning = training.language_warning(&chosen.settings);
    let thresholds = training.thresholds(&chosen.settings, &validated, language_warning.is_none());
    let learned = training.learn(&data, &chosen.settings)?;
    let topic = words.as_ref().filter(|_| thresholds.off_topic.is_some());
    let topic = topic.map(|words| training.topic(&data, words, &learned.featurizer)).transpose()?;
    let warnings = [
        row_warnings(rows, &training.splits, training.params.unit),
        repeat_warning(rows, training.params.folds).into_iter().collect(),
        language_warning.into_iter().collect(),
        stem_warning(&chosen.settings.tokenizer_config).into_iter().collect(),
        fit_warnings(&learned.fitted, &thresholds),
        off_topic_threshold::window_warning(training.params.off_topic_window, &thresholds)
            .into_iter()
            .collect(),
    ];
    let provenance = training.provenance(&chosen, &validated, &learned);
    let report = TrainReport {
        labels: rows.labels.clone(),
        rows_by_class: rows.class_counts(),
        groups: rows.held_out_groups(),
        features: learned.fitted.features.len(),
        iterations: learned.fitted.logistic.iterations(),
        converged: learned.fitted.logistic.converged(),
        objective: learned.fitted.logistic.objective(),
        calibration: validated.calibration.clone(),
        fixed_temperature: training.params.temperature.is_some(),
        thresholds,
        calibration_log_loss: validated.log_loss,
        cross_validation: validated.metrics,
        held_out: validated.held_out,
        settings: chosen.settings.clone(),
        trials: chosen.trials,
        predictions: validated.predictions,
        suspects: validated.suspects,
        near_duplicates,
        source_terms: learned.source_terms,
        learning_curve: validated.learning_curve,
        warnings: warnings.concat(),
    };
    let Training { params, labels, passage_label_weights, .. } = training;
    let model = Model {
        tokenizer_config: chosen.settings.tokenizer_config,
        linear: learned.fitted.own_linear()?,
        more_blocks: learned.fitted.blocks()?,
        calibration: validated.calibration,
        thresholds,
        conformal: conformal(rows, &report.predictions),
        training_profile: validated.profile,
        topic,
        unit: params.unit,
        preparation: params.preparation.clone().unwrap_or_else(|| Preparation::for_unit(params.unit)),
        paragraph_weight: params.paragraph_weight,
        passage_words: params.passage_words,
        lone_quotation_weight: params.lone_quotation_weight,
        passage_label_weights,
        provenance,
        labels,
        featurizer: learned.featurizer,
    };
    model.check()?;
    Ok((model, report))
}

/// Rows and parameters, and what all steps share.
struct Training<'t> {
    corpus: Corpus<'t>,
    params: &'t TrainParams,
    /// The labels with their places on the axis.
    labels: LabelSet,
    /// What passages of each label count in their document.
    passage_label_weights: Vec<f64>,
    /// Numbers of all rows.
    all: Vec<usize>,
    /// The splits of the cross-validation.
    splits: Vec<Split>,
}

/// The hyperparameters of the model, and how they were found.
struct Chosen {
    settings: Hyperparameters,
    schemes: HeldOutSchemes,
    trials: Vec<Trial>,
    /// Trials that were finished; `None` without a tuning.
    finished: Option<u32>,
}

/// What was found on held-out rows.
struct Validated {
    calibration: Calibration,
    log_loss: Option<CalibrationLogLoss>,
    predictions: Vec<FoldPredictions>,
    metrics: Option<Metrics>,
    held_out: Vec<HeldOutFigures>,
    suspects: Vec<Suspect>,
    learning_curve: Option<LearningCurve>,
    off_topic: Option<OffTopic>,
    profile: Option<TrainingProfile>,
}

/// What was learned from all rows.
struct Learned {
    fitted: Fitted,
    featurizer: Featurizer,
    source_terms: Vec<SourceTerm>,
    data_sha256: String,
}

impl<'t> Training<'t> {
    fn new(rows: &'t Rows<'t>, plan: &'t Plan, options: &TrainOptions<'t>) -> Result<Self> {
        let params = &plan.params;
        let mut labels = rows.labels.clone();
        if !params.axis.is_empty() {
            labels = labels.with_axis(&params.axis)?;
        }
        let all: Vec<usize> = (0..rows.len()).collect();
        let mut main = Vec::new();
        if params.folds > 0 {
            folds::check(rows, params.folds)?;
            let dealing = Dealing { folds: params.folds, seed: params.seed };
            if rows.held_out_families() >= params.folds as usize {
                main = splits(rows, main_kind(rows), &all, dealing);
            }
        }
        let corpus = Corpus {
            rows,
            unlabeled: &params.unlabeled,
            min_words: params.min_words,
            vectors: params.vectors.as_ref(),
            progress: options.progress,
        };
        let passage_label_weights = params.passage_label_weights_of(&labels)?;
        Ok(Training { corpus, params, labels, passage_label_weights, all, splits: main })
    }

    /// Takes the hyperparameters that were given, or searches from them.
    fn choose(&self, tuning: Option<&Tuning<'_>>) -> Result<Chosen> {
        let mut schemes = HeldOutSchemes::new(self.corpus.rows, self.params);
        let Some(tuning) = tuning else {
            let settings = self.params.settings.clone();
            return Ok(Chosen { settings, schemes, trials: Vec::new(), finished: None });
        };
        if self.splits.is_empty() {
            return Err(Error::data(
                "tuning needs rows to hold out, of as many different texts as there are folds",
            ));
        }
        self.corpus.progress.begin("tuning", Some(tuning.trials as u64));
        let Tuned { settings, trials, finished } = schemes.tune(self.corpus, self.params, tuning)?;
        Ok(Chosen { settings, schemes, trials, finished: Some(finished as u32) })
    }

    fn count(&self, settings: &Hyperparameters) -> Result<Data<'t>> {
        self.corpus.progress.begin("counting terms", Some(self.corpus.rows.len() as u64));
        Data::new(self.corpus, settings)
    }

    /// Counts the words that off-topic texts are recognized by; `None` without out-of-domain texts.
    fn topic_words(&self, settings: &Hyperparameters) -> Result<Option<TopicWords>> {
        let texts = &self.params.out_of_domain;
        (!texts.is_empty())
            .then(|| {
                let window_words = self.params.off_topic_window;
                TopicWords::new(self.corpus, texts, &settings.tokenizer_config, window_words)
            })
            .transpose()
    }

    fn validate(&self, data: &Data<'_>, chosen: &Chosen, words: Option<&TopicWords>) -> Result<Validated> {
        let (rows, params) = (data.rows, self.params);
        self.corpus.progress.begin("cross-validation", Some(self.splits.len() as u64));
        let validation = CrossValidation::run(data, self.fit_params(&chosen.settings), &self.splits, words)?;
        let calibrated = validation.margins(rows).choose(
            Asked { choice: params.calibration, temperature: params.temperature },
            self.corpus.progress,
        )?;
        let predictions = validation.predictions(&calibrated.calibration);
        let metrics = validation.metrics(rows, &predictions);
        let main = MainScheme {
            kind: main_kind(rows),
            predictions: &predictions,
            calibration: &calibrated.calibration,
        };
        self.corpus.progress.begin("held-out estimates", Some(chosen.schemes.fits(main.kind) as u64));
        let held_out = chosen.schemes.figures(data, params, &main)?;
        let mut suspects = suspects::suspects(rows, &predictions);
        validation.explain(data, &mut suspects);
        let learning_curve = params
            .learning_curve
            .then(|| {
                self.corpus.progress.begin("learning curve", None);
                curve::learning_curve(data, &chosen.settings, &self.splits, params.seed)
            })
            .transpose()?;
        Ok(Validated {
            off_topic: off_topic_threshold::threshold(
                &rows.groups,
                validation.off_topic(),
                GivenThresholds::new(params),
            ),
            profile: validation.profile(&chosen.settings, &predictions),
            calibration: calibrated.calibration,
            log_loss: calibrated.log_loss,
            predictions,
            metrics,
            held_out,
            suspects,
            learning_curve,
        })
    }

    fn fit_params<'s>(&self, settings: &'s Hyperparameters) -> FitParams<'s> {
        FitParams { settings, tolerance: self.params.tolerance }
    }

    /// What to say where most rows are not in the language that they are said to be in.
    fn language_warning(&self, settings: &Hyperparameters) -> Option<Message> {
        language_warning(self.corpus.rows, &settings.tokenizer_config)
    }

    fn thresholds(
        &self,
        settings: &Hyperparameters,
        validated: &Validated,
        expects_language: bool,
    ) -> Thresholds {
        let (rows, params) = (self.corpus.rows, self.params);
        Thresholds {
            min_words: params.min_words,
            low_confidence: params.max_error.filter(|_| !validated.predictions.is_empty()).map(|max_error| {
                let rule = PassageRule {
                    paragraph_weight: params.paragraph_weight,
                    label_weights: &self.passage_label_weights,
                };
                abstention_threshold::fit(rows, &validated.predictions, rule, max_error)
            }),
            off_topic: validated.off_topic.map(|off| OffTopic {
                // Whole texts are one unit.
                document: off.document.filter(|_| params.unit == Unit::Paragraph),
                ..off
            }),
            other_language: expects_language && settings.tokenizer_config.language.is_some(),
        }
    }

    /// Fits on all rows.
    fn learn(&self, data: &Data<'_>, settings: &Hyperparameters) -> Result<Learned> {
        self.corpus.progress.begin("fitting", None);
        // Features are chosen on one thread: another has the time for the terms' order, which is
        // asked for late, and the rows' hash.
        let (fitted, data_sha256) = rayon::join(
            || fit_pooled(data, self.fit_params(settings), &self.all),
            || {
                data.counted.sorted();
                self.corpus.rows.sha256()
            },
        );
        let fitted = fitted?;
        let (source_terms, featurizer) = rayon::join(
            || leaks::source_terms(data, &fitted, &data.typical(&self.all)),
            || fitted.features.own.featurizer(&data.counted),
        );
        Ok(Learned { featurizer: featurizer?, fitted, source_terms, data_sha256 })
    }

    /// The topic weights by all rows and all out-of-domain texts.
    fn topic(&self, data: &Data<'_>, words: &TopicWords, featurizer: &Featurizer) -> Result<Topic> {
        let out_of_domain: Vec<usize> = (0..words.out_of_domain()).collect();
        Topic::new(words.topic(featurizer, &data.typical(&self.all), &out_of_domain))
    }

    fn provenance(&self, chosen: &Chosen, validated: &Validated, learned: &Learned) -> Provenance {
        let (rows, params) = (self.corpus.rows, self.params);
        let Hyperparameters { pruning, .. } = &chosen.settings;
        let logistic = &learned.fitted.logistic;
        Provenance {
            data_sha256: learned.data_sha256.clone(),
            rows: rows.len() as u64,
            train_only_rows: rows.rows.iter().filter(|row| row.train_only).count() as u64,
            groups: rows.held_out_groups() as u64,
            rows_by_class: rows.class_counts(),
            seed: params.seed,
            folds: params.folds,
            c: chosen.settings.c,
            balanced: chosen.settings.class_weight == ClassWeight::Balanced,
            min_df: pruning.min_df,
            max_df: pruning.max_df,
            max_features: pruning.max_features.map(|limit| limit as u64),
            iterations: logistic.iterations(),
            converged: logistic.converged(),
            objective: logistic.objective(),
            macro_f1: validated.metrics.as_ref().and_then(Metrics::macro_f1),
            unicode: Provenance::unicode_tables(),
            date: params.date.clone(),
            settings: chosen.settings.to_string(),
            trials: chosen.finished,
            held_out: validated.held_out.iter().filter_map(held_out_figure).collect(),
            unlabeled: texts(&params.unlabeled).filter(|_| chosen.settings.use_unlabeled),
            out_of_domain: texts(&params.out_of_domain),
            vectors: params.vectors.as_ref().and_then(|vectors| vectors_note(vectors, &chosen.settings)),
            fixed_temperature: params.temperature.is_some(),
            adaptation: None,
            learned_texts: params.name_texts.then(|| learned_texts(&rows.rows)).flatten(),
        }
    }
}

/// The scores that prediction sets come from; `None` without held-out rows.
fn conformal(rows: &Rows, predictions: &[FoldPredictions]) -> Option<Conformal> {
    let of_target = |one: &FoldPredictions| {
        let target = rows.targets[one.row];
        (ClassId::new(target), one.probabilities[target])
    };
    (!predictions.is_empty()).then(|| Conformal::fit(predictions.iter().map(of_target), rows.labels.len()))
}

/// The texts and groups of rows by their hashes; `None` for more than a model may name.
pub(super) fn learned_texts(rows: &[Row]) -> Option<LearnedTexts> {
    let mut texts = TrainingTexts::default();
    add_texts(&mut texts, rows);
    texts.learned()
}

/// How many texts there are, and their hash; `None` without any.
fn texts(texts: &[String]) -> Option<TextsNote> {
    (!texts.is_empty()).then(|| TextsNote { texts: texts.len() as u64, sha256: texts_sha256(texts) })
}

/// What there is to note of word vectors; `None` if the model was learned without them.
fn vectors_note(vectors: &Vectors, settings: &Hyperparameters) -> Option<VectorsNote> {
    let block = settings.blocks.iter().find(|block| block.kind == BlockKind::Vectors)?;
    Some(VectorsNote { sha256: vectors.digest().ok()?, words: vectors.len() as u64, scale: block.weight })
}

fn held_out_figure(found: &HeldOutFigures) -> Option<HeldOutFigure> {
    Some(HeldOutFigure {
        by: found.kind.to_string(),
        rows: found.metrics.rows(),
        macro_f1: found.metrics.macro_f1()?,
    })
}
