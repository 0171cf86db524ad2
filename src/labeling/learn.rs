//! Trains a model on decisions, and measures it on those that were held out.

use std::collections::{BTreeMap, BTreeSet};

use crate::classifier::Classifier;
use crate::classifier::verdict::Verdict;
use crate::error::{Error, ErrorKind, Result, list};
use crate::evaluate::{Evaluation, LabeledPrediction};
use crate::labeling::alone::Alone;
use crate::labeling::clock::now;
use crate::labeling::held_out::{HeldOut, SuspectUnit};
use crate::labeling::model_record::{Figure, ModelRecord, TrainedFrom};
use crate::labeling::own_labels::OwnLabels;
use crate::model::Model;
use crate::progress::Progress;
use crate::statistics::Estimate;
use crate::threads::Threads;
use crate::train::{
    AdaptOptions, Beside, Hyperparameters, Preset, Row, SplitKind, TrainOptions, TrainParams, TrainReport,
    TrainingCorpus, retrain, train_with,
};

/// What one's own rows weigh beside the corpus: with 547 paragraphs the folds of `adapt` chose 1
/// and 2.
const WEIGHT: f64 = 2.0;
/// Fewer labels than this are not trained on.
pub(super) const MIN_LABELS: usize = 20;

/// What a training needs.
#[derive(Clone, Copy)]
pub(super) struct Lesson<'l> {
    pub(super) from: TrainedFrom,
    pub(super) own: &'l OwnLabels,
    /// The model that the folder was opened with.
    pub(super) start: &'l Classifier,
    /// For [`TrainedFrom::Corpus`].
    pub(super) corpus: Option<&'l TrainingCorpus>,
    pub(super) progress: &'l dyn Progress,
    pub(super) threads: &'l Threads,
}

/// What a training gave.
pub(super) struct Learned {
    pub(super) model: Model,
    pub(super) record: ModelRecord,
    pub(super) held_out: HeldOut,
}

impl Lesson<'_> {
    /// Trains.
    ///
    /// # Errors
    /// Too few labels, labels that the corpus does not have, and
    /// [`ErrorKind::Stopped`].
    pub(super) fn learn(&self) -> Result<Learned> {
        self.check()?;
        let Some(beside) = self.beside()? else { return self.learn_alone() };
        let trained = retrain(beside, self.own.rows.clone(), &self.options(), self.threads);
        let trained = trained.map_err(with_remedy)?;
        Ok(self.learned(trained.model, &trained.report, &trained.text_of))
    }

    fn learn_alone(&self) -> Result<Learned> {
        let alone = Alone::new(self.own);
        let lesson = Lesson { own: &alone.own, ..*self };
        let (model, report) = lesson.train_alone(alone.folds, false)?;
        let text_of: Vec<usize> = (0..alone.own.rows.len()).collect();
        let mut learned = lesson.learned(model, &report, &text_of);
        learned.record.warnings = [alone.notes, learned.record.warnings].concat();
        Ok(learned)
    }

    fn learned(&self, mut model: Model, report: &TrainReport, text_of: &[usize]) -> Learned {
        model.provenance.learned_texts = self.own.texts().learned();
        let held_out = self.held_out(report, text_of);
        let record = self.record(&model, report, &held_out);
        Learned { model, record, held_out }
    }

    fn check(&self) -> Result<()> {
        let mut of_label: BTreeMap<&str, u64> = BTreeMap::new();
        self.own.rows.iter().for_each(|row| *of_label.entry(&row.label).or_default() += 1);
        match (self.own.rows.len(), of_label.len()) {
            (MIN_LABELS.., 2..) => Ok(()),
            (MIN_LABELS.., _) => Err(Error::data(
                "all labels are one and the same; expected at least two. What tells labels apart is learned from passages of both",
            )),
            (labels, _) => Err(Error::data(format!(
                "there are {labels} labels to learn from; expected at least {MIN_LABELS}. Label more, then train"
            ))),
        }
    }

    /// What is trained beside; `None` for one's own labels alone.
    pub(super) fn beside(&self) -> Result<Option<Beside<'_>>> {
        if self.from != TrainedFrom::Corpus {
            return Ok(None);
        }
        let corpus = self.corpus.ok_or_else(|| {
            Error::data("there is no corpus to train beside. Train on your own labels alone")
        })?;
        let has = |name: &String| corpus.rows().iter().any(|row| row.label == *name);
        let labels = self.start.labels();
        if !labels.names().iter().all(has) {
            return Err(Error::data(format!(
                "the corpus has other labels than the model, which has {}. Train on your own labels alone",
                list(labels.names())
            )));
        }
        let others: BTreeSet<&String> = self
            .own
            .rows
            .iter()
            .map(|row| &row.label)
            .filter(|label| !labels.names().contains(label))
            .collect();
        if !others.is_empty() {
            let others: Vec<&String> = others.into_iter().collect();
            return Err(Error::data(format!(
                "the corpus does not have the labels {}. Train on your own labels alone",
                list(&others)
            )));
        }
        Ok(Some(Beside { corpus, base: self.start, weight: WEIGHT }))
    }

    pub(super) fn options(&self) -> AdaptOptions<'_> {
        AdaptOptions {
            preparation: Some(self.start.model().preparation.clone()),
            progress: self.progress,
            ..AdaptOptions::default()
        }
    }

    /// The settings that `train` starts from with such rows, in the language of the model that the
    /// folder was opened with.
    fn settings(&self) -> Hyperparameters {
        let preset = self.threads.run(|| Preset::for_rows(&self.own.rows));
        let settings = preset.settings();
        let mut tokenizer_config = self.start.model().tokenizer_config.clone();
        if preset == Preset::Posts {
            tokenizer_config.social_text = settings.tokenizer_config.social_text;
            tokenizer_config.words = settings.tokenizer_config.words;
        }
        Hyperparameters { tokenizer_config, ..settings }
    }

    pub(super) fn train_alone(&self, folds: u32, with_curve: bool) -> Result<(Model, TrainReport)> {
        let start = self.start.model();
        let params = TrainParams {
            settings: self.settings(),
            unit: start.unit,
            preparation: Some(start.preparation.clone()),
            folds,
            held_out: !with_curve,
            learning_curve: with_curve,
            ..TrainParams::default()
        };
        let options = TrainOptions { progress: self.progress, ..TrainOptions::default() };
        train_with(self.own.rows.as_slice(), params, &options, self.threads)
    }

    /// What was said of each passage by the model that did not learn it.
    fn held_out(&self, report: &TrainReport, text_of: &[usize]) -> HeldOut {
        let unit = |row: usize| {
            let text = text_of.get(row)?;
            self.own.decisions.get(*text).map(|decision| decision.unit.clone())
        };
        let mut sums: BTreeMap<String, (f64, Vec<f64>)> = BTreeMap::new();
        for found in &report.predictions {
            let Some(unit) = unit(found.row) else { continue };
            let (rows, sum) = sums.entry(unit).or_insert_with(|| (0.0, vec![0.0; found.probabilities.len()]));
            *rows += 1.0;
            sum.iter_mut().zip(&found.probabilities).for_each(|(sum, p)| *sum += p);
        }
        let mean =
            |(rows, sum): (f64, Vec<f64>)| sum.into_iter().map(|p| (p / rows) as f32).collect::<Vec<f32>>();
        let suspect = |suspect: &crate::train::Suspect| {
            let expected = report.labels.name(suspect.expected).to_owned();
            Some(SuspectUnit { unit: unit(suspect.row)?, expected })
        };
        HeldOut {
            labels: report.labels.names().to_vec(),
            probabilities: sums.into_iter().map(|(unit, sum)| (unit, mean(sum))).collect(),
            suspects: report.suspects.iter().filter_map(suspect).collect(),
            learned: self.own.decisions.iter().map(|decision| decision.unit.clone()).collect(),
        }
    }

    fn record(&self, model: &Model, report: &TrainReport, held_out: &HeldOut) -> ModelRecord {
        let of_kind = |kind: SplitKind| {
            let found = report.held_out.iter().find(|figures| figures.kind == kind)?;
            let value = found.metrics.macro_f1()?;
            Some(Figure::new(Estimate { value, interval: found.interval }))
        };
        let answers = |row: &Row, unit: &str| {
            let probabilities = held_out.probabilities.get(unit)?.iter().copied().map(f64::from).collect();
            report.labels.get(&row.label)?;
            Some(Verdict::from_probabilities(report.labels.clone(), probabilities))
        };
        // The cross-validation holds out groups where there are any.
        let found = self.figure(answers);
        let is_grouped = self.own.grouped_by.is_some();
        ModelRecord {
            number: 0,
            id: String::new(),
            from: self.from,
            labels: self.own.rows.len() as u64,
            rows: model.provenance.rows,
            when: now(),
            grouped_by: self.own.grouped_by.map(str::to_owned),
            random: of_kind(SplitKind::Random).or(found.filter(|_| !is_grouped)),
            unseen: found.filter(|_| is_grouped),
            baseline: self.baseline(),
            curve: Vec::new(),
            more: None,
            compared: None,
            warnings: report.warnings.iter().map(ToString::to_string).collect(),
        }
    }

    /// The figure of the model that the folder was opened with; `None` where it has other labels.
    fn baseline(&self) -> Option<Figure> {
        let mut worker = self.start.worker();
        let labels = self.start.labels();
        if self.own.rows.iter().any(|row| labels.get(&row.label).is_none()) {
            return None;
        }
        self.figure(move |row, _| Some(worker.score_unit(&row.text)))
    }

    /// Macro-F1 of some answers for all rows.
    fn figure(&self, mut answer: impl FnMut(&Row, &str) -> Option<Verdict>) -> Option<Figure> {
        let mut evaluation: Option<Evaluation> = None;
        for (row, decision) in self.own.rows.iter().zip(&self.own.decisions) {
            let Some(verdict) = answer(row, &decision.unit) else { continue };
            let Some(gold) = verdict.labels().get(&row.label) else { continue };
            let group = row.group.as_deref();
            let labeled = LabeledPrediction { gold, verdict: &verdict, weight: 1.0, group, date: None };
            evaluation.get_or_insert_with(|| Evaluation::new(verdict.labels().len())).add(&labeled);
        }
        let result = self.threads.run(|| evaluation.map(|evaluation| evaluation.result(1)))?;
        result.estimates.macro_f1.map(Figure::new)
    }
}

/// The error of a training beside the corpus, with what a coder can do: there are no columns to
/// choose, and no rows to leave out.
fn with_remedy(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Data(_) => {
            error.with_hint("Label texts of more sources, or train on your own labels alone")
        }
        _ => error,
    }
}
