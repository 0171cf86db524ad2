//! The model as Python holds it: opened once, shared by threads, pickled by where it came from.

mod explain;
mod origin;
mod predict;
mod score;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList, PyString};
pub use score::{Asked, prediction_sets, schema};
use standpoint::Classifier;

use crate::error::raise;
use crate::guard::detached;
use crate::model::origin::Origin;
use crate::texts::Rows;

/// An opened model.
#[pyclass(frozen, module = "standpoint_stance._native")]
pub struct NativeModel {
    /// Without a loaded-language model: for calls that give nothing that it says.
    pub(crate) labeler: Classifier,
    /// With it, if there is one. That of the package is not read before a call needs it.
    full: OnceLock<Classifier>,
    /// The labels as Python has them.
    label_names: PyOnceLock<Vec<Py<PyString>>>,
    origin: Origin,
}

impl NativeModel {
    fn new(classifier: Classifier, origin: Origin) -> Self {
        let labeler = classifier.without_loaded_language_model();
        NativeModel { labeler, full: classifier.into(), label_names: PyOnceLock::new(), origin }
    }

    /// The model with its loaded-language model.
    pub(crate) fn classifier(&self, py: Python<'_>) -> PyResult<&Classifier> {
        if let Some(classifier) = self.full.get() {
            return Ok(classifier);
        }
        let classifier = detached(py, || {
            self.labeler.with_loaded_language_model(&Classifier::bundled_loaded_language()?)
        })?;
        Ok(self.full.get_or_init(|| classifier))
    }

    /// A model that was made in this process.
    pub fn from_training(bytes: Vec<u8>) -> standpoint::Result<Self> {
        let classifier = Classifier::from_bytes(&bytes)?;
        Ok(NativeModel::new(classifier, Origin::Bytes))
    }
}

#[pymethods]
impl NativeModel {
    /// The bundled stance model, with the bundled loaded-language model.
    #[staticmethod]
    fn bundled(py: Python<'_>) -> PyResult<Self> {
        let labeler = detached(py, Classifier::bundled_stance)?;
        let (full, label_names) = (OnceLock::new(), PyOnceLock::new());
        Ok(NativeModel { labeler, full, label_names, origin: Origin::Bundled })
    }

    /// Reads a model file, and that of a loaded-language model.
    #[staticmethod]
    #[pyo3(signature = (path, loaded_path=None))]
    fn open(py: Python<'_>, path: PathBuf, loaded_path: Option<PathBuf>) -> PyResult<Self> {
        let classifier = detached(py, || {
            let model = Classifier::open(&path)?;
            match &loaded_path {
                Some(loaded) => model.with_loaded_language_model(&Classifier::open(loaded)?),
                None => Ok(model),
            }
        })?;
        // Who unpickles it may be in another folder.
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Ok(NativeModel::new(classifier, Origin::Files(absolute(path), loaded_path.map(absolute))))
    }

    /// Reads the bytes of a model file.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: Vec<u8>) -> PyResult<Self> {
        detached(py, || NativeModel::from_training(bytes))
    }

    /// The bytes of a model file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = detached(py, || self.labeler.model().to_bytes())?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The name of the model in results.
    #[getter]
    fn id(&self) -> &str {
        self.labeler.id()
    }

    /// The id of the loaded-language model.
    #[getter]
    fn loaded_id(&self, py: Python<'_>) -> PyResult<Option<&str>> {
        Ok(self.classifier(py)?.loaded_language_id())
    }

    /// The labels, in the order of probabilities.
    #[getter]
    fn labels(&self) -> Vec<String> {
        self.labeler.labels().names().to_vec()
    }

    /// The files that it was read from: the model, and the loaded-language model. `None` for a
    /// model without a file.
    #[getter]
    fn paths(&self) -> Option<(&Path, Option<&Path>)> {
        match &self.origin {
            Origin::Files(path, loaded) => Some((path, loaded.as_deref())),
            Origin::Bundled | Origin::Bytes => None,
        }
    }

    /// Whether it is the model of the package.
    #[getter]
    fn is_bundled(&self) -> bool {
        matches!(self.origin, Origin::Bundled)
    }

    /// The columns that hold the text.
    #[getter]
    fn text_columns(&self) -> Vec<String> {
        self.labeler.model().preparation.text_columns.clone()
    }

    /// A list of texts and nothing else, as a loop over single texts gives it: the rows of
    /// `Rows(texts, self.text_columns, ...)`.
    fn rows(&self, texts: &Bound<'_, PyList>) -> PyResult<Rows> {
        Rows::from_list(texts, &self.labeler.model().preparation.text_columns)
    }

    /// What the model is and how it came about, as JSON.
    fn card(&self, py: Python<'_>) -> PyResult<String> {
        let card = detached(py, || Ok(self.labeler.model().card()))?;
        crate::json::written(py, &card)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        self.origin.reduce(py, self.classifier(py)?)
    }

    /// Opens a pickled model by its path, and checks that the file is still the one that was
    /// pickled.
    #[staticmethod]
    #[pyo3(name = "_reopen", signature = (id, loaded_id, path, loaded_path))]
    fn reopen(
        py: Python<'_>,
        id: &str,
        loaded_id: Option<&str>,
        path: PathBuf,
        loaded_path: Option<PathBuf>,
    ) -> PyResult<Self> {
        let model = NativeModel::open(py, path, loaded_path)?;
        origin::check_ids(model.classifier(py)?, id, loaded_id).map_err(|error| raise(py, &error))?;
        Ok(model)
    }

    /// Opens the bundled model, and checks that this package has the one that was pickled.
    #[staticmethod]
    #[pyo3(name = "_rebundle", signature = (id, loaded_id))]
    fn rebundle(py: Python<'_>, id: &str, loaded_id: Option<&str>) -> PyResult<Self> {
        let model = NativeModel::bundled(py)?;
        origin::check_ids(model.classifier(py)?, id, loaded_id).map_err(|error| raise(py, &error))?;
        Ok(model)
    }
}
