//! Scores the documents in files and folders: one after the other, in batches on threads, or into a
//! file.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

use crate::classifier::{BatchSize, Classifier, ScoreOptions, Worker, Workers};
use crate::error::{Error, Result};
use crate::pipeline::{OnUnfinished, OpenedOutput, Run, RunOptions, RunReport};
use crate::read::{Input, InputOptions, Inputs, RawRecord, find_files};
use crate::threads::Threads;
use crate::write::{Compression, OutputFormat, OutputPaths, Scored, SinkOptions};

type Records = Box<dyn Iterator<Item = Result<RawRecord>> + Send>;

/// The scored documents of some files, as [`Classifier::score_files`] gives them: in the order of
/// the input. An error is one file or one record that cannot be scored; what follows can.
pub struct ScoredFiles<'t> {
    classifier: Classifier,
    records: Records,
    input: InputOptions,
    scoring: Scoring<'t>,
}

/// Who scores.
enum Scoring<'t> {
    OneByOne(Box<Worker>),
    /// With the results of the batch that was scored last.
    InBatches(Workers<'t>, VecDeque<Result<Scored>>),
}

impl Classifier {
    /// Scores the documents in files and folders, one after the other. They are read as the model
    /// asks: folders are walked, formats are detected, columns and markup are those of the training
    /// data.
    ///
    /// ```
    /// # use standpoint::Classifier;
    /// # if cfg!(not(feature = "bundled-models")) { return Ok::<(), standpoint::Error>(()) }
    /// # let folder = tempfile::tempdir().unwrap();
    /// # std::fs::write(folder.path().join("a.txt"), "NATO must give Ukraine binding security guarantees now.").unwrap();
    /// # let articles = folder.path();
    /// let classifier = Classifier::bundled()?;
    /// for scored in classifier.score_files([articles])? {
    ///     let scored = scored?;
    ///     println!("{}\t{}", scored.id, scored.verdict.top());
    /// }
    /// # Ok::<(), standpoint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Data`](crate::ErrorKind::Data) if there is nothing to read. Files and records
    /// that cannot be read are errors of the iterator.
    pub fn score_files<P: AsRef<Path>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<ScoredFiles<'static>> {
        let input = self.input_options();
        let (records, _) = open_records(paths, None, &input)?;
        Ok(self.scored(records, input))
    }

    /// Scores the documents in files, bytes in memory or readers, one after the other, as
    /// [`Classifier::score_files`] does.
    ///
    /// ```
    /// # use standpoint::Classifier;
    /// # if cfg!(not(feature = "bundled-models")) { return Ok::<(), standpoint::Error>(()) }
    /// use standpoint::read::Input;
    ///
    /// let upload = "id,text\n7,NATO must give Ukraine binding security guarantees now.\n";
    /// let classifier = Classifier::bundled()?;
    /// for scored in classifier.score_inputs([Input::from_bytes("upload.csv", upload.as_bytes())]) {
    ///     assert_eq!(scored?.id, "7");
    /// }
    /// # Ok::<(), standpoint::Error>(())
    /// ```
    pub fn score_inputs<I>(&self, inputs: I) -> ScoredFiles<'static>
    where
        I: IntoIterator<Item: Into<Input> + 'static, IntoIter: Send + 'static>,
    {
        let input = self.input_options();
        self.scored(Box::new(Inputs::new(inputs, input.clone())), input)
    }

    /// Reads texts as the model asks: the columns, the markup and the title of its training data.
    pub fn input_options(&self) -> InputOptions {
        InputOptions { preparation: self.model().preparation.clone(), ..InputOptions::default() }
    }

    fn scored(&self, records: Records, input: InputOptions) -> ScoredFiles<'static> {
        let scoring = Scoring::OneByOne(Box::new(self.worker()));
        ScoredFiles { classifier: self.clone(), records, input, scoring }
    }

    /// Scores the documents in files and folders and writes the results to `output`, in the format
    /// that its extension tells: `.jsonl`, `.json`, `.csv`, `.tsv`, `.parquet`, `.xlsx`, `.md`,
    /// `.html`, `.tex` or `.txt`, most of them also with `.gz` or `.zst`. The file is there whole
    /// or not at all.
    ///
    /// # Errors
    /// Nothing to read, an output that cannot be written, or an unfinished run beside it. Records
    /// that cannot be scored are results too, and are counted in the report.
    pub fn score_to_file<P: AsRef<Path>>(
        &self,
        paths: impl IntoIterator<Item = P>,
        output: impl AsRef<Path>,
        threads: &Threads,
    ) -> Result<RunReport> {
        let output = output.as_ref();
        let run = Run::new(self, threads);
        let format = OutputFormat::for_path(output)?;
        let (records, mut outputs) = open_records(paths, Some(output), &run.input)?;
        let options = RunOptions::from([("model".to_owned(), vec![self.id().to_owned()])]);
        let claimed = outputs.claim("output", output)?;
        let opened = match format.is_resumable {
            true => OpenedOutput::open(&claimed, OnUnfinished::Refuse, &options)?,
            false => OpenedOutput::create(&claimed)?,
        };
        let mut sink = SinkOptions::new(run.context.clone());
        sink.compression = Compression::for_path(output);
        run.score(records, opened.write_as(format, sink)?)?.commit()
    }
}

/// The records of files and folders, without those of the output, and the names that an output may
/// have.
fn open_records<P: AsRef<Path>>(
    paths: impl IntoIterator<Item = P>,
    output: Option<&Path>,
    input: &InputOptions,
) -> Result<(Records, OutputPaths)> {
    let paths: Vec<PathBuf> = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
    let found = find_files(&paths, output.as_slice());
    if found.files.is_empty() && found.errors.is_empty() {
        let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Error::data(format!("found nothing to read in {}", shown.join(", "))));
    }
    let outputs = OutputPaths::new(&found.files).passing(&found.outputs);
    Ok((Box::new(Inputs::new(found.files, input.clone()).chain(found.errors.into_iter().map(Err))), outputs))
}

impl ScoredFiles<'_> {
    /// Scores in batches on several threads. The results and their order stay the same.
    pub fn on_threads(self, threads: &Threads) -> ScoredFiles<'_> {
        let ScoredFiles { classifier, records, input, .. } = self;
        let workers = Workers::new(&classifier, ScoreOptions::default(), threads);
        ScoredFiles { classifier, records, input, scoring: Scoring::InBatches(workers, VecDeque::new()) }
    }
}

impl std::fmt::Debug for ScoredFiles<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ScoredFiles { classifier, input, .. } = self;
        f.debug_struct("ScoredFiles")
            .field("classifier", &classifier.id())
            .field("input", input)
            .finish_non_exhaustive()
    }
}

impl Iterator for ScoredFiles<'_> {
    type Item = Result<Scored>;

    fn next(&mut self) -> Option<Result<Scored>> {
        match &mut self.scoring {
            Scoring::OneByOne(worker) => self.records.next().map(|raw| score(worker, raw, &self.input)),
            Scoring::InBatches(workers, ready) => {
                if ready.is_empty() {
                    *ready = score_batch(workers, &mut self.records, &self.input);
                }
                ready.pop_front()
            }
        }
    }
}

fn score(worker: &mut Worker, raw: Result<RawRecord>, input: &InputOptions) -> Result<Scored> {
    let document = raw?.document(input)?;
    let verdict = worker.score_document(&document);
    Ok(Scored::new(document, verdict))
}

/// Scores the next records; none at the end.
fn score_batch(
    workers: &Workers<'_>,
    records: &mut Records,
    input: &InputOptions,
) -> VecDeque<Result<Scored>> {
    let batch = BatchSize::default().take(&mut records.by_ref().map(RawRecord::sized), workers.jobs());
    let mut scored = VecDeque::with_capacity(batch.len());
    let done = workers.score_in_order(
        batch.into_iter().map(RawRecord::sized),
        |worker, raw| score(worker, raw, input),
        |result| {
            scored.push_back(result);
            Ok::<(), Infallible>(())
        },
    );
    match done {
        Ok(()) => scored,
        Err(never) => match never {},
    }
}
