//! Picks the best texts of a shortlist that do not nearly repeat a text that is labeled or picked
//! already.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;

use crate::active_learning::suggest::best::Best;
use crate::active_learning::suggest::offer::Offer;
use crate::error::Result;
use crate::near_duplicates::Stories;
use crate::progress::Progress;

/// Why a text was picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    /// It is among those that the model is least sure of.
    Uncertain,
    /// It is among the likeliest texts of this label, which has few rows.
    Rare(String),
}

/// A text to label next.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Pick {
    /// The document's id.
    pub id: String,
    /// The path of its file.
    pub path: String,
    /// Its record within the file, from 1; `None` where the file is one document.
    pub record: Option<u64>,
    /// Its text.
    pub text: String,
    /// Why it was picked.
    pub why: Why,
}

/// The picks so far.
pub(super) struct Picking<'p> {
    texts: usize,
    /// The labeled texts and the picks, which no further pick may nearly repeat.
    taken: Stories,
    hashes: HashSet<u64>,
    picks: Vec<Pick>,
    progress: &'p dyn Progress,
}

impl<'p> Picking<'p> {
    pub(super) fn new(taken: Stories, texts: usize, progress: &'p dyn Progress) -> Self {
        Picking { texts, taken, hashes: HashSet::new(), picks: Vec::new(), progress }
    }

    pub(super) fn finish(self) -> Vec<Pick> {
        self.picks
    }

    /// Picks at most `count` of the likeliest texts of a rare label.
    pub(super) fn pick_rare(&mut self, best: Best<Arc<Offer>>, count: usize, label: &str) -> Result<()> {
        self.pick(best, count, &Why::Rare(label.to_owned()))
    }

    /// Picks the most uncertain texts until there are enough.
    pub(super) fn pick_uncertain(&mut self, best: Best<Arc<Offer>>) -> Result<()> {
        self.pick(best, self.texts.saturating_sub(self.picks.len()), &Why::Uncertain)
    }

    fn pick(&mut self, best: Best<Arc<Offer>>, count: usize, why: &Why) -> Result<()> {
        let mut left = count;
        for offer in best.finish() {
            if left == 0 {
                break;
            }
            self.progress.check()?;
            // A text that was picked for another label is not picked again.
            if self.hashes.contains(&offer.hash) || self.taken.add(offer.signature).is_some() {
                continue;
            }
            self.hashes.insert(offer.hash);
            let document = &offer.document;
            self.picks.push(Pick {
                id: document.id.clone(),
                path: document.path.clone(),
                record: document.record,
                text: document.text.clone(),
                why: why.clone(),
            });
            left -= 1;
        }
        Ok(())
    }
}
