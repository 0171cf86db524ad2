//! Says how much each paragraph or passage counts in its document.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// How much each paragraph counts in its document's probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParagraphWeight {
    /// All alike.
    #[default]
    Equal,
    /// The square root of the number of words.
    SquareRoot,
    /// The number of words.
    Words,
}

named!(ParagraphWeight { Equal: "equal", SquareRoot: "square-root", Words: "words" });

impl ParagraphWeight {
    /// Returns the weight of a paragraph with so many words. A document's weights are divided by
    /// their sum afterwards.
    pub fn weight(self, words: usize) -> f64 {
        match self {
            ParagraphWeight::Equal => 1.0,
            ParagraphWeight::SquareRoot => (words as f64).sqrt(),
            ParagraphWeight::Words => words as f64,
        }
    }
}

/// What a passage counts by its length and by what it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PassageRule<'m> {
    /// By its words.
    pub paragraph_weight: ParagraphWeight,
    /// By its label, one number per class, from 0 to 1; nothing for 1 each.
    pub label_weights: &'m [f64],
}

impl PassageRule<'_> {
    /// The weight of a passage with so many words and these probabilities, of which each brings as
    /// much of its class's weight as it is great. A document's weights are divided by their sum
    /// afterwards.
    pub(crate) fn weight(&self, words: usize, probabilities: &[f64]) -> f64 {
        let by_words = self.paragraph_weight.weight(words);
        if self.label_weights.is_empty() {
            return by_words;
        }
        by_words * self.label_weights.iter().zip(probabilities).map(|(weight, p)| weight * p).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_of_a_label_that_weighs_less_counts_less() {
        let rule = PassageRule { paragraph_weight: ParagraphWeight::Words, label_weights: &[1.0, 0.25] };
        assert_eq!(rule.weight(8, &[1.0, 0.0]), 8.0);
        assert_eq!(rule.weight(8, &[0.0, 1.0]), 2.0);
        assert_eq!(rule.weight(8, &[0.5, 0.5]), 5.0);
        let plain = PassageRule { label_weights: &[], ..rule };
        assert_eq!(plain.weight(8, &[0.1, 0.9]), 8.0);
    }
}
