//! Finds the rows that a model was trained on, as far as they are at hand.

use crate::Classifier;
use crate::evaluate::TrainingTexts;
#[cfg(feature = "train")]
use crate::train::{Row, TrainingCorpus};

/// Rows of a training that others can be compared with.
pub struct KnownTraining {
    pub texts: TrainingTexts,
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
    pub fn at_hand(classifier: &Classifier) -> Option<Self> {
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
    pub fn named(texts: TrainingTexts) -> Self {
        KnownTraining { texts, known: Known::All }
    }
}

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

/// Adds rows of a corpus.
#[cfg(feature = "train")]
pub fn add(training: &mut TrainingTexts, rows: &[Row]) {
    rows.iter().for_each(|row| training.add(&row.text, row.group.as_deref()));
}
