//! Scores texts with all that the results give: the columns of the command line's Parquet.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use standpoint::classifier::{ScoreOptions, Worker, Workers};
use standpoint::error::Position;
use standpoint::text::Prepared;
use standpoint::write::{Failure, Outcome, RunContext, Schema, Scored};
use standpoint::{Classifier, Document, Error, Threads};

use crate::error::{keyword, raise};
use crate::guard::detached;
use crate::model::NativeModel;
use crate::scores::Table;
use crate::table::{TableBuilder, arrow_schema};
use crate::texts::{Rows, TextRow, for_each_row, has_large};

/// How texts are scored, apart from what the model says.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    keep_boilerplate: bool,
    label_always: bool,
    paragraphs: bool,
    n_jobs: usize,
}

impl Asked {
    pub fn n_jobs(&self) -> usize {
        self.n_jobs
    }

    pub fn paragraphs(&self) -> bool {
        self.paragraphs
    }

    pub fn options(&self) -> ScoreOptions {
        ScoreOptions {
            keep_boilerplate: self.keep_boilerplate,
            label_always: self.label_always,
            ..ScoreOptions::default()
        }
    }
}

#[pymethods]
impl NativeModel {
    /// The results of the rows.
    fn score(&self, py: Python<'_>, rows: &Rows, asked: Asked) -> PyResult<Table> {
        let threads = Threads::new(asked.n_jobs).map_err(|error| raise(py, &error))?;
        let classifier = self.classifier(py)?;
        let workers = Workers::new(classifier, asked.options(), &threads);
        let schema = schema(classifier, &rows.keep, asked.paragraphs);
        let mut table = TableBuilder::with_capacity(&schema, rows.len());
        let mut start = 0;
        while start < rows.len() {
            let batch = rows.batch(py, start)?;
            start += batch.len();
            let mut append = |row: &TextRow<'_>, outcome: Option<Outcome>| match &outcome {
                Some(outcome) => {
                    schema.rows(outcome.as_ref()).for_each(|of| table.append(row.id.as_deref(), of));
                }
                None => table.append_missing(row.id.as_deref()),
            };
            if has_large(&batch) {
                let (mut worker, paragraphs) = (classifier.worker_with(asked.options()), asked.paragraphs);
                let outcomes = for_each_row(py, &batch, move |row| outcome(&mut worker, row, paragraphs))?;
                batch.iter().zip(outcomes).for_each(|(row, outcome)| append(row, outcome));
            } else {
                detached(py, || {
                    workers.score_in_order(
                        batch.iter().map(|row| (row, row.bytes())),
                        |worker, row| (row, outcome(worker, row, asked.paragraphs)),
                        |(row, outcome)| {
                            append(row, outcome);
                            Ok(())
                        },
                    )
                })?;
            }
            py.check_signals()?;
        }
        table.finish().map(Table).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }

    /// A table without rows, which has the columns of the results.
    fn empty_table(&self, py: Python<'_>, keep: Vec<String>, paragraphs: bool) -> PyResult<Table> {
        let schema = schema(self.classifier(py)?, &keep, paragraphs);
        Ok(Table(arrow_array::RecordBatch::new_empty(std::sync::Arc::new(arrow_schema(&schema)))))
    }
}

/// The columns of results.
pub fn schema(classifier: &Classifier, keep: &[String], paragraphs: bool) -> Schema {
    let mut context = RunContext::new(classifier.labels().clone(), classifier.id());
    context.loaded_language_model = classifier.loaded_language_id().map(str::to_owned);
    context.paragraphs = paragraphs;
    context.keep = keep.to_vec();
    context.spelling = keyword;
    Schema::new(context)
}

/// Scores one row; `None` where its text is missing.
fn outcome(worker: &mut Worker, row: &TextRow<'_>, paragraphs: bool) -> Option<Outcome> {
    if row.is_missing() {
        return None;
    }
    if row.holds_zero() {
        let position = Position::from_path(format!("texts[{}]", row.number));
        let error = Error::malformed(position, "text", "it contains a zero byte, so it is not text");
        return Some(Err(Failure::new(error)));
    }
    let texts: Vec<&str> = row.texts.iter().flatten().map(AsRef::as_ref).collect();
    let Prepared { text, title, extraction } =
        worker.classifier().model().preparation.prepare(&texts, row.title.as_deref());
    let columns = row.kept.iter().map(|value| value.as_deref().map(str::to_owned)).collect();
    let document = Document { text, title, extraction, columns, ..Document::default() };
    let verdict = worker.score_document(&document);
    let verdict = if paragraphs { verdict } else { verdict.without_paragraphs() };
    Some(Ok(Scored::new(document, verdict)))
}
