//! Defines the options about an unfinished run beside the output, and words what is wrong with one.

use std::fmt;
use std::path::Path;

use crate::cli::inputs::usage;
use crate::error::{Error, ErrorKind, Remedy};
use crate::pipeline::{OnUnfinished, OpenedOutput, RunOptions};
use crate::write::partial_path;

/// What to do about an unfinished run.
#[derive(clap::Args)]
pub struct ResumeArgs {
    /// Go on with an unfinished run: keep what was written, score the rest
    #[arg(long, conflicts_with = "restart")]
    resume: bool,
    /// Throw an unfinished run away and begin anew
    #[arg(long)]
    restart: bool,
}

impl ResumeArgs {
    /// Refuses what makes no sense without a file.
    pub fn check(&self, output: Option<&Path>) -> anyhow::Result<()> {
        let regular = output.is_some_and(|output| partial_path(output).is_some());
        if (self.resume || self.restart) && !regular {
            return Err(usage("--resume and --restart need an --output that is a regular file"));
        }
        Ok(())
    }

    /// Opens the output by what stands beside it; standard output if there is none.
    pub fn open(&self, output: Option<&Path>, options: &RunOptions) -> crate::Result<OpenedOutput> {
        let on_unfinished = match (self.resume, self.restart) {
            (true, _) => OnUnfinished::Resume,
            (_, true) => OnUnfinished::Restart,
            _ => OnUnfinished::Refuse,
        };
        output.map_or_else(
            || Ok(OpenedOutput::stdout()),
            |path| OpenedOutput::open(path, on_unfinished, options),
        )
    }
}

/// The error of a run, in the words of the command line.
#[derive(Debug)]
struct RunError(Error);

/// Words the error of a run with the flags that help.
pub fn in_words(error: Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::Run { .. } => RunError(error).into(),
        _ => error.into(),
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ErrorKind::Run { message, remedy, .. } = self.0.kind() else { return self.0.fmt(f) };
        f.write_str(message)?;
        f.write_str(match remedy {
            None => "",
            Some(Remedy::Resume) => "; what was written is kept, and --resume goes on with it",
            Some(Remedy::Restart) => "; begin anew with --restart",
            Some(Remedy::ResumeOrRestart) => "; go on with it by --resume, or begin anew with --restart",
            Some(Remedy::SameOptionsOrRestart) => ". Give the same options, or begin anew with --restart",
        })
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
    }
}
