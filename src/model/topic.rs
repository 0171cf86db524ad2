//! How like a text is to the training texts, beside texts about anything else.

use crate::error::{Error, Result};

/// One weight for each feature that is a single word: the log odds of finding the word in a training row rather than in
/// an outside text; 0 for all other features.
///
/// A text's likeness is the sum over its known words, each as often as it occurs, divided by the square root of the number
/// of all its words: the sum of n independent terms spreads like that root. It is a naive Bayes score (Manning, Raghavan &
/// Schuetze 2008, "Introduction to Information Retrieval", section 13.2) without the prior, which the threshold stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    weights: Vec<f32>,
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
    pub fn likeness(sum: f64, words: usize) -> Option<f64> {
        (words > 0).then(|| sum / (words as f64).sqrt())
    }

    /// The weight of a word by its document frequencies, each smoothed by one document with it and one without:
    /// `ln((inside + 1) / (insides + 2)) - ln((outside + 1) / (outsides + 2))`.
    pub fn log_odds(inside: (u32, usize), outside: (u32, usize)) -> f32 {
        let log =
            |(frequency, rows): (u32, usize)| libm::log((f64::from(frequency) + 1.0) / (rows as f64 + 2.0));
        (log(inside) - log(outside)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_as_frequent_inside_as_outside_says_nothing() {
        assert_eq!(Topic::log_odds((4, 8), (4, 8)), 0.0);
        // (9 / 10) against (1 / 10).
        assert!((f64::from(Topic::log_odds((8, 8), (0, 8))) - 9f64.ln()).abs() < 1e-6);
    }

    #[test]
    fn likeness_grows_with_the_root_of_the_length() {
        assert_eq!(Topic::likeness(2.0, 4), Some(1.0));
        assert_eq!(Topic::likeness(8.0, 16), Some(2.0));
        assert_eq!(Topic::likeness(0.0, 0), None);
        assert!(Topic::new(vec![0.0, f32::NAN]).is_err());
    }
}
