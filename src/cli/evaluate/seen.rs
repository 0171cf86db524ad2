//! Finds the rows that the model was trained on, as far as they are at hand, and compares those
//! that are evaluated.

use std::path::PathBuf;

use crate::Classifier;
use crate::evaluate::{SeenRows, TrainingTexts};
use crate::read::{Gold, InputOptions, LabeledColumns, read_labeled};
#[cfg(feature = "train")]
use crate::train::{Row, TrainingCorpus, rows_sha256};

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

/// Which rows of a training are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// All of them.
    All,
    /// Of an adapted model, those of its corpus.
    Corpus,
    /// Of an adapted model, all but those of its corpus.
    Labels,
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
    pub fn compare(
        &self,
        classifier: &Classifier,
        files: &[PathBuf],
        is_bundled: bool,
    ) -> anyhow::Result<Seen> {
        let compared = |training: TrainingTexts, known| Seen::Compared {
            seen: training.compare(self.rows, self.as_documents),
            known,
        };
        if !files.is_empty() {
            return Ok(compared(self.training_texts(files)?, Known::All));
        }
        if self.are_training_rows(classifier) {
            return Ok(Seen::AllRows);
        }
        let provenance = &classifier.model().provenance;
        let is_adapted = provenance.adaptation.is_some();
        // To unpack the corpus takes longer than to evaluate a few rows.
        let corpus = if is_bundled || is_adapted { bundled_corpus(classifier) } else { None };
        Ok(match (corpus, &provenance.learned_texts) {
            (None, None) => Seen::Unknown,
            (Some(corpus), None) if is_adapted => compared(corpus, Known::Corpus),
            (Some(corpus), None) => compared(corpus, Known::All),
            (corpus, Some(learned)) => {
                let known = if is_adapted && corpus.is_none() { Known::Labels } else { Known::All };
                let mut training = corpus.unwrap_or_default();
                training.add_learned(learned);
                compared(training, known)
            }
        })
    }

    /// The rows of packed corpora and of labeled files, whatever their labels.
    fn training_texts(&self, files: &[PathBuf]) -> anyhow::Result<TrainingTexts> {
        let mut training = TrainingTexts::default();
        let columns =
            LabeledColumns { conditions: Vec::new(), ignored_labels: Vec::new(), ..self.columns.clone() };
        for file in files {
            #[cfg(feature = "train")]
            if TrainingCorpus::is_corpus(file) {
                add(&mut training, TrainingCorpus::open(file)?.rows());
                continue;
            }
            for row in &read_labeled(std::slice::from_ref(file), self.options, &columns)?.rows {
                training.add(&row.document.text, row.group.as_deref());
            }
        }
        Ok(training)
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

/// The rows of the corpus inside the program, if the model was trained on it or adapted from it.
#[cfg(feature = "train")]
fn bundled_corpus(classifier: &Classifier) -> Option<TrainingTexts> {
    let provenance = &classifier.model().provenance;
    let hash = provenance.adaptation.as_ref().map_or(&provenance.data_sha256, |of| &of.corpus_sha256);
    let corpus = TrainingCorpus::bundled().ok().filter(|corpus| corpus.sha256() == *hash)?;
    let mut training = TrainingTexts::default();
    add(&mut training, corpus.rows());
    Some(training)
}

#[cfg(not(feature = "train"))]
fn bundled_corpus(_: &Classifier) -> Option<TrainingTexts> {
    None
}

#[cfg(feature = "train")]
fn add(training: &mut TrainingTexts, rows: &[Row]) {
    rows.iter().for_each(|row| training.add(&row.text, row.group.as_deref()));
}
