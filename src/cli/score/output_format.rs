//! What the results look like, and where they go.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::inputs::usage;
use crate::cli::terminal;
use crate::pipeline::{Checkpoint, Context, Sink};
use crate::write::{Compressed, Compression, CsvSink, CsvStyle, Destination, JsonlSink, Style, TableSink};

#[derive(clap::Args)]
pub struct FormArgs {
    /// Form of the results [default: by the output's extension, else a table on a terminal and JSON lines elsewhere]
    #[arg(long)]
    format: Option<Format>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Jsonl,
    Csv,
    Parquet,
}

/// A form that can be written.
pub struct Form {
    format: Format,
    compression: Compression,
    csv: CsvStyle,
}

impl FormArgs {
    /// What was asked for, if it can be done.
    ///
    /// `tables` says whether tables of counts are written as CSV, too.
    pub fn resolve(&self, tables: bool) -> anyhow::Result<Form> {
        let compression = self.output.as_deref().map_or(Compression::None, Compression::of_path);
        let format = self.format.unwrap_or_else(|| match &self.output {
            Some(output) => of_path(output, compression),
            None if terminal::stdout_is_terminal() => Format::Table,
            None => Format::Jsonl,
        });
        let columns = matches!(format, Format::Csv | Format::Parquet);
        if columns && self.explain.is_some() {
            return Err(usage("--explain has no place in CSV and Parquet; use --format jsonl"));
        }
        if self.excel && format != Format::Csv && !tables {
            return Err(usage("--excel is for CSV; add --format csv"));
        }
        if format == Format::Parquet {
            if cfg!(not(feature = "parquet")) {
                return Err(usage("this program was built without Parquet; use --format csv or jsonl"));
            }
            if compression != Compression::None {
                return Err(usage("Parquet is compressed in itself; leave .gz or .zst away"));
            }
            if self.output.is_none() && terminal::stdout_is_terminal() {
                return Err(usage("Parquet is not for a terminal; give an --output"));
            }
        }
        Ok(Form { format, compression, csv: CsvStyle { excel: self.excel } })
    }
}

fn of_path(output: &Path, compression: Compression) -> Format {
    let inner = match compression {
        Compression::None => output.to_owned(),
        _ => output.with_extension(""),
    };
    match inner.extension().map(|extension| extension.to_string_lossy().to_lowercase()).as_deref() {
        Some("csv") => Format::Csv,
        Some("txt") => Format::Table,
        Some("parquet" | "pq") => Format::Parquet,
        _ => Format::Jsonl,
    }
}

impl Form {
    /// Where the results go, after those that `checkpoints` speak of.
    pub fn sink(
        &self,
        out: Destination,
        context: &Context,
        checkpoints: &[Checkpoint],
    ) -> anyhow::Result<Box<dyn Sink>> {
        let context = context.clone();
        let style = if matches!(out, Destination::Stdout(_)) { terminal::style() } else { Style::Plain };
        if self.format == Format::Parquet {
            return parquet(out, context, checkpoints);
        }
        let out = Compressed::new(out, self.compression, checkpoints.is_empty());
        Ok(match self.format {
            Format::Table => Box::new(TableSink::new(out, context, style)),
            Format::Csv => Box::new(CsvSink::new(out, context, self.csv)),
            Format::Jsonl | Format::Parquet => Box::new(JsonlSink::new(out, context)),
        })
    }
}

#[cfg(feature = "parquet")]
fn parquet(out: Destination, context: Context, checkpoints: &[Checkpoint]) -> anyhow::Result<Box<dyn Sink>> {
    use anyhow::Context as _;
    let marks: Vec<_> = checkpoints.iter().map(|checkpoint| checkpoint.mark.clone()).collect();
    let sink = crate::write::ParquetSink::go_on(out, context, &marks);
    Ok(Box::new(sink.context("cannot go on with the unfinished file; begin anew with --restart")?))
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: Destination, _: Context, _: &[Checkpoint]) -> anyhow::Result<Box<dyn Sink>> {
    Err(usage("this program was built without Parquet"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_before_the_compression_tells_the_format() {
        for (name, format) in [
            ("a.csv", Format::Csv),
            ("a.CSV.GZ", Format::Csv),
            ("a.jsonl.zst", Format::Jsonl),
            ("a.parquet", Format::Parquet),
            ("a.gz", Format::Jsonl),
            ("a", Format::Jsonl),
        ] {
            let path = Path::new(name);
            assert_eq!(of_path(path, Compression::of_path(path)), format, "{name}");
        }
    }
}
