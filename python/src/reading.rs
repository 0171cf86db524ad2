//! Reads files and bytes into documents, as the command line reads them.

use std::path::PathBuf;

use pyo3::prelude::*;
use serde::Serialize;
use standpoint::progress::{Counters, Progress};
use standpoint::read::{Column, Format, Input, InputOptions, Inputs, RawRecord, Requirement, find_files};
use standpoint::text::CutParagraph;
use standpoint::{Document, Error, Result};

use crate::error::spelled;
use crate::guard::abandonable;
use crate::preparation::markup;

/// What is read.
#[derive(FromPyObject)]
pub enum Given {
    #[pyo3(transparent, annotation = "bytes")]
    Bytes(Vec<u8>),
    #[pyo3(transparent, annotation = "list[path]")]
    Paths(Vec<PathBuf>),
}

/// How it is read.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct ReadAsked {
    /// Of bytes: for ids, messages and the format.
    pub name: String,
    pub format: Option<String>,
    /// Columns of tables; `None` for the usual ones.
    pub text: Option<Vec<String>>,
    pub id: Option<String>,
    /// That of the texts in tables; `None` for the model's.
    pub markup: Option<String>,
    pub max_record: Option<usize>,
}

impl Given {
    /// The inputs, and the files that could not be found.
    pub fn inputs(self, name: &str, options: &InputOptions) -> (Inputs, Vec<Error>) {
        match self {
            Given::Bytes(bytes) => {
                (Inputs::new([Input::from_bytes(name, bytes)], options.clone()), Vec::new())
            }
            Given::Paths(paths) => {
                let found = find_files(&paths, &[]);
                (Inputs::new(found.files, options.clone()), found.errors)
            }
        }
    }
}

impl ReadAsked {
    /// Changes what is asked for and leaves the rest.
    pub fn apply(&self, options: &mut InputOptions) -> Result<()> {
        if let Some(columns) = &self.text {
            options.preparation.text_columns.clone_from(columns);
        }
        if let Some(name) = &self.markup {
            options.preparation.markup = markup(name)?;
        }
        if let Some(id) = &self.id {
            options.id = Column { name: id.clone(), need: Requirement::Always };
        }
        if let Some(most) = self.max_record {
            options.max_record = most;
        }
        if let Some(name) = &self.format {
            let names: Vec<&str> = Format::names().collect();
            let expected = || format!("one of {}", names.join(", "));
            let format = Format::from_name(name);
            options.format =
                Some(format.ok_or_else(|| Error::invalid_parameter("format", name, expected()))?);
        }
        Ok(())
    }
}

/// A document as Python gets it.
#[derive(Serialize)]
struct Read {
    id: String,
    path: String,
    record: Option<u64>,
    line: Option<u64>,
    title: Option<String>,
    text: String,
    paragraphs: Vec<ReadParagraph>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ReadParagraph {
    start: usize,
    end: usize,
    rule: Option<&'static str>,
}

impl Read {
    fn new(document: Document) -> Self {
        let paragraph = |CutParagraph { span, rule }: &CutParagraph| ReadParagraph {
            start: span.start(),
            end: span.end(),
            rule: rule.map(|rule| rule.name()),
        };
        Read {
            paragraphs: document.paragraphs().iter().map(paragraph).collect(),
            notes: document.notes().map(|note| spelled(&note)).collect(),
            id: document.id,
            path: document.path,
            record: document.record,
            line: document.line,
            title: document.title,
            text: document.text,
        }
    }
}

/// Reads documents, as JSON; the first that cannot be read is an error.
#[pyfunction]
pub fn read(py: Python<'_>, given: Given, asked: ReadAsked) -> PyResult<String> {
    let work = move |counters: &Counters| {
        let mut options = InputOptions::default();
        asked.apply(&mut options)?;
        let (inputs, errors) = given.inputs(&asked.name, &options);
        let records = inputs.chain(errors.into_iter().map(Err));
        let document = |raw: Result<RawRecord>| {
            counters.check()?;
            raw?.document(&options).map(Read::new)
        };
        records.map(document).collect::<Result<Vec<Read>>>()
    };
    // One record may be a page of many megabytes.
    let documents = abandonable(py, work)?;
    crate::json::written(py, &documents)
}
