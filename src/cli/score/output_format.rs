//! Defines the options of the results' format, and makes the sink that they ask for.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::cli::inputs::usage;
use crate::cli::terminal;
use crate::pipeline::{OpenedOutput, RunOutput};
use crate::write::{Compression, CsvStyle, OUTPUT_FORMATS, OutputFormat, RunContext, SinkOptions, Style};

#[derive(clap::Args)]
pub struct FormatArgs {
    /// Form of the results [default: by the output's extension, else a table on a terminal and JSON lines elsewhere]
    #[arg(long, value_parser = format_names())]
    format: Option<&'static OutputFormat>,
    /// Write the results here, when all is done; .gz and .zst at the end compress them
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Give every paragraph's score too; in CSV and Parquet one row a paragraph
    #[arg(long)]
    pub paragraphs: bool,
    /// Leave the text out of paragraphs
    #[arg(long)]
    pub no_text: bool,
    /// Give the N strongest terms for each label
    #[arg(long, value_name = "N")]
    pub explain: Option<usize>,
    /// CSV as Excel reads it: a byte order mark, and no cell that it takes for a formula
    #[arg(long)]
    pub excel: bool,
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
}

impl FormatArgs {
    /// The format that was asked for, if it supports the other options.
    ///
    /// `tables` says whether tables of counts are written as CSV, too.
    pub fn resolve(&self, tables: bool) -> anyhow::Result<ChosenFormat> {
        let compression = self.output.as_deref().map_or(Compression::None, Compression::for_path);
        let format = self.format.unwrap_or_else(|| match &self.output {
            Some(output) => OutputFormat::for_path(output),
            None if terminal::stdout_is_terminal() => OutputFormat::table(),
            None => OutputFormat::json_lines(),
        });
        if self.explain.is_some() && !format.has_explanations {
            return Err(usage("--explain has no place in CSV and Parquet; use --format jsonl"));
        }
        if self.excel && !format.has_csv_style && !tables {
            return Err(usage("--excel is for CSV; add --format csv"));
        }
        if !format.is_built() {
            return Err(usage("this program was built without Parquet; use --format csv or jsonl"));
        }
        if compression != Compression::None && !format.is_compressible {
            return Err(usage("Parquet is compressed in itself; leave .gz or .zst away"));
        }
        if !format.is_text && self.output.is_none() && terminal::stdout_is_terminal() {
            return Err(usage("Parquet is not for a terminal; give an --output"));
        }
        Ok(ChosenFormat { format, compression, csv: CsvStyle { excel: self.excel } })
    }
}

impl ChosenFormat {
    /// Makes the output of a run in this format.
    pub fn sink(&self, opened: OpenedOutput, context: &RunContext) -> crate::Result<RunOutput> {
        let mut options = SinkOptions::new(context.clone());
        options.style = if opened.is_stdout() { terminal::style() } else { Style::Plain };
        options.csv = self.csv;
        options.compression = self.compression;
        // A table is fit for a terminal; other formats give the input's characters as they are.
        let opened = if self.format == OutputFormat::table() { opened } else { opened.escaped() };
        opened.write_as(self.format, options)
    }
}
