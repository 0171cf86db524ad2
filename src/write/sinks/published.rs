//! Writes results as a table to publish: Markdown, HTML or LaTeX.

use std::io;

use crate::write::rows::RowFormat;
use crate::write::{Mark, Outcome, Output, Schema, Sink};

/// Rows between what stands before and behind a table.
#[derive(Debug)]
pub struct PublishedSink<W: Output> {
    out: W,
    schema: Schema,
    format: RowFormat,
    digits: usize,
}

impl<W: Output> PublishedSink<W> {
    /// Writes numbers with so many decimals to `out`.
    pub fn new(out: W, schema: Schema, format: RowFormat, digits: usize) -> Self {
        PublishedSink { out, schema, format, digits }
    }
}

impl<W: Output> Sink for PublishedSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        let columns = self.schema.columns().iter().map(|column| (column.heading(), column.cell_type()));
        self.out.write_all(self.format.begin(columns).as_bytes())
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        for row in self.schema.rows(outcome.as_ref()) {
            self.out.write_all(self.format.row(row.cells(), self.digits).as_bytes())?;
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.out.end_segment()
    }

    fn finish(&mut self) -> io::Result<Mark> {
        self.out.write_all(self.format.end().as_bytes())?;
        self.out.finish()
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}
