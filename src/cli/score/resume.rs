//! Defines the options about an unfinished run beside the output.

use std::path::Path;

use crate::cli::exit::usage;
use crate::pipeline::{OnUnfinished, OpenedOutput, RunOptions};
use crate::write::ClaimedPath;

/// What to do about an unfinished run.
#[derive(clap::Args)]
pub struct ResumeArgs {
    /// Continue an unfinished run: keep what was written, score the rest
    #[arg(long, conflicts_with = "restart")]
    resume: bool,
    /// Discard an unfinished run and start over
    #[arg(long)]
    restart: bool,
}

impl ResumeArgs {
    /// Whether an unfinished run is continued, if there is one.
    pub fn is_asked_for(&self) -> bool {
        self.resume
    }

    /// Refuses what makes no sense without a file.
    pub fn check(&self, output: Option<&Path>, is_resumable: bool) -> anyhow::Result<()> {
        let regular = output.is_some_and(|output| output.metadata().map_or(true, |stands| stands.is_file()));
        if (self.resume || self.restart) && !regular {
            return Err(usage("--resume and --restart need an --output that is a regular file"));
        }
        if self.resume && !is_resumable {
            return Err(usage(
                "--resume: an .xlsx file is written in one piece and cannot be continued; use another format",
            ));
        }
        Ok(())
    }

    /// Opens the output by what stands beside it; standard output if there is none.
    pub fn open(
        &self,
        output: Option<&ClaimedPath>,
        is_resumable: bool,
        options: &RunOptions,
    ) -> crate::Result<OpenedOutput> {
        let on_unfinished = match (self.resume, self.restart) {
            (true, _) => OnUnfinished::Resume,
            (_, true) => OnUnfinished::Restart,
            _ => OnUnfinished::Refuse,
        };
        match output {
            None => Ok(OpenedOutput::stdout()),
            Some(path) if is_resumable => OpenedOutput::open(path, on_unfinished, options),
            Some(path) if self.restart => OpenedOutput::restart(path),
            Some(path) => OpenedOutput::create(path),
        }
    }
}

/// What is safe where a run is stopped, and how to go on.
pub fn safe(output: &Path, is_resumable: bool) -> String {
    let output = output.display();
    match is_resumable {
        true => format!(
            "the results so far are kept beside {output}; run the same command with --resume to continue, or with --restart to \
             start over"
        ),
        false => format!("{output} was not changed; the same command starts over"),
    }
}
