//! Holds the models that are at work. A new stance model takes the place of the old one between two requests.

use std::sync::{Arc, PoisonError, RwLock};

use crate::classifier::Classifier;
use crate::error::Result;

/// The models that answer.
#[derive(Clone, Debug)]
pub(super) struct Models {
    /// The stance model, with the loaded-language model beside it if there is one.
    pub(super) stance: Classifier,
    /// The loaded-language model by itself.
    pub(super) loaded: Option<Classifier>,
}

/// The place where the present models are found.
#[derive(Debug)]
pub(super) struct ModelsAtWork(RwLock<Arc<Models>>);

impl Models {
    /// A stance model beside a loaded-language model.
    ///
    /// # Errors
    /// Models that cannot read the same texts.
    pub(super) fn new(stance: &Classifier, loaded: Option<Classifier>) -> Result<Self> {
        let stance = match &loaded {
            Some(loaded) => stance.with_loaded_language_model(loaded)?,
            None => stance.clone(),
        };
        Ok(Models { stance, loaded })
    }
}

impl ModelsAtWork {
    pub(super) fn new(models: Models) -> Self {
        ModelsAtWork(RwLock::new(Arc::new(models)))
    }

    /// The models of now. Who holds them keeps them to the end of what it does.
    pub(super) fn get(&self) -> Arc<Models> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another stance model to work.
    ///
    /// # Errors
    /// One that cannot read the same texts as the loaded-language model.
    pub(super) fn put(&self, stance: &Classifier) -> Result<()> {
        let models = Models::new(stance, self.get().loaded.clone())?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(models);
        Ok(())
    }
}
