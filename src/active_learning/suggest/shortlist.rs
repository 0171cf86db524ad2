//! Keeps the few texts of a pool that are worth a closer look, and picks from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::active_learning::suggest::best::Best;
use crate::active_learning::suggest::offer::Offer;
use crate::active_learning::suggest::params::SuggestParams;
use crate::active_learning::suggest::pick::{Pick, Picking};
use crate::active_learning::suggest::rare::{RareLabel, quotas};
use crate::classifier::Classifier;
use crate::classifier::verdict::Reason;
use crate::error::Result;
use crate::label::{ClassId, LabelSet};
use crate::near_duplicates::{Signature, Stories};
use crate::progress::Progress;
use crate::random::hash_name;

/// Texts that are kept for each text to be picked: enough that near-duplicates among them do no
/// harm.
const KEPT_PER_PICK: usize = 20;

/// How many texts were passed over, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Passed {
    /// Texts that are labeled already, or nearly repeat one that is.
    pub(super) labeled: u64,
    /// Texts on which the model abstains for another reason than low confidence.
    pub(super) unfit: BTreeMap<Reason, u64>,
}

/// The most uncertain texts of a pool so far, and the likeliest ones of each rare label. Its memory
/// does not grow with the pool.
#[derive(Debug)]
pub(super) struct Shortlist {
    params: SuggestParams,
    labels: LabelSet,
    uncertain: Best<Arc<Offer>>,
    rare: Vec<RareLabel>,
    labeled: Stories,
    passed: Passed,
}

impl Shortlist {
    /// Starts an empty shortlist for a model.
    ///
    /// # Errors
    /// As [`SuggestParams::check`].
    pub(super) fn new(classifier: &Classifier, params: SuggestParams) -> Result<Self> {
        let params = params.check()?;
        let rows = &classifier.model().provenance.rows_by_class;
        let rare = quotas(rows, (params.texts as f64 * params.rare_share).round() as usize)
            .into_iter()
            .map(|quota| RareLabel {
                class: ClassId::new(quota.class),
                quota: quota.texts,
                best: Best::new(quota.texts * KEPT_PER_PICK),
            })
            .collect();
        Ok(Shortlist {
            params,
            labels: classifier.labels().clone(),
            uncertain: Best::new(params.texts.saturating_mul(KEPT_PER_PICK)),
            rare,
            labeled: Stories::new(),
            passed: Passed::default(),
        })
    }

    /// Excludes a text that is labeled already, and all texts that nearly repeat it.
    pub(super) fn exclude(&mut self, text: &str) {
        self.labeled.add(Signature::from_text(text));
    }

    /// Takes the next text of the pool.
    pub(super) fn add(&mut self, offer: Offer) {
        if let Some(reason) = offer.reason.filter(|&reason| reason != Reason::LowConfidence) {
            *self.passed.unfit.entry(reason).or_default() += 1;
            return;
        }
        if offer.signature.is_some_and(|signature| self.labeled.find(&signature).is_some()) {
            self.passed.labeled += 1;
            return;
        }
        let number = hash_name(self.params.seed, offer.document.text.as_bytes());
        let offer = Arc::new(offer);
        self.uncertain.add(offer.uncertainty(), number, offer.clone());
        for RareLabel { class, best, .. } in &mut self.rare {
            let probability = offer.probabilities.get(class.index()).copied().unwrap_or(0.0);
            best.add(probability, number, offer.clone());
        }
    }

    /// Texts that were passed over so far.
    pub(super) fn passed(&self) -> &Passed {
        &self.passed
    }

    /// Picks the texts: fewer than were asked for if the pool has no more that differ.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
    pub(super) fn finish(self, progress: &dyn Progress) -> Result<Vec<Pick>> {
        let mut picking = Picking::new(self.labeled, self.params.texts, progress);
        for RareLabel { class, quota, best } in self.rare {
            picking.pick_rare(best, quota, self.labels.name(class))?;
        }
        picking.pick_uncertain(self.uncertain)?;
        Ok(picking.finish())
    }
}
