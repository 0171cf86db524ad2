//! Draws the random sample for checking.

use crate::cli::exit::{Exit, usage};
use crate::cli::headings::{OUTPUT, RUNNING};
use crate::cli::label::work::WorkArgs;
use crate::error::counted;

/// Draw a random sample of passages for checking; models do not learn from it
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint label sample news-labels -n 100 --seed 1")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// Number of passages
    #[arg(short = 'n', long = "n", value_name = "N", default_value_t = 100, help_heading = OUTPUT)]
    count: usize,
    /// Random seed: the same one draws the same passages for a second coder
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = RUNNING)]
    seed: u64,
    /// Draw anew, though passages of the sample before are coded and others are open
    #[arg(long, help_heading = RUNNING)]
    restart: bool,
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        if self.count == 0 {
            return Err(usage("-n 0: expected at least one passage"));
        }
        let workspace = self.work.open()?;
        let sample = workspace.check_report()?.sample;
        if (1..sample.drawn).contains(&sample.coded) && !self.restart {
            return Err(usage(format!(
                "{} of {} passages of the sample are coded: code the others (`label next --queue sample`), or draw anew with --restart",
                sample.coded, sample.drawn
            )));
        }
        let drawn = workspace.draw_sample(self.count, self.seed).map_err(WorkArgs::usage_error)?;
        let open = workspace.check_report()?.sample.open;
        let decided = drawn.saturating_sub(open);
        let drawn = counted(usize::try_from(drawn).unwrap_or(usize::MAX), "passage");
        let others = if decided > 0 { format!(", {decided} of them decided already") } else { String::new() };
        self.work.tell(&format!("{drawn} drawn{others}; `label next --queue sample` lists those to code"));
        Ok(Exit::Done)
    }
}
