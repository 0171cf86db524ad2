//! Runs `robustness`: measures how far answers move under changes that leave the meaning of texts
//! as it is.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::bail;

use crate::cli::common::RunArgs;
use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::found::files;
use crate::cli::headings::{INPUT, MODEL, OUTPUT};
use crate::cli::inputs::ReadArgs;
use crate::cli::named::named;
use crate::cli::terminal::{print_title, print_wrapped, visible};
use crate::cli::{flags, model, terminal};
use crate::error::counted;
use crate::pipeline::Notes;
use crate::read::{Column, InputOptions, Inputs, Requirement};
use crate::robustness::{Change, Moves, RobustnessInput, RobustnessReport, robustness};
use crate::write::{Style, TextColumn, TextTable, write_robustness};

/// Measure how far answers move when a text's spelling, quotation marks, layout, headline or
/// paragraph order changes but its meaning does not
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint robustness articles/
  standpoint robustness news.csv --model mine.safetensors --changes spelling-british,quotes-single
  standpoint robustness news.jsonl --format json")]
pub struct Args {
    /// Files or folders; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    /// Make only these changes [default: all; for a model of another language, all but those of
    /// English spelling]
    #[arg(long, value_name = "CHANGE", value_delimiter = ',', value_parser = named::<Change>(), help_heading = OUTPUT)]
    changes: Vec<Change>,
    /// Output format
    #[arg(long, value_enum, default_value_t = FigureFormat::Table, help_heading = OUTPUT)]
    format: FigureFormat,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// So many texts whose label turns are shown in a table.
const SHOWN: usize = 20;
/// The columns that the name of a change, a label and an id are cut to at the least.
const MIN_CHANGE: usize = 12;
const MIN_LABEL: usize = 8;
const MIN_ID: usize = 12;

impl Args {
    /// Scores every text under every change, and prints how far the answers moved.
    pub fn run(self) -> anyhow::Result<Exit> {
        let classifier = model::open(self.model.as_ref())?;
        let found = files(&self.inputs, &[], self.run.quiet)?;
        let title = Column { name: "title".to_owned(), need: Requirement::Optional };
        let options = InputOptions {
            columns: vec![title],
            ..self.read.options_for(&classifier.model().preparation, self.run.quiet)
        };
        let changes = match self.changes.as_slice() {
            [] => Change::for_language(classifier.model().tokenizer_config.language),
            given => given.to_vec(),
        };
        let mut notes = Notes::default();
        let inputs = Inputs::new(found.files, options.clone());
        let about_files = inputs.notes();
        let input = RobustnessInput {
            records: Box::new(inputs.chain(found.errors.into_iter().map(Err))),
            options: &options,
            changes: &changes,
            on_failure: &mut |error| notes.add(flags::in_error(&error)),
        };
        let report = robustness(&classifier, input, &self.run.jobs.pool()?)?;
        let read = report.notes.messages().iter().map(flags::in_message);
        terminal::warn(self.run.quiet, &about_files.lines().into_iter().chain(read).collect::<Vec<_>>());
        notes.lines().for_each(|line| terminal::say(&format!("warning: {line}")));
        if report.texts == 0 {
            bail!("no text was read; {} records failed", report.failed);
        }
        match self.format {
            FigureFormat::Json => {
                let mut out = terminal::data();
                write_robustness(&mut out, &report)?;
                out.flush()?;
            }
            FigureFormat::Table => print(&mut terminal::screen(), &report, terminal::style())?,
        }
        Ok(Exit::of_counts(report.texts, report.failed))
    }
}

fn print(out: &mut impl Write, report: &RobustnessReport, style: Style) -> io::Result<()> {
    let measure = report.measure.describe();
    let model = visible(&report.model);
    let texts = counted(report.texts, "text");
    print_wrapped(out, &format!("{texts}; changes of {measure}; model {model}"))?;
    writeln!(out)?;
    let mut table = TextTable::new(vec![
        TextColumn::text("change"),
        TextColumn::number("texts").ranked(3),
        TextColumn::number("flips"),
        TextColumn::number("share").ranked(2),
        TextColumn::number("mean").ranked(1),
        TextColumn::number("maximum"),
        TextColumn::text("most moved text").shrinking(MIN_ID).keeping_end().ranked(4),
    ]);
    for change in &report.changes {
        table.push(cells(change.change, &change.moves));
    }
    table.push(cells("all", &report.all));
    table.write(out, terminal::width(), style)?;
    flips(out, report, style)
}

fn cells(name: &str, moves: &Moves) -> [String; 7] {
    let greatest = moves.mean_move.map(|_| moves.greatest_move);
    let figure = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    [
        name.to_owned(),
        moves.texts.to_string(),
        moves.flips.to_string(),
        moves.flip_share().map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share)),
        figure(moves.mean_move),
        figure(greatest),
        visible(moves.moved_most.as_deref().unwrap_or("-")),
    ]
}

fn flips(out: &mut impl Write, report: &RobustnessReport, style: Style) -> io::Result<()> {
    if report.all.flips == 0 {
        return writeln!(out, "\nNo label flips.");
    }
    let listed =
        report.changes.iter().flat_map(|change| change.flipped.iter().map(|flip| (change.change, flip)));
    let title = match report.all.flips {
        flips if flips > SHOWN as u64 => {
            format!("{SHOWN} of {flips} flipped labels; --format json lists all")
        }
        flips => counted(flips, "flipped label"),
    };
    writeln!(out)?;
    print_title(out, &title, style)?;
    let label = |heading: &str| TextColumn::text(heading).shrinking(MIN_LABEL);
    let mut table = TextTable::new(vec![
        TextColumn::text("change").shrinking(MIN_CHANGE),
        label("from"),
        label("to"),
        TextColumn::number("move"),
        TextColumn::text("text").shrinking(MIN_ID).keeping_end().ranked(1),
    ]);
    for (change, flip) in listed.take(SHOWN) {
        let [from, to, id] = [&flip.from, &flip.to, &flip.id].map(|cell| visible(cell));
        table.push([change.to_owned(), from, to, format!("{:.3}", flip.moved), id]);
    }
    table.write(out, terminal::width(), style)
}
