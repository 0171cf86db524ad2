//! Shares a compiled model between threads.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::classifier::buffers::{Buffers, ModelPair};
use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::loaded_language::LoadedLanguage;
use crate::error::{Error, Message, Result};
use crate::label::LabelSet;
use crate::model::{Model, PredictionSets, SetRule};
use crate::named::Named;

/// A model made ready for scoring. It is a cheap handle: clones share one model, which never
/// changes, on any number of threads.
///
/// [`Classifier::score`] scores one text. For many texts, make one [`Worker`] a thread with
/// [`Classifier::worker`], or let [`Workers`] score them in order.
///
/// [`Worker`]: crate::Worker
/// [`Workers`]: crate::classifier::Workers
#[derive(Clone)]
pub struct Classifier(Arc<Shared>);

/// What identifies the file that a model was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelFile {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: usize,
}

/// What all clones of a classifier share.
struct Shared {
    models: ModelPair,
    id: String,
    file: Option<ModelFile>,
    /// Buffers that wait for the next text.
    idle: Mutex<Vec<Buffers>>,
}

impl Classifier {
    /// Makes a model ready that was never in a file. Its id is `model`.
    ///
    /// # Errors
    /// Parts of the model that do not fit together.
    pub fn new(model: Model) -> Result<Self> {
        Ok(Classifier::from_compiled(CompiledModel::new(model)?, "model".to_owned(), None))
    }

    pub(super) fn from_compiled(model: CompiledModel, id: String, file: Option<ModelFile>) -> Self {
        Classifier::from_parts(ModelPair { main: Arc::new(model), loaded_language: None }, id, file)
    }

    fn from_parts(models: ModelPair, id: String, file: Option<ModelFile>) -> Self {
        Classifier(Arc::new(Shared { models, id, file, idle: Mutex::default() }))
    }

    /// The same classifier with a loaded-language model: a model of sentences, which says how many
    /// of a text's sentences are loaded. A sentence is loaded if its likeliest label has an axis
    /// value over 0.
    ///
    /// # Errors
    /// A loaded-language model without an axis, or with one on which no label is over 0; or one
    /// that reads posts on social media otherwise than the model: sentences of one text are given
    /// to both.
    pub fn with_loaded_language_model(&self, sentences: &Classifier) -> Result<Self> {
        let Shared { models, id, file, .. } = &*self.0;
        let model = Arc::clone(&sentences.0.models.main);
        let social = [self.model(), sentences.model()].map(|model| model.tokenizer_config.social_text);
        if let [one, other] = social
            && one != other
        {
            let (one, other) = (one.name(), other.name());
            return Err(Error::model(format!(
                "the loaded-language model reads social text as `{other}`; expected `{one}`, like the stance model"
            ))
            .with_hint(Message::naming("train both with the same `social_text`")));
        }
        let loaded_language = Some(LoadedLanguage::new(model, sentences.0.id.clone())?);
        let models = ModelPair { main: Arc::clone(&models.main), loaded_language };
        Ok(Classifier::from_parts(models, id.clone(), file.clone()))
    }

    /// The same classifier without its loaded-language model: the same labels and probabilities, in
    /// less time.
    #[must_use]
    pub fn without_loaded_language_model(&self) -> Self {
        let Shared { models, id, file, .. } = &*self.0;
        if models.loaded_language.is_none() {
            return self.clone();
        }
        let models = ModelPair { main: Arc::clone(&models.main), loaded_language: None };
        Classifier::from_parts(models, id.clone(), file.clone())
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.0.models.main.model
    }

    /// The labels, in the order in which probabilities are given.
    pub fn labels(&self) -> &LabelSet {
        &self.model().labels
    }

    /// The name of the model in results: the name of its file and the first 12 hexadecimal digits
    /// of the file's SHA-256, as in `stance@0123456789ab`; `model` alone if it was never in a file.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The file that the model was read from, if it was.
    pub fn file(&self) -> Option<&ModelFile> {
        self.0.file.as_ref()
    }

    /// The id of the loaded-language model, if there is one.
    pub fn loaded_language_id(&self) -> Option<&str> {
        self.0.models.loaded_language.as_ref().map(LoadedLanguage::id)
    }

    /// Makes the thresholds of prediction sets for [`ScoreOptions`]: a set holds the right label
    /// with the probability `confidence_level`.
    ///
    /// # Errors
    /// A confidence level that is not between 0 and 1, or a model trained without cross-validation.
    ///
    /// [`ScoreOptions`]: crate::classifier::ScoreOptions
    pub fn prediction_sets(&self, confidence_level: f64, rule: SetRule) -> Result<PredictionSets> {
        let conformal = self.model().conformal.as_ref().ok_or_else(|| {
            Error::model("it was trained without cross-validation, so it has no prediction sets")
                .with_hint(Message::naming("retrain it with `folds`"))
        })?;
        conformal.prediction_sets(confidence_level, rule)
    }

    pub(super) fn models(&self) -> &ModelPair {
        &self.0.models
    }

    /// Takes idle buffers, or makes new ones.
    pub(super) fn take_buffers(&self) -> Buffers {
        let waiting = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        waiting.unwrap_or_else(|| Buffers::new(&self.0.models))
    }

    /// Keeps buffers for the next text.
    pub(super) fn keep_buffers(&self, buffers: Buffers) {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push(buffers);
    }
}

impl fmt::Debug for Classifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Classifier").field("id", &self.id()).finish_non_exhaustive()
    }
}
