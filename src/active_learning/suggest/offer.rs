//! Scores a text of the pool.

use crate::classifier::Worker;
use crate::classifier::verdict::Reason;
use crate::near_duplicates::Signature;
use crate::random::hash_name;
use crate::text::Extraction;
use crate::text::document::Document;

/// A text of the pool, scored as one unit, as a training row is.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    /// The text and its name.
    pub(super) document: Document,
    /// Calibrated probabilities in class order.
    pub(super) probabilities: Vec<f64>,
    /// Why the model abstains, if it does.
    pub(super) reason: Option<Reason>,
    pub(super) signature: Option<Signature>,
    /// Identifies the text.
    pub(super) hash: u64,
}

impl Offer {
    /// Scores a text. This runs on every thread.
    pub(super) fn new(worker: &mut Worker, document: Document) -> Self {
        let verdict = worker.score_unit(&document.text);
        Offer {
            probabilities: verdict.probabilities().to_vec(),
            reason: match document.extraction {
                Some(Extraction::Nothing) => Some(Reason::NothingExtracted),
                _ => verdict.reason(),
            },
            signature: Signature::from_text(&document.text),
            hash: hash_name(0, document.text.as_bytes()),
            document,
        }
    }

    /// Returns how unsure the model is.
    pub(super) fn uncertainty(&self) -> f64 {
        uncertainty(&self.probabilities)
    }
}

/// Returns how unsure a model with these probabilities is, from 0 to 1: their entropy, divided by
/// that of equal ones (Settles, "Active Learning Literature Survey", 2009, section 3.1).
pub(crate) fn uncertainty(probabilities: &[f64]) -> f64 {
    let entropy: f64 = probabilities.iter().filter(|&&p| p > 0.0).map(|&p| -p * libm::log(p)).sum();
    match probabilities.len() {
        0 | 1 => 0.0,
        classes => entropy / libm::log(classes as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uncertainty_at_points_known_by_hand() {
        let uncertainty = |probabilities: &[f64]| {
            Offer {
                document: Document::new("x", "x"),
                probabilities: probabilities.to_vec(),
                reason: None,
                signature: None,
                hash: 0,
            }
            .uncertainty()
        };
        assert_eq!(uncertainty(&[1.0, 0.0, 0.0]), 0.0);
        assert!((uncertainty(&[0.25; 4]) - 1.0).abs() < 1e-15);
        // (ln 2 / 2 + 2 x ln 4 / 4) / ln 3 = 1.5 ln 2 / ln 3
        assert!((uncertainty(&[0.5, 0.25, 0.25]) - 0.946_394_630_357_186_1).abs() < 1e-15);
        assert_eq!(uncertainty(&[1.0]), 0.0);
    }
}
