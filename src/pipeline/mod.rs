//! Runs the scoring of many records: outcomes in order, counts, checkpoints, a journal to resume from.

mod journal;
mod notes;
mod tally;

use std::io;

pub use journal::{Checkpoint, Found, Journal, RunOptions};
pub use notes::Notes;
use serde::{Deserialize, Serialize};
pub use tally::{Failures, Tally};

use crate::classifier::explain::DocumentExplanation;
use crate::classifier::verdict::Verdict;
use crate::error::Error;
use crate::label::LabelSet;
use crate::model::TrainingProfile;
use crate::text::document::Document;

/// Version of the result records.
pub const SCHEMA: u32 = 1;

/// What all results of one run share.
#[derive(Clone, Debug)]
pub struct Context {
    /// The model's classes.
    pub labels: LabelSet,
    /// The model's name and the beginning of its hash: `stance@0123456789ab`.
    pub model: String,
    /// The same of the second model, which says what is loaded, if there is one.
    pub bias_model: Option<String>,
    /// Whether paragraphs are given.
    pub paragraphs: bool,
    /// Whether paragraphs carry their text.
    pub paragraph_text: bool,
    /// How many terms of each class are given, if any.
    pub explain: Option<usize>,
    /// Names of the input's columns that are given: the first of each document's columns.
    pub keep: Vec<String>,
    /// Whether it is given which document a document repeats.
    pub duplicates: bool,
    /// Whether sets of labels are given.
    pub sets: bool,
    /// What the model's held-out rows looked like, if it knows.
    pub reference: Option<TrainingProfile>,
}

impl Context {
    /// How the texts of a run differ from the model's training by much, one phrase each.
    pub fn unlike_training(&self, tally: &Tally) -> Vec<String> {
        let reference = self.reference.as_ref();
        reference.map_or_else(Vec::new, |reference| reference.differences(&tally.batch, &self.labels))
    }
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
    /// The id of the first document with the same text, if that was asked for and there is one.
    pub duplicate_of: Option<String>,
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

/// The end of a segment: up to here a file can be kept and gone on with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes of the file.
    pub bytes: u64,
    /// What the file's end will say of the segment, where the format has such an end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footers: Vec<String>,
}

impl Mark {
    /// Of a format whose end says nothing.
    pub fn at(bytes: u64) -> Self {
        Mark { bytes, footers: Vec::new() }
    }
}

/// Where results go. A new output format is one file with one of these.
pub trait Sink: Send {
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

    /// Ends a segment, and hands all that was written to the system.
    ///
    /// # Errors
    /// What the system answers to writing.
    fn checkpoint(&mut self) -> io::Result<Mark>;

    /// Writes what stands after the last result and commits the output. A sink that is dropped instead leaves no file.
    ///
    /// # Errors
    /// What the system answers to writing.
    fn finish(self: Box<Self>) -> io::Result<()>;

    /// Gives the output up: what stood at its place stays, and nothing is left beside it.
    fn discard(self: Box<Self>);
}
