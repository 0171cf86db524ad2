//! Remembers where a model came from, so that a pickled one can be opened again.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
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
        let ids = (classifier.id().to_owned(), classifier.loaded_language_id().map(str::to_owned));
        let (method, arguments) = match self {
            Origin::Bundled => ("_rebundle", PyTuple::new(py, [ids])?),
            Origin::Files(path, loaded) => {
                let paths = (path.clone(), loaded.clone()).into_pyobject(py)?.into_any();
                ("_reopen", PyTuple::new(py, [paths, ids.into_pyobject(py)?.into_any()])?)
            }
            Origin::Bytes => {
                let bytes = classifier.model().to_bytes().map_err(|error| raise(py, &error))?;
                ("from_bytes", PyTuple::new(py, [PyBytes::new(py, &bytes)])?)
            }
        };
        Ok((class.getattr(method)?, arguments.into_any()))
    }
}

/// Refuses another model than the one that was pickled. An id ends in the beginning of the file's
/// hash.
pub fn check_ids(classifier: &Classifier, ids: &(String, Option<String>)) -> Result<()> {
    let found = (classifier.id(), classifier.loaded_language_id());
    if found == (ids.0.as_str(), ids.1.as_deref()) {
        return Ok(());
    }
    Err(Error::model(format!(
        "the model was {} when it was pickled and is {} here; bring the same file and version of the package to every machine",
        shown(&ids.0, ids.1.as_deref()),
        shown(found.0, found.1),
    )))
}

fn shown(id: &str, loaded: Option<&str>) -> String {
    loaded.map_or_else(|| id.to_owned(), |loaded| format!("{id} with {loaded}"))
}
