//! Which model a command uses.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Classifier, Error, Threads};

/// A model ready for use, with its name in results.
pub struct OpenedModel {
    /// The model.
    pub classifier: Classifier,
    /// Name and the first 12 digits of the file's SHA-256.
    pub id: String,
    /// All digits.
    pub sha256: String,
    /// Size of the file in bytes.
    pub size: usize,
}

/// Reads the model at `path`, or the one inside the program.
pub fn load(path: Option<&PathBuf>) -> crate::Result<OpenedModel> {
    match path {
        Some(path) => read(path),
        None => {
            let bytes = crate::model::embedded()
                .ok_or_else(|| Error::model("this build has no model inside; name one with --model"))?;
            ready(bytes, "stance")
        }
    }
}

/// Which second model says what is loaded.
#[derive(clap::Args)]
pub struct BiasArgs {
    /// Model of sentences that says which are loaded [default: the one inside the program, if --model is not given]
    #[arg(long, value_name = "FILE")]
    bias_model: Option<PathBuf>,
    /// Do not look for loaded sentences
    #[arg(long, conflicts_with = "bias_model")]
    no_bias: bool,
}

impl BiasArgs {
    /// The file named, if one is.
    pub fn file(&self) -> Option<&PathBuf> {
        self.bias_model.as_ref()
    }

    /// Reads it; the one inside the program goes with the stance model inside the program only.
    pub fn load(&self, model: Option<&PathBuf>) -> crate::Result<Option<OpenedModel>> {
        match (&self.bias_model, crate::model::embedded_bias()) {
            (Some(path), _) => read(path).map(Some),
            (None, Some(bytes)) if model.is_none() && !self.no_bias => ready(bytes, "bias").map(Some),
            _ => Ok(None),
        }
    }
}

fn read(path: &Path) -> crate::Result<OpenedModel> {
    let shown = path.display();
    let unreadable = |e: std::io::Error| Error::model(format!("{shown}: cannot read the model: {e}"));
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Error::model(format!("{shown}: it is not a regular file; expected a model file")));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    ready(&bytes, &name(path)).map_err(|e| Error::model(format!("{shown} cannot be used as a model: {e}")))
}

fn ready(bytes: &[u8], name: &str) -> crate::Result<OpenedModel> {
    let (classifier, sha256) =
        Threads::join(|| Classifier::from_bytes(bytes), || crate::model::digest(bytes));
    let id = format!("{name}@{}", sha256.get(..12).unwrap_or(&sha256));
    Ok(OpenedModel { classifier: classifier?, id, sha256, size: bytes.len() })
}

fn name(path: &Path) -> String {
    path.file_stem().map_or_else(|| "model".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
