//! Takes decisions back.

use crate::cli::exit::Exit;
use crate::cli::label::work::WorkArgs;
use crate::cli::terminal::visible;

/// Take the last decision back, and the one before it when called again
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint label undo news-labels")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        let undone = self.work.open()?.undo()?.undone;
        self.work.tell(&match undone {
            Some(undone) => format!("decision {} about {} is undone", undone.sequence, visible(&undone.unit)),
            None => "no decision is left to undo".to_owned(),
        });
        Ok(Exit::Done)
    }
}
