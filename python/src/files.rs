//! Scores files: into a file with progress, or batch by batch.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use standpoint::classifier::ScoreOptions;
use standpoint::pipeline::{OnUnfinished, OpenedOutput, Run, RunOptions, carried_columns, write_summary};
use standpoint::progress::Counters;
use standpoint::read::{InputOptions, Inputs, RawRecord, find_files};
use standpoint::write::{Compression, Failure, OutputFormat, OutputPaths, Schema, Scored, SinkOptions};
use standpoint::{Classifier, Error, Result, Threads, Worker};

use crate::abandoned;
use crate::error::{SPELLING, exception};
use crate::guard::{abandonable, wait_until, watched};
use crate::model::{Asked, NativeModel, schema};
use crate::reading::{Given, ReadAsked};
use crate::scores::Table;
use crate::table::TableBuilder;

/// So many records, or so many bytes, make one batch.
const MAX_RECORDS: usize = 256;
const MAX_BYTES: usize = 4 << 20;

/// How long a run that is stopped may take to end by itself, so that its file can be resumed at
/// once. A large record takes longer.
const PATIENCE: Duration = Duration::from_millis(250);

/// What a call says of the output.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct OutputAsked {
    output: PathBuf,
    /// Columns of tables that are copied to the results.
    keep: Vec<String>,
    /// `refuse`, `resume` or `restart`.
    unfinished: String,
    /// Is called with records and bytes done.
    progress: Option<Py<PyAny>>,
}

impl OutputAsked {
    fn on_unfinished(&self) -> OnUnfinished {
        match self.unfinished.as_str() {
            "resume" => OnUnfinished::Resume,
            "restart" => OnUnfinished::Restart,
            _ => OnUnfinished::Refuse,
        }
    }
}

/// One run over files.
struct FilesRun {
    classifier: Classifier,
    paths: Vec<PathBuf>,
    read: ReadAsked,
    keep: Vec<String>,
    score: ScoreOptions,
    asked: Asked,
    output: PathBuf,
    unfinished: OnUnfinished,
}

#[pymethods]
impl NativeModel {
    /// Scores the documents in files and folders and writes the results. Gives the counts of the
    /// run as JSON.
    fn score_files(
        &self,
        py: Python<'_>,
        paths: Vec<PathBuf>,
        read: ReadAsked,
        asked: Asked,
        to: OutputAsked,
    ) -> PyResult<String> {
        let classifier = self.classifier(py)?.clone();
        let (score, unfinished) = (asked.options(py, &classifier)?, to.on_unfinished());
        let OutputAsked { output, keep, progress, .. } = to;
        let written = std::path::absolute(&output).unwrap_or_else(|_| output.clone());
        wait_until(py, || !abandoned::is_writing(&written))?;
        let counters = Arc::new(Counters::default());
        let tell = || match &progress {
            Some(progress) => progress.call1(py, (counters.done(), counters.bytes())).map(|_| ()),
            None => Ok(()),
        };
        let run = FilesRun { classifier, paths, read, keep, score, asked, output, unfinished };
        let alive = Arc::new(());
        let running = Arc::downgrade(&alive);
        let work = move |counters: &Counters| {
            let _alive = alive;
            run.score(counters)
        };
        let summary = watched(py, Arc::clone(&counters), PATIENCE, work, tell);
        if summary.is_err() && running.strong_count() > 0 {
            abandoned::remember(written, running);
        }
        let summary = summary?;
        // A short run ends before anybody asks.
        tell()?;
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
        let classifier = self.classifier(py)?.clone();
        let (score, shape) = (asked.options(py, &classifier)?, asked.shape());
        // There may be many files to find.
        abandonable(py, move |_| {
            let mut options = InputOptions {
                preparation: classifier.model().preparation.clone(),
                ..InputOptions::default()
            };
            read.apply(&mut options)?;
            let (inputs, errors) = given.inputs(&read.name, &options);
            let batches = Batches {
                records: Box::new(inputs.chain(errors.into_iter().map(Err))),
                worker: classifier.worker_with(score),
                schema: schema(&classifier, &[], shape),
                options,
            };
            Ok(BatchScorer { batches: Arc::new(Mutex::new(batches)), is_abandoned: AtomicBool::new(false) })
        })
    }
}

impl FilesRun {
    /// Scores the paths into the output, and gives the counts of the run as JSON.
    fn score(&self, counters: &Counters) -> Result<Vec<u8>> {
        let classifier = &self.classifier;
        let threads = Threads::new(self.asked.n_jobs())?;
        let found = find_files(&self.paths, &[self.output.as_path()]);
        if found.files.is_empty() && found.errors.is_empty() {
            return Err(Error::data("found nothing to read in the paths"));
        }
        let mut run = Run::new(classifier, &threads);
        run.score = self.score.clone();
        run.input.guess_text_column = self.read.text.is_none();
        self.read.apply(&mut run.input)?;
        run.input.columns = carried_columns(&self.keep, &[]);
        run.context.keep = self.keep.clone();
        self.asked.shape().apply(&mut run.context);
        run.context.spelling = SPELLING;
        run.progress = counters;
        run.check()?;
        let options = self.options();
        let claimed = OutputPaths::new(&found.files).passing(&found.outputs).claim("output", &self.output)?;
        let mut sink = SinkOptions::new(run.context.clone());
        sink.compression = Compression::for_path(&self.output);
        let opened = OpenedOutput::open(&claimed, self.unfinished, &options)?;
        let records = Inputs::new(found.files, run.input.clone()).chain(found.errors.into_iter().map(Err));
        let sink = opened.write_as(OutputFormat::for_path(&self.output)?, sink)?;
        let report = run.score(records, sink)?.commit()?;
        let mut summary = Vec::new();
        write_summary(&mut summary, &run.context, &report)
            .map_err(|error| Error::run("cannot write the counts", Some(error)))?;
        Ok(summary)
    }
}

impl FilesRun {
    /// What a run that is resumed must have in common with the one that was stopped.
    fn options(&self) -> RunOptions {
        let FilesRun { classifier, read, keep, score, asked, .. } = self;
        RunOptions::from([
            ("model".to_owned(), vec![classifier.id().to_owned()]),
            ("text".to_owned(), read.text.clone().unwrap_or_default()),
            ("id".to_owned(), read.id.iter().cloned().collect()),
            ("markup".to_owned(), read.markup.iter().cloned().collect()),
            ("format".to_owned(), read.format.iter().cloned().collect()),
            ("max_record".to_owned(), read.max_record.iter().map(usize::to_string).collect()),
            ("keep".to_owned(), keep.to_vec()),
            ("asked".to_owned(), vec![format!("{score:?}, {:?}", asked.shape())]),
        ])
    }
}

/// Scores documents as they are read: an iterator of tables.
#[pyclass(frozen, module = "standpoint_stance._native")]
pub struct BatchScorer {
    batches: Arc<Mutex<Batches>>,
    /// Whether Ctrl-C left a batch to a thread that nobody waits for.
    is_abandoned: AtomicBool,
}

/// The documents that are left, and what scores them.
struct Batches {
    records: Box<dyn Iterator<Item = Result<RawRecord>> + Send>,
    worker: Worker,
    schema: Schema,
    options: InputOptions,
}

#[pymethods]
impl BatchScorer {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Table>> {
        if self.is_abandoned.load(Ordering::Relaxed) {
            return Err(PyRuntimeError::new_err(
                "an earlier batch was not completed; call score_documents again",
            ));
        }
        py.check_signals()?;
        let batches = Arc::clone(&self.batches);
        // One record may be a text of many megabytes.
        let table =
            abandonable(py, move |_| Ok(batches.lock().unwrap_or_else(PoisonError::into_inner).next_table()));
        if table.is_err() {
            self.is_abandoned.store(true, Ordering::Relaxed);
        }
        table?
            .transpose()
            .map(|batch| batch.map(Table))
            .map_err(|error: arrow_schema::ArrowError| PyRuntimeError::new_err(error.to_string()))
    }
}

impl Batches {
    fn next_table(
        &mut self,
    ) -> Option<std::result::Result<arrow_array::RecordBatch, arrow_schema::ArrowError>> {
        let mut table = TableBuilder::with_capacity(&self.schema, MAX_RECORDS);
        let (mut count, mut bytes) = (0, 0);
        while count < MAX_RECORDS && bytes < MAX_BYTES {
            let Some(raw) = self.records.next() else { break };
            bytes += raw.as_ref().map_or(0, RawRecord::size);
            count += 1;
            let outcome = raw.and_then(|raw| raw.document(&self.options)).map(|document| {
                let verdict = self.worker.score_document(&document);
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
