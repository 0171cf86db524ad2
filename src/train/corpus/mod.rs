//! Keeps what a model was trained on, rows and parameters alike, in one packed file that `adapt`
//! trains from again.

mod bundled;
mod packed;

use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use crate::error::{Error, Message, Result};
use crate::train::corpus::packed::begins_as_corpus;
use crate::train::dataset::{Row, rows_sha256};
use crate::train::params::TrainParams;

/// Labeled rows with every parameter of a training: the same corpus gives the same model.
///
/// ```
/// use standpoint::Threads;
/// use standpoint::train::{TrainParams, TrainingCorpus, TrainingFiles, train};
///
/// let rows = TrainingFiles::new(["tests/parity/rows.csv"]).read()?.rows;
/// let packed = TrainingCorpus::new(TrainParams::default(), rows.clone()).to_bytes()?;
/// let corpus = TrainingCorpus::from_bytes(&packed)?;
/// let threads = Threads::new(1)?;
/// let (again, _) = train(corpus.rows(), corpus.params().clone(), &threads)?;
/// let (model, _) = train(rows, TrainParams::default(), &threads)?;
/// assert_eq!(again.to_bytes()?, model.to_bytes()?);
/// # Ok::<(), standpoint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingCorpus {
    params: TrainParams,
    rows: Vec<Row>,
}

impl TrainingCorpus {
    /// Keeps rows and parameters. Ids say which rows are of one text and nothing else, so they are
    /// replaced by numbers: no path stays.
    pub fn new(params: TrainParams, rows: impl Into<Vec<Row>>) -> Self {
        let mut rows = rows.into();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for id in rows.iter().filter_map(|row| row.id.as_ref()) {
            *counts.entry(id.clone()).or_default() += 1;
        }
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for row in &mut rows {
            row.id = row.id.take().filter(|id| counts.get(id).is_some_and(|&count| count > 1)).map(|id| {
                let next = numbers.len();
                numbers.entry(id).or_insert(next).to_string()
            });
        }
        TrainingCorpus { params, rows }
    }

    /// Whether a regular file begins as a packed corpus does.
    pub fn is_corpus(path: impl AsRef<Path>) -> bool {
        let path = path.as_ref();
        fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) && begins_as_corpus(path).unwrap_or(false)
    }

    /// Reads a file that `train` wrote with `save_corpus`.
    ///
    /// # Errors
    /// A path that cannot be read or is not a regular file, and bytes that are not a corpus.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let shown = path.display();
        let unreadable = |e: io::Error| Error::data(format!("{shown}: cannot read the corpus: {e}"));
        if !fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(Error::data(format!("{shown}: it is not a regular file; expected a corpus")));
        }
        Self::from_bytes(&fs::read(path).map_err(unreadable)?).map_err(|e| {
            Error::data(Message::from(format!("{shown} cannot be used as a corpus: ")).then(e.message()))
        })
    }

    /// The parameters.
    pub fn params(&self) -> &TrainParams {
        &self.params
    }

    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The hash that models trained on these rows note as their data: see [`rows_sha256`].
    pub fn sha256(&self) -> String {
        rows_sha256(&self.rows)
    }
}
