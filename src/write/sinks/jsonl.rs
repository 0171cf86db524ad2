//! Writes results as JSON lines.

use std::io;

use crate::write::records::{Record, write_line};
use crate::write::{Mark, Outcome, Output, RunContext, Schema, Sink};

/// One JSON object per line.
#[derive(Debug)]
pub struct JsonlSink<W: Output> {
    out: W,
    schema: Schema,
}

impl<W: Output> JsonlSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, context: RunContext) -> Self {
        JsonlSink { out, schema: Schema::new(context) }
    }
}

impl<W: Output> Sink for JsonlSink<W> {
    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        write_line(&mut self.out, &Record(self.schema.row(outcome.as_ref())))
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
