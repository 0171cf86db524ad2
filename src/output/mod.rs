//! Verdicts to bytes, in the forms that users and their programs read.

mod csv;
mod figures;
mod file;
mod jsonl;
mod paragraphs;
mod table;
mod wire;

use std::io;

use crate::document::Document;
use crate::error::Error;
use crate::explain::DocumentExplanation;
use crate::label::LabelSet;
use crate::verdict::Verdict;

pub use self::csv::CsvSink;
pub use figures::write_figures;
pub use file::{Destination, Output, OutputFile};
pub use jsonl::JsonlSink;
pub use paragraphs::write_paragraph;
pub use table::{Style, TableSink};

/// Version of the result records.
pub const SCHEMA: u32 = 1;

/// What all results of one run share.
#[derive(Clone, Debug)]
pub struct Context {
    /// The model's classes.
    pub labels: LabelSet,
    /// The model's name and the beginning of its hash: `stance@0123456789ab`.
    pub model: String,
    /// Whether paragraphs are given.
    pub paragraphs: bool,
    /// Whether paragraphs carry their text.
    pub paragraph_text: bool,
    /// How many terms of each class are given, if any.
    pub explain: Option<usize>,
}

/// A scored document.
#[derive(Debug)]
pub struct Scored {
    /// The document.
    pub document: Document,
    /// Its verdict.
    pub verdict: Verdict,
    /// What made it, if that was asked for.
    pub explanation: Option<DocumentExplanation>,
}

/// A record that could not be scored.
#[derive(Debug)]
pub struct Failure {
    /// Its name, as far as it is known.
    pub id: String,
    /// What went wrong, and where.
    pub error: Error,
}

impl Failure {
    /// Names a failure after where it stands.
    pub fn of(error: Error) -> Self {
        let position = error.position();
        let path = position.and_then(|position| position.path.as_deref()).unwrap_or("");
        let id = match position.and_then(|position| position.record) {
            Some(record) => format!("{path}#{record}"),
            None => path.to_owned(),
        };
        Failure { id, error }
    }
}

/// What comes of one record.
pub type Outcome = std::result::Result<Scored, Failure>;

/// Where results go. A new output format is one file with one of these.
pub trait Sink {
    /// Writes what stands before the first result.
    ///
    /// # Errors
    /// What the system answers to writing.
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Writes one result.
    ///
    /// # Errors
    /// What the system answers to writing.
    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()>;

    /// Writes what stands after the last result and commits the output. A sink that is dropped instead leaves no file.
    ///
    /// # Errors
    /// What the system answers to writing.
    fn finish(self: Box<Self>) -> io::Result<()>;
}
