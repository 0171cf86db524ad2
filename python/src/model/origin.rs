//! Remembers where a model came from, so that a pickled one can be opened again.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use standpoint::{Classifier, Error, Result};

use crate::error::raise;

/// Where a model came from.
pub enum Origin {
    /// The package.
    Bundled,
    /// Files, of which the second is the loaded-language model.
    Files(PathBuf, Option<PathBuf>),
    /// Memory: its bytes travel with it.
    Bytes,
}

impl Origin {
    /// What `pickle` calls, and with what. A file goes by its path: a model in a hundred tasks is
    /// read once a process.
    pub fn reduce<'py>(
        &self,
        py: Python<'py>,
        classifier: &Classifier,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let class = py.get_type::<super::NativeModel>();
        let (id, loaded_id) = (classifier.id(), classifier.loaded_language_id());
        let (method, arguments) = match self {
            Origin::Bundled => ("_rebundle", (id, loaded_id).into_pyobject(py)?.into_any()),
            Origin::Files(path, loaded) => {
                ("_reopen", (id, loaded_id, path, loaded.as_ref()).into_pyobject(py)?.into_any())
            }
            Origin::Bytes => {
                let bytes = classifier.model().to_bytes().map_err(|error| raise(py, &error))?;
                ("from_bytes", (PyBytes::new(py, &bytes),).into_pyobject(py)?.into_any())
            }
        };
        Ok((class.getattr(method)?, arguments))
    }
}

/// Refuses another model than the one that was pickled. An id ends in the beginning of the file's
/// hash.
pub fn check_ids(classifier: &Classifier, id: &str, loaded_id: Option<&str>) -> Result<()> {
    let found = (classifier.id(), classifier.loaded_language_id());
    if found == (id, loaded_id) {
        return Ok(());
    }
    Err(Error::model(format!(
        "the model was {} when it was pickled and is {} here; bring the same file and version of the package to every machine",
        shown(id, loaded_id),
        shown(found.0, found.1),
    )))
}

fn shown(id: &str, loaded: Option<&str>) -> String {
    loaded.map_or_else(|| id.to_owned(), |loaded| format!("{id} with {loaded}"))
}
