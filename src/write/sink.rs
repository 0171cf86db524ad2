//! Defines the seam between a run and its results: a [`Sink`] takes outcomes in order.

use std::io;

use serde::{Deserialize, Serialize};

use crate::error::Spelling;
use crate::label::LabelSet;
use crate::model::TrainingProfile;
use crate::read::Condition;
use crate::write::Outcome;

/// What all results of one run share, and which parts of them are written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunContext {
    /// The model's classes.
    pub labels: LabelSet,
    /// The model's name and the first digits of its hash: `stance@0123456789ab`.
    pub model: String,
    /// The same of the loaded-language model, if there is one.
    pub loaded_language_model: Option<String>,
    /// Whether the score of every paragraph is written.
    pub paragraphs: bool,
    /// Whether paragraphs carry their text.
    pub paragraph_text: bool,
    /// How many terms of each class are written, if explanations are.
    pub explain: Option<usize>,
    /// Whether character n-grams are folded into words in explanations, as people read them.
    pub explain_in_words: bool,
    /// The input's columns that are written: the first of each document's columns.
    pub keep: Vec<String>,
    /// The columns of tables that are written, in order; if it is `None`, all, and in tables for
    /// people the few that they want.
    pub columns: Option<Vec<String>>,
    /// Only results that meet these conditions on their columns are written.
    pub output_conditions: Vec<Condition>,
    /// Whether near-duplicates are left out of the results and of the counts by group.
    pub drop_duplicates: bool,
    /// Whether near-duplicates name the document that they repeat.
    pub duplicates: bool,
    /// Whether prediction sets are written.
    pub sets: bool,
    /// What the model's training rows looked like, if the model knows.
    pub training_profile: Option<TrainingProfile>,
    /// How messages in the results spell parameters.
    pub spelling: Spelling,
}

impl RunContext {
    /// Results of the model of this id, with one record per document and nothing optional.
    pub fn new(labels: LabelSet, model: impl Into<String>) -> Self {
        RunContext {
            labels,
            model: model.into(),
            loaded_language_model: None,
            paragraphs: false,
            paragraph_text: true,
            explain: None,
            explain_in_words: false,
            keep: Vec::new(),
            columns: None,
            output_conditions: Vec::new(),
            drop_duplicates: false,
            duplicates: false,
            sets: false,
            training_profile: None,
            spelling: Spelling::default(),
        }
    }
}

/// The end of a segment: a file that is cut here can be continued.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes of the file up to here.
    pub bytes: u64,
    /// The hash of these bytes, in hexadecimal digits, for a file that can be continued.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// What the file's footer will say of the segment, in formats that have a footer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footers: Vec<String>,
}

/// Takes the outcomes of a run in order and writes them. A new output format is one file with one
/// of these.
pub trait Sink: Send {
    /// Writes what stands before the first result.
    ///
    /// # Errors
    /// The system's error if writing fails.
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Writes one result.
    ///
    /// # Errors
    /// The system's error if writing fails.
    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()>;

    /// Ends a segment and hands all that was written to the system.
    ///
    /// # Errors
    /// The system's error if writing fails.
    fn checkpoint(&mut self) -> io::Result<Mark>;

    /// Writes what stands after the last result and hands all that was written to the system.
    ///
    /// # Errors
    /// The system's error if writing fails.
    fn finish(&mut self) -> io::Result<Mark>;

    /// Gives the finished output its name. A sink that is dropped instead leaves no complete file.
    ///
    /// # Errors
    /// The system's error if writing fails.
    fn commit(self: Box<Self>) -> io::Result<()>;

    /// Gives the output up: a file that stood in its place stays, and nothing is left beside it.
    fn discard(self: Box<Self>);
}
