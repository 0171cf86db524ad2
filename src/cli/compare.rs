//! Runs `compare`: compares two models' answers on the same labels.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;

use crate::Classifier;
use crate::cli::common::{RowArgs, RunArgs};
use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::headings::{MODEL, OUTPUT, RUNNING};
use crate::cli::report::{Reading, caveat_line, explain_unknown_label, share};
use crate::cli::terminal::{self, print_hanging, print_title, print_wrapped, visible};
use crate::evaluate::{
    CompareParams, ComparisonResult, Difference, REPLICATES, check_same_labels, compare, keep_common_rows,
    respell,
};
use crate::label::LabelVariants;
use crate::read::{Labeled, read_labeled};
use crate::write::{
    Comparing, Output, OutputFile, OutputPaths, Style, TextColumn, TextTable, write_comparison,
    write_differences,
};

/// Compare two models on the same labeled rows: which is better, and where they differ
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint compare old.safetensors new.safetensors held_out.csv
  standpoint compare a.safetensors b.safetensors coded.jsonl --differences differ.csv")]
pub struct Args {
    /// First model file
    #[arg(value_name = "A")]
    first: PathBuf,
    /// Second model file, with the same labels
    #[arg(value_name = "B")]
    second: PathBuf,
    /// Labeled files, with a column for the text and one for the label
    #[arg(value_name = "LABELED", required = true)]
    inputs: Vec<PathBuf>,
    /// Split each row into paragraphs, as `score` does, instead of scoring it as one unit
    #[arg(long, help_heading = MODEL)]
    documents: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = FigureFormat::Table, help_heading = OUTPUT)]
    format: FigureFormat,
    /// Write all documents on which the models differ to this file
    #[arg(long, value_name = "FILE.csv", help_heading = OUTPUT)]
    differences: Option<PathBuf>,
    /// Random seed of the resampling for intervals
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = RUNNING)]
    seed: u64,
    #[command(flatten)]
    rows: RowArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// So many differing documents are shown on a terminal.
const SHOWN: usize = 20;
/// The columns that a label and an id are cut to at the least.
const MIN_LABEL: usize = 8;
const MIN_ID: usize = 12;

impl Args {
    /// Compares the models.
    pub fn run(self) -> anyhow::Result<Exit> {
        let [first, second] = [Classifier::open(&self.first)?, Classifier::open(&self.second)?];
        let labels = first.labels();
        check_same_labels(labels, second.labels())?;
        let mut paths = OutputPaths::new(self.inputs.iter().chain([&self.first, &self.second]));
        let file = paths.claim_if("differences", self.differences.as_deref())?;
        let file = file.as_ref().map(OutputFile::create).transpose()?;

        let (labeled, other) = self.rows([&first, &second])?;
        explain_unknown_label(&labeled.rows, labels, true)?;
        let params = CompareParams { as_documents: self.documents, seed: self.seed };
        let rows = [&labeled, other.as_ref().unwrap_or(&labeled)];
        let comparison = compare([&first, &second], rows, params, &self.run.jobs.pool()?)?;
        terminal::warn(self.run.quiet, &comparison.caveat.map(caveat_line).into_iter().collect::<Vec<_>>());
        let comparing = Comparing {
            models: [first.id(), second.id()],
            labels,
            compared: &comparison.result,
            differing: &comparison.differing,
            skipped: comparison.skipped,
        };
        if let Some(mut file) = file {
            write_differences(&mut file, &comparing)
                .and_then(|()| file.commit())
                .with_context(|| "cannot write the differences")?;
        }
        match self.format {
            FigureFormat::Json => {
                let mut out = terminal::data();
                write_comparison(&mut out, &comparing)?;
                out.flush()?;
            }
            FigureFormat::Table => print(&mut terminal::screen(), &comparing, terminal::style())?,
        }
        Ok(if comparison.skipped == 0 { Exit::Done } else { Exit::SomeRecordsFailed })
    }

    /// Reads the rows as the first model does, and as the second does where it reads otherwise.
    fn rows(&self, models: [&Classifier; 2]) -> anyhow::Result<(Labeled, Option<Labeled>)> {
        let columns = self.rows.evaluation_columns();
        let [first, second] = models.map(|classifier| &classifier.model().preparation);
        let read = |preparation| -> anyhow::Result<Labeled> {
            let options = self.rows.read.options_for(preparation, self.run.quiet);
            let mut labeled = read_labeled(&self.inputs, &options, &columns)?;
            self.rows.groups.rewrite_dates(&mut labeled.rows);
            if self.rows.labels.label_variants == Some(LabelVariants::Merge) {
                respell(&mut labeled.rows, models[0].labels());
            }
            Ok(labeled)
        };
        let alike = self.rows.read.preparation(first) == self.rows.read.preparation(second);
        let mut labeled = read(first)?;
        let mut other = if alike { None } else { Some(read(second)?) };
        if let Some(other) = &mut other {
            keep_common_rows(&mut labeled, other);
        }
        let reading = Reading::new(&labeled);
        terminal::warn(self.run.quiet, &reading.warnings);
        terminal::warn(false, &reading.skipped);
        Ok((labeled, other))
    }
}

fn print(out: &mut impl Write, comparing: &Comparing<'_>, style: Style) -> io::Result<()> {
    print_figures(out, comparing.models, comparing.compared, style)?;
    differing(out, comparing, style)
}

/// The figures of two models and their differences.
pub fn print_figures(
    out: &mut impl Write,
    [a, b]: [&str; 2],
    compared: &ComparisonResult,
    style: Style,
) -> io::Result<()> {
    print_hanging(out, &format!("A  {}\nB  {}", visible(a), visible(b)))?;
    writeln!(out)?;
    let mut table = TextTable::new(vec![
        TextColumn::text(""),
        TextColumn::number("A").widened(8).shrinking(1),
        TextColumn::number("B").widened(6).shrinking(1),
        TextColumn::number("B - A").widened(7).shrinking(5),
        TextColumn::text("95 % interval").ranked(1),
        TextColumn::number("p").widened(8).shrinking(1),
    ]);
    table.push(figure("accuracy", compared.accuracy));
    table.push(figure("macro-F1", compared.macro_f1));
    table.push(figure("log loss", compared.log_loss));
    table.write(out, terminal::width(), style)?;
    let by = if compared.grouped { "groups" } else { "rows" };
    let test = compared.mcnemar;
    print_wrapped(
        out,
        &format!(
            "{} rows; intervals and p from {REPLICATES} resamples of {} {by}, seed {}",
            compared.rows, compared.clusters, compared.seed
        ),
    )?;
    print_wrapped(
        out,
        &format!(
            "correct in A only: {}, in B only: {}; McNemar mid-p {}, exact p {}",
            test.only_first,
            test.only_second,
            chance(Some(test.mid_p)),
            chance(Some(test.exact))
        ),
    )
}

fn figure(name: &str, of: Difference) -> [String; 6] {
    let interval = of.difference.and_then(|difference| difference.interval);
    [
        name.to_owned(),
        share(of.first),
        share(of.second),
        of.difference.map_or("-".to_owned(), |difference| format!("{:+.3}", difference.value)),
        interval.map_or("-".to_owned(), |ends| format!("{:+.3} to {:+.3}", ends.low, ends.high)),
        chance(of.p),
    ]
}

/// A chance in three decimals, or that it is less than they can tell.
fn chance(p: Option<f64>) -> String {
    if p.is_some_and(|p| p < 0.001) { "<0.001".to_owned() } else { share(p) }
}

fn differing(out: &mut impl Write, comparing: &Comparing<'_>, style: Style) -> io::Result<()> {
    let differing = comparing.differing;
    if differing.is_empty() {
        writeln!(out)?;
        return print_wrapped(out, "The models give every row the same label.");
    }
    let shown = differing.len().min(SHOWN);
    let title = match differing.len() - shown {
        0 => format!("{shown} rows on which they differ"),
        _ => {
            format!("{shown} of {} rows on which they differ; --differences FILE writes all", differing.len())
        }
    };
    writeln!(out)?;
    print_title(out, &title, style)?;
    let label = |heading: &str| TextColumn::text(heading).shrinking(MIN_LABEL);
    let id = TextColumn::text("id").shrinking(MIN_ID).keeping_end();
    let mut table = TextTable::new(vec![label("gold"), label("A"), label("B"), id]);
    for row in differing.iter().take(SHOWN) {
        let [a, b] = &row.predicted;
        table.push([&row.gold, a, b, &row.id].map(|cell| visible(cell)));
    }
    table.write(out, terminal::width(), style)
}
