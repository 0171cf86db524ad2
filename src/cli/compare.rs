//! Compares two models' answers on the same labels.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;

use crate::classifier::{ScoreOptions, Workers};
use crate::cli::evaluate::answers::{answers, classes, doubts, some_rows, with_weight};
use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::inputs::{GroupArgs, JobArgs, LabelArgs, ReadArgs, refuse_input_as_output};
use crate::cli::report::{Reading, share};
use crate::cli::terminal;
use crate::evaluate::{Compared, Comparison, Difference, LabeledPrediction, REPLICATES};
use crate::read::{Gold, Labeled, read_labeled};
use crate::write::{Comparing, Differing, Output, OutputFile, Style, write_comparison, write_differences};
use crate::{Classifier, LabelSet, Verdict};

/// Compare two models on the same labelled rows: is one better, and where do they differ
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
    /// Labelled files: a column for the text, one for the label
    #[arg(value_name = "LABELED", required = true)]
    inputs: Vec<PathBuf>,
    /// Score each row as `score` would, cut into paragraphs, and not as one unit
    #[arg(long)]
    documents: bool,
    /// Form of the figures
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    format: FigureFormat,
    /// Write all documents on which the models differ here
    #[arg(long, value_name = "FILE.csv")]
    differences: Option<PathBuf>,
    /// Column with each row's weight [default: weight, if there is one]
    #[arg(long, value_name = "COLUMN")]
    weight_column: Option<String>,
    /// Decides which groups are drawn for the intervals
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    groups: GroupArgs,
    #[command(flatten)]
    labels: LabelArgs,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    jobs: JobArgs,
    /// Print nothing but figures and errors
    #[arg(long, short)]
    quiet: bool,
}

/// So many differing documents are shown on a terminal.
const SHOWN: usize = 20;

impl Args {
    /// Compares the models.
    pub fn run(self) -> anyhow::Result<Exit> {
        let [first, second] = [Classifier::open(&self.first)?, Classifier::open(&self.second)?];
        let labels = first.labels();
        same_labels(labels, second.labels())?;
        let read: Vec<PathBuf> = self.inputs.iter().chain([&self.first, &self.second]).cloned().collect();
        refuse_input_as_output(&read, self.differences.as_deref())?;
        let file = self.differences.as_ref().map(|path| OutputFile::create(path)).transpose();
        let file = file.with_context(|| "cannot write the file of --differences")?;

        let (rows, reading) = self.rows([&first, &second])?;
        let gold = classes(&rows[0], labels)?;
        let pool = self.jobs.pool()?;
        let mut verdicts: Vec<Verdict> = Vec::with_capacity(rows[0].len());
        let workers = |classifier| Workers::new(classifier, ScoreOptions::default(), &pool);
        answers(&workers(&first), &rows[0], self.documents, |_, verdict| verdicts.push(verdict))?;
        let mut comparison = Comparison::new(labels.len());
        let mut differing = Vec::new();
        let mut before = rows[0].iter().zip(gold).zip(&verdicts);
        let others = if rows[1].is_empty() { &rows[0] } else { &rows[1] };
        answers(&workers(&second), others, self.documents, |_, verdict| {
            let Some(((row, gold), first)) = before.next() else { return };
            let judged = |verdict| {
                let (group, date) = (row.group.as_deref(), row.date.as_deref());
                LabeledPrediction { gold, verdict, weight: row.weight, group, date }
            };
            comparison.add([&judged(first), &judged(&verdict)]);
            differing.extend(Differing::of(&row.document, gold, [first, &verdict]));
        })?;
        let compared = pool.run(|| comparison.compared(self.seed));
        let doubts: Vec<String> = doubts(compared.units, compared.grouped).into_iter().collect();
        terminal::warn(self.quiet, &doubts);
        let comparing = Comparing {
            models: [first.id(), second.id()],
            labels,
            compared: &compared,
            differing: &differing,
            skipped: reading.skipped.len(),
        };
        if let Some(mut file) = file {
            write_differences(&mut file, &comparing)
                .and_then(|()| file.commit())
                .with_context(|| "cannot write the file of --differences")?;
        }
        let mut out = io::stdout().lock();
        match self.format {
            FigureFormat::Json => write_comparison(&mut out, &comparing)?,
            FigureFormat::Table => print(&mut out, &comparing, terminal::style())?,
        }
        Ok(if reading.skipped.is_empty() { Exit::Done } else { Exit::SomeRecordsFailed })
    }

    /// The rows as the first model reads them, and as the second does if it reads otherwise: a model may join other columns
    /// or take them for another markup.
    fn rows(&self, models: [&Classifier; 2]) -> anyhow::Result<([Vec<Gold>; 2], Reading)> {
        let columns = with_weight(self.groups.columns(self.labels.columns()), self.weight_column.as_ref());
        let prepared = models.map(|classifier| &classifier.model().preparation);
        let read = |at: usize| -> anyhow::Result<Labeled> {
            let preparation = prepared.get(at).copied().unwrap_or(prepared[0]);
            let options = self.read.options_for(preparation, self.quiet);
            Ok(read_labeled(&self.inputs, &options, &columns)?)
        };
        let alike = self.read.preparation(prepared[0]) == self.read.preparation(prepared[1]);
        let mut first = read(0)?;
        let mut second = if alike { Labeled::default() } else { read(1)? };
        if !alike {
            // A row that one model cannot read is compared by neither.
            let place = |row: &Gold| row.document.position().to_string();
            let both: HashSet<String> = second.rows.iter().map(place).collect();
            first.rows.retain(|row| both.contains(&place(row)));
            let both: HashSet<String> = first.rows.iter().map(place).collect();
            second.rows.retain(|row| both.contains(&place(row)));
            let said: HashSet<String> = first.skipped.iter().map(ToString::to_string).collect();
            let new = second.skipped.into_iter().filter(|error| !said.contains(&error.to_string()));
            first.skipped.extend(new);
        }
        let reading = Reading::of(&first);
        terminal::warn(self.quiet, &reading.warnings);
        terminal::warn(false, &reading.skipped);
        some_rows(&first, &reading)?;
        Ok(([first.rows, second.rows], reading))
    }
}

/// Figures of models with other labels say nothing about each other.
pub fn same_labels(first: &LabelSet, second: &LabelSet) -> anyhow::Result<()> {
    let only = |one: &LabelSet, other: &LabelSet| {
        let names: Vec<&String> = one.names().iter().filter(|name| other.get(name).is_none()).collect();
        if names.is_empty() { "none".to_owned() } else { crate::error::list(&names) }
    };
    if first.names() == second.names() {
        return Ok(());
    }
    anyhow::bail!(
        "the models have different labels and cannot be compared: only A has {}, only B has {}. Train both on the same labels, \
         or evaluate each by itself",
        only(first, second),
        only(second, first)
    )
}

fn print(out: &mut impl Write, comparing: &Comparing<'_>, style: Style) -> io::Result<()> {
    print_figures(out, comparing.models, comparing.compared, style)?;
    differing(out, comparing, style)
}

/// The figures of two models and their differences.
pub fn print_figures(
    out: &mut impl Write,
    [a, b]: [&str; 2],
    compared: &Compared,
    style: Style,
) -> io::Result<()> {
    writeln!(out, "A  {}\nB  {}\n", a.escape_debug(), b.escape_debug())?;
    let header =
        format!("{:<10} {:>7} {:>7} {:>8}  {:<19} {:>6}", "", "A", "B", "B - A", "95 % interval", "p");
    writeln!(out, "{}", style.bold(&header))?;
    figure(out, "accuracy", compared.accuracy)?;
    figure(out, "macro-F1", compared.macro_f1)?;
    figure(out, "log loss", compared.log_loss)?;
    let by = if compared.grouped { "groups" } else { "rows" };
    let test = compared.mcnemar;
    writeln!(
        out,
        "{} rows; intervals and p from {REPLICATES} draws of {} {by}, seed {}\n\
         right by A alone {}, by B alone {}: McNemar mid-p {}, exact p {}",
        compared.rows,
        compared.units,
        compared.seed,
        test.only_first,
        test.only_second,
        chance(Some(test.mid_p)),
        chance(Some(test.exact))
    )
}

fn figure(out: &mut impl Write, name: &str, of: Difference) -> io::Result<()> {
    let interval = of.difference.and_then(|difference| difference.interval);
    writeln!(
        out,
        "{name:<10} {:>7} {:>7} {:>8}  {:<19} {:>6}",
        share(of.first),
        share(of.second),
        of.difference.map_or("-".to_owned(), |difference| format!("{:+.3}", difference.value)),
        interval.map_or("-".to_owned(), |ends| format!("{:+.3} to {:+.3}", ends.low, ends.high)),
        chance(of.p)
    )
}

/// A chance in three decimals, or that it is less than they can tell.
fn chance(p: Option<f64>) -> String {
    if p.is_some_and(|p| p < 0.001) { "<0.001".to_owned() } else { share(p) }
}

fn differing(out: &mut impl Write, comparing: &Comparing<'_>, style: Style) -> io::Result<()> {
    let Comparing { differing, labels, .. } = comparing;
    if differing.is_empty() {
        return writeln!(out, "\nThe models give every row the same label.");
    }
    let width = labels.names().iter().map(|name| name.chars().count()).max().unwrap_or(0).max("gold".len());
    let shown = differing.len().min(SHOWN);
    let title = match differing.len() - shown {
        0 => format!("{shown} rows on which they differ"),
        _ => {
            format!("{shown} of {} rows on which they differ; --differences FILE writes all", differing.len())
        }
    };
    writeln!(out, "\n{}", style.bold(&title))?;
    writeln!(out, "{}", style.bold(&format!("{:width$}  {:width$}  {:width$}  id", "gold", "A", "B")))?;
    for row in differing.iter().take(SHOWN) {
        let [a, b] = row.tops.map(|class| labels.name(class));
        let gold = labels.name(row.gold);
        writeln!(out, "{gold:width$}  {a:width$}  {b:width$}  {}", row.id.escape_debug())?;
    }
    Ok(())
}
