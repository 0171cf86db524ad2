//! Chooses the model that a command uses.

use std::path::PathBuf;

use crate::{Classifier, Error, Result, Threads};

/// Opens the model at `path`, or the bundled stance model.
pub fn open(path: Option<&PathBuf>) -> Result<Classifier> {
    match path {
        Some(path) => Classifier::open(path),
        None if crate::model::bundled_stance().is_none() => {
            Err(Error::model("this build has no bundled model; give one with --model"))
        }
        None => Classifier::bundled_stance(),
    }
}

/// Which loaded-language model goes with the model.
#[derive(clap::Args)]
pub struct LoadedModelArgs {
    /// Loaded-language model, which classifies sentences [default: the bundled one, if --model is
    /// not given]
    #[arg(long, value_name = "FILE", alias = "bias-model")]
    loaded_model: Option<PathBuf>,
    /// Do not score loaded language
    #[arg(long, alias = "no-bias", conflicts_with = "loaded_model")]
    no_loaded: bool,
}

impl LoadedModelArgs {
    /// The file named, if one is.
    pub fn file(&self) -> Option<&PathBuf> {
        self.loaded_model.as_ref()
    }

    /// Opens the model at `path`, or the bundled stance model, with its loaded-language model. The
    /// bundled loaded-language model goes with the bundled stance model only.
    pub fn open(&self, path: Option<&PathBuf>) -> Result<Classifier> {
        match self.open_both(path)? {
            (classifier, Some(loaded_language)) => classifier.with_loaded_language_model(&loaded_language),
            (classifier, None) => Ok(classifier),
        }
    }

    /// Opens both models as [`LoadedModelArgs::open`] does, each by itself.
    pub fn open_both(&self, path: Option<&PathBuf>) -> Result<(Classifier, Option<Classifier>)> {
        let (classifier, loaded_language) = Threads::join(|| open(path), || self.open_loaded_language(path));
        Ok((classifier?, loaded_language.transpose()?))
    }

    fn open_loaded_language(&self, path: Option<&PathBuf>) -> Option<Result<Classifier>> {
        match &self.loaded_model {
            Some(file) => Some(Classifier::open(file)),
            None if path.is_some() || self.no_loaded => None,
            None => crate::model::bundled_loaded_language().map(|_| Classifier::bundled_loaded_language()),
        }
    }
}
