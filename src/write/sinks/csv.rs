//! Writes results as comma-separated values: one row per document, or one row per paragraph.

use std::borrow::Cow;
use std::io;

use crate::read::FORMULA_STARTS;
use crate::write::{Cell, Mark, Outcome, Output, RunContext, Schema, Sink};

/// How cells are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsvStyle {
    /// With a byte order mark, which Excel needs to read UTF-8, and an apostrophe before each text
    /// that Excel would take for a formula: OWASP's rule against CSV injection.
    pub excel: bool,
}

/// Rows with a header; failed records fill the error columns only.
#[derive(Debug)]
pub struct CsvSink<W: Output> {
    out: W,
    schema: Schema,
    style: CsvStyle,
    delimiter: u8,
    /// The bytes of a row before they are written.
    line: Vec<u8>,
}

impl<W: Output> CsvSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, context: RunContext, style: CsvStyle) -> Self {
        CsvSink { out, schema: Schema::new(context), style, delimiter: b',', line: Vec::new() }
    }

    /// The same with tabs between the values.
    #[must_use]
    pub fn tabbed(self) -> Self {
        CsvSink { delimiter: b'\t', ..self }
    }
}

/// A text as it may stand in a cell: with an apostrophe where a spreadsheet would take it for a
/// formula.
pub(crate) fn no_formula(text: &str) -> Cow<'_, str> {
    match text.starts_with(FORMULA_STARTS) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// Appends one row to `line`.
fn append<'a>(
    line: &mut Vec<u8>,
    row: impl Iterator<Item = Cell<'a>>,
    (style, delimiter): (CsvStyle, u8),
) -> io::Result<()> {
    let mut builder = ::csv::WriterBuilder::new();
    let mut writer = builder.delimiter(delimiter).buffer_capacity(1 << 10).from_writer(std::mem::take(line));
    for cell in row {
        match cell {
            Cell::Empty => writer.write_field(""),
            Cell::Text(text) if style.excel => writer.write_field(no_formula(&text).as_bytes()),
            Cell::Text(text) => writer.write_field(text.as_bytes()),
            Cell::Whole(number) => writer.write_field(number.to_string()),
            Cell::Real(number) => writer.write_field(number.to_string()),
        }?;
    }
    writer.write_record(None::<&[u8]>)?;
    *line = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(())
}

impl<W: Output> Sink for CsvSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        if self.style.excel {
            self.line.extend_from_slice("\u{feff}".as_bytes());
        }
        let header = self.schema.columns().iter().map(|column| Cell::from(column.name()));
        append(&mut self.line, header, (self.style, self.delimiter))?;
        self.out.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let CsvSink { out, schema, style, delimiter, line } = self;
        for row in schema.rows(outcome.as_ref()) {
            append(line, row.cells(), (*style, *delimiter))?;
            out.write_all(line)?;
            line.clear();
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.out.end_segment()
    }

    fn finish(&mut self) -> io::Result<Mark> {
        self.out.finish()
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}
