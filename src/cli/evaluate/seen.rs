//! Compares the rows that are evaluated with those of the training, and says what is not known.

use std::path::PathBuf;

use crate::Classifier;
use crate::cli::training_rows::read_training_rows;
use crate::read::{Gold, InputOptions, LabeledColumns};
use crate::training_rows::{Known, KnownTraining, Seen};

/// Why a model file does not answer the question, and what does.
const ONLY_A_HASH: &str =
    "It cannot tell whether these rows were in it; name the training file with --training-rows.";

/// What the page says where nothing is to be warned of.
pub fn note(seen: &Seen) -> String {
    match seen {
        Seen::Compared { known: Known::Labels, seen } => format!(
            "No text or group of these rows is among {} labels that the model learned. The model records only a hash of the corpus \
             beside them. {ONLY_A_HASH}",
            seen.training_rows
        ),
        Seen::Compared { known: Known::Corpus, seen } => format!(
            "No text or group of these rows is among {} rows of the corpus that the model was adapted from. The model records only a \
             hash of its other training data. {ONLY_A_HASH}",
            seen.training_rows
        ),
        Seen::Compared { seen, .. } => format!(
            "No text or group of these rows is among {} rows that the model was trained on.",
            seen.training_rows
        ),
        Seen::AllRows => String::new(),
        Seen::Unknown => format!("The model records only a hash of its training data. {ONLY_A_HASH}"),
    }
}

/// What is evaluated, and how its rows were read.
pub struct EvaluatedRows<'a> {
    pub rows: &'a [Gold],
    pub options: &'a InputOptions,
    pub columns: &'a LabeledColumns,
    /// Whether they are cut as `score` cuts them.
    pub as_documents: bool,
}

impl EvaluatedRows<'_> {
    /// Compares the rows with files that the model was trained on, or with what is known without
    /// them.
    pub fn compare(&self, classifier: &Classifier, files: &[PathBuf]) -> anyhow::Result<Seen> {
        if files.is_empty() {
            return Ok(Seen::compare(classifier, self.rows, self.as_documents));
        }
        let texts = read_training_rows(files, self.options, self.columns)?;
        Ok(KnownTraining::from_texts(texts).compare(self.rows, self.as_documents))
    }
}
