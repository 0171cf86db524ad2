//! Runs `agreement`: measures how well coders agree.

use crate::error::counted;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::ErrorKind;
use crate::agreement::{AgreementReport, disagree, measure_agreement};
use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::headings::{INPUT, OUTPUT, RUNNING};
use crate::cli::inputs::{MissingArgs, ReadArgs, variant_help};
use crate::cli::named::named_with_help;
use crate::cli::report::{Matrix, share, with_interval};
use crate::cli::terminal::{print_hanging, print_title, print_wrapped, visible};
use crate::cli::values::condition;
use crate::cli::{flags, terminal};
use crate::label::{LabelVariants, spelling_key};
use crate::model::{Preparation, Unit};
use crate::pipeline::Notes;
use crate::progress::Silent;
use crate::read::{Coded, CodedColumns, Condition, check_coders, read_annotations};
use crate::write::{
    ClaimedPath, CsvStyle, Output, OutputFile, OutputPaths, Sheet, TextColumn, TextTable, write_agreement,
};

/// Disagreements shown under the figures.
const SHOWN: usize = 10;
/// Of each text, characters shown where there is room.
const BEGINNING: usize = 160;
/// The columns that the name of a coder, an id and a text are cut to at the least.
const MIN_NAME: usize = 8;
const MIN_ID: usize = 8;
const MIN_TEXT: usize = 16;

/// Measure how well two or more coders of the same rows agree: share of equal codings, Cohen's
/// kappa, Krippendorff's alpha
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint agreement coded.csv --columns coder_a,coder_b
  standpoint agreement coded.xlsx --columns anna,ben,cleo --output disagreements.csv --format json")]
pub struct Args {
    /// Coded files, with a column for the text and one for the labels of each coder
    #[arg(value_name = "CODED", required = true)]
    inputs: Vec<PathBuf>,
    /// Columns with the labels, one per coder; a blank cell is a row that the coder left out
    #[arg(long, value_name = "COLUMN,COLUMN", required = true, value_delimiter = ',', help_heading = INPUT)]
    columns: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = FigureFormat::Table, help_heading = OUTPUT)]
    format: FigureFormat,
    /// Write all rows on which coders disagree to this file, as CSV
    #[arg(long, value_name = "FILE.csv", help_heading = OUTPUT)]
    output: Option<PathBuf>,
    /// Write CSV for Excel: with a byte order mark, and no cell that Excel takes for a formula
    #[arg(long, requires = "output", help_heading = OUTPUT)]
    excel: bool,
    /// Random seed of the resampling for intervals
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = RUNNING)]
    seed: u64,
    /// Use only rows whose column has this value; may be given several times
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = condition, help_heading = INPUT)]
    conditions: Vec<Condition>,
    #[command(flatten, next_help_heading = INPUT)]
    missing: MissingArgs,
    /// How to treat labels that differ only in spelling [default: keep, with a warning]
    #[arg(long, value_name = "merge|keep", value_parser = named_with_help(variant_help), help_heading = INPUT)]
    label_variants: Option<LabelVariants>,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    /// Print only the figures and errors
    #[arg(long, short, help_heading = RUNNING)]
    quiet: bool,
}

/// What to say about cells that hold several labels.
fn several(cells: &[String]) -> Option<String> {
    let named: Vec<String> = cells.iter().take(SHOWN).map(|cell| format!("{cell:?}")).collect();
    let more = cells.len() - named.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let are = "hold several labels, and each combination counts as a label; write one label per cell";
    (!cells.is_empty()).then(|| format!("cells such as {}{more} {are}", named.join(", ")))
}

/// The rows on which coders disagree, as they are read.
struct Disagreements<'a> {
    args: &'a Args,
    sheet: Option<Sheet<OutputFile>>,
    /// The cells of the first ones.
    shown: Vec<Vec<String>>,
    count: usize,
    /// Rows that cannot be read.
    failures: Notes,
    /// How the others were read.
    about: Notes,
    write_error: Option<std::io::Error>,
}

impl Disagreements<'_> {
    /// Whether two coders gave a row different labels; spellings that are merged are one label.
    fn disagree(&self, coded: &Coded) -> bool {
        match self.args.label_variants {
            Some(LabelVariants::Merge) => {
                let keys: Vec<Option<String>> =
                    coded.labels.iter().map(|label| label.as_deref().map(spelling_key)).collect();
                disagree(&keys)
            }
            _ => disagree(&coded.labels),
        }
    }

    /// Looks at a row, or at the error that it gave.
    fn look_at(&mut self, row: &crate::Result<Coded>) {
        let coded = match row {
            Ok(coded) => coded,
            Err(error) => return self.failures.add(flags::in_error(error)),
        };
        coded.document.notes().for_each(|note| self.about.add(flags::in_message(&note)));
        if !self.disagree(coded) {
            return;
        }
        self.count += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(cells(coded));
        }
        if let Some(sheet) = self.sheet.as_mut().filter(|_| self.write_error.is_none()) {
            let labels = coded.labels.iter().map(|label| label.as_deref().unwrap_or(""));
            let cells: Vec<&str> =
                [coded.document.id.as_str(), &coded.document.text].into_iter().chain(labels).collect();
            self.write_error = sheet.row(&cells).err();
        }
    }
}

impl Args {
    /// Prints the figures.
    pub fn run(self) -> anyhow::Result<Exit> {
        check_coders(&self.columns)?;
        let output = OutputPaths::new(&self.inputs).claim_if("output", self.output.as_deref())?;
        let mut disagreements = Disagreements {
            args: &self,
            sheet: output.as_ref().map(|path| self.sheet(path)).transpose()?,
            shown: Vec::new(),
            count: 0,
            failures: Notes::default(),
            about: Notes::default(),
            write_error: None,
        };
        let options = self.read.options(&self.read.preparation(&Preparation::for_unit(Unit::Document)));
        let columns = CodedColumns {
            coders: self.columns.clone(),
            conditions: self.conditions.clone(),
            missing: self.missing.values(),
        };
        let mut rows = read_annotations(self.inputs.clone(), &options, columns);
        let looked_at = rows.by_ref().inspect(|row| disagreements.look_at(row));
        let measured = measure_agreement(looked_at, &self.columns, self.label_variants, self.seed, &Silent);
        let notes: Vec<String> = rows.notes().iter().map(flags::in_message).collect();
        if let Some(error) = disagreements.write_error.take() {
            return Err(error).context("cannot write the disagreements");
        }
        let is_data = |error: &crate::Error| matches!(error.kind(), ErrorKind::Data(_));
        if measured.as_ref().map_or_else(is_data, |_| true) {
            disagreements.failures.lines().for_each(|line| terminal::say(&format!("warning: {line}")));
        }
        terminal::warn(self.quiet, &disagreements.about.lines().collect::<Vec<_>>());
        terminal::warn(self.quiet, &notes);
        let report = measured?;
        let near = |labels: &Vec<String>| {
            let shown: Vec<String> = labels.iter().map(|label| format!("{label:?}")).collect();
            let are = "differ only in spelling and count as different labels; --label-variants merge makes them one";
            format!("{} {are}", shown.join(" and "))
        };
        if self.label_variants.is_none() {
            terminal::warn(self.quiet, &report.near_labels.iter().map(near).collect::<Vec<_>>());
            terminal::warn(self.quiet, &several(&report.several_labels).into_iter().collect::<Vec<_>>());
        }

        match self.format {
            FigureFormat::Json => {
                let mut out = terminal::data();
                write_agreement(&mut out, &report)?;
                out.flush()?;
            }
            FigureFormat::Table => {
                let mut out = terminal::screen();
                table(&mut out, &report)?;
                self.disagreements(&mut out, &disagreements)?;
            }
        }
        if let Some(sheet) = disagreements.sheet.take() {
            sheet.finish().and_then(Output::commit).context("cannot write the disagreements")?;
        }
        Ok(Exit::of_counts(report.rows_read, report.skipped))
    }

    fn sheet(&self, path: &ClaimedPath) -> anyhow::Result<Sheet<OutputFile>> {
        let header: Vec<&str> =
            ["id", "text"].into_iter().chain(self.columns.iter().map(String::as_str)).collect();
        let out = OutputFile::create(path)?;
        Sheet::new(out, CsvStyle { excel: self.excel }, &header).context("cannot write the disagreements")
    }

    fn disagreements(&self, out: &mut impl Write, disagreements: &Disagreements<'_>) -> std::io::Result<()> {
        if disagreements.shown.is_empty() {
            return Ok(());
        }
        let of = match disagreements.count {
            all if all > disagreements.shown.len() => {
                format!("the first {} of {all} disagreements", disagreements.shown.len())
            }
            all => counted(all, "disagreement"),
        };
        // Where there is no room, the text gives way first, then the last coders.
        let coder = |name: &String| TextColumn::text(visible(name)).shrinking(MIN_NAME).ranked(1);
        let id = TextColumn::text("id").shrinking(MIN_ID).keeping_end();
        let text = TextColumn::text("text").shrinking(MIN_TEXT).ranked(2);
        let mut table =
            TextTable::new([id].into_iter().chain(self.columns.iter().map(coder)).chain([text]).collect());
        disagreements.shown.iter().for_each(|cells| table.push(cells.iter().cloned()));
        writeln!(out)?;
        print_title(out, &of, terminal::style())?;
        table.write(out, terminal::width(), terminal::style())?;
        if self.output.is_none() && disagreements.count > disagreements.shown.len() {
            writeln!(out, "--output FILE.csv writes all")?;
        }
        Ok(())
    }
}

/// The cells of a row of the table of disagreements: id, each coder's label, the beginning of the
/// text.
fn cells(coded: &Coded) -> Vec<String> {
    let text = &coded.document.text;
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let beginning: String = text.chars().take(BEGINNING).map(plain).collect();
    let more = if text.chars().nth(BEGINNING).is_some() { "…" } else { "" };
    let labels = coded.labels.iter().map(|label| label.as_deref().map_or_else(String::new, visible));
    let id = visible(&coded.document.id);
    std::iter::once(id).chain(labels).chain([beginning + more]).collect()
}

fn table(out: &mut impl Write, report: &AgreementReport) -> std::io::Result<()> {
    let AgreementReport { coders, agreement, .. } = report;
    let style = terminal::style();
    let (count, rows, unanimous) = (coders.len(), agreement.rows, agreement.unanimous);
    print_wrapped(
        out,
        &format!("{count} coders; {rows} rows coded by two or more, {unanimous} of them unanimous"),
    )?;
    print_hanging(out, &format!("agreement             {}", with_interval(agreement.share)))?;
    print_hanging(out, &format!("Krippendorff's alpha  {}", with_interval(agreement.alpha)))?;

    let names: Vec<String> = agreement.labels.iter().map(|of| visible(&of.label)).collect();
    let mut labels = TextTable::new(vec![
        TextColumn::text("label").shrinking(MIN_NAME),
        TextColumn::number("codings"),
        TextColumn::number("agreement"),
    ]);
    for (name, of) in names.iter().zip(&agreement.labels) {
        labels.push([name.clone(), of.codings.to_string(), share(of.share)]);
    }
    writeln!(out)?;
    labels.write(out, terminal::width(), style)?;
    for pair in &agreement.pairs {
        let name = |coder: usize| visible(coders.get(coder).map_or("", String::as_str));
        let [first, second] = pair.coders.map(name);
        writeln!(out)?;
        print_title(out, &format!("{first} and {second}: {} rows", pair.rows), style)?;
        print_hanging(out, &format!("agreement      {}", with_interval(pair.share)))?;
        print_hanging(out, &format!("Cohen's kappa  {}", with_interval(pair.kappa)))?;
        let corner = format!("{first} \\ {second}");
        Matrix { corner, names: &names, counts: pair.confusion.clone() }.print(out, style)?;
    }
    Ok(())
}
