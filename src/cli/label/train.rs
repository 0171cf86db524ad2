//! Trains a model on the labels of a work folder.

use std::io::Write;

use crate::cli::exit::Exit;
use crate::cli::headings::MODEL;
use crate::cli::label::estimate;
use crate::cli::label::work::WorkArgs;
use crate::cli::report::with_interval;
use crate::cli::terminal::{self, print_hanging, print_wrapped};
use crate::labeling::{ModelRecord, TrainedFrom};

/// Train a model on the labels of the work folder, and use it from then on
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint label train news-labels --on own")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// What to learn from: the bundled training text beside the labels, or the labels alone
    /// [default: corpus, if it has the same labels]
    #[arg(long, value_name = "SOURCE", help_heading = MODEL)]
    on: Option<Source>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Source {
    Corpus,
    Own,
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        let workspace = self.work.open()?;
        workspace.train_now(match self.on {
            Some(Source::Corpus) => TrainedFrom::Corpus,
            Some(Source::Own) => TrainedFrom::Own,
            None => TrainedFrom::Start,
        })?;
        if let Some(entry) = workspace.training().history.iter().find(|entry| entry.current) {
            print(&mut terminal::screen(), &entry.record)?;
        }
        Ok(Exit::Done)
    }
}

fn print(out: &mut impl Write, record: &ModelRecord) -> std::io::Result<()> {
    print_wrapped(
        out,
        &format!("model {:03}, trained on {} labels of {} rows", record.number, record.labels, record.rows),
    )?;
    let grouped = record.grouped_by.as_deref().unwrap_or("group");
    for (name, figure) in [
        ("random labels".to_owned(), record.random),
        (format!("unseen {grouped}s"), record.unseen),
        ("the first model".to_owned(), record.baseline),
    ] {
        if let Some(figure) = figure {
            print_hanging(
                out,
                &format!(
                    "macro-F1, {name}  {}",
                    with_interval(estimate(Some(figure.macro_f1), figure.low, figure.high))
                ),
            )?;
        }
    }
    let compared = record.compared.as_ref().map(|compared| &compared.sentence);
    record.warnings.iter().chain(&record.more).chain(compared).try_for_each(|line| print_wrapped(out, line))
}
