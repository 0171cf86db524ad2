//! A shortlist to the picks: the best that do not nearly repeat what is labelled or picked already.

use std::collections::HashSet;
use std::sync::Arc;

use crate::active_learning::suggest::best::Best;
use crate::active_learning::suggest::offer::Offer;
use crate::active_learning::suggest::shortlist::Rare;
use crate::label::ClassId;
use crate::near_duplicates::Stories;
use crate::text::document::Document;

/// Why a text was picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is among those that the model is least sure of.
    Uncertain,
    /// It is among the likeliest of a label that has few rows.
    Rare(ClassId),
}

/// A text to label next.
#[derive(Clone, Debug)]
pub struct Pick {
    /// The text and its name.
    pub document: Document,
    /// Why it was picked.
    pub why: Why,
}

/// What is picked so far.
#[derive(Debug)]
pub(super) struct Picking {
    texts: usize,
    /// Texts that nothing may nearly repeat: the labelled and the picked.
    taken: Stories,
    hashes: HashSet<u64>,
    picks: Vec<Pick>,
}

impl Picking {
    pub(super) fn new(taken: Stories, texts: usize) -> Self {
        Picking { texts, taken, hashes: HashSet::new(), picks: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Pick> {
        self.picks
    }

    /// Picks the likeliest texts of a rare label.
    pub(super) fn rare(&mut self, Rare { class, quota, best }: Rare) {
        self.take(best, quota, Why::Rare(class));
    }

    /// Fills up with the most uncertain texts.
    pub(super) fn uncertain(&mut self, best: Best<Arc<Offer>>) {
        self.take(best, self.texts.saturating_sub(self.picks.len()), Why::Uncertain);
    }

    fn take(&mut self, best: Best<Arc<Offer>>, most: usize, why: Why) {
        let mut left = most;
        for offer in best.finish() {
            if left == 0 {
                return;
            }
            // A text that is taken for a rare label already is not taken twice.
            if self.hashes.contains(&offer.hash) || self.taken.add(offer.signature).is_some() {
                continue;
            }
            self.hashes.insert(offer.hash);
            self.picks.push(Pick { document: offer.document.clone(), why });
            left -= 1;
        }
    }
}
