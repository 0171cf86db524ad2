//! Tells which sentences of a text are loaded, by a model of its own.

use std::sync::Arc;

use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::scorer::UnitStats;
use crate::classifier::totals::DocumentTotals;
use crate::classifier::verdict::Reason;
use crate::error::{Error, Message, Result};
use crate::label::argmax;

/// A loaded-language model: a model of sentences. Those of its labels mean "loaded" that have an
/// axis value over 0.
#[derive(Clone, Debug)]
pub(super) struct LoadedLanguage {
    model: Arc<CompiledModel>,
    id: String,
}

impl LoadedLanguage {
    pub(super) fn new(model: Arc<CompiledModel>, id: String) -> Result<Self> {
        match model.model.labels.axis() {
            Some(axis) if axis.iter().any(|value| *value > 0.0) => Ok(LoadedLanguage { model, id }),
            _ => Err(Error::model("the loaded-language model does not say which label means loaded")
                .with_hint(Message::naming("train it with `axis=LABEL=1`"))),
        }
    }

    pub(super) fn model(&self) -> &CompiledModel {
        &self.model
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Whether a sentence is loaded, by its margins, which become probabilities; `None` if nothing
    /// can be said of it. Only its words matter: its language and its topic are its text's.
    #[inline]
    pub(super) fn is_loaded(&self, stats: &UnitStats, margins: &mut [f64]) -> Option<bool> {
        let totals = DocumentTotals {
            units: 1,
            words: stats.words,
            any_feature: stats.any_feature,
            ..DocumentTotals::default()
        };
        let model = &self.model.model;
        model.calibration.apply(margins);
        let top = argmax(margins);
        let confidence = margins.get(top.index()).copied().unwrap_or(0.0);
        match self.model.reason(&totals, confidence) {
            Some(Reason::TooShort | Reason::NothingKnown) => None,
            Some(_) => Some(false),
            None => Some(
                model.labels.axis().and_then(|axis| axis.get(top.index())).is_some_and(|value| *value > 0.0),
            ),
        }
    }
}
