//! Writes the page of an evaluation.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::Classifier;
use crate::evaluate::WrongRow;
use crate::read::{Condition, Gold, LabeledColumns};
use crate::write::{Evaluated, Mistake, Output, OutputFile, OutputPaths, Report, TrainingNote, write_report};

/// The most mistakes that the page explains.
pub const MAX_MISTAKES: usize = 20;

/// Explains wrong answers term by term.
pub fn explain_mistakes(
    classifier: &Classifier,
    rows: &[Gold],
    wrong: &[WrongRow],
    documents: bool,
) -> Vec<Mistake> {
    let mut worker = classifier.worker();
    let rows = wrong.iter().filter_map(|wrong| rows.get(wrong.row));
    rows.filter_map(|row| {
        let gold = classifier.labels().get(&row.label)?;
        Some(Mistake::new(&mut worker, &row.document, gold, documents))
    })
    .collect()
}

/// The file of the page, opened before the work starts.
pub struct Page {
    path: PathBuf,
    file: OutputFile,
    files: Vec<String>,
    filters: Vec<String>,
}

impl Page {
    /// Opens the file, if one is asked for: a page about `inputs`, by a command that reads these
    /// files.
    pub fn open(path: Option<&Path>, read: &[&PathBuf], inputs: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        let Some(path) = path else { return Ok(None) };
        let claimed = OutputPaths::new(read.iter().copied()).claim("report", path);
        let file =
            claimed.and_then(|claimed| OutputFile::create(&claimed)).context("cannot write the report")?;
        let files = inputs.iter().map(|input| input.display().to_string()).collect();
        Ok(Some(Page { path: path.to_owned(), file, files, filters: Vec::new() }))
    }

    /// Notes which rows were taken.
    pub fn note_filters(&mut self, columns: &LabeledColumns) {
        let conditions = columns.conditions.iter();
        let taken = conditions.map(|Condition { column, value }| format!("{column} = {value}"));
        let ignored = columns.ignored_labels.iter().map(|label| format!("{} not {label}", columns.label));
        self.filters = taken.chain(ignored).collect();
    }

    /// Writes the page.
    pub fn write(
        mut self,
        evaluated: Evaluated<'_>,
        training: TrainingNote<'_>,
        classifier: &Classifier,
        mistakes: &[Mistake],
    ) -> anyhow::Result<()> {
        let model = classifier.model();
        let language = model.tokenizer_config.language.map(|language| language.code());
        let (files, filters) = (&self.files, &self.filters);
        let report = Report { evaluated, training, model, files, filters, language, mistakes };
        write_report(&mut self.file, &report)
            .and_then(|()| self.file.commit())
            .with_context(|| format!("{}: cannot write the report", self.path.display()))
    }
}
