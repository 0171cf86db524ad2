//! Exports the input with what was decided beside it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::labeling::archive::{Archive, ArchivedText};
use crate::labeling::decision::Decision;
use crate::labeling::export::cannot_write;
use crate::labeling::sample::Sample;
use crate::labeling::workspace::{CurrentModel, Workspace};
use crate::named::Named;
use crate::read::{
    ADDED, ARTICLE, Column, Format, InputOptions, Inputs, OF_PASSAGES, Requirement, TableForm, column_names,
    form_of_file, free_prefix, guess_text_column,
};
use crate::text::document::Document;
use crate::write::{CsvStyle, Sheet};

const REOPEN: &str = "open it again, then export";

impl Workspace {
    /// Writes the input, a line a record, with what was decided beside it.
    pub(super) fn export_table(&self, out: &mut dyn Write, excel: bool) -> Result<()> {
        let archive = self.archive()?;
        let files = archive.files();
        let options = archive.read_options();
        let names = column_names(files, options)?;
        let own = own_columns(&names, files, options);
        let added = added_columns(archive, &names);
        let prefix = free_prefix(&added, &own);
        let header: Vec<String> =
            own.iter().cloned().chain(added.iter().map(|name| format!("{prefix}{name}"))).collect();
        let (by_article, blind) = (self.by_article(), self.blind_labels());
        let (current, sample) = (self.current(), self.sample().as_ref().map(Sample::ids).unwrap_or_default());
        let beside = Beside { current: &current, archive, sample: &sample, blind: &blind };
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
            let found = beside.decided_passages(text, decisions);
            for passage in found.iter().copied().map(Some).chain(found.is_empty().then_some(None)) {
                let added = added.iter().map(|name| beside.cell(name, number, text, passage));
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

/// What else the columns of a table need: decisions, and what the model in use says.
struct Beside<'a> {
    current: &'a CurrentModel,
    archive: &'a Archive,
    sample: &'a HashSet<String>,
    /// Labels that were given before an answer was in sight, by passage.
    blind: &'a HashMap<String, String>,
}

impl Beside<'_> {
    /// The passages of a text that are decided, each with its decision.
    fn decided_passages<'d>(
        &self,
        text: &ArchivedText,
        decisions: &'d [Decision],
    ) -> Vec<(usize, &'d Decision)> {
        let units = self.archive.units_of(text);
        units
            .filter_map(|unit| Some((unit, self.archive.unit_id(unit)?)))
            .filter_map(|(unit, id)| Some((unit, decisions.iter().find(|decision| decision.unit == id)?)))
            .collect()
    }

    /// What an added column says of a decided passage, or of a text of which nothing is decided.
    fn cell(
        &self,
        column: &str,
        number: usize,
        text: &ArchivedText,
        passage: Option<(usize, &Decision)>,
    ) -> String {
        let (unit, decision) = passage.unzip();
        match (column, decision) {
            ("model_label", _) => self.label(number, unit),
            ("sample", _) => self.is_sampled(text, decision).to_string(),
            ("blind_label", Some(decision)) => self.blind.get(&decision.unit).cloned().unwrap_or_default(),
            (ARTICLE, _) => text.id.to_string(),
            (_, Some(decision)) => cell(decision, column),
            (_, None) => String::new(),
        }
    }

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

/// What is added to the columns of the input: numbers of passages only where texts are cut, and the
/// id of the text only where no column has it.
fn added_columns(archive: &Archive, names: &[String]) -> Vec<&'static str> {
    let is_cut = archive.units().iter().any(|unit| unit.paragraph > 0);
    let has_article = is_cut || !names.contains(&archive.read_options().id.name);
    let of_passages = OF_PASSAGES.into_iter().filter(|_| is_cut);
    ADDED.into_iter().chain(of_passages).chain(has_article.then_some(ARTICLE)).collect()
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
