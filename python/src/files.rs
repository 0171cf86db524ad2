//! Scores files: into a file with progress, or batch by batch.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use standpoint::pipeline::{OnUnfinished, OpenedOutput, Run, RunOptions, write_summary};
use standpoint::progress::Counters;
use standpoint::read::{InputOptions, Inputs, RawRecord, find_files};
use standpoint::write::{Compression, Failure, OutputFormat, OutputPaths, Schema, Scored, SinkOptions};
use standpoint::{Classifier, Error, Result, Threads, Worker};

use crate::error::{exception, keyword};
use crate::guard::{detached, interruptible};
use crate::model::{Asked, NativeModel, schema};
use crate::reading::{Given, ReadAsked};
use crate::scores::Table;
use crate::table::TableBuilder;

/// So many records, or so many bytes, make one batch.
const MAX_RECORDS: usize = 256;
const MAX_BYTES: usize = 4 << 20;

/// What a call says of the output.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct OutputAsked {
    output: PathBuf,
    /// `refuse`, `resume` or `restart`.
    unfinished: String,
    /// Is called with records and bytes done.
    progress: Option<Py<PyAny>>,
}

#[pymethods]
impl NativeModel {
    /// Scores the documents in files and folders and writes the results. Gives the counts of the
    /// run as JSON.
    fn score_files(
        &self,
        py: Python<'_>,
        paths: Vec<PathBuf>,
        asked: Asked,
        to: OutputAsked,
    ) -> PyResult<String> {
        let counters = Counters::default();
        let unfinished = match to.unfinished.as_str() {
            "resume" => OnUnfinished::Resume,
            "restart" => OnUnfinished::Restart,
            _ => OnUnfinished::Refuse,
        };
        let classifier = self.classifier(py)?;
        let work = || score_paths(classifier, &paths, &asked, (&to.output, unfinished), &counters);
        let summary = interruptible(py, &counters, work, |counters| match &to.progress {
            Some(progress) => progress.call1(py, (counters.done(), counters.bytes())).map(|_| ()),
            None => Ok(()),
        })?;
        String::from_utf8(summary).map_err(|error| exception(py, "InternalError", error.to_string()))
    }

    /// Scores the documents of files or bytes batch by batch, as they are read.
    fn score_read(
        &self,
        py: Python<'_>,
        given: Given,
        read: ReadAsked,
        asked: Asked,
    ) -> PyResult<BatchScorer> {
        let classifier = self.classifier(py)?;
        detached(py, || {
            let mut options = InputOptions {
                preparation: classifier.model().preparation.clone(),
                ..InputOptions::default()
            };
            read.apply(&mut options)?;
            let (inputs, errors) = given.inputs(&read.name, &options);
            Ok(BatchScorer {
                records: Mutex::new(Box::new(inputs.chain(errors.into_iter().map(Err)))),
                worker: Mutex::new(classifier.worker_with(asked.options())),
                schema: schema(classifier, &[], asked.paragraphs()),
                options,
            })
        })
    }
}

/// Scores paths into an output, and gives the counts of the run as JSON.
fn score_paths(
    classifier: &Classifier,
    paths: &[PathBuf],
    asked: &Asked,
    (output, unfinished): (&PathBuf, OnUnfinished),
    counters: &Counters,
) -> Result<Vec<u8>> {
    let threads = Threads::new(asked.n_jobs())?;
    let found = find_files(paths, &[output.as_path()]);
    if found.files.is_empty() && found.errors.is_empty() {
        return Err(Error::data("found nothing to read in the paths"));
    }
    let mut run = Run::new(classifier, &threads);
    run.score = asked.options();
    run.context.paragraphs = asked.paragraphs();
    run.context.spelling = keyword;
    run.progress = counters;
    let options = RunOptions::from([
        ("model".to_owned(), vec![classifier.id().to_owned()]),
        ("asked".to_owned(), vec![format!("{:?}, paragraphs {}", run.score, run.context.paragraphs)]),
    ]);
    let claimed = OutputPaths::new(&found.files).passing(&found.outputs).claim("output", output)?;
    let mut sink = SinkOptions::new(run.context.clone());
    sink.compression = Compression::for_path(output);
    let opened = OpenedOutput::open(&claimed, unfinished, &options)?;
    let records = Inputs::new(found.files, run.input.clone()).chain(found.errors.into_iter().map(Err));
    let report = run.score(records, opened.write_as(OutputFormat::for_path(output)?, sink)?)?.commit()?;
    let mut summary = Vec::new();
    write_summary(&mut summary, &run.context, &report)
        .map_err(|error| Error::run("cannot write the counts", Some(error)))?;
    Ok(summary)
}

/// Scores documents as they are read: an iterator of tables.
#[pyclass(frozen, module = "standpoint_stance._native")]
pub struct BatchScorer {
    records: Mutex<Box<dyn Iterator<Item = Result<RawRecord>> + Send>>,
    worker: Mutex<Worker>,
    schema: Schema,
    options: InputOptions,
}

#[pymethods]
impl BatchScorer {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Table>> {
        py.check_signals()?;
        let table = detached(py, || Ok(self.next_table()))?;
        table
            .transpose()
            .map(|batch| batch.map(Table))
            .map_err(|error: arrow_schema::ArrowError| PyRuntimeError::new_err(error.to_string()))
    }
}

impl BatchScorer {
    fn next_table(&self) -> Option<std::result::Result<arrow_array::RecordBatch, arrow_schema::ArrowError>> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = TableBuilder::with_room(&self.schema, MAX_RECORDS);
        let (mut count, mut bytes) = (0, 0);
        while count < MAX_RECORDS && bytes < MAX_BYTES {
            let Some(raw) = records.next() else { break };
            bytes += raw.as_ref().map_or(0, RawRecord::size);
            count += 1;
            let outcome = raw.and_then(|raw| raw.document(&self.options)).map(|document| {
                let verdict = worker.score_document(&document);
                let verdict =
                    if self.schema.context().paragraphs { verdict } else { verdict.without_paragraphs() };
                Scored::new(document, verdict)
            });
            let outcome = outcome.map_err(Failure::new);
            self.schema.rows(outcome.as_ref()).for_each(|row| table.append_as_read(row));
        }
        (count > 0).then(|| table.finish())
    }
}
