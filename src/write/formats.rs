//! Lists the output formats of a run's results: names, extensions, what each supports, and how its sink is made.
//!
//! A new format is one file in `sinks/` and one row here.

use std::io;
use std::path::Path;

use crate::write::{
    Compressed, Compression, CsvSink, CsvStyle, Destination, JsonlSink, Mark, RunContext, Sink, Style,
    TableSink,
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
    /// How cells of CSV are written.
    pub csv: CsvStyle,
    /// How the bytes are compressed, for formats that do not compress them themselves.
    pub compression: Compression,
    /// The segments that stand in an unfinished output already, which is continued.
    pub marks: Vec<Mark>,
}

impl SinkOptions {
    /// Writes a new output, plain and uncompressed.
    pub fn new(context: RunContext) -> Self {
        SinkOptions {
            context,
            style: Style::Plain,
            csv: CsvStyle::default(),
            compression: Compression::None,
            marks: Vec::new(),
        }
    }

    fn compressed(&self, out: Destination) -> Compressed {
        Compressed::new(out, self.compression, self.marks.is_empty())
    }
}

static TABLE: OutputFormat = OutputFormat {
    name: "table",
    extensions: &["txt"],
    has_explanations: true,
    has_csv_style: false,
    is_compressible: true,
    is_text: true,
    open: Some(|out, options| {
        Ok(Box::new(TableSink::new(options.compressed(out), options.context, options.style)))
    }),
};

static JSONL: OutputFormat = OutputFormat {
    name: "jsonl",
    extensions: &["jsonl", "ndjson"],
    has_explanations: true,
    has_csv_style: false,
    is_compressible: true,
    is_text: true,
    open: Some(|out, options| Ok(Box::new(JsonlSink::new(options.compressed(out), options.context)))),
};

static CSV: OutputFormat = OutputFormat {
    name: "csv",
    extensions: &["csv"],
    has_explanations: false,
    has_csv_style: true,
    is_compressible: true,
    is_text: true,
    open: Some(|out, options| {
        Ok(Box::new(CsvSink::new(options.compressed(out), options.context, options.csv)))
    }),
};

static PARQUET: OutputFormat = OutputFormat {
    name: "parquet",
    extensions: &["parquet", "pq"],
    has_explanations: false,
    has_csv_style: false,
    is_compressible: false,
    is_text: false,
    #[cfg(feature = "parquet")]
    open: Some(|out, options| {
        Ok(Box::new(crate::write::ParquetSink::resume(out, options.context, &options.marks)?))
    }),
    #[cfg(not(feature = "parquet"))]
    open: None,
};

/// All formats, in the order in which help lists them.
pub static OUTPUT_FORMATS: [&OutputFormat; 4] = [&TABLE, &JSONL, &CSV, &PARQUET];

impl OutputFormat {
    /// A table to read on a terminal.
    pub fn table() -> &'static OutputFormat {
        &TABLE
    }

    /// One JSON object a line.
    pub fn json_lines() -> &'static OutputFormat {
        &JSONL
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<&'static OutputFormat> {
        OUTPUT_FORMATS.into_iter().find(|format| format.name == name)
    }

    /// The format that a path's extension tells, below that of a compression; JSON lines where it tells none.
    pub fn for_path(path: &Path) -> &'static OutputFormat {
        let inner = match Compression::for_path(path) {
            Compression::None => path.to_owned(),
            _ => path.with_extension(""),
        };
        let extension = inner.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let told = extension.and_then(|extension| {
            OUTPUT_FORMATS.into_iter().find(|format| format.extensions.contains(&extension.as_str()))
        });
        told.unwrap_or(&JSONL)
    }

    /// Whether this build can write it.
    pub fn is_built(&self) -> bool {
        self.open.is_some()
    }

    /// Makes a sink that writes to `out`, after the segments that stand there.
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
            ("a.gz", "jsonl"),
            ("a", "jsonl"),
        ] {
            assert_eq!(OutputFormat::for_path(Path::new(path)).name, name, "{path}");
        }
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
