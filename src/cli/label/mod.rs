//! Runs `label`: does by commands in a work folder what the page of `serve` does.

mod check;
mod compare;
mod decide;
mod export;
mod next;
mod sample;
mod settings;
mod train;
mod undo;
mod use_model;
mod work;

use crate::cli::exit::Exit;
use crate::statistics::{Estimate, Interval};

/// Label passages, retrain and check in a work folder, as the page of `serve` does
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  standpoint label next news-labels --inputs news.csv --queue random -n 20 > next.jsonl
  standpoint label decide news-labels --from next.jsonl
  standpoint label train news-labels
  standpoint label sample news-labels -n 50
  standpoint label check news-labels
  standpoint label export news-labels table --output coded.csv")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    Next(next::Args),
    Decide(decide::Args),
    Undo(undo::Args),
    Sample(sample::Args),
    Train(train::Args),
    Use(use_model::Args),
    Check(check::Args),
    Compare(compare::Args),
    Export(export::Args),
    Settings(settings::Args),
}

impl Args {
    /// Does one thing, and closes the work folder.
    pub fn run(self) -> anyhow::Result<Exit> {
        match self.action {
            Action::Next(args) => args.run(),
            Action::Decide(args) => args.run(),
            Action::Undo(args) => args.run(),
            Action::Sample(args) => args.run(),
            Action::Train(args) => args.run(),
            Action::Use(args) => args.run(),
            Action::Check(args) => args.run(),
            Action::Compare(args) => args.run(),
            Action::Export(args) => args.run(),
            Action::Settings(args) => args.run(),
        }
    }
}

/// A figure with the ends of its interval, as the page has them.
fn estimate(value: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<Estimate> {
    let interval = low.zip(high).map(|(low, high)| Interval { low, high });
    value.map(|value| Estimate { value, interval })
}
