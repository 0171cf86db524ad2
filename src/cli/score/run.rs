//! One run of scoring: records in, results out, with checkpoints on the way.

use anyhow::{Context as _, bail};

use crate::classifier::{Worker, Workers};
use crate::cli::progress::Progress;
use crate::cli::score::duplicates::{Duplicates, signature};
use crate::cli::score::group_by::Table;
use crate::near_duplicates::Signature;
use crate::pipeline::{Checkpoint, Context, Failure, Journal, Outcome, Scored, Sink, Tally};
use crate::read::{Fingerprint, InputOptions, RawRecord};
use crate::tabulate::Groups;
use crate::{Document, Error};

/// Records between two checkpoints: often enough to lose little, seldom enough to cost nothing.
pub const CHECKPOINT: u64 = 4096;

/// How each record is scored.
pub struct Task<'a> {
    pub workers: Workers<'a>,
    pub options: &'a InputOptions,
    pub context: &'a Context,
}

/// A record as it was read.
pub struct Item {
    raw: Result<RawRecord, Error>,
    /// The hash of all records up to this one, where a checkpoint falls.
    hash: Option<String>,
}

/// Records with their sizes, and with hashes where `hashed`.
pub fn items(
    records: impl Iterator<Item = Result<RawRecord, Error>> + Send,
    hashed: bool,
) -> impl Iterator<Item = (Item, usize)> + Send {
    let mut hash = Fingerprint::default();
    (1u64..).zip(records).map(move |(number, raw)| {
        if hashed {
            hash.add(&raw);
        }
        let size = raw.as_ref().map_or(0, RawRecord::size);
        let hash = (hashed && number.is_multiple_of(CHECKPOINT)).then(|| hash.hex());
        (Item { raw, hash }, size)
    })
}

/// What comes of an item.
struct Taken {
    outcome: Outcome,
    signature: Option<Signature>,
    hash: Option<String>,
}

/// What is read again of an item that was scored before.
struct Seen {
    /// Without its text, where duplicates are looked for.
    document: Option<(Document, Option<Signature>)>,
    hash: Option<String>,
}

/// What goes on while results come.
pub struct Run<'a> {
    pub sink: Box<dyn Sink>,
    pub journal: Option<Journal>,
    pub progress: Progress,
    pub context: &'a Context,
    pub table: Option<Table>,
    /// All of the run.
    pub tally: Tally,
    /// Since the last checkpoint.
    recent: Tally,
    records: u64,
    duplicates: Option<Duplicates>,
}

impl<'a> Run<'a> {
    pub fn new(
        sink: Box<dyn Sink>,
        journal: Option<Journal>,
        progress: Progress,
        context: &'a Context,
        table: Option<Table>,
    ) -> Self {
        Run {
            sink,
            journal,
            progress,
            context,
            table,
            tally: Tally::default(),
            recent: Tally::default(),
            records: 0,
            duplicates: context.duplicates.then(Duplicates::default),
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
            self.sink.begin().context(self.cannot_write())?;
        } else {
            self.catch_up(task, checkpoints, &mut items)?;
        }
        task.workers.score_in_order(
            items,
            |worker, item| score(worker, item, task),
            |taken| self.take(taken),
        )?;
        self.end_part().map(drop)
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
        task.workers.score_in_order(
            items.take(usize::try_from(done)?),
            |worker, item| look(worker, item, task),
            |seen| self.compare(seen, &mut expected),
        )?;
        if self.records < done {
            bail!(
                "the input has changed: it has {} records, and the unfinished run has read {done}; \
                 begin anew with --restart",
                self.records
            );
        }
        for Checkpoint { tally, groups, .. } in checkpoints {
            self.tally.add(tally);
            if let (Some(table), Some(groups)) = (&mut self.table, groups) {
                table.merge(&groups)?;
            }
        }
        Ok(())
    }

    fn compare<'c>(
        &mut self,
        seen: Seen,
        expected: &mut impl Iterator<Item = &'c Checkpoint>,
    ) -> anyhow::Result<()> {
        self.records += 1;
        if let (Some(duplicates), Some((document, signature))) = (&mut self.duplicates, seen.document) {
            let values = self.table.as_ref().map(|table| table.values(&document)).unwrap_or_default();
            duplicates.add(&document, signature, &values);
        }
        let Some(hash) = seen.hash else { return Ok(()) };
        if expected.next().is_some_and(|checkpoint| checkpoint.input == hash) {
            return Ok(());
        }
        bail!(
            "the input has changed: its records {} to {} are not those that the unfinished run has read; \
             begin anew with --restart",
            self.records + 1 - CHECKPOINT,
            self.records
        )
    }

    /// Takes one result, in the order of the records.
    fn take(&mut self, Taken { mut outcome, signature, hash }: Taken) -> anyhow::Result<()> {
        if let Ok(scored) = &mut outcome {
            let Scored { document, verdict, duplicate_of, .. } = scored;
            let values = self.table.as_ref().map(|table| table.values(document)).unwrap_or_default();
            let place = self.duplicates.as_mut().map(|all| all.add(document, signature, &values));
            if let Some(table) = &mut self.table {
                table.add(&values, verdict, place.as_ref().is_none_or(|place| place.first_in_group))?;
            }
            *duplicate_of = place.and_then(|place| place.duplicate_of);
        }
        self.recent.count(&outcome, self.context);
        self.progress.add(outcome.as_ref().map_or(0, |scored| scored.document.text.len() as u64));
        self.sink.outcome(&outcome).context(self.cannot_write())?;
        self.records += 1;
        if self.records.is_multiple_of(CHECKPOINT) {
            let mark = self.sink.checkpoint().context(self.cannot_write())?;
            let (tally, groups) = self.end_part()?;
            if let Some(journal) = &mut self.journal {
                let input = hash.unwrap_or_default();
                let checkpoint = Checkpoint { records: self.records, input, mark, tally, groups };
                journal.append(&checkpoint).context("cannot write the journal of the run")?;
            }
        }
        Ok(())
    }

    fn cannot_write(&self) -> &'static str {
        match self.journal {
            Some(_) => "cannot write the results; what was written is kept, and --resume goes on with it",
            None => "cannot write the results",
        }
    }

    /// Adds what was counted since the last checkpoint to the whole; gives it.
    fn end_part(&mut self) -> anyhow::Result<(Tally, Option<Groups>)> {
        let recent = std::mem::take(&mut self.recent);
        self.tally.add(recent.clone());
        let groups = self.table.as_mut().map(Table::end_part).transpose()?;
        Ok((recent, groups))
    }
}

/// One record to its outcome: this runs on every thread.
fn score(worker: &mut Worker, Item { raw, hash }: Item, task: &Task<'_>) -> Taken {
    let document = match raw.and_then(|raw| raw.document(task.options)) {
        Ok(document) => document,
        Err(error) => return Taken { outcome: Err(Failure::of(error)), signature: None, hash },
    };
    let mut verdict = worker.score_document(&document);
    let classifier = worker.classifier();
    let explanation = task.context.explain.map(|_| classifier.explain_verdict(&document.text, &verdict));
    if !task.context.paragraphs {
        // They may take more room than the text itself, and results wait to be written.
        verdict = verdict.without_paragraphs();
    }
    let signature = task.context.duplicates.then(|| signature(worker, &document)).flatten();
    Taken { outcome: Ok(Scored { document, verdict, explanation, duplicate_of: None }), signature, hash }
}

/// One record that was scored before to what must be known of it still.
fn look(worker: &Worker, Item { raw, hash }: Item, task: &Task<'_>) -> Seen {
    let wanted = task.context.duplicates.then_some(raw);
    let document =
        wanted.and_then(|raw| raw.and_then(|raw| raw.document(task.options)).ok()).map(|mut document| {
            let signature = signature(worker, &document);
            document.text = String::new();
            (document, signature)
        });
    Seen { document, hash }
}
