//! Opens a work folder for one command.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::common::RunArgs;
use crate::cli::exit::usage;
use crate::cli::headings::{INPUT, MODEL, RUNNING};
use crate::cli::inputs::ReadArgs;
use crate::cli::{flags, model, terminal};
use crate::labeling::{Opening, WorkFolder, Workspace};
use crate::progress::Silent;

/// The work folder, and what is opened with it.
#[derive(clap::Args)]
pub struct WorkArgs {
    /// Work folder with the labels and models of `serve`
    #[arg(value_name = "WORK")]
    work: PathBuf,
    /// Files or folders that are labeled [default: those that the folder was opened with last]
    #[arg(long, value_name = "INPUT", num_args = 1.., help_heading = INPUT)]
    inputs: Vec<PathBuf>,
    /// Name of the coder, saved with each label [default: the last one used, or coder]
    #[arg(long, value_name = "NAME", help_heading = RUNNING)]
    coder: Option<String>,
    /// Model that labeling began with; a later model of the folder stays in use [default: the
    /// bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    #[command(flatten, next_help_heading = RUNNING)]
    pub run: RunArgs,
}

impl WorkArgs {
    /// Opens the folder and reads the texts.
    pub fn open(&self) -> anyhow::Result<Arc<Workspace>> {
        self.open_with(None)
    }

    /// Opens the folder, reads the texts, and scores them with the model in use.
    pub fn open_scored(&self) -> anyhow::Result<Arc<Workspace>> {
        let workspace = self.open()?;
        workspace.score_now(&Silent)?;
        Ok(workspace)
    }

    /// As [`WorkArgs::open`], with the folder of a second coder.
    pub fn open_with(&self, second: Option<PathBuf>) -> anyhow::Result<Arc<Workspace>> {
        let workspace = self.open_unread(second)?;
        workspace.read(&Silent)?;
        let notes: Vec<String> = workspace.notes().iter().map(flags::in_message).collect();
        terminal::warn(self.run.quiet, &notes);
        Ok(workspace)
    }

    /// Opens the folder, and reads no texts.
    pub fn open_unread(&self, second: Option<PathBuf>) -> anyhow::Result<Arc<Workspace>> {
        let start = model::open(self.model.as_ref())?;
        let opening = Opening {
            work: self.work.clone(),
            inputs: self.read_inputs()?,
            options: self.read.options_for(&start.model().preparation, self.run.quiet),
            start,
            is_start_chosen: false,
            loaded_language: None,
            corpus: None,
            coder: self.coder.clone(),
            second,
            trains_by_itself: false,
            threads: self.run.jobs.pool()?,
        };
        Ok(Workspace::open(opening)?)
    }

    /// What an error says: what it names are fields and arguments here, and no options.
    pub fn usage_error(error: crate::Error) -> anyhow::Error {
        match error.parameter() {
            Some(_) => usage(error.to_string()),
            None => error.into(),
        }
    }

    /// Where the folder is.
    pub fn folder(&self) -> &Path {
        &self.work
    }

    /// What is labeled: what is named, or else what the folder was opened with last.
    pub fn read_inputs(&self) -> anyhow::Result<Vec<PathBuf>> {
        if !self.inputs.is_empty() {
            return Ok(self.inputs.clone());
        }
        let remembered =
            WorkFolder::read_session(&self.work)?.map(|session| session.inputs).unwrap_or_default();
        if remembered.is_empty() {
            anyhow::bail!(
                "{}: no work folder that knows its texts; name them with --inputs",
                self.work.display()
            );
        }
        Ok(remembered.into_iter().map(PathBuf::from).collect())
    }

    /// Says something on stderr, unless only results are wanted.
    pub fn tell(&self, line: &str) {
        if !self.run.quiet {
            terminal::say(line);
        }
    }
}
