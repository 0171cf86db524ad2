//! A text to its share of loaded sentences, by a second model.

use std::ops::AddAssign;

use crate::classifier::scorer::UnitStats;
use crate::classifier::totals::DocumentTotals;
use crate::classifier::verdict::Reason;
use crate::classifier::{Classifier, Worker};
use crate::error::{Error, Result};
use crate::label::argmax;

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

    pub(super) fn classifier(&self) -> &Classifier {
        &self.0
    }
}

impl Worker<'_> {
    /// Whether the text whose margins were found last is loaded, `None` if nothing can be said of it. For a second model.
    pub(super) fn is_loaded(&mut self, found: &UnitStats) -> Option<bool> {
        let Classifier { model, .. } = self.classifier;
        let sums = DocumentTotals {
            units: 1,
            words: found.words,
            any_feature: found.any_feature,
            ..DocumentTotals::default()
        };
        model.calibration.apply(&mut self.margins);
        let top = argmax(&self.margins);
        let confidence = self.margins.get(top.index()).copied().unwrap_or(0.0);
        match self.classifier.reason(&sums, confidence) {
            Some(Reason::TooShort | Reason::NothingKnown) => None,
            Some(_) => Some(false),
            None => Some(
                model.labels.axis().and_then(|axis| axis.get(top.index())).is_some_and(|value| *value > 0.0),
            ),
        }
    }
}

/// Counts of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentences {
    all: usize,
    loaded: usize,
}

impl Sentences {
    /// Counts a sentence, if the second model can say something of it.
    pub(super) fn add(&mut self, loaded: Option<bool>) {
        self.all += usize::from(loaded.is_some());
        self.loaded += usize::from(loaded == Some(true));
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
