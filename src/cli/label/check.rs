//! Prints what the blind sample, a second coder and the last two models say.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::headings::{INPUT, OUTPUT};
use crate::cli::label::estimate;
use crate::cli::label::work::WorkArgs;
use crate::cli::report::{self, with_interval};
use crate::cli::terminal::{self, print_hanging, print_title, print_wrapped, visible};
use crate::labeling::{CheckReport, CorrectedShare, SampleReport, SecondReport};
use crate::progress::Silent;
use crate::write::{TextColumn, TextTable, write_line};

/// The columns that a label is cut to at the least.
const MIN_LABEL: usize = 8;

/// Print the label shares by the blind sample, the agreement with a second coder, and how the model
/// in use compares with the one before
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint label check news-labels --second ben-labels")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// Work folder of a second coder, to measure agreement; it is only read
    #[arg(long, value_name = "FOLDER", help_heading = INPUT)]
    second: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = FigureFormat::Table, help_heading = OUTPUT)]
    format: FigureFormat,
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        let workspace = self.work.open_with(self.second.clone())?;
        workspace.score_now(&Silent)?;
        let report = workspace.check_report()?;
        match self.format {
            FigureFormat::Json => {
                let mut out = terminal::data();
                write_line(&mut out, &report)?;
                out.flush()?;
            }
            FigureFormat::Table => print(&mut terminal::screen(), &report)?,
        }
        Ok(Exit::Done)
    }
}

fn print(out: &mut impl Write, report: &CheckReport) -> io::Result<()> {
    print_sample(out, &report.sample)?;
    if let Some(second) = &report.second {
        print_second(out, second)?;
    }
    if let Some(compared) = &report.compare {
        writeln!(out)?;
        print_wrapped(out, &compared.sentence)?;
    }
    Ok(())
}

fn print_sample(out: &mut impl Write, sample: &SampleReport) -> io::Result<()> {
    if sample.drawn == 0 {
        return print_wrapped(out, "No sample is drawn: `label sample` draws one.");
    }
    let SampleReport { coded, drawn, of, open, later, skipped, seen, learned, least, .. } = sample;
    print_wrapped(out, &format!("sample: {coded} of {drawn} passages coded blind, drawn of {of}"))?;
    for (count, what) in [
        (open, "open"),
        (later, "behind the first open one: they count once that is decided"),
        (skipped, "skipped or unsure"),
        (seen, "labeled with the model's answer in sight: they do not count"),
        (learned, "learned by the model in use: `label train` trains one without them"),
    ] {
        if *count > 0 {
            print_hanging(out, &format!("  {count}  {what}"))?;
        }
    }
    match &sample.share_corrected {
        None => print_wrapped(out, &format!("Corrected shares need {least} coded passages.")),
        Some(shares) => print_shares(out, shares),
    }
}

fn print_shares(out: &mut impl Write, shares: &[CorrectedShare]) -> io::Result<()> {
    let mut table = TextTable::new(vec![
        TextColumn::text("label").shrinking(MIN_LABEL),
        TextColumn::number("model"),
        TextColumn::number("corrected"),
        TextColumn::text("95 % interval").ranked(1),
    ]);
    for CorrectedShare { label, raw, corrected, low, high } in shares {
        let name = label.as_deref().map_or("(none)".to_owned(), visible);
        table.push([name, share(*raw), share(*corrected), format!("{} to {}", share(*low), share(*high))]);
    }
    writeln!(out)?;
    table.write(out, terminal::width(), terminal::style())
}

fn print_second(out: &mut impl Write, second: &SecondReport) -> io::Result<()> {
    writeln!(out)?;
    let SecondReport { name, both, disagreements, unsettled, left, .. } = second;
    print_title(
        out,
        &format!("with {}: {both} passages that both labeled blind", visible(name)),
        terminal::style(),
    )?;
    print_hanging(out, &format!("agreement             {}", report::share(second.share)))?;
    let alpha = with_interval(estimate(second.alpha, second.alpha_low, second.alpha_high));
    print_hanging(out, &format!("Krippendorff's alpha  {alpha}"))?;
    let kappa = with_interval(estimate(second.kappa, second.kappa_low, second.kappa_high));
    print_hanging(out, &format!("Cohen's kappa         {kappa}"))?;
    print_hanging(out, &format!("disagreements         {disagreements}, {unsettled} of them to settle"))?;
    print_hanging(out, &format!("not labeled here      {left}"))
}

fn share(value: f64) -> String {
    format!("{:.1} %", value * 100.0)
}
