//! A text to its share of loaded sentences, by a second model.

use std::ops::AddAssign;

use super::{Classifier, Worker};
use crate::error::{Error, Result};
use crate::sentence::sentences;
use crate::verdict::Reason;

/// A model of sentences, one or more of whose labels mean "loaded": those with an axis value over 0.
#[derive(Debug)]
pub(super) struct Bias(Classifier);

impl Bias {
    /// Of a sentence only its words are asked: its language and its subject are its text's.
    pub(super) fn new(mut sentences: Classifier) -> Result<Self> {
        sentences.model.thresholds.other_language = false;
        sentences.model.thresholds.off_topic = None;
        match sentences.labels().axis() {
            Some(axis) if axis.iter().any(|value| *value > 0.0) => Ok(Bias(sentences)),
            _ => Err(Error::model(
                "the model of sentences does not say which label means loaded; train it with --axis LABEL=1",
            )),
        }
    }

    pub(super) fn worker(&self) -> Worker<'_> {
        self.0.worker()
    }
}

/// Counts of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentences {
    all: usize,
    loaded: usize,
}

impl Sentences {
    /// Counts the sentences of a text that the second model can say something of.
    pub(super) fn of(text: &str, worker: &mut Worker<'_>) -> Self {
        let mut counts = Sentences::default();
        for span in sentences(text) {
            let decision = worker.one_unit(span.of(text)).decision;
            if matches!(decision.reason(), Some(Reason::TooShort | Reason::NothingKnown)) {
                continue;
            }
            let axis = worker.classifier().labels().axis();
            let value = decision.label().and_then(|class| axis?.get(class.index()));
            counts.all += 1;
            counts.loaded += usize::from(value.is_some_and(|value| *value > 0.0));
        }
        counts
    }

    /// `None` without sentences.
    pub(super) fn loaded_share(self) -> Option<f64> {
        (self.all > 0).then(|| self.loaded as f64 / self.all as f64)
    }
}

impl AddAssign for Sentences {
    fn add_assign(&mut self, more: Self) {
        self.all += more.all;
        self.loaded += more.loaded;
    }
}
