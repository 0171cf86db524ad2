//! The texts of a pool to the few that are worth a closer look.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::active_learning::suggest::best::Best;
use crate::active_learning::suggest::offer::Offer;
use crate::active_learning::suggest::pick::{Pick, Picking};
use crate::classifier::Classifier;
use crate::classifier::verdict::Reason;
use crate::error::{Error, Result};
use crate::label::ClassId;
use crate::near_duplicates::{Signature, Stories};
use crate::random::number_of;

/// Texts that are kept for each that is to be picked: so many that near-duplicates among them do no harm.
const KEPT: usize = 20;
/// A label is rare if it has less than this share of the rows that it would have if all had equally many.
const RARE: f64 = 0.8;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wants {
    /// How many texts.
    pub texts: usize,
    /// Share of them that is picked for the labels with the fewest rows.
    pub rare_share: f64,
    /// Decides between texts that are equally good.
    pub seed: u64,
}

impl Wants {
    /// The share of texts for rare labels where nobody says otherwise; benches/peers/active_learning.py measures what it does.
    pub const RARE_SHARE: f64 = 0.2;

    /// Checks the numbers.
    ///
    /// # Errors
    /// No text, or a share outside 0 to 1.
    pub fn check(self) -> Result<Self> {
        match self {
            Wants { texts: 0, .. } => Err(Error::invalid_parameter("texts", 0, "a number from 1 up")
                .with_message("0 texts to suggest: expected a number from 1 up")),
            Wants { rare_share, .. } if !(0.0..=1.0).contains(&rare_share) => {
                let expected = "a share from 0 to 1";
                let message = format!("{rare_share} of the texts for rare labels: expected {expected}");
                Err(Error::invalid_parameter("rare_share", rare_share, expected).with_message(message))
            }
            _ => Ok(self),
        }
    }
}

/// How many texts were passed over, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// The same text is labelled already, or nearly the same.
    pub labelled: u64,
    /// The model would not label it for other reasons than that it is not sure.
    pub unfit: BTreeMap<Reason, u64>,
}

/// A label with few rows, how many texts are picked for it, and the texts that are likeliest to have it.
#[derive(Debug)]
pub(super) struct Rare {
    pub(super) class: ClassId,
    pub(super) quota: usize,
    pub(super) best: Best<Arc<Offer>>,
}

/// The most uncertain texts of a pool so far, and for each rare label the likeliest. Memory does not grow with the pool.
#[derive(Debug)]
pub struct Shortlist {
    wants: Wants,
    uncertain: Best<Arc<Offer>>,
    rare: Vec<Rare>,
    labelled: Stories,
    passed: Passed,
}

impl Shortlist {
    /// An empty shortlist for a model.
    ///
    /// # Errors
    /// As [`Wants::check`].
    pub fn new(classifier: &Classifier, wants: Wants) -> Result<Self> {
        let wants = wants.check()?;
        let rows = &classifier.model().provenance.rows_by_class;
        let rare = quotas(rows, (wants.texts as f64 * wants.rare_share).round() as usize)
            .into_iter()
            .map(|(class, quota)| Rare { class: ClassId::new(class), quota, best: Best::new(quota * KEPT) })
            .collect();
        Ok(Shortlist {
            wants,
            uncertain: Best::new(wants.texts.saturating_mul(KEPT)),
            rare,
            labelled: Stories::new(),
            passed: Passed::default(),
        })
    }

    /// Takes a text that has a label already: neither it nor what is nearly the same is suggested.
    pub fn labelled(&mut self, text: &str) {
        self.labelled.add(Signature::of(text));
    }

    /// Takes the next text of the pool.
    pub fn add(&mut self, offer: Offer) {
        if let Some(reason) = offer.reason.filter(|&reason| reason != Reason::LowConfidence) {
            *self.passed.unfit.entry(reason).or_default() += 1;
            return;
        }
        if offer.signature.is_some_and(|signature| self.labelled.find(&signature).is_some()) {
            self.passed.labelled += 1;
            return;
        }
        let number = number_of(self.wants.seed, offer.document.text.as_bytes());
        let offer = Arc::new(offer);
        self.uncertain.add(offer.uncertainty(), number, offer.clone());
        for Rare { class, best, .. } in &mut self.rare {
            let probability = offer.probabilities.get(class.index()).copied().unwrap_or(0.0);
            best.add(probability, number, offer.clone());
        }
    }

    /// Texts that were passed over so far.
    pub fn passed(&self) -> &Passed {
        &self.passed
    }

    /// Picks the texts; fewer than were asked for where the pool has no more that differ.
    pub fn finish(self) -> Vec<Pick> {
        let mut picking = Picking::new(self.labelled, self.wants.texts);
        self.rare.into_iter().for_each(|rare| picking.rare(rare));
        picking.uncertain(self.uncertain);
        picking.finish()
    }
}

/// How many texts are picked for each rare label: inversely to its rows, by the largest remainder.
fn quotas(rows: &[u64], texts: usize) -> Vec<(usize, usize)> {
    let all: u64 = rows.iter().sum();
    let usual = all as f64 / rows.len().max(1) as f64;
    let rare: Vec<(usize, f64)> = rows
        .iter()
        .enumerate()
        .filter(|&(_, &count)| (count as f64) < RARE * usual)
        .map(|(class, &count)| (class, 1.0 / count.max(1) as f64))
        .collect();
    let sum: f64 = rare.iter().map(|(_, weight)| weight).sum();
    let mut quotas: Vec<(usize, usize, f64)> = rare
        .iter()
        .map(|&(class, weight)| {
            let exact = texts as f64 * weight / sum;
            (class, exact as usize, exact - (exact as usize) as f64)
        })
        .collect();
    let left = texts.saturating_sub(quotas.iter().map(|quota| quota.1).sum());
    quotas.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    quotas.iter_mut().take(left).for_each(|quota| quota.1 += 1);
    quotas.sort_by_key(|quota| quota.0);
    quotas.into_iter().map(|(class, quota, _)| (class, quota)).filter(|(_, quota)| *quota > 0).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotas_at_points_known_by_hand() {
        assert_eq!(quotas(&[100, 100, 100], 10), []);
        assert_eq!(quotas(&[200, 50, 100], 10), [(1, 10)], "100 of 350 is not rare");
        // 1/10 and 1/30: 3 to 1.
        assert_eq!(quotas(&[10, 200, 30], 10), [(0, 8), (2, 2)]);
        assert_eq!(quotas(&[10, 200, 30], 1), [(0, 1)]);
        assert_eq!(quotas(&[10, 200], 0), []);
        assert_eq!(quotas(&[], 5), []);
    }

    #[test]
    fn what_cannot_be_wanted_is_refused() {
        let wants = |texts, rare_share| Wants { texts, rare_share, seed: 1 }.check();
        assert!(wants(1, 0.0).is_ok() && wants(5, 1.0).is_ok());
        for wrong in [wants(0, 0.5), wants(1, -0.1), wants(1, 1.5), wants(1, f64::NAN)] {
            assert!(wrong.unwrap_err().to_string().contains("expected"));
        }
    }

    proptest! {
        #[test]
        fn quotas_sum_to_what_is_asked_where_a_label_is_rare(
            rows in proptest::collection::vec(0..500u64, 2..8), texts in 0..60usize
        ) {
            let found = quotas(&rows, texts);
            let sum: usize = found.iter().map(|quota| quota.1).sum();
            let usual = rows.iter().sum::<u64>() as f64 / rows.len() as f64;
            let any = rows.iter().any(|&count| (count as f64) < RARE * usual);
            prop_assert_eq!(sum, if any { texts } else { 0 });
        }
    }
}
