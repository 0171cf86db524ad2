//! Takes the results of a run in order: counts them, writes them, and saves checkpoints.

use std::io;
use std::time::Instant;

use crate::error::{Error, Message, Result};
use crate::pipeline::duplicates::{Duplicates, Place};
use crate::pipeline::group_counts::GroupCounts;
use crate::pipeline::output::RunOutput;
use crate::pipeline::output::restart;
use crate::pipeline::record::{KnownRecord, ScoredRecord};
use crate::pipeline::report::{ResultCounts, RunReport, ScoredRun};
use crate::pipeline::sorted::HeldResults;
use crate::pipeline::{Checkpoint, MAX_UNSAVED, Speed, Tally};
use crate::progress::Progress;
use crate::tabulate::Groups;
use crate::write::{Choice, Outcome, ResultFilter, RunContext, Scored};

/// What changes while results come.
pub(super) struct RunState<'a> {
    output: RunOutput,
    context: &'a RunContext,
    progress: &'a dyn Progress,
    groups: Option<GroupCounts>,
    duplicates: Option<Duplicates>,
    /// Which results are written.
    filter: ResultFilter,
    results: ResultCounts,
    /// Results that are written in another order, when all are there.
    held: Option<HeldResults>,
    /// Of all parts of the run that have ended.
    tally: Tally,
    /// Since the last checkpoint.
    recent: Tally,
    /// Records taken, with those that were scored before.
    records: u64,
    started: Instant,
    /// Records and bytes of text that were scored since then.
    scored: (u64, u64),
}

impl<'a> RunState<'a> {
    pub(super) fn new(
        output: RunOutput,
        context: &'a RunContext,
        progress: &'a dyn Progress,
        groups: Option<GroupCounts>,
    ) -> Result<Self> {
        Ok(RunState {
            output,
            context,
            progress,
            groups,
            duplicates: context.duplicates.then(Duplicates::default),
            filter: ResultFilter::new(context)?,
            results: ResultCounts::default(),
            held: None,
            tally: Tally::default(),
            recent: Tally::default(),
            records: 0,
            started: Instant::now(),
            scored: (0, 0),
        })
    }

    /// Holds results back until the last one is there.
    pub(super) fn hold(&mut self, held: Option<HeldResults>) {
        self.held = held;
    }

    /// Writes what stands before the first result.
    pub(super) fn begin(&mut self) -> Result<()> {
        let begun = self.output.sink.begin();
        begun.map_err(|error| self.cannot_write(error))
    }

    /// Takes a record that was scored before, and sees that it is still the same.
    pub(super) fn compare<'c>(
        &mut self,
        known: KnownRecord,
        expected: &mut impl Iterator<Item = &'c Checkpoint>,
    ) -> Result<()> {
        self.records += 1;
        if let (Some(duplicates), Some((document, signature))) = (&mut self.duplicates, known.document) {
            let values = self.groups.as_ref().map(|groups| groups.values(&document)).unwrap_or_default();
            duplicates.add(&document, signature, &values);
        }
        let Some(hash) = known.hash else { return Ok(()) };
        if expected.next().is_some_and(|checkpoint| checkpoint.input == hash) {
            return Ok(());
        }
        Err(changed(format!(
            "records {} to {} differ from those that the unfinished run read",
            self.records + 1 - MAX_UNSAVED,
            self.records
        )))
    }

    /// Adds what was counted before, when all of its records were read again.
    pub(super) fn restore(&mut self, checkpoints: Vec<Checkpoint>) -> Result<()> {
        let done = checkpoints.last().map_or(0, |last| last.records);
        if self.records < done {
            let records = self.records;
            return Err(changed(format!("it has {records} records, but the unfinished run read {done}")));
        }
        self.add_counts(checkpoints)
    }

    /// Adds what a run has counted that has written all its results; its records are not read
    /// again.
    pub(super) fn restore_written(&mut self, checkpoints: Vec<Checkpoint>) -> Result<()> {
        self.records = checkpoints.last().map_or(0, |last| last.records);
        self.add_counts(checkpoints)
    }

    fn add_counts(&mut self, checkpoints: Vec<Checkpoint>) -> Result<()> {
        for Checkpoint { tally, groups, .. } in checkpoints {
            self.tally.add(tally);
            if let (Some(counts), Some(groups)) = (&mut self.groups, groups) {
                counts.merge(&groups)?;
            }
        }
        Ok(())
    }

    /// Takes one result, in the order of the records.
    pub(super) fn take(&mut self, record: ScoredRecord) -> Result<()> {
        self.progress.check()?;
        let ScoredRecord { mut outcome, signature, hash } = record;
        if let Ok(scored) = &mut outcome {
            let Scored { document, verdict, duplicate_of, .. } = scored;
            let values = self.groups.as_ref().map(|groups| groups.values(document)).unwrap_or_default();
            let place = self.duplicates.as_mut().map(|all| all.add(document, signature, &values));
            let is_dropped = |place: &Place| self.context.drop_duplicates && place.duplicate_of.is_some();
            if let Some(groups) = self.groups.as_mut().filter(|_| !place.as_ref().is_some_and(is_dropped)) {
                groups.add(&values, verdict, place.as_ref().is_none_or(|place| place.first_in_group))?;
            }
            *duplicate_of = place.and_then(|place| place.duplicate_of);
        }
        self.count(&outcome);
        if self.is_written(&outcome) {
            if let Some(watch) = &mut self.output.watch {
                watch(&outcome)?;
            }
            match &mut self.held {
                Some(held) => held.add(outcome)?,
                None => self.write(&outcome)?,
            }
        }
        self.records += 1;
        if self.records.is_multiple_of(MAX_UNSAVED) { self.save(hash) } else { Ok(()) }
    }

    /// Whether a result is one of those that were asked for; counts it.
    fn is_written(&mut self, outcome: &Outcome) -> bool {
        let choice = self.filter.choose(outcome);
        self.results.matching += u64::from(choice != Choice::NotAskedFor);
        self.results.dropped += u64::from(choice == Choice::Dropped);
        choice == Choice::Written
    }

    fn write(&mut self, outcome: &Outcome) -> Result<()> {
        let written = self.output.sink.outcome(outcome);
        written.map_err(|error| self.cannot_write(error))
    }

    fn count(&mut self, outcome: &Outcome) {
        self.recent.count(outcome, self.context);
        let bytes = outcome.as_ref().map_or(0, |scored| scored.document.text.len() as u64);
        self.scored = (self.scored.0 + 1, self.scored.1 + bytes);
        self.progress.advance(1);
        self.progress.advance_bytes(bytes);
    }

    /// Ends a segment of the output and a part of the run; `hash` is that of all records so far.
    fn save(&mut self, hash: Option<String>) -> Result<()> {
        let mark = self.output.sink.checkpoint();
        let mark = mark.map_err(|error| self.cannot_write(error))?;
        let (tally, groups) = self.end_part()?;
        let Some(journal) = &mut self.output.journal else { return Ok(()) };
        let input = hash.unwrap_or_default();
        let checkpoint = Checkpoint { records: self.records, input, mark, tally, groups };
        journal
            .append(checkpoint)
            .map_err(|error| Error::run("cannot write the journal of the run", Some(error)))
    }

    /// Adds what was counted since the last checkpoint to the whole, and gives it.
    fn end_part(&mut self) -> Result<(Tally, Option<Groups>)> {
        let recent = std::mem::take(&mut self.recent);
        self.tally.add(recent.clone());
        let groups = self.groups.as_mut().map(GroupCounts::end_part).transpose()?;
        Ok((recent, groups))
    }

    /// Ends the last part.
    pub(super) fn end(mut self) -> Result<ScoredRun> {
        for outcome in self.held.take().into_iter().flat_map(HeldResults::in_order) {
            self.write(&outcome)?;
        }
        let (tally, groups) = self.end_part()?;
        let last = Checkpoint { records: self.records, tally, groups, ..Checkpoint::default() };
        let (records, text_bytes) = self.scored;
        let report = RunReport {
            tally: self.tally,
            groups: self.groups.map(GroupCounts::into_groups),
            results: self.results,
            speed: Speed::new(self.started.elapsed(), records, text_bytes),
        };
        Ok(ScoredRun { report, output: self.output, last })
    }

    fn cannot_write(&self, error: io::Error) -> Error {
        let error = Error::run("cannot write the results", Some(error));
        match self.output.journal {
            Some(_) => error
                .with_hint(Message::naming("the results so far are kept, and `resume` continues from them")),
            None => error,
        }
    }
}

fn changed(difference: String) -> Error {
    Error::run(format!("the input has changed: {difference}"), None).with_hint(restart())
}
