//! Opens the output of a run: anew, after what an unfinished run has left beside it, or not at all.

use std::path::{Path, PathBuf};

use crate::error::{Error, Message, Position, Result};
use crate::pipeline::{Checkpoint, Journal, RunOptions, UnfinishedRun};
use crate::write::{Destination, OutputFile, OutputFormat, Sink, SinkOptions, partial_path};

/// What to do about an unfinished run that stands beside the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUnfinished {
    /// Refuse to begin another run.
    #[default]
    Refuse,
    /// Keep what was written and score the rest.
    Resume,
    /// Throw it away and begin anew.
    Restart,
}

/// An opened output, with what an unfinished run has done of it.
#[derive(Debug)]
pub struct OpenedOutput {
    destination: Destination,
    journal: Option<Journal>,
    checkpoints: Vec<Checkpoint>,
}

/// Where the results of a run go, and the journal by which an unfinished run is resumed.
pub struct RunOutput {
    pub(super) sink: Box<dyn Sink>,
    pub(super) journal: Option<Journal>,
    pub(super) checkpoints: Vec<Checkpoint>,
    /// Whether the results replace nothing.
    pub(super) is_stream: bool,
}

impl RunOutput {
    /// Results that go to a sink of one's own, which cannot be resumed.
    pub fn new(sink: Box<dyn Sink>) -> Self {
        RunOutput { sink, journal: None, checkpoints: Vec::new(), is_stream: true }
    }
}

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
        OpenedOutput { destination: Destination::stdout(), journal: None, checkpoints: Vec::new() }
    }

    /// Opens a file by what stands beside it. The file has another name until the run is committed; a device or pipe is written
    /// directly, and has no journal. `options` are those of the run: only a run with the same options is resumed.
    ///
    /// # Errors
    /// [`ErrorKind::Run`](crate::ErrorKind::Run) about an unfinished run, [`ErrorKind::Io`](crate::ErrorKind::Io) if a file cannot be
    /// opened.
    pub fn open(path: &Path, on_unfinished: OnUnfinished, options: &RunOptions) -> Result<Self> {
        let cannot = |error| Error::io(Position::from_path(path.display().to_string()), "write there", error);
        let Some(partial) = partial_path(path) else {
            let file = OutputFile::resume(path, 0).map_err(cannot)?;
            return Ok(OpenedOutput {
                destination: Destination::File(file),
                journal: None,
                checkpoints: Vec::new(),
            });
        };
        let mut name = partial.clone().into_os_string();
        name.push(".journal");
        let journal_path = PathBuf::from(name);
        let unfinished = match find_unfinished(&partial, &journal_path)? {
            Some(found) => found.resume(on_unfinished, options)?,
            None => None,
        };
        let done = unfinished.as_ref().and_then(|run| run.checkpoints.last());
        // The file first: it is locked against other runs.
        let file = OutputFile::resume(path, done.map_or(0, |last| last.mark.bytes)).map_err(cannot)?;
        let journal = match &unfinished {
            Some(run) => Journal::resume(&journal_path, run.length),
            None => Journal::create(&journal_path, options),
        };
        Ok(OpenedOutput {
            destination: Destination::File(file),
            journal: Some(journal.map_err(cannot)?),
            checkpoints: unfinished.map_or_else(Vec::new, |run| run.checkpoints),
        })
    }

    /// Whether results go to standard output.
    pub fn is_stdout(&self) -> bool {
        matches!(self.destination, Destination::Stdout(_))
    }

    /// Makes the sink that writes results in this format, after those that are there.
    ///
    /// # Errors
    /// [`ErrorKind::Run`](crate::ErrorKind::Run) if the unfinished output cannot be continued in this format.
    pub fn write_as(self, format: &OutputFormat, options: SinkOptions) -> Result<RunOutput> {
        let marks = self.checkpoints.iter().map(|checkpoint| checkpoint.mark.clone()).collect();
        let is_stream = self.is_stdout();
        let sink = format.sink(self.destination, SinkOptions { marks, ..options }).map_err(|error| {
            Error::run("cannot go on with the unfinished file", Some(error)).with_hint(restart())
        })?;
        Ok(RunOutput { sink, journal: self.journal, checkpoints: self.checkpoints, is_stream })
    }
}

/// An unfinished file and what its journal says.
struct Leftover {
    partial: PathBuf,
    length: u64,
    journal: Option<UnfinishedRun>,
}

fn find_unfinished(partial: &Path, journal: &Path) -> Result<Option<Leftover>> {
    let Ok(length) = partial.metadata().map(|metadata| metadata.len()) else { return Ok(None) };
    let read = Journal::read(journal);
    let journal = read
        .map_err(|error| Error::io(Position::from_path(journal.display().to_string()), "read it", error))?;
    Ok(Some(Leftover { partial: partial.to_owned(), length, journal }))
}

impl Leftover {
    /// The run that is resumed, if it shall be.
    fn resume(self, on_unfinished: OnUnfinished, options: &RunOptions) -> Result<Option<UnfinishedRun>> {
        let Leftover { partial, length, journal } = self;
        let refused = |problem: String, hint| {
            Error::run(format!("{}: {problem}", partial.display()), None).with_hint(hint)
        };
        match (on_unfinished, journal) {
            (OnUnfinished::Restart, _) => Ok(None),
            (OnUnfinished::Refuse, journal) => {
                let checkpoints = journal.iter().flat_map(|run| &run.checkpoints);
                let done = checkpoints.last().map_or(0, |last| last.records);
                let problem = format!("an unfinished run stands there, with {done} records done");
                let hint = Message::naming("go on with it by `resume`, or begin anew with `restart`");
                Err(refused(problem, hint))
            }
            (OnUnfinished::Resume, None) if length == 0 => Ok(None),
            (OnUnfinished::Resume, None) => {
                let problem = "there is no journal beside it, so it cannot be gone on with".to_owned();
                Err(refused(problem, restart()))
            }
            (OnUnfinished::Resume, Some(mut run)) => {
                if let Some(difference) = difference(&run.options, options) {
                    let problem = format!("the unfinished run was another: {difference}.");
                    let hint = Message::naming("Give the same options, or begin anew with `restart`");
                    return Err(refused(problem, hint));
                }
                // A file that is shorter than its journal says has lost its end.
                run.truncate(run.checkpoints.partition_point(|checkpoint| checkpoint.mark.bytes <= length));
                Ok(Some(run))
            }
        }
    }
}

/// What to do where an unfinished run cannot be resumed.
pub(super) fn restart() -> Message {
    Message::naming("begin anew with `restart`")
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
