//! Measures how much more a text resembles the training texts than out-of-domain texts.

use crate::error::{Error, Result};

/// One weight for each feature that is a single word: the log odds of finding the word in a training row rather than in
/// an outside text; 0 for all other features.
///
/// A text's topic score is the sum over its known words, each as often as it occurs, divided by the square root of the number
/// of all its words: the sum of n independent terms spreads like that root. It is a naive Bayes score (Manning, Raghavan &
/// Schuetze 2008, "Introduction to Information Retrieval", section 13.2) without the prior, which the threshold stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    weights: Vec<f32>,
}

/// How many of some texts hold a word.
#[derive(Clone, Copy, Debug)]
#[cfg(any(feature = "train", test))]
pub(crate) struct DocumentFrequency {
    pub(crate) with_word: u32,
    pub(crate) texts: usize,
}

impl Topic {
    /// Weights in the vocabulary's order.
    ///
    /// # Errors
    /// A weight that is not a finite number.
    pub fn new(weights: Vec<f32>) -> Result<Self> {
        match weights.iter().position(|weight| !weight.is_finite()) {
            Some(at) => Err(Error::model(format!("the topic weight of feature {at} is not a number"))),
            None => Ok(Topic { weights }),
        }
    }

    /// All weights.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// The weight of a feature; 0 for one that is not there.
    pub fn weight(&self, feature: u32) -> f64 {
        self.weights.get(feature as usize).map_or(0.0, |weight| f64::from(*weight))
    }

    /// The likeness of a text from the sum of its words' weights; `None` without words.
    pub(crate) fn likeness(sum: f64, words: usize) -> Option<f64> {
        (words > 0).then(|| sum / (words as f64).sqrt())
    }

    /// Computes the weight of a word from its document frequencies among the training rows and among out-of-domain texts:
    /// `ln((inside + 1) / (rows + 2)) - ln((outside + 1) / (texts + 2))`. Each frequency is smoothed by one text with the
    /// word and one without.
    #[cfg(any(feature = "train", test))]
    pub(crate) fn log_odds(inside: DocumentFrequency, outside: DocumentFrequency) -> f32 {
        let log =
            |of: DocumentFrequency| libm::log((f64::from(of.with_word) + 1.0) / (of.texts as f64 + 2.0));
        (log(inside) - log(outside)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_as_frequent_inside_as_outside_says_nothing() {
        let of = |with_word| DocumentFrequency { with_word, texts: 8 };
        assert_eq!(Topic::log_odds(of(4), of(4)), 0.0);
        // (9 / 10) against (1 / 10).
        assert!((f64::from(Topic::log_odds(of(8), of(0))) - 9f64.ln()).abs() < 1e-6);
    }

    #[test]
    fn likeness_grows_with_the_root_of_the_length() {
        assert_eq!(Topic::likeness(2.0, 4), Some(1.0));
        assert_eq!(Topic::likeness(8.0, 16), Some(2.0));
        assert_eq!(Topic::likeness(0.0, 0), None);
        assert!(Topic::new(vec![0.0, f32::NAN]).is_err());
    }
}
