//! Opens the output of a run: anew, after what an unfinished run has left beside it, or not at all.

use std::io;
use std::path::Path;

use crate::error::{Error, Message, Position, Result};
use crate::pipeline::{Checkpoint, Journal, RunOptions, UnfinishedRun};
use crate::read::Fingerprint;
use crate::write::{ClaimedPath, Destination, Mark, Outcome, OutputFile, OutputFormat, Sink, SinkOptions};

/// What to do about an unfinished run that stands beside the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUnfinished {
    /// Refuse to begin another run.
    #[default]
    Refuse,
    /// Keep what was written and score the rest.
    Resume,
    /// Discard it and start over.
    Restart,
}

/// An opened output, with what an unfinished run has done of it.
#[derive(Debug)]
pub struct OpenedOutput {
    /// `None` if all results stand in the file.
    destination: Option<Destination>,
    journal: Option<Journal>,
    checkpoints: Vec<Checkpoint>,
}

/// Where the results of a run go, and the journal by which an unfinished run is resumed.
pub struct RunOutput {
    pub(super) sink: Box<dyn Sink>,
    /// Who is shown each outcome that is written.
    pub(super) watch: Option<Box<Watch>>,
    pub(super) journal: Option<Journal>,
    pub(super) checkpoints: Vec<Checkpoint>,
    /// Whether the results replace nothing.
    pub(super) is_stream: bool,
    /// Whether the unfinished run has written all results, and `checkpoints` count all records.
    pub(super) is_written: bool,
}

impl RunOutput {
    /// Results that go to the caller's own sink, which cannot be resumed.
    pub fn new(sink: Box<dyn Sink>) -> Self {
        RunOutput {
            sink,
            watch: None,
            journal: None,
            checkpoints: Vec::new(),
            is_stream: true,
            is_written: false,
        }
    }
}

impl RunOutput {
    /// Hands each outcome that is written to `watch` as well, in the order of the input. Of a run
    /// that is resumed, it sees only what is scored then.
    #[must_use]
    pub fn watched(self, watch: impl FnMut(&Outcome) -> Result<()> + Send + 'static) -> Self {
        RunOutput { watch: Some(Box::new(watch)), ..self }
    }
}

type Watch = dyn FnMut(&Outcome) -> Result<()> + Send;

impl std::fmt::Debug for RunOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let RunOutput { journal, is_stream, .. } = self;
        f.debug_struct("RunOutput")
            .field("journal", journal)
            .field("is_stream", is_stream)
            .finish_non_exhaustive()
    }
}

impl OpenedOutput {
    /// Standard output, which cannot be resumed.
    pub fn stdout() -> Self {
        OpenedOutput::new(Destination::stdout())
    }

    fn new(destination: Destination) -> Self {
        OpenedOutput { destination: Some(destination), journal: None, checkpoints: Vec::new() }
    }

    /// Opens a file by what stands beside it. The file has another name until the run is committed;
    /// a device or pipe is written directly, and has no journal. `options` are those of the run:
    /// only a run with the same options is resumed.
    ///
    /// # Errors
    /// [`ErrorKind::Run`](crate::ErrorKind::Run) about an unfinished run,
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if a file cannot be opened.
    pub fn open(path: &ClaimedPath, on_unfinished: OnUnfinished, options: &RunOptions) -> Result<Self> {
        let cannot = |error| path.cannot_write(error);
        let (Some(partial), Some(journal_path)) = (path.partial(), path.journal()) else {
            return OutputFile::create(path).map(|file| OpenedOutput::new(Destination::File(file)));
        };
        if on_unfinished == OnUnfinished::Resume
            && let Some(written) = find_written(path, journal_path, options)?
        {
            return Ok(written);
        }
        let mut file = OutputFile::open(path)?;
        let unfinished = match file.found() {
            Some(length) => {
                Leftover { partial, journal: journal_path, length }.resume(on_unfinished, options)?
            }
            None => None,
        };
        if let Some(run) = &unfinished {
            keep(&mut file, partial, &run.checkpoints)?;
        }
        file.cut().map_err(cannot)?;
        let journal = match &unfinished {
            Some(run) => Journal::resume(journal_path, run),
            None => Journal::create(journal_path, options),
        };
        let journal = Some(journal.map_err(cannot)?);
        file.keep_unfinished();
        let checkpoints = unfinished.map_or_else(Vec::new, |run| run.checkpoints);
        Ok(OpenedOutput { destination: Some(Destination::File(file)), journal, checkpoints })
    }

    /// Opens a file that cannot be resumed, because its format is written as a whole.
    ///
    /// # Errors
    /// The system's error, or an unfinished run beside the file.
    pub fn create(path: &ClaimedPath) -> Result<Self> {
        OutputFile::create(path).map(|file| OpenedOutput::new(Destination::File(file)))
    }

    /// As [`OpenedOutput::create`], but throws an unfinished run away.
    ///
    /// # Errors
    /// The system's error.
    pub fn restart(path: &ClaimedPath) -> Result<Self> {
        OutputFile::create_anew(path).map(|file| OpenedOutput::new(Destination::File(file)))
    }

    /// Whether results go to standard output.
    pub fn is_stdout(&self) -> bool {
        matches!(self.destination, Some(Destination::Stdout(_) | Destination::Screen(_)))
    }

    /// Standard output on which nothing of the input drives the terminal, if it is one.
    #[must_use]
    pub fn escaped(self) -> Self {
        OpenedOutput { destination: self.destination.map(Destination::escaped), ..self }
    }

    /// Makes the sink that writes results in this format, after those that are there.
    ///
    /// # Errors
    /// [`ErrorKind::Run`](crate::ErrorKind::Run) if the unfinished output cannot be continued in
    /// this format.
    pub fn write_as(self, format: &OutputFormat, options: SinkOptions) -> Result<RunOutput> {
        let marks = self.checkpoints.iter().map(|checkpoint| checkpoint.mark.clone()).collect();
        let (is_stream, is_written) = (self.is_stdout(), self.destination.is_none());
        let sink = match self.destination {
            Some(out) => format.sink(out, SinkOptions { marks, ..options }).map_err(|error| {
                Error::run("cannot continue the unfinished file", Some(error)).with_hint(restart())
            })?,
            None => Box::new(Written),
        };
        let OpenedOutput { journal, checkpoints, .. } = self;
        Ok(RunOutput { sink, watch: None, journal, checkpoints, is_stream, is_written })
    }
}

/// Takes the place of a sink where all results are written already.
struct Written;

impl Sink for Written {
    fn outcome(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        Ok(Mark::default())
    }

    fn finish(&mut self) -> io::Result<Mark> {
        Ok(Mark::default())
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }

    fn discard(self: Box<Self>) {}
}

/// Finds a run that was killed after its results got their name, and before its journal was
/// removed.
fn find_written(path: &ClaimedPath, journal: &Path, options: &RunOptions) -> Result<Option<OpenedOutput>> {
    let is_renamed = path.partial().is_some_and(|partial| std::fs::symlink_metadata(partial).is_err());
    let Some(run) = is_renamed.then(|| read_journal(journal)).transpose()?.flatten() else { return Ok(None) };
    let Some(last) = &run.finished else { return Ok(None) };
    if hash_of(path.target()).ok().as_ref() != Some(&last.mark.hash) {
        return Ok(None);
    }
    refuse_another(path.target(), &run, options)?;
    let opened = Journal::resume(journal, &run);
    let journal = opened
        .map_err(|error| Error::io(Position::from_path(journal.display().to_string()), "write", error))?;
    let checkpoints = run.checkpoints.into_iter().chain(run.finished).collect();
    Ok(Some(OpenedOutput { destination: None, journal: Some(journal), checkpoints }))
}

fn hash_of(path: &Path) -> io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut block) = (Fingerprint::default(), vec![0; 64 << 10]);
    loop {
        match io::Read::read(&mut file, &mut block)? {
            0 => return Ok(hash.hex()),
            read => hash.update(block.get(..read).unwrap_or_default()),
        }
    }
}

/// Keeps what the checkpoints speak of, if it is what was written.
fn keep(file: &mut OutputFile, partial: &Path, checkpoints: &[Checkpoint]) -> Result<()> {
    let (mut bytes, mut records) = (0, 0);
    for Checkpoint { mark, records: upto, .. } in checkpoints {
        let kept = file.keep(mark).map_err(|error| {
            Error::io(Position::from_path(partial.display().to_string()), "read it again", error)
        })?;
        if !kept {
            let changed = format!(
                "{}: the unfinished file has changed: bytes {} to {} (records {} to {upto}) are not as they were written",
                partial.display(),
                bytes + 1,
                mark.bytes,
                records + 1
            );
            return Err(Error::run(changed, None).with_hint(restart()));
        }
        (bytes, records) = (mark.bytes, *upto);
    }
    Ok(())
}

fn read_journal(path: &Path) -> Result<Option<UnfinishedRun>> {
    let position = || Position::from_path(path.display().to_string());
    match Journal::read(path) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let changed =
                format!("{}: the journal of the unfinished run has changed: {error}", path.display());
            Err(Error::run(changed, None).with_hint(restart()))
        }
        read => read.map_err(|error| Error::io(position(), "read it", error)),
    }
}

/// An unfinished file and its journal.
struct Leftover<'p> {
    partial: &'p Path,
    journal: &'p Path,
    length: u64,
}

impl Leftover<'_> {
    /// The run that is resumed, if one is.
    fn resume(&self, on_unfinished: OnUnfinished, options: &RunOptions) -> Result<Option<UnfinishedRun>> {
        match on_unfinished {
            OnUnfinished::Restart => Ok(None),
            OnUnfinished::Refuse => {
                let journal = read_journal(self.journal)?;
                let checkpoints = journal.iter().flat_map(|run| &run.checkpoints);
                let done = checkpoints.last().map_or(0, |last| last.records);
                let problem = format!("found an unfinished run ({done} records done)");
                let hint = Message::naming("use `resume` to continue or `restart` to start over");
                Err(refused(self.partial, &problem, hint))
            }
            OnUnfinished::Resume => match read_journal(self.journal)? {
                None if self.length == 0 => Ok(None),
                None => {
                    let problem = "it has no journal, so it cannot be continued";
                    Err(refused(self.partial, problem, restart()))
                }
                Some(mut run) => {
                    refuse_another(self.partial, &run, options)?;
                    // A file that is shorter than its journal says has lost its end.
                    run.truncate(
                        run.checkpoints.partition_point(|checkpoint| checkpoint.mark.bytes <= self.length),
                    );
                    Ok(Some(run))
                }
            },
        }
    }
}

fn refused(partial: &Path, problem: &str, hint: Message) -> Error {
    Error::run(format!("{}: {problem}", partial.display()), None).with_hint(hint)
}

/// Refuses to continue a run that had other options.
fn refuse_another(file: &Path, run: &UnfinishedRun, options: &RunOptions) -> Result<()> {
    match difference(&run.options, options) {
        Some(difference) => {
            let problem = format!("the unfinished run was started differently: {difference}.");
            Err(refused(
                file,
                &problem,
                Message::naming("Give the same options, or start over with `restart`"),
            ))
        }
        None => Ok(()),
    }
}

/// What to do where an unfinished run cannot be resumed.
pub(super) fn restart() -> Message {
    Message::naming("start over with `restart`")
}

/// Names the first option in which two runs differ.
fn difference(before: &RunOptions, now: &RunOptions) -> Option<String> {
    let names = before.keys().chain(now.keys());
    let value = |options: &RunOptions, name: &str| match options.get(name) {
        Some(values) => format!("`{}`", values.join(" ")),
        None => "not given".to_owned(),
    };
    names
        .into_iter()
        .find(|name| before.get(*name) != now.get(*name))
        .map(|name| format!("{name} was {}, and is now {}", value(before, name), value(now, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_with_both_values() {
        let options = |pairs: &[(&str, &str)]| -> RunOptions {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect()
        };
        let before = options(&[("format", "csv"), ("keep", "date")]);
        assert_eq!(difference(&before, &before), None);
        assert_eq!(
            difference(&before, &options(&[("format", "jsonl"), ("keep", "date")])).as_deref(),
            Some("format was `csv`, and is now `jsonl`")
        );
        assert_eq!(
            difference(&before, &options(&[("format", "csv")])).as_deref(),
            Some("keep was `date`, and is now not given")
        );
    }
}
