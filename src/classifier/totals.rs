//! Sums the scores of a document's units.

use std::ops::AddAssign;

use crate::classifier::verdict::{ParagraphScore, UnitScore};
use crate::model::Topic;

/// The probabilities of a document: the mean of its paragraphs' by their weights. Weights are
/// rounded, and where all paragraphs are certain the sum of many can be a little over 1.
pub(super) fn weighted_mean(paragraphs: &[ParagraphScore], classes: usize) -> Vec<f64> {
    let mut probabilities = vec![0.0; classes];
    for paragraph in paragraphs {
        for (sum, p) in probabilities.iter_mut().zip(&paragraph.score.probabilities) {
            *sum += paragraph.weight * p;
        }
    }
    probabilities.iter_mut().for_each(|sum| *sum = sum.min(1.0));
    probabilities
}

/// The sums over the units of a document.
#[derive(Debug, Default)]
pub(super) struct DocumentTotals {
    pub units: usize,
    pub words: usize,
    pub known_words: Option<usize>,
    pub any_feature: bool,
    pub topic: Option<f64>,
    /// The topic score of the best window.
    pub best_window: Option<f64>,
    pub foreign_words: usize,
    pub sentences: SentenceCounts,
}

impl DocumentTotals {
    pub(super) fn add(&mut self, unit: &UnitScore, sentences: SentenceCounts) {
        self.units += 1;
        self.words += unit.words;
        self.known_words = unit.known_words.map(|known| known + self.known_words.unwrap_or(0));
        self.any_feature |= unit.any_feature;
        self.topic = unit.topic.map(|topic| topic + self.topic.unwrap_or(0.0));
        self.foreign_words += if unit.other_language { unit.words } else { 0 };
        self.sentences += sentences;
    }

    /// Share of the words that are known.
    pub(super) fn known_share(&self) -> Option<f64> {
        let known = self.known_words.filter(|_| self.words > 0)?;
        Some(known as f64 / self.words as f64)
    }

    /// How like all words are to those of the training texts.
    pub(super) fn likeness(&self) -> Option<f64> {
        self.topic.and_then(|sum| Topic::likeness(sum, self.words))
    }
}

/// Counts of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SentenceCounts {
    all: usize,
    loaded: usize,
}

impl SentenceCounts {
    /// Counts a sentence, unless nothing can be said of it.
    pub(super) fn add(&mut self, loaded: Option<bool>) {
        self.all += usize::from(loaded.is_some());
        self.loaded += usize::from(loaded == Some(true));
    }

    /// Share of the sentences that are loaded; `None` without sentences.
    pub(super) fn loaded_share(self) -> Option<f64> {
        (self.all > 0).then(|| self.loaded as f64 / self.all as f64)
    }
}

impl AddAssign for SentenceCounts {
    fn add_assign(&mut self, more: Self) {
        self.all += more.all;
        self.loaded += more.loaded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::span::Span;

    #[test]
    fn many_paragraphs_that_are_certain_are_no_more_than_certain() {
        let score = UnitScore {
            probabilities: vec![1.0, 0.0],
            words: 9,
            known_words: None,
            any_feature: true,
            topic: None,
            other_language: false,
            set: None,
        };
        for count in 1..100 {
            let paragraph = ParagraphScore {
                span: Span::new(0, 1),
                gaps: Vec::new(),
                weight: 1.0 / f64::from(count),
                score: score.clone(),
                loaded: None,
            };
            let found = weighted_mean(&vec![paragraph; count as usize], 2);
            assert!(found[0] <= 1.0 && found[0] > 1.0 - 1e-12 && found[1] == 0.0, "{count}: {found:?}");
        }
    }
}
