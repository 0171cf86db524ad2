//! A text to its share of loaded sentences, by a second model.

use std::ops::AddAssign;

use super::{Classifier, Worker};
use crate::error::{Error, Result};
use crate::label::argmax;
use crate::sentence::sentences;

/// A model of sentences, one or more of whose labels mean "loaded": those with an axis value over 0.
#[derive(Debug)]
pub(super) struct Bias(Classifier);

impl Bias {
    pub(super) fn new(sentences: Classifier) -> Result<Self> {
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
            let score = worker.unit(span.of(text));
            if !score.any_feature || worker.classifier().too_few(score.words) {
                continue;
            }
            counts.all += 1;
            counts.loaded += usize::from(worker.classifier().calls_loaded(&score.probabilities));
        }
        counts
    }

    /// `None` without sentences.
    pub(super) fn loaded_share(self) -> Option<f64> {
        (self.all > 0).then(|| self.loaded as f64 / self.all as f64)
    }
}

impl Classifier {
    /// Whether a sentence of these probabilities is called loaded: its likeliest label has an axis value over 0 and is as
    /// likely as the model asks for.
    fn calls_loaded(&self, probabilities: &[f64]) -> bool {
        let top = argmax(probabilities).index();
        let value = self.labels().axis().and_then(|axis| axis.get(top)).copied();
        let least = self.model.thresholds.low_confidence.map_or(0.0, |low| low.unit);
        value.is_some_and(|value| value > 0.0) && probabilities.get(top).is_some_and(|p| *p >= least)
    }
}

impl AddAssign for Sentences {
    fn add_assign(&mut self, more: Self) {
        self.all += more.all;
        self.loaded += more.loaded;
    }
}
