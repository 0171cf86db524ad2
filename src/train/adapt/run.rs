//! Runs an adaptation step by step: the model of the corpus, the choices, the model by all rows, the report.

use crate::classifier::Classifier;
use crate::error::{Error, Message, Result};
use crate::evaluate::ComparisonResult;
use crate::model::{Adaptation, Model};
use crate::progress::Progress;
use crate::threads::Threads;
use crate::train::adapt::candidate::{Candidate, candidates};
use crate::train::adapt::choice;
use crate::train::adapt::figures::Figures;
use crate::train::adapt::more_labels;
use crate::train::adapt::options::{AdaptOptions, TrainedOn};
use crate::train::adapt::own_rows::OwnRows;
use crate::train::adapt::report::{AdaptCandidate, AdaptReport};
use crate::train::corpus::TrainingCorpus;
use crate::train::dataset::row::Rows;
use crate::train::dataset::{Row, rows_sha256};
use crate::train::fit::FoldPredictions;
use crate::train::options::TrainOptions;
use crate::train::params::TrainParams;
use crate::train::report::TrainReport;
use crate::train::{run, train_with};

/// With fewer texts than this, the threshold of `low-confidence` stays that of the corpus.
const MIN_FOR_THRESHOLD: usize = 100;

/// Trains a model on a corpus and on rows of one's own. The same corpus, rows and options give the same model, bit for bit, on any
/// number of threads.
///
/// A row longer than a paragraph is cut into passages, which have its label, count as rows and are held out together.
///
/// # Errors
/// Labels that the corpus does not have, too few rows or groups, and what [`train`](crate::train::train) refuses.
pub fn adapt(
    corpus: &TrainingCorpus,
    own: Vec<Row>,
    options: &AdaptOptions<'_>,
    threads: &Threads,
) -> Result<(Model, AdaptReport)> {
    let params = TrainParams {
        preparation: options.preparation.clone().or_else(|| corpus.params().preparation.clone()),
        seed: options.seed,
        date: options.date.clone(),
        // One's own rows tell it better than whoever fixed it for others.
        temperature: None,
        ..corpus.params().clone()
    };
    if params.folds == 0 {
        return Err(Error::data("the corpus was saved by a training without cross-validation")
            .with_hint(Message::naming("save it with `folds`")));
    }
    let base = base(corpus, options.progress, threads)?;
    let own = OwnRows::new(own, &base, options)?;
    own.check_groups(params.folds)?;
    threads.run(|| Adapting { corpus, own, base, params, progress: options.progress }.run())
}

/// The model of the corpus alone.
fn base(corpus: &TrainingCorpus, progress: &dyn Progress, threads: &Threads) -> Result<Classifier> {
    let options = TrainOptions { progress, ..TrainOptions::default() };
    let (model, _) = train_with(corpus.rows(), corpus.params().clone(), &options, threads)?;
    Classifier::new(model)
}

struct Adapting<'a> {
    corpus: &'a TrainingCorpus,
    own: OwnRows,
    /// The model of the corpus alone.
    base: Classifier,
    params: TrainParams,
    progress: &'a dyn Progress,
}

impl Adapting<'_> {
    fn run(self) -> Result<(Model, AdaptReport)> {
        let tried: Vec<Candidate> = candidates(&self.own)
            .into_iter()
            .map(|trained_on| self.candidate(trained_on))
            .collect::<Result<_>>()?;
        let choices = choice::choose(&tried, self.params.calibration, self.progress)?;
        let figures = Figures::new(&self.own, &self.base, self.params.paragraph_weight);
        let chosen = &tried[choices.best];
        self.progress.begin("more labels", None);
        let more_labels = more_labels::estimate(chosen, &self.own, &self.params, self.progress)?;
        let (mut model, training) = self.train(chosen.trained_on)?;
        let nested = figures.compare(&choices.nested, self.params.seed);
        model.provenance.adaptation = Some(self.provenance(chosen.trained_on, &nested));
        if self.own.texts() < MIN_FOR_THRESHOLD {
            model.thresholds.low_confidence = self.base.model().thresholds.low_confidence;
        }
        model.check()?;
        let compare = |(candidate, predictions): (&Candidate, &Vec<FoldPredictions>)| AdaptCandidate {
            trained_on: candidate.trained_on,
            compared: figures.compare(predictions, self.params.seed),
        };
        let report = AdaptReport {
            texts: self.own.texts(),
            rows: self.own.rows.len(),
            groups: training.groups,
            candidates: tried.iter().zip(&choices.predictions).map(compare).collect(),
            chosen: choices.best,
            nested,
            more_labels,
            warnings: self.warnings(&training),
            training,
        };
        Ok((model, report))
    }

    fn candidate(&self, trained_on: TrainedOn) -> Result<Candidate> {
        self.progress.begin("cross-validation", None);
        Candidate::try_out(trained_on, self.rows(trained_on)?, &self.params, self.progress)
    }

    /// One's own rows, first, and those of the corpus.
    fn rows(&self, trained_on: TrainedOn) -> Result<Rows<'static>> {
        let (corpus, weight) = match trained_on {
            TrainedOn::OwnRows => (&[][..], 1.0),
            TrainedOn::CorpusAndOwnRows { weight } => (self.corpus.rows(), weight),
        };
        let mut rows = Rows::beside(self.own.rows.clone(), corpus)?;
        let factors = self.own.factors();
        rows.factors.iter_mut().zip(factors).for_each(|(factor, own)| *factor = weight * own);
        Ok(rows)
    }

    /// The model, by all rows. Its calibration and thresholds come from one's own rows, which alone are held out.
    fn train(&self, trained_on: TrainedOn) -> Result<(Model, TrainReport)> {
        let options = TrainOptions { progress: self.progress, ..TrainOptions::default() };
        run::run(self.rows(trained_on)?, &self.params.clone().plan()?, &options)
    }

    fn provenance(&self, trained_on: TrainedOn, nested: &ComparisonResult) -> Adaptation {
        let (corpus_rows, own_weight) = match trained_on {
            TrainedOn::OwnRows => (0, 1.0),
            TrainedOn::CorpusAndOwnRows { weight } => (self.corpus.rows().len() as u64, weight),
        };
        Adaptation {
            corpus_sha256: self.corpus.sha256(),
            corpus_rows,
            own_sha256: rows_sha256(&self.own.rows),
            own_rows: self.own.rows.len() as u64,
            own_weight,
            macro_f1: nested.macro_f1.second,
        }
    }

    fn warnings(&self, training: &TrainReport) -> Vec<Message> {
        let mut warnings = self.own.notes();
        if self.own.texts() < MIN_FOR_THRESHOLD {
            warnings.push(
                format!(
                    "{} texts are too few for a threshold of `low-confidence`: it stays that of the corpus",
                    self.own.texts()
                )
                .into(),
            );
        }
        warnings.extend(training.warnings.iter().cloned());
        warnings
    }
}
