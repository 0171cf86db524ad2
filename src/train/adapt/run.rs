//! Runs an adaptation step by step: the model of the corpus, the choices, the model by all rows,
//! the report.

use std::borrow::Cow;

use crate::classifier::Classifier;
use crate::error::{Error, ErrorKind, Message, Result};
use crate::evaluate::ComparisonResult;
use crate::model::{Adaptation, Model};
use crate::progress::Progress;
use crate::threads::Threads;
use crate::train::adapt::candidate::{Candidate, POOLED, together};
use crate::train::adapt::choice;
use crate::train::adapt::figures::Figures;
use crate::train::adapt::more_labels;
use crate::train::adapt::options::{AdaptOptions, TrainedOn};
use crate::train::adapt::overlap;
use crate::train::adapt::own_rows::{MIN_TEXTS, OwnRows};
use crate::train::adapt::phases::OneStage;
use crate::train::adapt::report::{AdaptCandidate, AdaptReport, AnsweredShares};
use crate::train::corpus::TrainingCorpus;
use crate::train::dataset::row::{Pooled, Rows};
use crate::train::dataset::{Row, rows_sha256};
use crate::train::fit::FoldPredictions;
use crate::train::options::TrainOptions;
use crate::train::params::TrainParams;
use crate::train::report::TrainReport;
use crate::train::run::learned_texts;
use crate::train::{run, train_with};

/// With fewer texts than this, the threshold of `low-confidence` stays that of the corpus.
pub(super) const MIN_FOR_THRESHOLD: usize = 100;

/// Trains a model on a corpus and on the caller's rows. The same corpus, rows and options give the
/// same model, bit for bit, on any number of threads.
///
/// A row longer than a paragraph is cut into passages, which have its label, count as rows and are
/// held out together.
///
/// # Errors
/// Labels that the corpus does not have, too few rows or groups, and what
/// [`train`](crate::train::train) refuses.
pub fn adapt(
    corpus: &TrainingCorpus,
    own: Vec<Row>,
    options: &AdaptOptions<'_>,
    threads: &Threads,
) -> Result<(Model, AdaptReport)> {
    let params = params(corpus, options)?;
    let progress = OneStage::new(options.progress, params.folds);
    let train = |rows: &[Row]| {
        progress.phase(progress.planned.base);
        base(rows, corpus.params(), &progress, threads)
    };
    let mut base = train(corpus.rows())?;
    let texts: Vec<String> = own.iter().map(|row| row.text.clone()).collect();
    let learned_texts = options.name_texts.then(|| learned_texts(&own)).flatten();
    let own = OwnRows::new(own, &base, options, MIN_TEXTS)?;
    own.check_groups(params.folds)?;
    let texts = texts.iter().chain(own.rows.iter().map(|row| &row.text));
    let corpus_rows = overlap::without(corpus.rows(), texts);
    if corpus_rows.len() < corpus.rows().len() {
        overlap::check_labels(&corpus_rows, base.labels())?;
        base = train(&corpus_rows)?;
    }
    let adapting = Adapting { corpus, corpus_rows, own, base, params, progress: &progress };
    let (mut model, report) = threads.run(|| adapting.run())?;
    model.provenance.learned_texts = learned_texts;
    model.check()?;
    Ok((model, report))
}

/// The parameters of a training beside a corpus: its own but for what the options say.
///
/// # Errors
/// A corpus that was saved without cross-validation, and vectors that do not suit it.
pub(super) fn params(corpus: &TrainingCorpus, options: &AdaptOptions<'_>) -> Result<TrainParams> {
    if options.vectors.is_none() && options.vectors_scale.is_some() {
        return Err(Error::invalid_parameter("vectors_scale", "no vectors", "word vectors")
            .with_message(Message::naming("`vectors_scale` needs `vectors`")));
    }
    let mut params = TrainParams {
        preparation: options.preparation.clone().or_else(|| corpus.params().preparation.clone()),
        seed: options.seed,
        date: options.date.clone(),
        // The caller's rows tell it better than whoever fixed it for others.
        temperature: None,
        // Of the corpus its hash is noted, and the caller's rows are named at the end, if at all.
        name_texts: false,
        ..corpus.params().clone()
    };
    if let Some(block) = options.vectors_block() {
        params.vectors.clone_from(&options.vectors);
        params.settings.blocks.push(block);
        params.check()?;
    }
    if params.folds == 0 {
        return Err(Error::data("the corpus was saved by a training without cross-validation")
            .with_hint(Message::naming("save it with `folds`")));
    }
    Ok(params)
}

/// The model of these rows of the corpus alone. It reads quotations in full, as held-out rows are
/// read.
fn base(
    rows: &[Row],
    params: &TrainParams,
    progress: &dyn Progress,
    threads: &Threads,
) -> Result<Classifier> {
    let options = TrainOptions { progress, ..TrainOptions::default() };
    // Its own figures are not asked for.
    let params =
        TrainParams { lone_quotation_weight: 1.0, held_out: false, name_texts: false, ..params.clone() };
    let (model, _) = train_with(rows, params, &options, threads)?;
    Classifier::new(model)
}

struct Adapting<'a> {
    corpus: &'a TrainingCorpus,
    /// Rows of the corpus whose texts are not among the caller's.
    corpus_rows: Cow<'a, [Row]>,
    own: OwnRows,
    /// The model of the corpus alone.
    base: Classifier,
    params: TrainParams,
    progress: &'a OneStage<'a>,
}

impl Adapting<'_> {
    fn run(self) -> Result<(Model, AdaptReport)> {
        let (tried, why_not_alone) = self.try_out()?;
        let choices = choice::choose(&tried, self.params.calibration, self.progress)?;
        let figures = Figures::new(&self.own, &self.base);
        let chosen = &tried[choices.best];
        self.progress.begin("more labels", None);
        let more_labels = more_labels::estimate(chosen, &self.own, &self.params, self.progress)?;
        let (mut model, training) = self.train(chosen.trained_on)?;
        self.progress.phase(0);
        let answered = self.answered(&figures, &choices.nested, &model);
        let nested = figures.compare(&choices.nested, self.params.seed);
        model.provenance.adaptation = Some(self.provenance(chosen.trained_on, &nested));
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
            answered,
            more_labels,
            warnings: self.warnings(why_not_alone, &training),
            training,
        };
        Ok((model, report))
    }

    /// Every choice that can be compared, and why the caller's rows alone cannot.
    fn try_out(&self) -> Result<(Vec<Candidate>, Option<Message>)> {
        let together: Vec<Candidate> =
            together().map(|trained_on| self.candidate(trained_on)).collect::<Result<_>>()?;
        Ok(match self.alone(&together)? {
            Ok(alone) => {
                let pooled = self.candidate(POOLED)?;
                (std::iter::once(alone).chain(together).chain([pooled]).collect(), None)
            }
            Err(why) => (together, Some(why)),
        })
    }

    /// The caller's rows alone, unless no model can be made of them or they cannot be held out as
    /// beside the corpus.
    fn alone(&self, together: &[Candidate]) -> Result<std::result::Result<Candidate, Message>> {
        if let Some(why) = self.own.why_not_alone(self.params.folds) {
            return Ok(Err(why));
        }
        let not_tried = |why| Message::from("a model without the corpus was not tried: ").then(why);
        let alone = match self.candidate(TrainedOn::OwnRows) {
            Ok(alone) => alone,
            Err(error) => {
                return match error.kind() {
                    ErrorKind::Data(why) => Ok(Err(not_tried(why.clone()))),
                    _ => Err(error),
                };
            }
        };
        if together.iter().all(|candidate| alone.holds_out_as(candidate)) {
            return Ok(Ok(alone));
        }
        let why =
            "when some groups are held out, all other rows have one label. Label more texts of other groups";
        Ok(Err(not_tried(why.into())))
    }

    fn candidate(&self, trained_on: TrainedOn) -> Result<Candidate> {
        self.progress.phase(self.progress.planned.candidate);
        Candidate::try_out(trained_on, self.rows(trained_on)?, &self.params, self.progress)
    }

    /// The caller's rows, first, and those of the corpus.
    fn rows(&self, trained_on: TrainedOn) -> Result<Rows<'static>> {
        match trained_on {
            TrainedOn::OwnRows => self.own.beside(&[], 1.0),
            TrainedOn::CorpusAndOwnRows { weight } => self.own.beside(&self.corpus_rows, weight),
            TrainedOn::Pooled { share } => {
                let pooled = Some(Pooled { rows: self.own.rows.len(), share });
                Ok(Rows { pooled, ..self.own.beside(&self.corpus_rows, 1.0)? })
            }
        }
    }

    /// The model, by all rows. Its calibration and thresholds come from the caller's rows, which
    /// alone are held out; with few of them, the threshold of `low-confidence` is that of the
    /// corpus.
    fn train(&self, trained_on: TrainedOn) -> Result<(Model, TrainReport)> {
        self.progress.phase(self.progress.planned.last);
        let options = TrainOptions { progress: self.progress, ..TrainOptions::default() };
        let mut params = self.params.clone();
        if self.is_small() {
            params.max_error = None;
        }
        let (mut model, mut report) = run::run(self.rows(trained_on)?, &params.plan()?, &options)?;
        if self.is_small() {
            model.thresholds.low_confidence = self.base.model().thresholds.low_confidence;
            report.thresholds.low_confidence = model.thresholds.low_confidence;
        }
        Ok((model, report))
    }

    /// How many of the caller's texts each model would answer: by its own least probability.
    fn answered(
        &self,
        figures: &Figures<'_>,
        nested: &[FoldPredictions],
        model: &Model,
    ) -> Option<AnsweredShares> {
        let (base, adapted) =
            self.base.model().thresholds.low_confidence.zip(model.thresholds.low_confidence)?;
        Some(AnsweredShares {
            base: figures.base_answered(&base)?,
            adapted: figures.answered(nested, &adapted)?,
        })
    }

    /// Whether the texts are too few for a threshold of their own.
    fn is_small(&self) -> bool {
        self.own.texts() < MIN_FOR_THRESHOLD
    }

    fn provenance(&self, trained_on: TrainedOn, nested: &ComparisonResult) -> Adaptation {
        let corpus_rows = self.corpus_rows.len() as u64;
        let (corpus_rows, own_weight, pooled_share) = match trained_on {
            TrainedOn::OwnRows => (0, 1.0, None),
            TrainedOn::CorpusAndOwnRows { weight } => (corpus_rows, weight, None),
            TrainedOn::Pooled { share } => (corpus_rows, 1.0, Some(share)),
        };
        Adaptation {
            corpus_sha256: self.corpus.sha256(),
            corpus_rows,
            own_sha256: rows_sha256(&self.own.rows),
            own_rows: self.own.rows.len() as u64,
            own_weight,
            pooled_share,
            macro_f1: nested.macro_f1.second,
        }
    }

    fn warnings(&self, why_not_alone: Option<Message>, training: &TrainReport) -> Vec<Message> {
        let mut warnings: Vec<Message> = why_not_alone.into_iter().collect();
        let left_out = self.corpus.rows().len() - self.corpus_rows.len();
        if left_out > 0 {
            warnings.push(overlap::warning(left_out));
        }
        if self.is_small() && training.thresholds.low_confidence.is_some() {
            warnings.push(
                format!(
                    "{} texts are too few to set the threshold of `low-confidence`: the corpus's threshold is kept",
                    self.own.texts()
                )
                .into(),
            );
        }
        warnings.extend(training.warnings.iter().cloned());
        warnings
    }
}
