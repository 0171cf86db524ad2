//! Defines the options of the results' format, and makes the sink that they ask for.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::cli::exit::usage;
use crate::cli::terminal;
use crate::cli::values::condition;
use crate::pipeline::{OpenedOutput, RunOutput, SortBy};
use crate::read::Condition;
use crate::write::{
    Compression, CsvStyle, OUTPUT_FORMATS, OutputFormat, RunContext, SinkOptions, Style, left_out,
};

#[derive(clap::Args)]
pub struct FormatArgs {
    /// Output format [default: from the extension of --output; otherwise a table on a terminal,
    /// JSON lines elsewhere]
    #[arg(long, value_parser = format_names())]
    format: Option<&'static OutputFormat>,
    /// Write the results to this file, in the format of its extension: .jsonl, .json, .csv, .tsv,
    /// .parquet, .xlsx, .md, .html, .tex or .txt; a second extension .gz or .zst compresses them.
    /// The file appears when it is complete
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Add the score of every paragraph; CSV and Parquet then have one row per paragraph
    #[arg(long)]
    pub paragraphs: bool,
    /// Leave out the text of paragraphs
    #[arg(long)]
    pub no_text: bool,
    /// Add the N strongest terms of each label
    #[arg(long, value_name = "N")]
    pub explain: Option<usize>,
    /// Columns of the results, in this order, e.g. id,label,slant; for tables of any format.
    /// Columns of --keep have their own names [default: all; in tables that people read, the most
    /// informative]
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,
    /// Keep only results whose column has this value, e.g. label=for; may be given several times.
    /// The column is one of the results or of --keep. Counts are of all texts; the page of --report
    /// is about those that are kept
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = condition)]
    pub conditions: Vec<Condition>,
    /// Sort results by slant (highest first), confidence (most certain first), date (earliest
    /// first), title or a column of --keep (lowest first). Only for tables that people read; all
    /// results are held in memory until the end
    #[arg(long, value_name = "BY", value_parser = sort_by, conflicts_with = "resume")]
    pub sort: Option<SortBy>,
    /// Decimals in tables that people read [default: 2 on a terminal, 3 in Markdown, HTML and
    /// LaTeX]; data files keep all digits
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=17))]
    pub digits: Option<u8>,
    /// Write CSV for Excel: with a byte order mark, and no cell that Excel takes for a formula
    #[arg(long)]
    pub excel: bool,
}

fn sort_by(name: &str) -> Result<SortBy, String> {
    Ok(SortBy::from_name(name))
}

fn format_names() -> impl TypedValueParser<Value = &'static OutputFormat> {
    let names = PossibleValuesParser::new(OUTPUT_FORMATS.map(|format| format.name));
    names.try_map(|name| OutputFormat::named(&name).ok_or("unknown format"))
}

/// A format that can be written.
pub struct ChosenFormat {
    format: &'static OutputFormat,
    compression: Compression,
    csv: CsvStyle,
    digits: Option<usize>,
    is_resumable: bool,
}

impl FormatArgs {
    /// The format that was asked for, if it supports the other options.
    ///
    /// `tables` says whether tables of counts are written as CSV, too.
    pub fn resolve(&self, tables: bool) -> anyhow::Result<ChosenFormat> {
        let compression = self.output.as_deref().map_or(Compression::None, Compression::for_path);
        let format = match &self.output {
            _ if self.format.is_some() => self.format.unwrap_or(OutputFormat::table()),
            Some(output) => OutputFormat::for_path(output)?,
            None if terminal::stdout_is_terminal() => OutputFormat::table(),
            None => OutputFormat::json_lines(),
        };
        self.check_contents(format, tables)?;
        let name = format.name;
        if !format.is_built() {
            return Err(usage(format!("this program was built without {name}; use --format csv or jsonl")));
        }
        if compression != Compression::None && !format.is_compressible {
            return Err(usage(format!("{name} compresses its own data; leave out .gz or .zst")));
        }
        if !format.is_text && self.output.is_none() && terminal::stdout_is_terminal() {
            return Err(usage(format!("{name} cannot be shown on a terminal; give --output FILE")));
        }
        let csv = CsvStyle { excel: self.excel };
        let is_resumable = format.is_resumable && self.sort.is_none();
        Ok(ChosenFormat { format, compression, csv, digits: self.digits.map(usize::from), is_resumable })
    }

    /// Refuses options for contents that the format has no place for; `tables` says whether tables
    /// of counts are written, too.
    fn check_contents(&self, format: &OutputFormat, tables: bool) -> anyhow::Result<()> {
        let name = format.name;
        if self.explain.is_some() && !format.has_explanations {
            return Err(usage(format!("{name} cannot hold explanations (--explain); use --format jsonl")));
        }
        if self.columns.is_some() && !format.has_columns {
            return Err(usage(format!(
                "{name} has no columns to choose (--columns); use --format table, csv, tsv, parquet, xlsx, md, html or tex"
            )));
        }
        if self.columns.is_some() && self.explain.is_some() {
            return Err(usage("--explain and --columns exclude each other; leave out one"));
        }
        if self.sort.is_some() && !format.is_sortable {
            return Err(usage(format!(
                "--sort does not apply to {name}, whose results are written as they come; use --format table, xlsx, md, html or tex, \
                 or sort the file afterwards"
            )));
        }
        if self.digits.is_some() && !format.has_digits && !tables {
            return Err(usage(format!(
                "--digits does not apply to {name}; use --format table, md, html or tex"
            )));
        }
        if self.excel && !format.has_csv_style && !tables {
            return Err(usage("--excel is for CSV; add --format csv"));
        }
        Ok(())
    }
}

impl ChosenFormat {
    /// Whether an unfinished output can be continued.
    pub fn is_resumable(&self) -> bool {
        self.is_resumable
    }

    /// Whether results are a table for reading.
    pub fn is_table(&self) -> bool {
        self.format == OutputFormat::table()
    }

    /// Whether results are a table that is read on a terminal.
    pub fn is_shown(&self, output: Option<&Path>) -> bool {
        self.is_table() && output.is_none()
    }

    /// Says which columns the table that is read on a terminal has no room for.
    pub fn left_out(&self, context: &RunContext) -> Option<String> {
        let is_table = self.format == OutputFormat::table() && context.columns.is_none();
        is_table.then(|| left_out(context, terminal::width(), self.digits)).flatten()
    }

    /// Makes the output of a run in this format.
    pub fn sink(&self, opened: OpenedOutput, context: &RunContext) -> crate::Result<RunOutput> {
        let mut options = SinkOptions::new(context.clone());
        options.style = if opened.is_stdout() { terminal::style() } else { Style::Plain };
        if opened.is_stdout() {
            options.width = terminal::width();
            options.looks_ahead = true;
        }
        options.digits = self.digits;
        options.csv = self.csv;
        options.compression = self.compression;
        // A table is fit for a terminal; other formats give the input's characters as they are.
        let opened = if self.format == OutputFormat::table() { opened } else { opened.escaped() };
        opened.write_as(self.format, options)
    }
}
