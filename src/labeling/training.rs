//! Trains models on a thread of its own while coders go on, and steps between them.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;

use crate::error::Result;
use crate::labeling::compared::Pair;
use crate::labeling::decision::Decision;
use crate::labeling::history::HistoryEntry;
use crate::labeling::learn::{Learned, Lesson, MIN_LABELS};
use crate::labeling::learned_before;
use crate::labeling::model_record::{Compared, TrainedFrom};
use crate::labeling::own_labels::OwnLabels;
use crate::labeling::sample::Sample;
use crate::labeling::training_run::RunState;
use crate::labeling::workspace::{CurrentModel, Workspace};
use crate::threads::Threads;

/// How far a training is, and what came of those before.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TrainingReport {
    /// Whether one runs.
    pub state: RunState,
    /// The name of its stage.
    pub stage: &'static str,
    /// Units of the stage that are done.
    pub done: u64,
    /// All units of the stage; 0 where they are not known.
    pub total: u64,
    /// Why the last one failed.
    pub error: Option<String>,
    /// A model is trained after so many new labels; 0 for only when asked.
    pub every: u64,
    /// Labels that can be learned from now.
    pub labels: u64,
    /// Those of them that the model in use has not learned.
    pub fresh: u64,
    /// Labels of the sample for checking, from which no model learns.
    pub held_back: u64,
    /// Labels that a training needs.
    pub least: u64,
    /// The models, the newest last.
    pub history: Vec<HistoryEntry>,
}

impl Workspace {
    /// Begins to train on the decisions that hold now, on a thread of its own; `false` if a
    /// training runs already. The new model is in use when it has scored the archive.
    /// [`TrainedFrom::Start`] stands for the [usual source](Workspace::usual_source).
    pub fn train(self: &Arc<Self>, from: TrainedFrom) -> bool {
        if !self.training.begin() {
            return false;
        }
        let workspace = Arc::clone(self);
        let thread = std::thread::Builder::new().name("training".to_owned()).spawn(move || {
            Threads::give_way();
            let running = workspace.training.running();
            let result = workspace.run_training(from);
            running.end(result);
        });
        if let Err(error) = thread {
            self.training.fail(format!("no thread can be started: {error}"));
        }
        true
    }

    /// Trains as [`Workspace::train`] does, and waits until the new model is in use.
    ///
    /// # Errors
    /// Texts that are not read, labels that nothing can be learned from, and files that cannot be
    /// written.
    pub fn train_now(self: &Arc<Self>, from: TrainedFrom) -> Result<()> {
        self.run_training(from)
    }

    /// Compares two models of the history as [`CheckReport`](crate::labeling::CheckReport) compares
    /// the last two: on blind labels alone. `None` where they have other labels, or where there are
    /// too few such labels. Reads from disk.
    ///
    /// # Errors
    /// A parameter `number` that no model has, and a model that cannot be read.
    pub fn compare_models(&self, old: u32, new: u32) -> Result<Option<Compared>> {
        Ok(self.compare(&self.model(old)?, &self.model(new)?))
    }

    /// Ends a training soon. The model in use stays.
    pub fn stop_training(&self) {
        self.training.stop();
    }

    /// How far a training is, and the history of models.
    pub fn training(&self) -> TrainingReport {
        let (state, error) = self.training.state();
        let current = self.current();
        let (stage, done, total) = match state {
            RunState::Running => self.training.stage.place(),
            RunState::Idle | RunState::Failed => ("", 0, 0),
        };
        let labels = self.label_count();
        let (fresh, held_back) = {
            let sample = self.sample().as_ref().map(Sample::ids).unwrap_or_default();
            let decided = self.decided();
            let decisions = &decided.decisions;
            let learned = |unit: &String| current.held_out.is_learned(unit);
            let known = decisions.current().map(|decision| &decision.unit).filter(|unit| learned(unit));
            let all = OwnLabels::count(decisions, &HashSet::new());
            let without = known.map(String::as_str).chain(sample.iter().map(String::as_str)).collect();
            (OwnLabels::count(decisions, &without), all.saturating_sub(labels))
        };
        TrainingReport {
            state,
            stage,
            done,
            total,
            error,
            every: self.session().every,
            labels,
            fresh,
            held_back,
            least: MIN_LABELS as u64,
            history: self.history().entries(),
        }
    }

    /// Takes another model of the history into use, and scores the archive with it. Reads from
    /// disk, and waits for the scores.
    ///
    /// # Errors
    /// A parameter `number` that no model has, and a model that cannot be read.
    pub fn use_model(&self, number: u32) -> Result<()> {
        let model = self.model(number)?;
        self.score(&model, &crate::progress::Silent)?;
        self.replace_current(model)
    }

    /// Trains if so many new labels are there as the session asks for.
    pub(super) fn train_if_due(self: &Arc<Self>) {
        let every = self.session().every;
        if !self.trains_by_itself || every == 0 || self.training.state().0 == RunState::Running {
            return;
        }
        let labels = self.label_count();
        // A training that failed or was stopped is not begun again by the next key.
        let before = self.history().last_labels().max(self.training.attempted());
        if labels >= MIN_LABELS as u64 && labels.saturating_sub(before) >= every {
            // The thread that trains finds the source: it may have to unpack the corpus.
            self.train(TrainedFrom::Start);
        }
    }

    /// What is trained on where nobody says it: the corpus beside the labels, if it has the same
    /// labels as they.
    pub fn usual_source(&self) -> TrainedFrom {
        self.source_of(&self.own_labels())
    }

    fn source_of(&self, own: &OwnLabels) -> TrainedFrom {
        let has = |label: &str| {
            self.corpus().is_some_and(|corpus| corpus.rows().iter().any(|row| row.label == label))
        };
        let is_of_corpus =
            own.rows.iter().map(|row| row.label.as_str()).collect::<HashSet<_>>().into_iter().all(has)
                && self.start.labels().names().iter().all(|label| has(label));
        if is_of_corpus { TrainedFrom::Corpus } else { TrainedFrom::Own }
    }

    pub(super) fn label_count(&self) -> u64 {
        let sample = self.sample();
        let of_sample = sample.as_ref().map(|sample| sample.units.iter().map(String::as_str).collect());
        OwnLabels::count(&self.decided().decisions, &of_sample.unwrap_or_default())
    }

    fn own_labels(&self) -> OwnLabels {
        let sample = self.sample().as_ref().map(|sample| sample.ids()).unwrap_or_default();
        OwnLabels::new(&self.decided().decisions, &sample)
    }

    fn run_training(self: &Arc<Self>, from: TrainedFrom) -> Result<()> {
        let own = self.own_labels();
        self.training.note_attempt(own.rows.len() as u64);
        let from = if from == TrainedFrom::Start { self.source_of(&own) } else { from };
        let stage = &self.training.stage;
        let corpus = (from == TrainedFrom::Corpus).then(|| self.corpus()).flatten();
        let lesson =
            Lesson { from, own: &own, start: &self.start, corpus, progress: stage, threads: &self.threads };
        let Learned { model, mut record, held_out } = lesson.learn()?;
        let baseline = record.baseline;
        if baseline.is_some() {
            record.warnings.extend(learned_before::warning(&self.start, self.corpus(), &own));
        }
        let number = self.history().add(&model, record, &held_out)?;
        drop(model);
        let new = self.model(number)?;
        let old = self.current();
        let compared = self.compare(&old, &new);
        self.history().update(number, |record| {
            record.id = new.classifier.id().to_owned();
            record.compared = compared;
        })?;
        self.score(&new, stage)?;
        self.replace_current(new)?;
        // The model is in use: what is left tells only how good it is.
        let measured = lesson.measure(baseline)?;
        self.history().update(number, |record| {
            record.random = record.random.or(measured.random);
            record.curve = measured.curve;
            record.more = measured.more;
        })
    }

    fn compare(&self, old: &CurrentModel, new: &CurrentModel) -> Option<Compared> {
        let blind: Vec<Decision> = self.decided().decisions.blind().cloned().collect();
        self.compare_on_sample(old, new).or_else(|| self.pair(old, new).on_labels(&blind))
    }

    /// Compares two models on what of the sample neither has learned.
    pub(super) fn compare_on_sample(&self, old: &CurrentModel, new: &CurrentModel) -> Option<Compared> {
        let coding = self.sample().as_ref().map(|sample| sample.coding(&self.decided().decisions))?;
        self.pair(old, new).on_sample(&coding.coded)
    }

    fn pair<'p>(&'p self, old: &'p CurrentModel, new: &'p CurrentModel) -> Pair<'p> {
        Pair { old: old.side(), new: new.side(), threads: &self.threads }
    }
}
