//! Compares evaluated rows with those that a model was trained on, as far as they are at hand.

use crate::classifier::Classifier;
use crate::evaluate::{SeenRows, TrainingTexts};
use crate::read::Gold;
#[cfg(feature = "train")]
use crate::train::{Row, TrainingCorpus, add_texts, rows_sha256};

/// Rows of a training that others can be compared with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KnownTraining {
    /// Their texts and groups.
    pub texts: TrainingTexts,
    /// Which rows of the training they are.
    pub known: Known,
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

impl KnownTraining {
    /// The rows of the corpus inside the program, if the model was trained on it or adapted from
    /// it, and the labels that the model itself names.
    pub fn from_model(classifier: &Classifier) -> Option<Self> {
        let provenance = &classifier.model().provenance;
        let is_adapted = provenance.adaptation.is_some();
        // To unpack the corpus takes longer than to evaluate a few rows.
        let may_be_known = is_adapted || crate::model::is_bundled_stance(classifier.id());
        let corpus = may_be_known.then(|| bundled_corpus(classifier)).flatten();
        let known = match (&corpus, &provenance.learned_texts) {
            (None, None) => return None,
            (Some(_), None) if is_adapted => Known::Corpus,
            (None, Some(_)) if is_adapted => Known::Labels,
            _ => Known::All,
        };
        let mut texts = corpus.unwrap_or_default();
        provenance.learned_texts.iter().for_each(|learned| texts.add_learned(learned));
        Some(KnownTraining { texts, known })
    }

    /// Rows that the user names.
    pub fn from_texts(texts: TrainingTexts) -> Self {
        KnownTraining { texts, known: Known::All }
    }

    /// Compares evaluated rows; `as_documents` says whether they are cut as `score` cuts them.
    pub fn compare(&self, rows: &[Gold], as_documents: bool) -> Seen {
        Seen::Compared { seen: self.texts.compare(rows, as_documents), known: self.known }
    }
}

#[cfg(feature = "train")]
fn bundled_corpus(classifier: &Classifier) -> Option<TrainingTexts> {
    let provenance = &classifier.model().provenance;
    let hash = provenance.adaptation.as_ref().map_or(&provenance.data_sha256, |of| &of.corpus_sha256);
    let corpus = TrainingCorpus::bundled().ok().filter(|corpus| corpus.sha256() == *hash)?;
    let mut training = TrainingTexts::default();
    add_texts(&mut training, corpus.rows());
    Some(training)
}

#[cfg(not(feature = "train"))]
fn bundled_corpus(_: &Classifier) -> Option<TrainingTexts> {
    None
}

/// How far evaluated rows were compared with those of the training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The rows of the training are at hand, or a part of them.
    Compared {
        /// How many rows were in it.
        seen: SeenRows,
        /// Which rows they were compared with.
        known: Known,
    },
    /// The evaluated rows have the hash of the training's.
    AllRows,
    /// Only their common hash is known, which the evaluated rows do not have.
    Unknown,
}

impl Seen {
    /// Compares evaluated rows with the training of a model: by the common hash of its rows, or
    /// with those that are at hand. `as_documents` says whether rows are cut as `score` cuts them.
    pub fn compare(classifier: &Classifier, rows: &[Gold], as_documents: bool) -> Self {
        if are_training_rows(classifier, rows) {
            return Seen::AllRows;
        }
        let known = KnownTraining::from_model(classifier);
        known.map_or(Seen::Unknown, |training| training.compare(rows, as_documents))
    }

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

    /// The counts, if there are any.
    pub fn into_rows(self) -> Option<SeenRows> {
        match self {
            Seen::Compared { seen, .. } => Some(seen),
            Seen::AllRows | Seen::Unknown => None,
        }
    }
}

/// Whether these rows, as they are or without groups or weights, have the hash of those that the
/// model was trained on.
#[cfg(feature = "train")]
fn are_training_rows(classifier: &Classifier, rows: &[Gold]) -> bool {
    let row = |gold: &Gold, has_group: bool, has_weight: bool| Row {
        group: gold.group.clone().filter(|_| has_group),
        weight: if has_weight { gold.weight } else { 1.0 },
        ..Row::new(gold.label.as_str(), gold.document.text.as_str())
    };
    let provenance = &classifier.model().provenance;
    let own = provenance.adaptation.as_ref().map_or(&provenance.data_sha256, |of| &of.own_sha256);
    [(true, false), (true, true), (false, false), (false, true)].into_iter().any(|(group, weight)| {
        let rows: Vec<Row> = rows.iter().map(|gold| row(gold, group, weight)).collect();
        rows_sha256(&rows) == *own
    })
}

#[cfg(not(feature = "train"))]
fn are_training_rows(_: &Classifier, _: &[Gold]) -> bool {
    false
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use crate::text::document::Document;
    use crate::threads::Threads;
    use crate::train::{TrainParams, train};

    fn rows() -> Vec<Gold> {
        let row = |number: usize| {
            let (label, weather) = [("warm", "sun and wind"), ("cold", "snow and frost")][number % 2];
            Gold {
                document: Document::new(number.to_string(), format!("day {number} brought {weather}")),
                label: label.to_owned(),
                group: Some(format!("outlet {}", number % 5)),
                weight: 1.0,
                date: None,
            }
        };
        (0..20).map(row).collect()
    }

    #[test]
    fn rows_of_the_training_are_known_by_their_common_hash() {
        let gold = rows();
        let row = |gold: &Gold| Row::new(gold.label.as_str(), gold.document.text.as_str());
        let trained: Vec<Row> = gold.iter().map(row).collect();
        let params = TrainParams { folds: 0, ..TrainParams::default() };
        let (model, _) = train(trained, params, &Threads::new(1).unwrap()).unwrap();
        let classifier = Classifier::new(model).unwrap();
        assert_eq!(Seen::compare(&classifier, &gold, false), Seen::AllRows);
        assert_ne!(Seen::compare(&classifier, &gold[1..], false), Seen::AllRows);
    }
}
