//! Writes results as an Excel workbook of one sheet. The rows are held in memory until the end.

use std::io;

use crate::write::workbook::Workbook;
use crate::write::{Mark, Outcome, Output, Schema, Sink};

/// Rows of a sheet with a header.
#[derive(Debug)]
pub struct XlsxSink<W: Output> {
    out: W,
    schema: Schema,
    book: Workbook,
}

impl<W: Output> XlsxSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, schema: Schema) -> Self {
        XlsxSink { out, schema, book: Workbook::new() }
    }
}

impl<W: Output> Sink for XlsxSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.book.header(self.schema.columns().iter().map(|column| column.name()))
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.schema.rows(outcome.as_ref()).try_for_each(|row| self.book.row(row.cells()))
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        // A workbook is written as a whole: nothing of it can be kept.
        Ok(Mark::default())
    }

    fn finish(&mut self) -> io::Result<Mark> {
        let bytes = self.book.take_bytes()?;
        self.out.write_all(&bytes)?;
        self.out.finish()
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}
