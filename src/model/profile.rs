//! Detects drift: batches that differ from the held-out training rows.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::label::LabelSet;

/// Means over the held-out rows of a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingProfile {
    /// Share of the words that were known; `None` for a model without single words.
    pub known: Option<f64>,
    /// Mean probability of the likeliest label.
    pub confidence: f64,
    /// Share of the rows whose likeliest label each class was.
    pub shares: Vec<f64>,
}

/// The same of a scored batch, as sums, so that parts add up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchProfile {
    /// Units: paragraphs, or documents of a model that scores them whole.
    pub units: u64,
    /// Words of units whose known words were counted.
    pub words: u64,
    /// Known words.
    pub known_words: u64,
    /// Sum of the likeliest labels' probabilities.
    pub confidence: f64,
    /// Units whose likeliest label each class is.
    pub tops: Vec<u64>,
}

/// Batches of fewer units are not judged.
const MIN_UNITS: u64 = 100;
/// The smallest drift that is reported: in the share of known words, in the mean confidence, and in
/// the shares of labels by half the sum of their absolute differences (total variation distance).
/// These are judgments of size and no tests of significance: a thousand texts of any other kind
/// differ significantly.
const KNOWN_DRIFT: f64 = 0.10;
const CONFIDENCE_DRIFT: f64 = 0.10;
const SHARES_DRIFT: f64 = 0.25;

impl TrainingProfile {
    /// Checks the ranges.
    ///
    /// # Errors
    /// A share outside 0 to 1, or shares of another number of classes.
    pub(crate) fn check(&self, classes: usize) -> Result<()> {
        let mut shares = self.shares.iter().chain(&self.known).chain([&self.confidence]);
        if self.shares.len() != classes || shares.any(|share| !(0.0..=1.0).contains(share)) {
            return Err(Error::model("its reference values are not shares from 0 to 1, one per label"));
        }
        Ok(())
    }

    /// Describes how a batch differs from the training, in one phrase for each difference; nothing
    /// for a small batch.
    pub fn drift(&self, batch: &BatchProfile, labels: &LabelSet) -> Vec<String> {
        let mut found = Vec::new();
        if batch.units < MIN_UNITS {
            return found;
        }
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        if let Some(known) = self.known.filter(|_| batch.words > 0) {
            let here = batch.known_words as f64 / batch.words as f64;
            if here < known - KNOWN_DRIFT {
                found.push(format!("known words {} (training {})", percent(here), percent(known)));
            }
        }
        let confidence = batch.confidence / batch.units as f64;
        if confidence < self.confidence - CONFIDENCE_DRIFT {
            found.push(format!("mean confidence {confidence:.2} (training {:.2})", self.confidence));
        }
        let here =
            |class: usize| batch.tops.get(class).map_or(0.0, |count| *count as f64 / batch.units as f64);
        let steps = self.shares.iter().enumerate().map(|(class, share)| (here(class) - share, class));
        let distance: f64 = steps.clone().map(|(step, _)| 0.5 * step.abs()).sum();
        if distance > SHARES_DRIFT
            && let Some((_, class)) = steps.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))
        {
            let name = labels.names().get(class).map_or("", String::as_str);
            let share = self.shares.get(class).copied().unwrap_or(0.0);
            found.push(format!("{name} {} (training {})", percent(here(class)), percent(share)));
        }
        found
    }
}

impl BatchProfile {
    /// Counts a unit: its likeliest class, that class's probability, its words, and how many of
    /// them are known.
    pub fn add(&mut self, top: usize, confidence: f64, words: usize, known: Option<usize>) {
        self.units += 1;
        self.confidence += confidence;
        if self.tops.len() <= top {
            self.tops.resize(top + 1, 0);
        }
        if let Some(count) = self.tops.get_mut(top) {
            *count += 1;
        }
        if let Some(known) = known {
            self.words += words as u64;
            self.known_words += known as u64;
        }
    }

    /// Adds the sums of another part.
    pub fn merge(&mut self, other: &BatchProfile) {
        self.units += other.units;
        self.words += other.words;
        self.known_words += other.known_words;
        self.confidence += other.confidence;
        if self.tops.len() < other.tops.len() {
            self.tops.resize(other.tops.len(), 0);
        }
        self.tops.iter_mut().zip(&other.tops).for_each(|(sum, more)| *sum += more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(units: u64, known: usize, confidence: f64, tops: &[usize]) -> BatchProfile {
        let mut batch = BatchProfile::default();
        for unit in 0..units {
            batch.add(tops[unit as usize % tops.len()], confidence, 100, Some(known));
        }
        batch
    }

    #[test]
    fn only_what_differs_by_a_step_is_said() {
        let labels = LabelSet::new(["a", "b"]).unwrap();
        let reference = TrainingProfile { known: Some(0.9), confidence: 0.8, shares: vec![0.5, 0.5] };
        reference.check(2).unwrap();
        assert!(reference.check(3).is_err());
        let said = |batch: &BatchProfile| reference.drift(batch, &labels).join(", ");
        assert_eq!(said(&batch(200, 85, 0.75, &[0, 1])), "");
        assert_eq!(said(&batch(200, 75, 0.75, &[0, 1])), "known words 75 % (training 90 %)");
        assert_eq!(said(&batch(200, 90, 0.6, &[0, 1])), "mean confidence 0.60 (training 0.80)");
        assert_eq!(said(&batch(200, 95, 0.9, &[1])), "b 100 % (training 50 %)");
        assert_eq!(said(&batch(99, 0, 0.1, &[1])), "", "too few to say");
    }

    #[test]
    fn parts_add_up() {
        let mut sum = batch(10, 5, 0.5, &[0]);
        sum.merge(&batch(20, 7, 0.25, &[1]));
        assert_eq!((sum.units, sum.words, sum.known_words), (30, 3000, 190));
        assert_eq!((sum.confidence, sum.tops), (10.0, vec![10, 20]));
    }
}
