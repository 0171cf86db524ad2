//! Writes results as one JSON array, an object per line.

use std::io;

use crate::write::records::{Record, write_json};
use crate::write::{Mark, Outcome, Output, RunContext, Schema, Sink};

/// What a mark says behind the first object, so that the next gets a comma.
const NOT_EMPTY: &str = "objects";

/// An array of the objects that [`JsonlSink`](crate::write::JsonlSink) writes.
#[derive(Debug)]
pub struct JsonSink<W: Output> {
    out: W,
    schema: Schema,
    /// Whether no object stands in the array yet.
    is_empty: bool,
}

impl<W: Output> JsonSink<W> {
    /// Writes to `out`, after the segments of these marks.
    pub fn new(out: W, context: RunContext, marks: &[Mark]) -> Self {
        let is_empty = marks.iter().all(|mark| mark.footers.is_empty());
        JsonSink { out, schema: Schema::new(context), is_empty }
    }
}

impl<W: Output> Sink for JsonSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.out.write_all(b"[")
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let between: &[u8] = if self.is_empty { b"\n" } else { b",\n" };
        self.is_empty = false;
        self.out.write_all(between)?;
        write_json(&mut self.out, &Record(self.schema.row(outcome.as_ref())))
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        let footers = if self.is_empty { Vec::new() } else { vec![NOT_EMPTY.to_owned()] };
        Ok(Mark { footers, ..self.out.end_segment()? })
    }

    fn finish(&mut self) -> io::Result<Mark> {
        self.out.write_all(b"\n]\n")?;
        self.out.finish()
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}
