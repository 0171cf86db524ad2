//! Runs the scoring: records in, results out, with checkpoints on the way.

use crate::classifier::{Classifier, ScoreOptions, Workers};
use crate::error::{Error, Result};
use crate::pipeline::group_counts::GroupCounts;
use crate::pipeline::output::RunOutput;
use crate::pipeline::record::{Record, Task, numbered};
use crate::pipeline::report::ScoredRun;
use crate::pipeline::sorted::{HeldResults, Sorting};
use crate::pipeline::state::RunState;
use crate::progress::{Progress, Silent};
use crate::read::{InputOptions, RawRecord};
use crate::tabulate::GroupKey;
use crate::threads::Threads;
use crate::write::{RunContext, Schema, check_conditions};

/// A run over many records, and its settings.
///
/// A run with the same records and settings writes the same bytes, on any number of threads,
/// whether or not it was interrupted and resumed.
#[non_exhaustive]
pub struct Run<'a> {
    /// The classifier.
    pub classifier: &'a Classifier,
    /// The threads that score.
    pub threads: &'a Threads,
    /// How records are read. Its columns are [`carried_columns`](crate::pipeline::carried_columns)
    /// of those to keep and those to count by.
    pub input: InputOptions,
    /// How texts are scored.
    pub score: ScoreOptions,
    /// What the results give.
    pub context: RunContext,
    /// What labels are counted by; by nothing if empty.
    pub group_keys: Vec<GroupKey>,
    /// How results are sorted, in a format in which they are held until the end; `None` for the
    /// order of the input. The column that they are sorted by is one of `input`'s.
    pub sorting: Option<Sorting>,
    /// Who is told how far the run has come, and may stop it.
    pub progress: &'a dyn Progress,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Run { classifier, input, context, .. } = self;
        f.debug_struct("Run")
            .field("classifier", &classifier.id())
            .field("input", input)
            .field("context", context)
            .finish_non_exhaustive()
    }
}

impl<'a> Run<'a> {
    /// A run that reads and scores as the model asks, and gives nothing optional.
    pub fn new(classifier: &'a Classifier, threads: &'a Threads) -> Self {
        let mut context = RunContext::new(classifier.labels().clone(), classifier.id());
        context.loaded_language_model = classifier.loaded_language_id().map(str::to_owned);
        context.training_profile = classifier.model().training_profile.clone();
        Run {
            classifier,
            threads,
            input: classifier.input_options(),
            score: ScoreOptions::default(),
            context,
            group_keys: Vec::new(),
            sorting: None,
            progress: &Silent,
        }
    }

    /// Scores all records, or those that are left of a run that is resumed, and writes the results.
    /// They are complete when [`ScoredRun::commit`] has succeeded.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the progress stopped it, which takes as
    /// long as scoring one record; [`ErrorKind::Run`](crate::ErrorKind::Run) if results cannot be
    /// written, or the input is not the one of the run that is resumed. What is written can be
    /// resumed if the output is a file. Records that cannot be scored are results too.
    pub fn score(
        &self,
        records: impl Iterator<Item = Result<RawRecord>> + Send,
        mut output: RunOutput,
    ) -> Result<ScoredRun> {
        self.check()?;
        let checkpoints = std::mem::take(&mut output.checkpoints);
        let mut records = numbered(records, output.journal.is_some(), self.progress);
        let groups = self.group_counts()?;
        let is_written = output.is_written;
        let mut state = RunState::new(output, &self.context, self.progress, groups)?;
        state.hold(self.held_results());
        if is_written {
            state.restore_written(checkpoints)?;
            return state.end();
        }
        let task = Task { input: &self.input, context: &self.context, progress: self.progress };
        let workers = Workers::new(self.classifier, self.score.clone(), self.threads);
        if checkpoints.is_empty() {
            state.begin()?;
        } else {
            self.progress.begin("compare", checkpoints.last().map(|last| last.records));
            let done = checkpoints.last().map_or(0, |last| last.records);
            let mut expected = checkpoints.iter();
            workers.score_in_order(
                records.by_ref().take(usize::try_from(done).unwrap_or(usize::MAX)),
                |worker, record: Record| task.reread(worker, record),
                |known| state.compare(known?, &mut expected),
            )?;
            self.progress.check()?;
            state.restore(checkpoints)?;
        }
        self.progress.begin("score", None);
        workers.score_in_order(
            records,
            |worker, record: Record| task.score(worker, record),
            |scored| state.take(scored?),
        )?;
        self.progress.check()?;
        state.end()
    }

    /// Checks what can be known before the first record is read; a run begins with it.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for a column that is kept twice, and
    /// for text columns that name none or one twice.
    pub fn check(&self) -> Result<()> {
        self.input.preparation.check_columns()?;
        Schema::check_columns(&self.context)?;
        check_conditions(&self.context)?;
        let keep = &self.context.keep;
        match keep
            .iter()
            .enumerate()
            .find(|(at, name)| keep.get(..*at).is_some_and(|before| before.contains(name)))
        {
            Some((_, twice)) => {
                Err(Error::invalid_parameter("keep", format!("`{twice}` twice"), "each column once"))
            }
            None => Ok(()),
        }
    }

    /// Where results are held that are sorted.
    fn held_results(&self) -> Option<HeldResults> {
        let sorting = self.sorting.clone()?;
        let place = |name: &str| self.input.columns.iter().position(|column| column.name == name);
        let column = sorting.by.column().and_then(place);
        Some(HeldResults::new(sorting, column, self.context.paragraphs))
    }

    fn group_counts(&self) -> Result<Option<GroupCounts>> {
        match self.group_keys.as_slice() {
            [] => Ok(None),
            keys => GroupCounts::new(keys.to_vec(), &self.input.columns, &self.context).map(Some),
        }
    }
}
