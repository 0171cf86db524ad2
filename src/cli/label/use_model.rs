//! Changes which model of a work folder is used.

use crate::cli::exit::Exit;
use crate::cli::label::work::WorkArgs;

/// Use another model of the work folder, such as the previous one
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint label use news-labels 1")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// Number of the model; 0 is the one that labeling began with
    #[arg(value_name = "NUMBER", help_heading = None::<&str>)]
    number: u32,
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        let workspace = self.work.open()?;
        workspace.use_model(self.number).map_err(WorkArgs::usage_error)?;
        self.work.tell(&format!("model {} is in use", self.number));
        Ok(Exit::Done)
    }
}
