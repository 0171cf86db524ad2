//! Writes a whole table of cells to a file, in the format that the file's name tells.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, to_value};

use crate::error::{Error, Result};
use crate::write::rows::{RowFormat, USUAL_DIGITS, shown};
use crate::write::sinks;
use crate::write::sinks::csv::no_formula;
use crate::write::{Cell, CellType, Style, TextColumn, TextTable};

/// The names and types of a table's columns.
pub(crate) type TableColumns = [(String, CellType)];

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableFormat {
    /// Comma-separated values.
    Csv,
    /// Values with tabs between them.
    Tsv,
    /// An array of objects.
    Json,
    /// One object per line.
    JsonLines,
    /// A table to publish.
    Published(RowFormat),
    /// A table in columns of blanks, as on a terminal.
    Text,
    /// An Excel workbook.
    Xlsx,
}

/// Extensions, and the formats that they tell.
const EXTENSIONS: [(&str, TableFormat); 9] = [
    ("csv", TableFormat::Csv),
    ("tsv", TableFormat::Tsv),
    ("json", TableFormat::Json),
    ("jsonl", TableFormat::JsonLines),
    ("md", TableFormat::Published(RowFormat::Markdown)),
    ("html", TableFormat::Published(RowFormat::Html)),
    ("tex", TableFormat::Published(RowFormat::Latex)),
    ("txt", TableFormat::Text),
    ("xlsx", TableFormat::Xlsx),
];

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// The format.
    pub format: TableFormat,
    /// CSV for Excel, as in [`CsvStyle`](crate::write::CsvStyle).
    pub excel: bool,
    /// Decimals of the numbers in tables for people; data files have all.
    pub digits: Option<usize>,
}

impl TableOptions {
    /// Decimals of numbers in tables for people.
    pub(crate) fn shown_digits(&self) -> usize {
        self.digits.unwrap_or(match self.format {
            TableFormat::Text => sinks::table::USUAL_DIGITS,
            _ => USUAL_DIGITS,
        })
    }
}

impl TableFormat {
    /// Whether people read it, and not programs.
    pub(crate) fn is_for_people(self) -> bool {
        self.is_text_for_people() || self == TableFormat::Xlsx
    }

    /// Whether it is printed or published as it stands, so that nobody can compute with it.
    pub(crate) fn is_text_for_people(self) -> bool {
        matches!(self, TableFormat::Published(_) | TableFormat::Text)
    }

    /// The format that a path's extension tells; CSV without one.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) about `parameter` for an extension
    /// that tells none, or a format that this build cannot write.
    pub fn for_path(path: &Path, parameter: &'static str) -> Result<Self> {
        let Some(extension) = path.extension().map(|extension| extension.to_string_lossy().to_lowercase())
        else {
            return Ok(TableFormat::Csv);
        };
        let found = EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, format)| *format);
        found.filter(|format| cfg!(feature = "spreadsheet") || *format != TableFormat::Xlsx).ok_or_else(
            || {
                let known: Vec<String> = EXTENSIONS.iter().map(|(known, _)| format!(".{known}")).collect();
                Error::invalid_parameter(
                    parameter,
                    path.display(),
                    format!("a name ending in {}", known.join(", ")),
                )
            },
        )
    }
}

/// Writes columns and rows.
///
/// # Errors
/// The system's error if writing fails; a table that has no room in a sheet of Excel.
pub(crate) fn write_table<'r>(
    out: &mut impl Write,
    columns: &TableColumns,
    rows: impl Iterator<Item = Vec<Cell<'r>>>,
    options: TableOptions,
) -> io::Result<()> {
    match options.format {
        TableFormat::Csv => separated(out, columns, rows, (b',', options.excel)),
        TableFormat::Tsv => separated(out, columns, rows, (b'\t', options.excel)),
        TableFormat::Json => json(out, columns, rows),
        TableFormat::JsonLines => json_lines(out, columns, rows),
        TableFormat::Text => text(out, columns, rows, options.shown_digits()),
        TableFormat::Published(format) => {
            let digits = options.shown_digits();
            let heads = columns.iter().map(|(name, of)| (name.as_str(), *of));
            out.write_all(format.begin(heads).as_bytes())?;
            for row in rows {
                let are_numbers = columns.iter().map(|(_, of)| *of != CellType::Text);
                out.write_all(format.aligned_row(are_numbers.zip(row), digits).as_bytes())?;
            }
            out.write_all(format.end().as_bytes())
        }
        #[cfg(feature = "spreadsheet")]
        TableFormat::Xlsx => {
            let mut book = crate::write::workbook::Workbook::new();
            book.header(columns.iter().map(|(name, _)| name.as_str()))?;
            for row in rows {
                book.row(row.into_iter())?;
            }
            out.write_all(&book.take_bytes()?)
        }
        #[cfg(not(feature = "spreadsheet"))]
        TableFormat::Xlsx => Err(io::Error::new(io::ErrorKind::Unsupported, "this build cannot write xlsx")),
    }
}

fn separated<'r>(
    out: &mut impl Write,
    columns: &TableColumns,
    rows: impl Iterator<Item = Vec<Cell<'r>>>,
    (delimiter, excel): (u8, bool),
) -> io::Result<()> {
    let text = |text: &str| if excel { no_formula(text).into_owned() } else { text.to_owned() };
    if excel {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut out = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    out.write_record(columns.iter().map(|(name, _)| text(name))).map_err(io::Error::from)?;
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(cell) => text(cell),
            Cell::Whole(number) => number.to_string(),
            Cell::Real(number) => number.to_string(),
        });
        out.write_record(cells).map_err(io::Error::from)?;
    }
    out.flush()
}

/// The names of the columns with the cells of a row.
fn object(columns: &TableColumns, row: &[Cell<'_>]) -> io::Result<serde_json::Map<String, Value>> {
    let fields = columns.iter().zip(row).map(|((name, _), cell)| Ok((name.clone(), to_value(cell)?)));
    fields.collect()
}

fn json<'r>(
    out: &mut impl Write,
    columns: &TableColumns,
    rows: impl Iterator<Item = Vec<Cell<'r>>>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    for (number, row) in rows.enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &object(columns, &row)?)?;
    }
    out.write_all(b"\n]\n")
}

fn json_lines<'r>(
    out: &mut impl Write,
    columns: &TableColumns,
    mut rows: impl Iterator<Item = Vec<Cell<'r>>>,
) -> io::Result<()> {
    rows.try_for_each(|row| {
        serde_json::to_writer(&mut *out, &object(columns, &row)?)?;
        out.write_all(b"\n")
    })
}

/// Columns as wide as their cells: a file has room for all of them.
fn text<'r>(
    out: &mut impl Write,
    columns: &TableColumns,
    rows: impl Iterator<Item = Vec<Cell<'r>>>,
    digits: usize,
) -> io::Result<()> {
    let columns = columns.iter().map(|(name, of)| match of {
        CellType::Text => TextColumn::text(name),
        CellType::Whole | CellType::Real => TextColumn::number(name),
    });
    let mut table = TextTable::new(columns.collect());
    rows.for_each(|row| table.push(row.iter().map(|cell| shown(cell, digits))));
    table.write(out, usize::MAX, Style::Plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, excel: bool) -> String {
        let format = TableFormat::for_path(Path::new(name), "by_output").unwrap();
        let columns = [("source".to_owned(), CellType::Text), ("share".to_owned(), CellType::Real)];
        let rows = vec![vec![Cell::from("=a\tb"), Cell::Real(1.0 / 3.0)], vec![Cell::Empty, Cell::Empty]];
        let mut out = Vec::new();
        write_table(&mut out, &columns, rows.into_iter(), TableOptions { format, excel, digits: Some(1) })
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_name_tells_the_format_and_data_files_have_all_digits() {
        assert_eq!(written("a.csv", true), "\u{feff}source,share\n'=a\tb,0.3333333333333333\n,\n");
        assert_eq!(written("a.TSV", false), "source\tshare\n\"=a\tb\"\t0.3333333333333333\n\t\n");
        assert_eq!(
            written("a.json", false),
            "[\n{\"source\":\"=a\\tb\",\"share\":0.3333333333333333},\n{\"source\":null,\"share\":null}\n]\n"
        );
        assert!(written("a.md", false).contains("| =a b | 0.3 |"));
        assert!(written("a.html", false).contains(">0.3</td>"));
        assert!(written("a.tex", false).contains("=a b & 0.3 \\\\"));
        assert!(written("a.txt", false).ends_with("  0.3\n\n"), "{}", written("a.txt", false));
        assert_eq!(
            written("a.jsonl", false),
            "{\"source\":\"=a\\tb\",\"share\":0.3333333333333333}\n{\"source\":null,\"share\":null}\n"
        );
        assert_eq!(TableFormat::for_path(Path::new("-"), "by_output").unwrap(), TableFormat::Csv);
    }

    #[test]
    fn an_extension_that_nobody_knows_is_refused_with_those_that_are_known() {
        let error = TableFormat::for_path(Path::new("a.xls"), "by_output").unwrap_err().to_string();
        assert!(
            error.contains("`by_output` a.xls") && error.contains(".csv, .tsv, .json, .jsonl, .md"),
            "{error}"
        );
    }
}
