//! Says how well coders agree.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::agreement::{Agreement, Annotations, PairAgreement};
use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::inputs::{ReadArgs, refuse_input_as_output};
use crate::cli::report::share;
use crate::cli::{flags, terminal};
use crate::model::{Preparation, Unit};
use crate::pipeline::Notes;
use crate::read::{Coded, check_coders, read_annotations};
use crate::statistics::Estimate;
use crate::write::{CsvStyle, Output, OutputFile, Sheet, write_agreement};

/// Disagreements shown under the figures.
const SHOWN: usize = 10;
/// Of each text, characters shown.
const BEGINNING: usize = 60;
/// More labels do not fit on a screen as a matrix.
const WIDEST_MATRIX: usize = 12;

/// Say how well two or more people agree who coded the same rows: share, Cohen's kappa, Krippendorff's alpha
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint agreement coded.csv --columns coder_a,coder_b
  standpoint agreement coded.xlsx --columns anna,ben,cleo --output disagreements.csv --format json")]
pub struct Args {
    /// Coded files: a column for the text, one with the labels of each coder
    #[arg(value_name = "CODED", required = true)]
    inputs: Vec<PathBuf>,
    /// Columns with the labels, one a coder; a blank cell is a row that the coder left out
    #[arg(long, value_name = "COLUMN,COLUMN", required = true, value_delimiter = ',')]
    columns: Vec<String>,
    /// Form of the figures
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    format: FigureFormat,
    /// Write all rows on which coders disagree here, as CSV
    #[arg(long, value_name = "FILE.csv")]
    output: Option<PathBuf>,
    /// CSV as Excel reads it: a byte order mark, and no cell that it takes for a formula
    #[arg(long, requires = "output")]
    excel: bool,
    /// Decides which samples of the rows the intervals come from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    read: ReadArgs,
    /// Print nothing but figures and errors
    #[arg(long, short)]
    quiet: bool,
}

/// What reading the rows gave.
struct Reading {
    rows: Vec<Vec<Option<String>>>,
    skipped: u64,
    /// The first rows on which coders disagree, each as one line.
    shown: Vec<String>,
    disagreements: usize,
}

impl Args {
    /// Prints the figures.
    pub fn run(self) -> anyhow::Result<Exit> {
        check_coders(&self.columns)?;
        refuse_input_as_output(&self.inputs, self.output.as_deref())?;
        let mut sheet = self.output.as_deref().map(|path| self.sheet(path)).transpose()?;
        let reading = self.read_rows(sheet.as_mut())?;
        self.check(&reading)?;
        let codings = Annotations::new(self.columns.len(), &reading.rows)?;
        let near = |labels: Vec<&str>| {
            let shown: Vec<String> = labels.into_iter().map(|label| format!("{label:?}")).collect();
            format!(
                "{} differ in capitals or blanks only, and count as different labels",
                shown.join(" and ")
            )
        };
        terminal::warn(self.quiet, &codings.near_labels().into_iter().map(near).collect::<Vec<_>>());
        let agreement = Agreement::of(&codings, self.seed);

        let mut out = std::io::stdout().lock();
        match self.format {
            FigureFormat::Json => {
                write_agreement(&mut out, (&codings, &self.columns), &agreement, reading.skipped)?;
            }
            FigureFormat::Table => {
                self.table(&mut out, &codings, &agreement)?;
                self.disagreements(&mut out, &reading)?;
            }
        }
        if let Some(sheet) = sheet {
            sheet.finish().and_then(Output::commit).context("cannot write the disagreements")?;
        }
        Ok(Exit::of_counts(reading.rows.len() as u64, reading.skipped))
    }

    fn sheet(&self, path: &Path) -> anyhow::Result<Sheet<OutputFile>> {
        let header: Vec<&str> =
            ["id", "text"].into_iter().chain(self.columns.iter().map(String::as_str)).collect();
        OutputFile::create(path)
            .and_then(|out| Sheet::new(out, CsvStyle { excel: self.excel }, &header))
            .with_context(|| format!("{}: cannot write there", path.display()))
    }

    fn read_rows(&self, mut sheet: Option<&mut Sheet<OutputFile>>) -> anyhow::Result<Reading> {
        let options = self.read.options(&self.read.preparation(&Preparation::for_unit(Unit::Document)));
        let mut reading = Reading { rows: Vec::new(), skipped: 0, shown: Vec::new(), disagreements: 0 };
        let mut notes = Notes::default();
        for coded in read_annotations(self.inputs.clone(), &options, &self.columns) {
            let coded = match coded {
                Ok(coded) => coded,
                // What is about one record costs that record; what is about a file ends the reading.
                Err(error) if error.position().is_some_and(|position| position.record.is_some()) => {
                    reading.skipped += 1;
                    notes.add(flags::in_error(&error));
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if disagrees(&coded.labels) {
                reading.disagreements += 1;
                if reading.shown.len() < SHOWN {
                    reading.shown.push(self.line(&coded));
                }
                if let Some(sheet) = &mut sheet {
                    let labels = coded.labels.iter().map(|label| label.as_deref().unwrap_or(""));
                    let cells: Vec<&str> = [coded.document.id.as_str(), &coded.document.text]
                        .into_iter()
                        .chain(labels)
                        .collect();
                    sheet.row(&cells).context("cannot write the disagreements")?;
                }
            }
            reading.rows.push(coded.labels);
        }
        notes.lines().for_each(|line| terminal::say(&format!("warning: {line}")));
        Ok(reading)
    }

    /// A row of a table as one line: id, each coder's label, the beginning of the text.
    fn line(&self, coded: &Coded) -> String {
        let label = |(name, label): (&String, &Option<String>)| {
            label.as_ref().map(|label| format!("{}={}", name.escape_debug(), label.escape_debug()))
        };
        let labels: Vec<String> = self.columns.iter().zip(&coded.labels).filter_map(label).collect();
        let text = &coded.document.text;
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let beginning: String = text.chars().take(BEGINNING).map(plain).collect();
        let more = if text.chars().nth(BEGINNING).is_some() { "…" } else { "" };
        format!("{}  {}  {beginning}{more}", coded.document.id.escape_debug(), labels.join(" "))
    }

    /// A column without a label is a slip, and what has no two codings of one row has no figures.
    fn check(&self, reading: &Reading) -> anyhow::Result<()> {
        if reading.rows.is_empty() {
            anyhow::bail!("no row was read ({} skipped)", reading.skipped);
        }
        for (coder, name) in self.columns.iter().enumerate() {
            if !reading.rows.iter().any(|row| row.get(coder).is_some_and(Option::is_some)) {
                anyhow::bail!(
                    "column `{name}` is blank in all {} row(s); expected labels there",
                    reading.rows.len()
                );
            }
        }
        if !reading.rows.iter().any(|row| row.iter().flatten().count() > 1) {
            anyhow::bail!(
                "none of the {} row(s) has labels of two coders; agreement needs rows that several have coded",
                reading.rows.len()
            );
        }
        Ok(())
    }

    fn table(
        &self,
        out: &mut impl Write,
        codings: &Annotations,
        agreement: &Agreement,
    ) -> std::io::Result<()> {
        let style = terminal::style();
        writeln!(
            out,
            "{} coders; {} rows coded by two or more, {} of them alike by all",
            codings.coders(),
            agreement.rows,
            agreement.unanimous
        )?;
        writeln!(out, "agreement             {}", with_interval(agreement.share))?;
        writeln!(out, "Krippendorff's alpha  {}", with_interval(agreement.alpha))?;

        let names: Vec<String> =
            codings.labels().iter().map(|name| name.escape_debug().to_string()).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("label".len());
        writeln!(out, "\n{}", style.bold(&format!("{:width$}  {:>7}  agreement", "label", "codings")))?;
        for (name, of) in names.iter().zip(&agreement.labels) {
            writeln!(out, "{name:width$}  {:>7}  {:>9}", of.codings, share(of.share))?;
        }
        for pair in &agreement.pairs {
            let name =
                |coder: usize| self.columns.get(coder).map_or("", String::as_str).escape_debug().to_string();
            let (first, second) = (name(pair.coders.0), name(pair.coders.1));
            writeln!(out, "\n{}", style.bold(&format!("{first} and {second}: {} rows", pair.rows)))?;
            writeln!(out, "agreement      {}", with_interval(pair.share))?;
            writeln!(out, "Cohen's kappa  {}", with_interval(pair.kappa))?;
            matrix(out, pair, &names, &format!("{first} \\ {second}"))?;
        }
        Ok(())
    }

    fn disagreements(&self, out: &mut impl Write, reading: &Reading) -> std::io::Result<()> {
        if reading.shown.is_empty() {
            return Ok(());
        }
        let of = match reading.disagreements {
            all if all > reading.shown.len() => {
                format!("the first {} of {all} disagreements", reading.shown.len())
            }
            all => format!("{all} disagreement(s)"),
        };
        writeln!(out, "\n{}", terminal::style().bold(&of))?;
        reading.shown.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        if self.output.is_none() && reading.disagreements > reading.shown.len() {
            writeln!(out, "--output FILE.csv writes all")?;
        }
        Ok(())
    }
}

fn disagrees(labels: &[Option<String>]) -> bool {
    let mut given = labels.iter().flatten();
    given.next().is_some_and(|first| given.any(|label| label != first))
}

fn matrix(out: &mut impl Write, pair: &PairAgreement, names: &[String], corner: &str) -> std::io::Result<()> {
    if names.len() > WIDEST_MATRIX {
        return Ok(());
    }
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(corner.chars().count());
    let heads: String = (1..=names.len()).map(|number| format!("{number:>7}")).collect();
    writeln!(out, "{corner:width$}     {heads}")?;
    for (number, (name, row)) in (1..).zip(names.iter().zip(&pair.confusion)) {
        let cells: String = row.iter().map(|count| format!("{count:>7}")).collect();
        writeln!(out, "{name:width$}  {number:>2} {cells}")?;
    }
    Ok(())
}

/// A figure with its 95 % interval.
fn with_interval(estimate: Option<Estimate>) -> String {
    let value = share(estimate.map(|estimate| estimate.value));
    match estimate.and_then(|estimate| estimate.interval) {
        Some(interval) => format!("{value}  (95 %: {:.3} to {:.3})", interval.low, interval.high),
        None => value,
    }
}
