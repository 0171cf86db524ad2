//! Finds the rows that the model was trained on, as far as they are at hand, and compares those
//! that are evaluated.

use std::path::PathBuf;

use crate::Classifier;
use crate::cli::training_rows::{Known, KnownTraining, read_training_rows};
use crate::evaluate::SeenRows;
use crate::read::{Gold, InputOptions, LabeledColumns};
#[cfg(feature = "train")]
use crate::train::{Row, rows_sha256};

/// How far evaluated rows were compared with those of the training.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    /// The rows of the training are at hand, or a part of them.
    Compared { seen: SeenRows, known: Known },
    /// The evaluated rows have the hash of the training's.
    AllRows,
    /// Only their common hash is known, which the evaluated rows do not have.
    Unknown,
}

/// Why a model file does not answer the question, and what does.
const ONLY_A_HASH: &str =
    "It cannot tell whether these rows were in it; name the training file with --training-rows.";

impl Seen {
    /// What is to be warned of.
    pub fn warnings(&self) -> Vec<String> {
        match self {
            Seen::Compared { seen, .. } => seen.warnings(),
            Seen::AllRows => {
                let warning = "these are the rows that the model was trained on. These figures are too good: they say nothing about new texts";
                vec![warning.to_owned()]
            }
            Seen::Unknown => Vec::new(),
        }
    }

    /// What the page says where nothing is to be warned of.
    pub fn note(&self) -> String {
        match self {
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

    /// The counts, if there are any.
    pub fn into_rows(self) -> Option<SeenRows> {
        match self {
            Seen::Compared { seen, .. } => Some(seen),
            Seen::AllRows | Seen::Unknown => None,
        }
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
    /// Compares the rows with files that the model was trained on; by the common hash of its rows;
    /// or with the corpus inside the program where that is what the model was trained on.
    pub fn compare(&self, classifier: &Classifier, files: &[PathBuf]) -> anyhow::Result<Seen> {
        let compared = |training: KnownTraining| Seen::Compared {
            seen: training.texts.compare(self.rows, self.as_documents),
            known: training.known,
        };
        if !files.is_empty() {
            let texts = read_training_rows(files, self.options, self.columns)?;
            return Ok(compared(KnownTraining::of_texts(texts)));
        }
        if self.are_training_rows(classifier) {
            return Ok(Seen::AllRows);
        }
        Ok(KnownTraining::of_model(classifier).map_or(Seen::Unknown, compared))
    }

    /// Whether these rows, as they are or without groups or weights, have the hash of those that
    /// the model was trained on.
    #[cfg(feature = "train")]
    fn are_training_rows(&self, classifier: &Classifier) -> bool {
        let row = |gold: &Gold, has_group: bool, has_weight: bool| Row {
            group: gold.group.clone().filter(|_| has_group),
            weight: if has_weight { gold.weight } else { 1.0 },
            ..Row::new(gold.label.as_str(), gold.document.text.as_str())
        };
        let provenance = &classifier.model().provenance;
        let own = provenance.adaptation.as_ref().map_or(&provenance.data_sha256, |of| &of.own_sha256);
        [(true, false), (true, true), (false, false), (false, true)].into_iter().any(|(group, weight)| {
            let rows: Vec<Row> = self.rows.iter().map(|gold| row(gold, group, weight)).collect();
            rows_sha256(&rows) == *own
        })
    }

    #[cfg(not(feature = "train"))]
    fn are_training_rows(&self, _: &Classifier) -> bool {
        false
    }
}
