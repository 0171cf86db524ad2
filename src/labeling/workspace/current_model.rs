//! Holds the model in use with all that it says of the archive.

use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard};

use crate::classifier::{Classifier, Worker};
use crate::labeling::compared::Side;
use crate::labeling::held_out::HeldOut;
use crate::labeling::ranking::Ranking;
use crate::labeling::scores::Scores;
use crate::labeling::workspace::{lock, read, write};

/// The model in use, with what it says of the archive.
#[derive(Debug)]
pub struct CurrentModel {
    /// Its number in the history.
    pub number: u32,
    /// The model.
    pub classifier: Classifier,
    /// What it says of texts and passages, as far as they are scored.
    pub scores: Scores,
    pub(in crate::labeling) held_out: HeldOut,
    /// `None` until all is scored.
    ranked: RwLock<Option<Ranking>>,
    worker: Mutex<Worker>,
}

impl CurrentModel {
    pub(super) fn new(number: u32, classifier: Classifier, held_out: HeldOut) -> Self {
        CurrentModel {
            number,
            scores: Scores::new(classifier.labels().len()),
            held_out,
            ranked: RwLock::default(),
            worker: Mutex::new(classifier.worker()),
            classifier,
        }
    }

    /// The model as one side of a comparison.
    pub(in crate::labeling) fn side(&self) -> Side<'_> {
        Side { classifier: &self.classifier, held_out: &self.held_out }
    }

    pub(in crate::labeling) fn worker(&self) -> MutexGuard<'_, Worker> {
        lock(&self.worker)
    }

    /// The order in which it asks for passages; `None` while it has not scored them all.
    pub(in crate::labeling) fn ranked(&self) -> RwLockReadGuard<'_, Option<Ranking>> {
        read(&self.ranked)
    }

    pub(super) fn set_ranked(&self, ranking: Ranking) {
        *write(&self.ranked) = Some(ranking);
    }

    /// Whether it has scored and ranked the archive.
    pub fn is_ranked(&self) -> bool {
        self.ranked().is_some()
    }
}
