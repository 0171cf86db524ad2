//! One run of scoring: records in, results out, with checkpoints on the way.

use std::io;

use anyhow::{Context as _, bail};
use standpoint::classify::{Worker, in_order};
use standpoint::input::{Fingerprint, InputOptions, Raw};
use standpoint::output::{Checkpoint, Context, Failure, Journal, Mark, Outcome, Scored, Sink, Tally};
use standpoint::{Classifier, Decision, Error, Pool, explain};

use super::super::progress::Progress;

/// Records between two checkpoints: often enough to lose little, seldom enough to cost nothing.
pub const CHECKPOINT: u64 = 4096;

/// How each record is scored.
pub struct Task<'a> {
    pub classifier: &'a Classifier,
    pub pool: &'a Pool,
    pub options: &'a InputOptions,
    pub context: &'a Context,
    /// Label every text, however unsure.
    pub force: bool,
}

/// A record as it was read.
pub struct Item {
    raw: Result<Raw, Error>,
    /// The hash of all records up to this one, where a checkpoint falls.
    hash: Option<String>,
}

/// Records with their sizes, and with hashes where `hashed`.
pub fn items(
    records: impl Iterator<Item = Result<Raw, Error>> + Send,
    hashed: bool,
) -> impl Iterator<Item = (Item, usize)> + Send {
    let mut hash = Fingerprint::default();
    (1u64..).zip(records).map(move |(number, raw)| {
        if hashed {
            hash.add(&raw);
        }
        let size = raw.as_ref().map_or(0, Raw::size);
        let hash = (hashed && number.is_multiple_of(CHECKPOINT)).then(|| hash.hex());
        (Item { raw, hash }, size)
    })
}

/// What goes on while results come.
pub struct Run<'a> {
    pub sink: Box<dyn Sink>,
    pub journal: Option<Journal>,
    pub progress: Progress,
    pub context: &'a Context,
    /// All of the run.
    pub tally: Tally,
    /// Since the last checkpoint.
    recent: Tally,
    records: u64,
}

impl<'a> Run<'a> {
    pub fn new(
        sink: Box<dyn Sink>,
        journal: Option<Journal>,
        progress: Progress,
        context: &'a Context,
    ) -> Self {
        Run {
            sink,
            journal,
            progress,
            context,
            tally: Tally::default(),
            recent: Tally::default(),
            records: 0,
        }
    }

    /// Scores all items that are left, after those that `checkpoints` speak of.
    pub fn score(
        &mut self,
        task: &Task<'_>,
        checkpoints: Vec<Checkpoint>,
        mut items: impl Iterator<Item = (Item, usize)> + Send,
    ) -> anyhow::Result<()> {
        if checkpoints.is_empty() {
            self.sink.begin().context("cannot write the results")?;
        } else {
            self.catch_up(task, checkpoints, &mut items)?;
        }
        in_order(
            task.classifier,
            task.pool,
            items,
            |worker, Item { raw, hash }| (score(worker, raw, task), hash),
            |(outcome, hash)| self.take(&outcome, hash),
        )
        .context("cannot write the results")?;
        let rest = std::mem::take(&mut self.recent);
        self.tally.add(rest);
        Ok(())
    }

    /// Reads what was scored before, to see that it is still the same; it is not scored again.
    fn catch_up(
        &mut self,
        task: &Task<'_>,
        checkpoints: Vec<Checkpoint>,
        items: &mut (impl Iterator<Item = (Item, usize)> + Send),
    ) -> anyhow::Result<()> {
        let done = checkpoints.last().map_or(0, |last| last.records);
        let mut expected = checkpoints.iter();
        in_order(
            task.classifier,
            task.pool,
            items.take(usize::try_from(done)?),
            |_, Item { hash, .. }| hash,
            |hash| {
                self.records += 1;
                let Some(hash) = hash else { return Ok(()) };
                if expected.next().is_some_and(|checkpoint| checkpoint.input == hash) {
                    return Ok(());
                }
                bail!(
                    "the input has changed: its records {} to {} are not those that the unfinished run has read; \
                     begin anew with --restart",
                    self.records + 1 - CHECKPOINT,
                    self.records
                )
            },
        )?;
        if self.records < done {
            bail!(
                "the input has changed: it has {} records, and the unfinished run has read {done}; \
                 begin anew with --restart",
                self.records
            );
        }
        checkpoints.into_iter().for_each(|checkpoint| self.tally.add(checkpoint.tally));
        Ok(())
    }

    /// Takes one result, in the order of the records.
    fn take(&mut self, outcome: &Outcome, hash: Option<String>) -> io::Result<()> {
        self.recent.count(outcome, self.context);
        self.progress.add(outcome.as_ref().map_or(0, |scored| scored.document.text.len() as u64));
        self.sink.outcome(outcome)?;
        self.records += 1;
        if self.records.is_multiple_of(CHECKPOINT) {
            let mark = self.sink.checkpoint()?;
            self.write_down(mark, hash.unwrap_or_default())?;
        }
        Ok(())
    }

    fn write_down(&mut self, mark: Mark, input: String) -> io::Result<()> {
        let tally = std::mem::take(&mut self.recent);
        self.tally.add(tally.clone());
        match &mut self.journal {
            Some(journal) => journal.append(&Checkpoint { records: self.records, input, mark, tally }),
            None => Ok(()),
        }
    }
}

/// One record to its outcome: this runs on every thread.
fn score(worker: &mut Worker<'_>, raw: Result<Raw, Error>, task: &Task<'_>) -> Outcome {
    let document = match raw.and_then(|raw| raw.document(task.options)) {
        Ok(document) => document,
        Err(error) => return Err(Failure::of(error)),
    };
    let mut verdict = worker.document(&document);
    if task.force {
        verdict.decision = Decision::Label(verdict.top);
    }
    let explanation = task.context.explain.map(|_| explain::document(worker, &document.text, &verdict));
    if !task.context.paragraphs {
        // They may take more room than the text itself, and results wait to be written.
        verdict.paragraphs = Vec::new();
    }
    Ok(Scored { document, verdict, explanation, duplicate_of: None })
}
