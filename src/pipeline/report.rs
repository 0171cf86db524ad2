//! Holds what a run came to, and completes its output.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::pipeline::output::RunOutput;
use crate::pipeline::{Checkpoint, Speed, Tally};
use crate::tabulate::Groups;
use crate::write::{Output, OutputFile};

/// What a run came to.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RunReport {
    /// The counts of the whole run.
    pub tally: Tally,
    /// The counts by group, if they were asked for.
    pub groups: Option<Groups>,
    /// How many results were asked for, of those scored since it was last resumed.
    #[serde(skip)]
    pub results: ResultCounts,
    /// How fast it was, of what was scored since it was last resumed.
    pub speed: Speed,
}

/// How many results a run was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResultCounts {
    /// Those that meet the conditions.
    pub matching: u64,
    /// Those of them that are left out as near-duplicates.
    pub dropped: u64,
}

/// A run whose results are written, but not committed.
#[derive(Debug)]
pub struct ScoredRun {
    /// What it came to.
    pub report: RunReport,
    pub(super) output: RunOutput,
    /// The part of the run since its last checkpoint.
    pub(super) last: Checkpoint,
}

impl ScoredRun {
    /// Completes the output and removes the journal. Where no text could be scored, a file that
    /// stood in the output's place before stays there.
    ///
    /// # Errors
    /// [`ErrorKind::Run`](crate::ErrorKind::Run) with the system's error.
    pub fn commit(self) -> Result<RunReport> {
        self.commit_with(Vec::new())
    }

    /// Completes the output and, with it, files about the run that are written but for their names:
    /// a run that fails replaces none of them, and one that is killed in between can be resumed and
    /// gives them again.
    ///
    /// # Errors
    /// As [`ScoredRun::commit`].
    pub fn commit_with(self, mut files: Vec<OutputFile>) -> Result<RunReport> {
        let RunOutput { mut sink, mut journal, is_stream, is_written, .. } = self.output;
        let cannot = |what: &str, error| Error::run(format!("cannot {what}"), Some(error));
        let about_run = |error| cannot("write a file about the run", error);
        let tally = &self.report.tally;
        let is_failed = tally.documents == 0 && tally.failed() > 0;
        if is_failed {
            files.drain(..).for_each(Output::discard);
        }
        if !is_failed || is_stream || is_written {
            let mark = sink.finish().map_err(|error| cannot("write the results", error))?;
            // A full disk is found before anything has its name.
            files.iter_mut().try_for_each(|file| file.finish().map(drop)).map_err(about_run)?;
            if let Some(journal) = journal.as_mut().filter(|_| !is_written) {
                // A run that is killed before its journal is removed is known to be complete.
                let written = journal.finish(Checkpoint { mark, ..self.last });
                written.map_err(|error| cannot("write the journal of the run", error))?;
            }
            sink.commit().map_err(|error| cannot("write the results", error))?;
            files.into_iter().try_for_each(Output::commit).map_err(about_run)?;
        } else {
            sink.discard();
        }
        if let Some(journal) = journal {
            journal.remove().map_err(|error| cannot("remove the journal of the run", error))?;
        }
        Ok(self.report)
    }
}
