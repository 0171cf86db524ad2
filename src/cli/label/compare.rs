//! Compares two models of a work folder on its blind labels.

use std::io::Write;

use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::headings::OUTPUT;
use crate::cli::label::work::WorkArgs;
use crate::cli::terminal::{self, print_wrapped};
use crate::write::write_line;

/// Compare two models of the work folder on labels that were given blind
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint label compare news-labels 1 2")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// Number of a model; 0 is the one that labeling began with
    #[arg(value_name = "OLD", help_heading = None::<&str>)]
    old: u32,
    /// Number of the model to compare with it
    #[arg(value_name = "NEW", help_heading = None::<&str>)]
    new: u32,
    /// Output format
    #[arg(long, value_enum, default_value_t = FigureFormat::Table, help_heading = OUTPUT)]
    format: FigureFormat,
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        let compared = self.work.open()?.compare_models(self.old, self.new).map_err(WorkArgs::usage_error)?;
        match self.format {
            FigureFormat::Json => {
                let mut out = terminal::data();
                write_line(&mut out, &compared)?;
                out.flush()?;
            }
            FigureFormat::Table => {
                let nothing =
                    "The models have different labels, or too few labels were given blind to compare them.";
                let said = compared.as_ref().map_or(nothing, |compared| compared.sentence.as_str());
                print_wrapped(&mut terminal::screen(), said)?;
            }
        }
        Ok(Exit::Done)
    }
}
