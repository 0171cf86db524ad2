//! Units to what their document has in all.

use crate::classifier::loaded_language::Sentences;
use crate::classifier::verdict::{ParagraphScore, UnitScore};
use crate::model::Topic;

/// The probabilities of a document: those of its paragraphs by their weights. Weights are rounded, and where all are certain
/// the sum of many can be a little over 1.
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

/// What the units of a document have in all.
#[derive(Default)]
pub(super) struct DocumentTotals {
    pub units: usize,
    pub words: usize,
    pub known_words: Option<usize>,
    pub any_feature: bool,
    pub topic: Option<f64>,
    pub foreign_words: usize,
    pub sentences: Sentences,
}

impl DocumentTotals {
    pub(super) fn add(&mut self, unit: &UnitScore) {
        self.units += 1;
        self.words += unit.words;
        self.known_words = unit.known_words.map(|known| known + self.known_words.unwrap_or(0));
        self.any_feature |= unit.any_feature;
        self.topic = unit.topic.map(|topic| topic + self.topic.unwrap_or(0.0));
        self.foreign_words += if unit.other_language { unit.words } else { 0 };
    }

    pub(super) fn likeness(&self) -> Option<f64> {
        self.topic.and_then(|sum| Topic::likeness(sum, self.words))
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
                weight: 1.0 / f64::from(count),
                score: score.clone(),
                loaded: None,
            };
            let found = weighted_mean(&vec![paragraph; count as usize], 2);
            assert!(found[0] <= 1.0 && found[0] > 1.0 - 1e-12 && found[1] == 0.0, "{count}: {found:?}");
        }
    }
}
