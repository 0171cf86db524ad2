//! Scores texts with all that the results give: the columns of the command line's Parquet.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use standpoint::classifier::{ScoreOptions, Worker, Workers};
use standpoint::error::Position;
use standpoint::model::{PredictionSets, SetRule, Unit};
use standpoint::read::column_signs;
use standpoint::text::{Preparation, Prepared, SignCounts};
use standpoint::write::{Failure, Outcome, RunContext, Schema, Scored};
use standpoint::{Classifier, Document, Error, Named, Threads};

use crate::error::{SPELLING, parameter_error, raise, spelled};
use crate::guard::detached;
use crate::model::NativeModel;
use crate::preparation::preparation_with;
use crate::scores::Table;
use crate::table::{TableBuilder, arrow_schema};
use crate::texts::{LargeTexts, Rows, TextRow, has_large};

/// How texts are scored, apart from what the model says.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    keep_boilerplate: bool,
    label_always: bool,
    paragraphs: bool,
    /// How often a set of labels contains the right one; `None` for no sets.
    confidence_level: Option<f64>,
    set_rule: String,
    n_jobs: usize,
}

/// What results have beside the usual columns.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub paragraphs: bool,
    pub sets: bool,
}

impl Shape {
    /// Asks for it.
    pub fn apply(self, context: &mut RunContext) {
        (context.paragraphs, context.sets) = (self.paragraphs, self.sets);
    }
}

impl Asked {
    pub fn n_jobs(&self) -> usize {
        self.n_jobs
    }

    pub fn shape(&self) -> Shape {
        Shape { paragraphs: self.paragraphs, sets: self.confidence_level.is_some() }
    }

    /// As the library takes them.
    pub fn options(&self, py: Python<'_>, classifier: &Classifier) -> PyResult<ScoreOptions> {
        if self.confidence_level.is_some() && classifier.model().unit == Unit::Paragraph && !self.paragraphs {
            return Err(parameter_error(
                py,
                "confidence_level= needs paragraphs=True: the model scores paragraphs, so its sets hold for them and not for whole \
                 texts; or train with unit='document'",
            ));
        }
        Ok(ScoreOptions {
            prediction_sets: prediction_sets(py, classifier, self.confidence_level, &self.set_rule)?,
            keep_boilerplate: self.keep_boilerplate,
            label_always: self.label_always,
        })
    }
}

/// The sets that a call asks for, by the name of their rule.
pub fn prediction_sets(
    py: Python<'_>,
    classifier: &Classifier,
    confidence_level: Option<f64>,
    rule: &str,
) -> PyResult<Option<PredictionSets>> {
    let Some(rule) = SetRule::from_name(rule) else {
        let names = SetRule::ALL.map(SetRule::name).join(", ");
        return Err(parameter_error(py, format!("set_rule='{rule}': expected one of {names}")));
    };
    let sets = |level| classifier.prediction_sets(level, rule).map_err(|error| raise(py, &error));
    confidence_level.map(sets).transpose()
}

#[pymethods]
impl NativeModel {
    /// The results of the rows, and warnings of texts that are not what they are taken for. Their
    /// markup is the model's unless another is given.
    #[pyo3(signature = (rows, asked, markup))]
    fn score(
        &self,
        py: Python<'_>,
        rows: &Rows,
        asked: Asked,
        markup: Option<&str>,
    ) -> PyResult<(Table, Vec<String>)> {
        let threads = Threads::new(asked.n_jobs).map_err(|error| raise(py, &error))?;
        let classifier = self.classifier(py)?;
        let options = asked.options(py, classifier)?;
        let preparation = preparation_with(py, &classifier.model().preparation, markup)?;
        let workers = Workers::new(classifier, options.clone(), &threads);
        let schema = schema(classifier, &rows.keep, asked.shape());
        let mut table = TableBuilder::with_capacity(&schema, rows.len());
        let (mut signs, mut start) = (SignCounts::default(), 0);
        while start < rows.len() {
            let batch = rows.batch_for(py, start, asked.n_jobs)?;
            start += batch.len();
            let mut append = |row: &TextRow<'_>, outcome: Option<Outcome>| match &outcome {
                Some(outcome) => {
                    if let Ok(scored) = outcome {
                        signs.add_signs(scored.document.signs, || row.place());
                    }
                    schema.rows(outcome.as_ref()).for_each(|of| table.append(row.id.as_deref(), of));
                }
                None => table.append_missing(row.id.as_deref()),
            };
            if has_large(&batch) {
                let large = LargeTexts { classifier, options: &options, jobs: asked.n_jobs };
                let (paragraphs, preparation) = (asked.paragraphs, preparation.clone());
                let outcome = move |worker: &mut Worker, row: &TextRow<'_>| {
                    outcome(worker, row, &preparation, paragraphs)
                };
                let outcomes = large.score(py, &batch, outcome)?;
                batch.iter().zip(outcomes).for_each(|(row, outcome)| append(row, outcome));
            } else {
                detached(py, || {
                    workers.score_in_order(
                        batch.iter().map(|row| (row, row.bytes())),
                        |worker, row| (row, outcome(worker, row, &preparation, asked.paragraphs)),
                        |(row, outcome)| {
                            append(row, outcome);
                            Ok(())
                        },
                    )
                })?;
            }
            py.check_signals()?;
        }
        let table = table.finish().map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok((Table(table), signs.notes().map(|note| spelled(&note)).collect()))
    }

    /// A table without rows, which has the columns of the results.
    fn empty_table(
        &self,
        py: Python<'_>,
        keep: Vec<String>,
        paragraphs: bool,
        sets: bool,
    ) -> PyResult<Table> {
        let schema = schema(self.classifier(py)?, &keep, Shape { paragraphs, sets });
        Ok(Table(arrow_array::RecordBatch::new_empty(std::sync::Arc::new(arrow_schema(&schema)))))
    }
}

/// The columns of results.
pub fn schema(classifier: &Classifier, keep: &[String], shape: Shape) -> Schema {
    let mut context = RunContext::new(classifier.labels().clone(), classifier.id());
    context.loaded_language_model = classifier.loaded_language_id().map(str::to_owned);
    shape.apply(&mut context);
    context.keep = keep.to_vec();
    context.spelling = SPELLING;
    Schema::new(context)
}

/// Scores one row; `None` where its text is missing.
fn outcome(
    worker: &mut Worker,
    row: &TextRow<'_>,
    preparation: &Preparation,
    paragraphs: bool,
) -> Option<Outcome> {
    if row.is_missing() {
        return None;
    }
    if row.holds_zero() {
        let position = Position::from_path(format!("texts[{}]", row.number));
        let error = Error::malformed(position, "text", "it contains a zero byte, so it is not text");
        return Some(Err(Failure::new(error)));
    }
    let texts: Vec<&str> = row.texts.iter().flatten().map(AsRef::as_ref).collect();
    let Prepared { text, title, extraction } = preparation.prepare(&texts, row.title.as_deref());
    let signs = column_signs(&text, preparation.markup);
    let columns = row.kept.iter().map(|value| value.as_deref().map(str::to_owned)).collect();
    let document = Document { text, title, extraction, columns, signs, ..Document::default() };
    let verdict = worker.score_document(&document);
    let verdict = if paragraphs { verdict } else { verdict.without_paragraphs() };
    Some(Ok(Scored::new(document, verdict)))
}
