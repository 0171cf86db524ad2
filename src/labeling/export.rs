//! Exports decisions: as training rows, or as the input with what was decided beside it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};
use std::path::PathBuf;

use crate::error::{Error, Position, Result};
use crate::labeling::archive::{Archive, ArchivedText};
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::sample::Sample;
use crate::labeling::workspace::{CurrentModel, Workspace};
use crate::named::{Named, named};
use crate::read::{
    ADDED, ARTICLE, Column, Format, InputOptions, Inputs, OF_PASSAGES, Requirement, TableForm, column_names,
    form_of_file, free_prefix, guess_text_column,
};
use crate::text::document::Document;
use crate::write::{CsvStyle, Sheet};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportKind {
    /// The input, a line a record, with what was decided beside it, as CSV.
    Table,
    /// The same for spreadsheets: with the mark by which Excel knows UTF-8, and without formulas.
    Excel,
    /// The labels with their texts, as CSV that `train` takes.
    Labels,
    /// The page of an evaluation of the model in use on the coded sample, as HTML.
    Evaluation,
}

named!(ExportKind { Table: "table", Excel: "excel", Labels: "labels", Evaluation: "evaluation" });

impl ExportKind {
    /// A name for the file.
    pub fn file_name(self) -> &'static str {
        match self {
            ExportKind::Table => "coded.csv",
            ExportKind::Excel => "coded-excel.csv",
            ExportKind::Labels => "labels.csv",
            ExportKind::Evaluation => "evaluation.html",
        }
    }
}

/// The columns of labels.
const LABELS: [&str; 15] = [
    "unit",
    "text",
    "label",
    "source",
    "article",
    "paragraph",
    "date",
    "title",
    "coder",
    "time",
    "note",
    "flag",
    "seen",
    "model",
    "sample",
];

impl Workspace {
    /// Writes an export. Reads from disk for a table.
    ///
    /// # Errors
    /// A system that does not write; an input that is no longer what it was when the workspace was
    /// opened; an evaluation with fewer than two coded passages.
    pub fn export(&self, kind: ExportKind, out: &mut dyn Write) -> Result<()> {
        match kind {
            ExportKind::Labels => self.export_labels(out).map_err(cannot_write),
            ExportKind::Table => self.export_table(out, false),
            ExportKind::Excel => self.export_table(out, true),
            ExportKind::Evaluation => self.export_evaluation(out),
        }
    }

    fn export_labels(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut sheet = Sheet::new(out, CsvStyle { excel: false }, &LABELS)?;
        // A copy: who saves a decision does not wait for whoever takes the file.
        let mut decisions: Vec<Decision> = self.decided().decisions.current().cloned().collect();
        decisions.retain(|decision| decision.kind == DecisionKind::Label);
        if let Ok(archive) = self.archive() {
            // In the order of the table, so that both train the same model.
            decisions.sort_by_cached_key(|decision| {
                let place = archive.find(&decision.unit);
                (place.is_none(), place)
            });
        }
        let sample = self.sample().as_ref().map(Sample::ids).unwrap_or_default();
        for decision in &decisions {
            let optional = |value: &Option<String>| value.clone().unwrap_or_default();
            sheet.row(&[
                decision.unit.clone(),
                decision.text.clone(),
                optional(&decision.label),
                optional(&decision.source),
                decision.article.clone(),
                decision.paragraph.to_string(),
                optional(&decision.date),
                optional(&decision.title),
                decision.coder.clone(),
                decision.time.clone(),
                optional(&decision.note),
                decision.flag.to_string(),
                decision.seen.to_string(),
                decision.model.clone(),
                sample.contains(&decision.unit).to_string(),
            ])?;
        }
        sheet.finish()?.flush()
    }

    fn export_table(&self, out: &mut dyn Write, excel: bool) -> Result<()> {
        let archive = self.archive()?;
        let files = archive.files();
        let options = archive.read_options();
        let names = column_names(files, options)?;
        let own = own_columns(&names, files, options);
        let is_cut = archive.units().iter().any(|unit| unit.paragraph > 0);
        let has_article = is_cut || !names.contains(&options.id.name);
        let of_passages = OF_PASSAGES.into_iter().filter(|_| is_cut);
        let added: Vec<&str> =
            ADDED.into_iter().chain(of_passages).chain(has_article.then_some(ARTICLE)).collect();
        let prefix = free_prefix(&added, &own);
        let header: Vec<String> =
            own.iter().cloned().chain(added.iter().map(|name| format!("{prefix}{name}"))).collect();
        let (by_article, blind) = (self.by_article(), self.blind_labels());
        let (current, sample) = (self.current(), self.sample().as_ref().map(Sample::ids).unwrap_or_default());
        let answers = Answers { current: &current, archive, sample: &sample };
        let mut sheet = match excel {
            true => Sheet::new(out, CsvStyle { excel }, &header),
            false => Sheet::in_form(out, form(files, options), &header),
        }
        .map_err(cannot_write)?;
        let optional = |name: &String| Column { name: name.clone(), need: Requirement::Optional };
        let options = InputOptions { columns: names.iter().map(optional).collect(), ..options.clone() };
        let documents = Inputs::new(files.to_vec(), options.clone()).map(|raw| raw?.document(&options));
        let mut texts = archive.texts().iter().enumerate();
        // What could not be read when the archive was opened is no line of it.
        for document in documents.filter_map(Result::ok) {
            let (number, text) = texts
                .next()
                .filter(|(_, text)| is_same(text, &document))
                .ok_or_else(|| changed(&document))?;
            let cells = own_cells(&names, &own, document, &options);
            let decisions = by_article.get(&*text.id).map_or(&[][..], Vec::as_slice);
            let units = archive.units_of(text);
            let found: Vec<(usize, &Decision)> = units
                .filter_map(|unit| Some((unit, archive.unit_id(unit)?)))
                .filter_map(|(unit, id)| Some((unit, decisions.iter().find(|decision| decision.unit == id)?)))
                .collect();
            for of in found.iter().copied().map(Some).chain(found.is_empty().then_some(None)) {
                let added = added.iter().map(|name| match (*name, of) {
                    ("model_label", _) => answers.label(number, of.map(|(unit, _)| unit)),
                    ("sample", _) => answers.is_sampled(text, of.map(|(_, decision)| decision)).to_string(),
                    ("blind_label", Some((_, decision))) => {
                        blind.get(&decision.unit).cloned().unwrap_or_default()
                    }
                    (ARTICLE, _) => text.id.to_string(),
                    (_, Some((_, decision))) => cell(decision, name),
                    (_, None) => String::new(),
                });
                let row: Vec<String> = cells.iter().cloned().chain(added).collect();
                sheet.row(&row).map_err(cannot_write)?;
            }
        }
        if texts.next().is_some() {
            return Err(Error::data("the input has fewer texts than when it was opened").with_hint(REOPEN));
        }
        sheet.finish().and_then(|out| out.flush()).map_err(cannot_write)
    }

    /// The decisions that hold, by the ids of their texts.
    fn by_article(&self) -> BTreeMap<String, Vec<Decision>> {
        let mut found: BTreeMap<String, Vec<Decision>> = BTreeMap::new();
        for decision in self.decided().decisions.current() {
            found.entry(decision.article.clone()).or_default().push(decision.clone());
        }
        found
    }

    /// What passages were labeled before an answer was in sight, by their ids: what coders are
    /// compared by.
    fn blind_labels(&self) -> HashMap<String, String> {
        let decided = self.decided();
        decided.decisions.blind().map(|decision| (decision.unit.clone(), decision.blind_label())).collect()
    }
}

/// What the model in use says of the lines of a table.
struct Answers<'a> {
    current: &'a CurrentModel,
    archive: &'a Archive,
    sample: &'a HashSet<String>,
}

impl Answers<'_> {
    /// Whether a passage is in the sample, or any of a text of which nothing is decided.
    fn is_sampled(&self, text: &ArchivedText, passage: Option<&Decision>) -> bool {
        let mut ids = self.archive.units_of(text).filter_map(|unit| self.archive.unit_id(unit));
        passage.map_or_else(
            || ids.any(|id| self.sample.contains(&id)),
            |decision| self.sample.contains(&decision.unit),
        )
    }

    /// The label of a passage, or of a text of which nothing is decided.
    fn label(&self, text: usize, passage: Option<usize>) -> String {
        let view = self.current.scores.view();
        let verdict = passage.map_or_else(|| view.text(text), |unit| view.unit(unit));
        let label = verdict.filter(|verdict| verdict.reason.is_none()).map(|verdict| verdict.top);
        label.map_or(String::new(), |label| self.current.classifier.labels().name(label).to_owned())
    }
}

/// The columns of all tables; those of ids and texts where there is no table, or where texts beside
/// the tables have no such column.
fn own_columns(names: &[String], files: &[PathBuf], options: &InputOptions) -> Vec<String> {
    if names.is_empty() {
        return ["id", "text"].map(str::to_owned).to_vec();
    }
    let is_table = |file: &PathBuf| {
        let tables = [Format::Csv, Format::Jsonl, Format::Parquet, Format::Spreadsheet];
        Format::from_path(file).is_some_and(|format| tables.contains(&format))
    };
    let mut own = names.to_vec();
    if !files.iter().all(is_table) {
        for name in [options.id.name.as_str(), text_column(names, options)] {
            if !own.iter().any(|known| known == name) {
                own.push(name.to_owned());
            }
        }
    }
    own
}

/// The column of the texts: the usual one, or else the only one that is likely to hold them.
fn text_column<'n>(names: &'n [String], options: &'n InputOptions) -> &'n str {
    let usual = options.preparation.text_columns.first().map_or("text", String::as_str);
    guess_text_column(names.iter().map(String::as_str), options).unwrap_or(usual)
}

/// The cells of a record in its own columns. A text that is from no table, as beside tables in a
/// folder, stands in those of ids and texts.
fn own_cells(names: &[String], own: &[String], document: Document, options: &InputOptions) -> Vec<String> {
    if names.is_empty() {
        return vec![document.id, document.text];
    }
    // A file that is one document may tell its title and its date, too.
    let is_of_table = document.record.is_some() && document.columns.iter().any(Option::is_some);
    let mut found = document.columns.iter();
    let cell = |name: &String| {
        let found = found.next().cloned().flatten();
        match name {
            _ if is_of_table || found.is_some() => found.unwrap_or_default(),
            name if *name == options.id.name => document.id.clone(),
            name if *name == text_column(names, options) => document.text.clone(),
            _ => String::new(),
        }
    };
    own.iter().map(cell).collect()
}

/// The form of the first file, if all that can be read are tables of delimited values; otherwise
/// the usual one of CSV.
fn form(files: &[PathBuf], options: &InputOptions) -> TableForm {
    let forms = files.iter().filter_map(|file| form_of_file(file, options).ok());
    let forms: Option<Vec<TableForm>> = forms.collect();
    forms.and_then(|forms| forms.first().copied()).unwrap_or_default()
}

const REOPEN: &str = "open it again, then export";

/// What a column says of a decision.
fn cell(decision: &Decision, column: &str) -> String {
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    match column {
        "label" => optional(&decision.label),
        "decision" => decision.kind.name().to_owned(),
        "coder" => decision.coder.clone(),
        "time" => decision.time.clone(),
        "note" => optional(&decision.note),
        "flag" => decision.flag.to_string(),
        "seen" => decision.seen.to_string(),
        "paragraph" => decision.paragraph.to_string(),
        _ => decision.text.clone(),
    }
}

/// Whether a record is the one that an archive holds.
fn is_same(text: &ArchivedText, document: &Document) -> bool {
    *text.id == *document.id && *text.text == *document.text
}

fn changed(document: &Document) -> Error {
    let place = document.place();
    Error::data(format!("{place}: the text is another than when the input was opened")).with_hint(REOPEN)
}

pub(super) fn cannot_write(error: io::Error) -> Error {
    Error::io(Position::from_path("export"), "write", error)
}
