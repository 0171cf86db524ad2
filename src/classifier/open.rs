//! Opens models: the bundled ones, files, and bytes.

use std::fs;
use std::io;
use std::path::Path;

use crate::classifier::classifier::{Classifier, ModelFile};
use crate::classifier::compiled_model::CompiledModel;
use crate::error::{Error, Message, Result};
use crate::model::{self, ID_DIGITS, Model};
use crate::threads::Threads;

impl Classifier {
    /// Makes the bundled stance model ready, together with the bundled loaded-language model.
    ///
    /// # Errors
    /// A build without the feature `bundled-models`.
    pub fn bundled() -> Result<Self> {
        let (stance, loaded) = Threads::join(Classifier::bundled_stance, Classifier::bundled_loaded_language);
        stance?.with_loaded_language_model(&loaded?)
    }

    /// Makes the bundled stance model ready, without a loaded-language model.
    ///
    /// # Errors
    /// A build without the feature `bundled-models`.
    pub fn bundled_stance() -> Result<Self> {
        Classifier::from_static_bytes("stance", model::bundled_stance())
    }

    /// Makes the bundled loaded-language model ready, for
    /// [`Classifier::with_loaded_language_model`].
    ///
    /// # Errors
    /// A build without the feature `bundled-models`.
    pub fn bundled_loaded_language() -> Result<Self> {
        Classifier::from_static_bytes("loaded", model::bundled_loaded_language())
    }

    fn from_static_bytes(name: &str, bytes: Option<&'static [u8]>) -> Result<Self> {
        let bytes = bytes.ok_or_else(|| Error::model("this build has no bundled model"))?;
        Classifier::from_named_bytes(name, bytes, Model::from_static_bytes)
    }

    /// Reads a model file and makes the model ready.
    ///
    /// # Errors
    /// A path that cannot be read or is not a regular file, and bytes that are not a model of a
    /// known format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let shown = path.display();
        let unreadable = |e: io::Error| Error::model(format!("{shown}: cannot read the model: {e}"));
        if !fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(Error::model(format!("{shown}: it is not a regular file; expected a model file")));
        }
        let bytes = fs::read(path).map_err(unreadable)?;
        let name = path.file_stem().map_or("model".into(), |stem| stem.to_string_lossy());
        Classifier::from_named_bytes(&name, &bytes, Model::from_bytes).map_err(|e| {
            Error::model(Message::from(format!("{shown} cannot be used as a model: ")).then(e.message()))
        })
    }

    /// Reads the bytes of a model file and makes the model ready. Its id begins with `model@`.
    ///
    /// # Errors
    /// As [`Model::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Classifier::from_named_bytes("model", bytes, Model::from_bytes)
    }

    fn from_named_bytes<'b>(
        name: &str,
        bytes: &'b [u8],
        read: fn(&'b [u8]) -> Result<Model>,
    ) -> Result<Self> {
        let (read, sha256) =
            Threads::join(|| read(bytes).and_then(CompiledModel::new), || model::digest(bytes));
        let id = format!("{name}@{}", sha256.get(..ID_DIGITS).unwrap_or(&sha256));
        Ok(Classifier::from_compiled(read?, id, Some(ModelFile { sha256, size: bytes.len() })))
    }
}
