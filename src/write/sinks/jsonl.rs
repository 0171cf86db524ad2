//! Results as JSON lines.

use std::io;

use crate::pipeline::{Context, Mark, Outcome, Sink};
use crate::write::Output;
use crate::write::records::{ErrorRecord, Record, write_line};

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
}

impl<W: Output> Sink for JsonlSink<W> {
    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Ok(scored) => write_line(&mut self.out, &Record::of(scored, &self.context)),
            Err(failure) => write_line(&mut self.out, &ErrorRecord::of(failure)),
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
