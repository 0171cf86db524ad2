//! Lists the output formats of a run's results: names, extensions, what each supports, and how its
//! sink is made.
//!
//! A new format is one file in `sinks/` and one row here.

use std::io;
use std::path::Path;

use crate::error::{Error, Result};
use crate::write::rows::USUAL_DIGITS;
use crate::write::sinks::streamed_table::TableForm;
use crate::write::sinks::table;
use crate::write::{
    ColumnTableSink, Compressed, Compression, CsvSink, CsvStyle, Destination, JsonSink, JsonlSink, Mark,
    PublishedSink, RowFormat, RunContext, Schema, Sink, Style, TableSink,
};

/// A format in which the results of a run can be written.
#[derive(Debug)]
#[non_exhaustive]
pub struct OutputFormat {
    /// Its name: `jsonl`.
    pub name: &'static str,
    /// Its extensions without the dot, in lower case.
    pub extensions: &'static [&'static str],
    /// Whether it has room for explanations.
    pub has_explanations: bool,
    /// Whether [`CsvStyle`] changes it.
    pub has_csv_style: bool,
    /// Whether its columns can be chosen.
    pub has_columns: bool,
    /// Whether its numbers are rounded for people.
    pub has_digits: bool,
    /// Whether its results may be held until the last one is there, to be sorted: it is for people,
    /// who read no millions.
    pub is_sortable: bool,
    /// Whether an unfinished output can be continued.
    pub is_resumable: bool,
    /// Whether its bytes may be compressed: not if it compresses them itself.
    pub is_compressible: bool,
    /// Whether it may be shown on a terminal.
    pub is_text: bool,
    /// Makes its sink; `None` if this build leaves the format out.
    open: Option<OpenSink>,
}

/// Makes a sink that writes to a destination.
type OpenSink = fn(Destination, SinkOptions) -> io::Result<Box<dyn Sink>>;

/// How the sink of a format writes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SinkOptions {
    /// What all results share.
    pub context: RunContext,
    /// Whether a table is colored.
    pub style: Style,
    /// The columns that a line of a table may have.
    pub width: usize,
    /// Whether the first rows of a table decide the widths of its columns: not those of an output
    /// that may be continued.
    pub looks_ahead: bool,
    /// Decimals of the numbers in tables for people; `None` for as many as the format usually has.
    pub digits: Option<usize>,
    /// How cells of CSV are written.
    pub csv: CsvStyle,
    /// How the bytes are compressed, for formats that do not compress them themselves.
    pub compression: Compression,
    /// The segments that stand in an unfinished output already, which is continued.
    pub marks: Vec<Mark>,
}

/// The width of a table that goes to no terminal.
pub const USUAL_WIDTH: usize = 100;

impl SinkOptions {
    /// Writes a new output, plain and uncompressed.
    pub fn new(context: RunContext) -> Self {
        SinkOptions {
            context,
            style: Style::Plain,
            width: USUAL_WIDTH,
            looks_ahead: false,
            digits: None,
            csv: CsvStyle::default(),
            compression: Compression::None,
            marks: Vec::new(),
        }
    }

    /// A table for a terminal: of all that its reader wants to see first, or of chosen columns.
    fn table(self, out: Destination) -> Box<dyn Sink> {
        let out = self.compressed(out);
        let digits = self.digits.unwrap_or(table::USUAL_DIGITS);
        let form = TableForm { style: self.style, width: self.width, digits, looks_ahead: self.looks_ahead };
        match self.context.columns {
            Some(_) => Box::new(ColumnTableSink::new(out, Schema::new(self.context), form)),
            None => Box::new(TableSink::new(out, self.context, form)),
        }
    }

    fn published(self, out: Destination, format: RowFormat) -> Box<dyn Sink> {
        let out = self.compressed(out);
        let digits = self.digits.unwrap_or(USUAL_DIGITS);
        Box::new(PublishedSink::new(out, Schema::published(self.context), format, digits))
    }

    fn compressed(&self, out: Destination) -> Compressed {
        Compressed::new(out, self.compression, self.marks.is_empty())
    }
}

/// What most formats have in common.
const USUAL: OutputFormat = OutputFormat {
    name: "",
    extensions: &[],
    has_explanations: false,
    has_csv_style: false,
    has_columns: true,
    has_digits: false,
    is_sortable: false,
    is_resumable: true,
    is_compressible: true,
    is_text: true,
    open: None,
};

static TABLE: OutputFormat = OutputFormat {
    name: "table",
    extensions: &["txt"],
    has_explanations: true,
    has_digits: true,
    is_sortable: true,
    open: Some(|out, options| Ok(options.table(out))),
    ..USUAL
};

static JSONL: OutputFormat = OutputFormat {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    has_explanations: true,
    has_columns: false,
    open: Some(|out, options| Ok(Box::new(JsonlSink::new(options.compressed(out), options.context)))),
    ..USUAL
};

static JSON: OutputFormat = OutputFormat {
    name: "json",
    extensions: &["json"],
    has_explanations: true,
    has_columns: false,
    open: Some(|out, options| {
        Ok(Box::new(JsonSink::new(options.compressed(out), options.context, &options.marks)))
    }),
    ..USUAL
};

static CSV: OutputFormat = OutputFormat {
    name: "csv",
    extensions: &["csv"],
    has_csv_style: true,
    open: Some(|out, options| {
        Ok(Box::new(CsvSink::new(options.compressed(out), options.context, options.csv)))
    }),
    ..USUAL
};

static TSV: OutputFormat = OutputFormat {
    name: "tsv",
    extensions: &["tsv"],
    has_csv_style: true,
    open: Some(|out, options| {
        Ok(Box::new(CsvSink::new(options.compressed(out), options.context, options.csv).tabbed()))
    }),
    ..USUAL
};

static MARKDOWN: OutputFormat = OutputFormat {
    name: "md",
    extensions: &["md"],
    has_digits: true,
    is_sortable: true,
    open: Some(|out, options| Ok(options.published(out, RowFormat::Markdown))),
    ..USUAL
};

static HTML: OutputFormat = OutputFormat {
    name: "html",
    extensions: &["html"],
    has_digits: true,
    is_sortable: true,
    open: Some(|out, options| Ok(options.published(out, RowFormat::Html))),
    ..USUAL
};

static LATEX: OutputFormat = OutputFormat {
    name: "tex",
    extensions: &["tex"],
    has_digits: true,
    is_sortable: true,
    open: Some(|out, options| Ok(options.published(out, RowFormat::Latex))),
    ..USUAL
};

static XLSX: OutputFormat = OutputFormat {
    name: "xlsx",
    extensions: &["xlsx"],
    is_sortable: true,
    is_resumable: false,
    is_compressible: false,
    is_text: false,
    #[cfg(feature = "spreadsheet")]
    open: Some(|out, options| Ok(Box::new(crate::write::XlsxSink::new(out, Schema::new(options.context))))),
    ..USUAL
};

static PARQUET: OutputFormat = OutputFormat {
    name: "parquet",
    extensions: &["parquet", "pq"],
    is_compressible: false,
    is_text: false,
    #[cfg(feature = "parquet")]
    open: Some(|out, options| {
        Ok(Box::new(crate::write::ParquetSink::resume(out, options.context, &options.marks)?))
    }),
    ..USUAL
};

/// All formats, in the order in which help lists them.
pub static OUTPUT_FORMATS: [&OutputFormat; 10] =
    [&TABLE, &JSONL, &JSON, &CSV, &TSV, &PARQUET, &XLSX, &MARKDOWN, &HTML, &LATEX];

impl OutputFormat {
    /// A table to read on a terminal.
    pub fn table() -> &'static OutputFormat {
        &TABLE
    }

    /// One JSON object per line.
    pub fn json_lines() -> &'static OutputFormat {
        &JSONL
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<&'static OutputFormat> {
        OUTPUT_FORMATS.into_iter().find(|format| format.name == name)
    }

    /// The format that a path's extension tells, below that of a compression; JSON lines without an
    /// extension.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for an extension that tells none.
    pub fn for_path(path: &Path) -> Result<&'static OutputFormat> {
        let inner = match Compression::for_path(path) {
            Compression::None => path.to_owned(),
            _ => path.with_extension(""),
        };
        let Some(extension) = inner.extension() else { return Ok(&JSONL) };
        let extension = extension.to_string_lossy().to_lowercase();
        let told = OUTPUT_FORMATS.into_iter().find(|format| format.extensions.contains(&extension.as_str()));
        told.ok_or_else(|| {
            let known = OUTPUT_FORMATS.into_iter().flat_map(|format| format.extensions);
            let known: Vec<String> = known.map(|extension| format!(".{extension}")).collect();
            let expected =
                format!("a name ending in {}, optionally followed by .gz or .zst", known.join(", "));
            Error::invalid_parameter("output", path.display(), expected)
        })
    }

    /// Whether this build can write it.
    pub fn is_built(&self) -> bool {
        self.open.is_some()
    }

    /// Makes a sink that writes to `out`, after the segments that stand there. It writes all that
    /// it is given: a run chooses the results before.
    ///
    /// # Errors
    /// A format that this build leaves out, or marks that are damaged.
    pub fn sink(&self, out: Destination, options: SinkOptions) -> io::Result<Box<dyn Sink>> {
        match self.open {
            Some(open) => open(out, options),
            None => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!("this build cannot write {}", self.name),
            )),
        }
    }
}

impl PartialEq for OutputFormat {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for OutputFormat {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_before_the_compression_tells_the_format() {
        for (path, name) in [
            ("a.csv", "csv"),
            ("a.CSV.GZ", "csv"),
            ("a.jsonl.zst", "jsonl"),
            ("a.parquet", "parquet"),
            ("a.txt", "table"),
            ("a.xlsx", "xlsx"),
            ("a.b.TeX", "tex"),
            ("a.json.gz", "json"),
            ("a.gz", "jsonl"),
            ("a", "jsonl"),
        ] {
            assert_eq!(OutputFormat::for_path(Path::new(path)).unwrap().name, name, "{path}");
        }
        let error = OutputFormat::for_path(Path::new("s.xls.gz")).unwrap_err().to_string();
        assert!(error.contains("s.xls.gz: expected a name ending in .txt, .jsonl"), "{error}");
    }

    #[test]
    fn names_and_extensions_are_unique() {
        let names: Vec<&str> = OUTPUT_FORMATS.iter().map(|format| format.name).collect();
        let extensions: Vec<&str> =
            OUTPUT_FORMATS.iter().flat_map(|format| format.extensions).copied().collect();
        for all in [names, extensions] {
            let unique: std::collections::BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(unique.len(), all.len(), "{all:?}");
        }
    }
}
