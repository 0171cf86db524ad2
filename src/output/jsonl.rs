//! Results as JSON lines.

use std::io;

use serde::Serialize;

use super::wire::{ErrorRecord, Record};
use super::{Context, Mark, Outcome, Output, Sink};

/// One JSON object a line.
#[derive(Debug)]
pub struct JsonlSink<W: Output> {
    out: W,
    context: Context,
}

impl<W: Output> JsonlSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, context: Context) -> Self {
        JsonlSink { out, context }
    }

    fn line(out: &mut W, record: &impl Serialize) -> io::Result<()> {
        // serde_json's own error hides the kind of an input or output error; turned back, a closed pipe is known as one.
        serde_json::to_writer(&mut *out, record).map_err(io::Error::from)?;
        out.write_all(b"\n")
    }
}

impl<W: Output> Sink for JsonlSink<W> {
    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Ok(scored) => Self::line(&mut self.out, &Record::of(scored, &self.context)),
            Err(failure) => Self::line(&mut self.out, &ErrorRecord::of(failure)),
        }
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.out.end_segment().map(Mark::at)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}
