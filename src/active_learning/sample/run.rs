//! Draws a sample of scored documents, and reads their texts again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::active_learning::sample::{Allocation, Draw};
use crate::error::{Error, Message, Result};
use crate::random::Random;
use crate::read::{
    FileIdentity, InputOptions, Inputs, ScoredName, Stratify, read_scored, without_apostrophe,
};

/// How many documents are drawn, and from which strata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleParams {
    /// How many documents.
    pub documents: usize,
    /// What the strata are.
    pub stratify: Stratify,
    /// How the sample is spread over the strata.
    pub allocation: Allocation,
    /// Decides what is drawn.
    pub seed: u64,
    /// The files that the sample will replace: none of them may hold the texts that were scored.
    #[serde(skip)]
    pub replaced: Vec<FileIdentity>,
}

/// A stratum of a sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SampledStratum {
    /// Its name; empty for the only stratum, and for documents without a value.
    pub name: String,
    /// Documents in it.
    pub size: u64,
    /// Documents drawn from it.
    pub drawn: u64,
    /// How many documents of the stratum each drawn one stands for: size / drawn.
    pub weight: f64,
}

/// A document that was drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SampledDocument {
    /// Its id.
    pub id: String,
    /// The path of its file.
    pub path: String,
    /// Its record within the file, from 1; `None` where the file is one document.
    pub record: Option<u64>,
    /// How many documents it stands for.
    pub weight: f64,
    /// The id of the model that scored it; empty where the results do not tell.
    pub model: String,
    /// Its text.
    pub text: String,
}

/// The documents that [`draw_sample`] drew; their texts are not read yet.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sample {
    /// The strata, ordered by the bytes of their names; none if there is no document to draw from.
    pub strata: Vec<SampledStratum>,
    /// Results that say that a record could not be scored. They are not drawn from.
    pub failed: u64,
    /// Results that could not be read.
    pub skipped: u64,
    seed: u64,
    drawn: Vec<(ScoredName, f64)>,
}

impl Sample {
    /// Documents that were drawn from.
    pub fn population(&self) -> u64 {
        self.strata.iter().map(|stratum| stratum.size).sum()
    }

    /// Reads the documents' texts from the files that they were scored from, and shuffles the
    /// documents.
    ///
    /// # Errors
    /// An empty sample; a result of standard input, or that occurs twice; a file that cannot be
    /// read; a document that is not there any more or has another id.
    pub fn read_texts(self, options: &InputOptions) -> Result<Vec<SampledDocument>> {
        if self.strata.is_empty() {
            return Err(Error::data(format!(
                "there is nothing to draw from: {} records could not be scored, {} rows could not be read",
                self.failed, self.skipped
            )));
        }
        let mut sample: Vec<SampledDocument> = self
            .drawn
            .into_iter()
            .map(|(ScoredName { id, path, record, model }, weight)| SampledDocument {
                id,
                path,
                record,
                weight,
                model,
                text: String::new(),
            })
            .collect();
        let mut files: BTreeMap<String, Wanted<'_>> = BTreeMap::new();
        for document in &mut sample {
            if document.path == "-" {
                return Err(Error::data(
                    "the texts were scored from standard input and cannot be read again; score a file",
                ));
            }
            let wanted = files.entry(document.path.clone()).or_default();
            if let Some(twice) = wanted.insert(document.record, document) {
                return Err(Error::data(format!(
                    "{} occurs twice in the results; sample the results of one run",
                    place(twice)
                )));
            }
        }
        files.into_iter().try_for_each(|(path, wanted)| read_file(&path, wanted, options))?;
        Random::new(self.seed).shuffle(&mut sample);
        Ok(sample)
    }
}

/// Documents of one file whose text is still to be read, by record.
type Wanted<'a> = BTreeMap<Option<u64>, &'a mut SampledDocument>;

/// Draws a stratified random sample from files with the results of scoring.
///
/// `on_skip` is called with the error of each result that cannot be read.
///
/// # Errors
/// A file that cannot be read, or more strata than documents to draw.
pub fn draw_sample(
    scored: &[PathBuf],
    params: &SampleParams,
    max_record: usize,
    on_skip: &mut dyn FnMut(Error),
) -> Result<Sample> {
    let (mut failed, mut skipped) = (0, 0);
    let mut draw = Draw::new(params.seed, params.documents);
    let mut sources = Sources { replaced: &params.replaced, last: String::new() };
    for row in read_scored(scored.to_vec(), params.stratify.clone(), max_record) {
        match row {
            Ok(Some((name, stratum))) => {
                sources.check(&name.path)?;
                let record = name.record.map_or(String::new(), |record| record.to_string());
                draw.add(&stratum, &format!("{}\0{record}", name.path), name)?;
            }
            Ok(None) => failed += 1,
            // An error about one record costs that record; one about a file ends the reading.
            Err(error) if error.position().is_some_and(|position| position.record.is_some()) => {
                skipped += 1;
                on_skip(error);
            }
            Err(error) => return Err(error),
        }
    }
    let mut sample = Sample { strata: Vec::new(), failed, skipped, seed: params.seed, drawn: Vec::new() };
    for stratum in draw.finish(params.allocation) {
        let (weight, drawn) = (stratum.weight(), stratum.drawn.len() as u64);
        sample.strata.push(SampledStratum { name: stratum.name, size: stratum.size, drawn, weight });
        sample.drawn.extend(stratum.drawn.into_iter().map(|name| (name, weight)));
    }
    Ok(sample)
}

/// The files that were scored, none of which the sample may replace.
struct Sources<'p> {
    replaced: &'p [FileIdentity],
    /// The file of the result before: most follow each other.
    last: String,
}

impl Sources<'_> {
    fn check(&mut self, path: &str) -> Result<()> {
        if self.replaced.is_empty() || self.last == path {
            return Ok(());
        }
        path.clone_into(&mut self.last);
        if FileIdentity::from_path(&path_of(path)).is_none_or(|found| !self.replaced.contains(&found)) {
            return Ok(());
        }
        let found = format!("{path}: this file contains scored texts and would be overwritten");
        Err(Error::invalid_parameter("output", path, "a file that holds no texts")
            .with_message(found)
            .with_hint(Message::naming("choose another `output`")))
    }
}

/// The file of this name in the results, which have U+FFFD for each byte of a name that is not
/// UTF-8. Where no file or more than one fits, the name is left as it is.
fn path_of(written: &str) -> PathBuf {
    let path = PathBuf::from(written);
    if !written.contains(char::REPLACEMENT_CHARACTER) || path.exists() {
        return path;
    }
    let found = path.components().try_fold(PathBuf::new(), |folder, part| {
        let next = folder.join(part);
        if !part.as_os_str().to_string_lossy().contains(char::REPLACEMENT_CHARACTER) {
            return Some(next);
        }
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let names = std::fs::read_dir(here).ok()?.filter_map(|entry| Some(entry.ok()?.file_name()));
        let mut fitting = names.filter(|name| name.to_string_lossy() == part.as_os_str().to_string_lossy());
        let only = fitting.next().filter(|_| fitting.next().is_none())?;
        Some(folder.join(only))
    });
    found.unwrap_or(path)
}

/// Reads the wanted texts of one file.
fn read_file(path: &str, mut wanted: Wanted<'_>, options: &InputOptions) -> Result<()> {
    let unreadable = |error: Error| {
        Error::data(format!(
            "{path}: cannot read the texts again ({error}); run `sample` in the folder in which `score` ran"
        ))
    };
    let mut inputs = Inputs::new(vec![path_of(path)], options.clone());
    while !wanted.is_empty() {
        let Some(raw) = inputs.next() else { break };
        let raw = match raw {
            Ok(raw) => raw,
            // This record could not be read when it was scored, either. One that is wanted is
            // missed below.
            Err(error) if error.position().is_some_and(|position| position.record.is_some()) => continue,
            Err(error) => return Err(unreadable(error)),
        };
        let Some(sampled) = wanted.remove(&raw.position().record) else { continue };
        let document = raw.document(options).map_err(unreadable)?;
        // Results for Excel may have an apostrophe before the id.
        if document.id != sampled.id && Some(document.id.as_str()) != without_apostrophe(&sampled.id) {
            let found = format!(
                "{}: the id is `{}`, but `{}` in the results; ",
                document.place(),
                document.id,
                sampled.id
            );
            return Err(Error::data(Message::from(found).then(Message::naming(
                "the file has changed since it was scored, or was read with another `id_column`",
            ))));
        }
        sampled.id = document.id;
        sampled.text = document.text;
    }
    match wanted.into_values().next() {
        Some(missing) => Err(Error::data(format!(
            "{} no longer exists; the file has changed since it was scored",
            place(missing)
        ))),
        None => Ok(()),
    }
}

fn place(document: &SampledDocument) -> String {
    match document.record {
        Some(record) => format!("record {record} of {}", document.path),
        None => document.path.clone(),
    }
}
