//! Measures how much more a text resembles the training texts than out-of-domain texts.

use std::borrow::Cow;

use crate::error::{Error, Result};

/// One weight for each feature that is a single word: the log odds of finding the word in a
/// training row rather than in an outside text; 0 for all other features.
///
/// A text's topic score is the sum over its known words, each as often as it occurs, divided by the
/// square root of the number of all its words: the sum of n independent terms spreads like that
/// root. It is a naive Bayes score (Manning, Raghavan & Schuetze 2008, "Introduction to Information
/// Retrieval", section 13.2) without the prior, which the threshold stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    weights: Cow<'static, [f32]>,
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
    pub fn new(weights: impl Into<Cow<'static, [f32]>>) -> Result<Self> {
        let weights = weights.into();
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

    /// Computes the weight of a word from its document frequencies among the training rows and
    /// among out-of-domain texts:
    /// `ln((inside + 1) / (rows + 2)) - ln((outside + 1) / (texts + 2))`. Each frequency is
    /// smoothed by one text with the word and one without.
    #[cfg(any(feature = "train", test))]
    pub(crate) fn log_odds(inside: DocumentFrequency, outside: DocumentFrequency) -> f32 {
        let log =
            |of: DocumentFrequency| libm::log((f64::from(of.with_word) + 1.0) / (of.texts as f64 + 2.0));
        (log(inside) - log(outside)) as f32
    }
}

/// The best window of a document: the words in a row, as many as a window has, whose topic weights
/// have the greatest sum.
///
/// Words are given one after the other, across paragraphs and passages alike, so the best window
/// does not depend on how a document is cut.
#[derive(Debug, Default)]
pub(crate) struct BestWindow {
    /// The weights of the last words: each takes the place of the one that leaves the window.
    weights: Vec<f64>,
    next: usize,
    is_full: bool,
    sum: f64,
    best: f64,
}

impl BestWindow {
    /// Begins a document. Windows of 0 words are none.
    pub(crate) fn begin(&mut self, words: usize) {
        self.weights.clear();
        self.weights.resize(words, 0.0);
        (self.next, self.is_full, self.sum, self.best) = (0, false, 0.0, f64::NEG_INFINITY);
    }

    /// Whether windows are asked for.
    #[inline]
    pub(crate) fn is_asked(&self) -> bool {
        !self.weights.is_empty()
    }

    /// Takes the topic weight of the next word.
    #[inline]
    pub(crate) fn push(&mut self, weight: f64) {
        let Some(oldest) = self.weights.get_mut(self.next) else { return };
        self.sum += weight - *oldest;
        *oldest = weight;
        self.next += 1;
        if self.next == self.weights.len() {
            (self.next, self.is_full) = (0, true);
        }
        if self.is_full && self.sum > self.best {
            self.best = self.sum;
        }
    }

    /// The topic score of the best window so far; `None` if the document has fewer words than a
    /// window.
    pub(crate) fn likeness(&self) -> Option<f64> {
        Topic::likeness(self.best, self.weights.len()).filter(|_| self.is_full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(words: usize, weights: &[f64]) -> Option<f64> {
        let mut window = BestWindow::default();
        // What was there before is forgotten.
        window.begin(2);
        [7.0, 8.0].iter().for_each(|weight| window.push(*weight));
        window.begin(words);
        weights.iter().for_each(|weight| window.push(*weight));
        window.likeness()
    }

    #[test]
    fn the_best_window_is_the_one_with_the_greatest_sum() {
        let weights = [1.0, -2.0, 4.0, 3.0, -8.0, 5.0, 1.0];
        assert_eq!(best(4, &weights), Some(3.0), "1, -2, 4 and 3");
        assert_eq!(best(1, &weights), Some(5.0));
        assert_eq!(best(7, &weights), Topic::likeness(4.0, 7));
        assert_eq!((best(8, &weights), best(0, &weights)), (None, None));
        assert_eq!(best(4, &[-1.0; 9]), Some(-2.0), "a sum below 0 is one, too");
        // Every window, summed anew.
        let many: Vec<f64> = (0..200u32).map(|n| f64::from(n * n % 37) - 18.0).collect();
        let plain =
            many.windows(80).map(|window| window.iter().sum::<f64>()).fold(f64::NEG_INFINITY, f64::max);
        assert_eq!(best(80, &many), Topic::likeness(plain, 80));
    }

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
