//! Trains models on rows in memory together with a corpus.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use standpoint::Threads;
use standpoint::error::Message;
use standpoint::label::LabelVariants;
use standpoint::model::Preparation;
use standpoint::progress::Counters;
use standpoint::train::{AdaptOptions, TrainingCorpus, adapt};
use standpoint::vectors::Vectors;

use crate::error::{raise, spelled};
use crate::guard::{abandonable, detached};
use crate::labeled::{Columns, TrainingRows};
use crate::model::NativeModel;
use crate::preparation::preparation_with;
use crate::texts::Rows;

/// The rows and settings of a training, to which others are added.
#[pyclass(frozen, module = "standpoint_stance._native")]
pub struct Corpus {
    corpus: Arc<TrainingCorpus>,
    preparation: Preparation,
}

/// What a call says of the adaptation.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct AdaptAsked {
    /// Those of the rows, in order; the names that the model keeps.
    text: Vec<String>,
    /// `None` for those of the corpus.
    markup: Option<String>,
    with_title: Option<bool>,
    merge_spellings: bool,
    vectors: Option<PathBuf>,
    vectors_scale: Option<f64>,
    seed: u64,
    date_note: Option<String>,
    name_texts: bool,
    n_jobs: usize,
}

#[pymethods]
impl Corpus {
    /// Opens a file that `standpoint train --save-corpus` wrote, or the training data of the
    /// bundled model.
    #[new]
    #[pyo3(signature = (path))]
    fn new(py: Python<'_>, path: Option<PathBuf>) -> PyResult<Self> {
        let corpus = detached(py, || match path {
            Some(path) => TrainingCorpus::open(path),
            None => TrainingCorpus::bundled(),
        })?;
        let params = corpus.params();
        let preparation = params.preparation.clone().unwrap_or_else(|| Preparation::for_unit(params.unit));
        Ok(Corpus { corpus: Arc::new(corpus), preparation })
    }

    /// The columns that hold the text.
    #[getter]
    fn text_columns(&self) -> Vec<String> {
        self.preparation.text_columns.clone()
    }

    /// Trains a model on the rows and the corpus. Gives it with the report as JSON.
    fn adapt(
        &self,
        py: Python<'_>,
        rows: &Rows,
        columns: Columns,
        asked: AdaptAsked,
    ) -> PyResult<(NativeModel, String)> {
        let preparation = self.preparation_with(py, &asked)?;
        let TrainingRows { rows: own, signs } = columns.training_rows(py, rows, &preparation)?;
        let corpus = Arc::clone(&self.corpus);
        let work = move |counters: &Counters| {
            let options = AdaptOptions {
                preparation: Some(preparation),
                label_variants: asked.merge_spellings.then_some(LabelVariants::Merge),
                vectors: asked.vectors.map(Vectors::open).transpose()?.map(Arc::new),
                vectors_scale: asked.vectors_scale,
                seed: asked.seed,
                date: asked.date_note,
                name_texts: asked.name_texts,
                progress: counters,
            };
            let (model, report) = adapt(&corpus, own, &options, &Threads::new(asked.n_jobs)?)?;
            Ok((NativeModel::from_training(model.to_bytes()?)?, report))
        };
        let (model, mut report) = abandonable(py, work)?;
        // A number for each label and row, which would be most of the report.
        report.training.predictions.clear();
        report.warnings.splice(0..0, signs.notes());
        let spelled = |warning: &Message| spelled(warning).into();
        report.warnings = report.warnings.iter().map(spelled).collect();
        report.training.warnings = report.training.warnings.iter().map(spelled).collect();
        Ok((model, crate::json::written(py, &report)?))
    }
}

impl Corpus {
    /// What is done to the texts: what was asked for, and for the rest what was done to those of
    /// the corpus.
    fn preparation_with(&self, py: Python<'_>, asked: &AdaptAsked) -> PyResult<Preparation> {
        let preparation = Preparation {
            text_columns: asked.text.clone(),
            with_title: asked.with_title.unwrap_or(self.preparation.with_title),
            ..preparation_with(py, &self.preparation, asked.markup.as_deref())?
        };
        preparation.check().map_err(|error| raise(py, &error))?;
        Ok(preparation)
    }
}
