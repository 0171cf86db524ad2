//! Reads documents with labels, for training and evaluation.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Message, Result, counted};
use crate::read::tables::cells::{
    LabelCell, MISSING_VALUES, MissingCounts, check_is_no_object, is_missing, parse_weight,
};
use crate::read::tables::coded_table::{CodedTables, ExportedRow};
use crate::read::tables::condition::Condition;
use crate::read::tables::label_log::{LogLine, LoggedRows};
use crate::read::tables::origin::{ORIGIN_COLUMNS, Origin};
use crate::read::tables::rejections::Rejections;
use crate::read::tables::sample_weights::{SHEET_COLUMNS, SampleWeights, SheetCells};
use crate::read::{Column, Format, Input, InputOptions, Inputs, Requirement, find_files};
use crate::text::SignCounts;
use crate::text::document::Document;

/// Which columns of a labeled file mean what.
#[derive(Clone, Debug)]
pub struct LabeledColumns {
    /// The label.
    pub label: String,
    /// Candidates for the group: the first of them that has a value in a row is its group.
    pub group: Vec<Column>,
    /// The row's weight.
    pub weight: Option<Column>,
    /// The row's date.
    pub date: Option<Column>,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// Rows with one of these labels are left out.
    pub ignored_labels: Vec<String>,
    /// Cells that say that a label, a group, a date or a weight is missing: [`MISSING_VALUES`],
    /// unless others are given.
    pub missing: Vec<String>,
}

/// Columns that a group is taken from where none is named, the first that a row has.
pub const GROUP_COLUMNS: [&str; 4] = ["source", "outlet", "author", ARTICLE];
const ARTICLE: &str = "article";

impl Default for LabeledColumns {
    /// The label is in the column `label`; the group in the first of [`GROUP_COLUMNS`] and the date
    /// in `date`, where a file has them.
    fn default() -> Self {
        let optional = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
        LabeledColumns {
            label: "label".to_owned(),
            group: GROUP_COLUMNS.map(optional).to_vec(),
            weight: None,
            date: Some(optional("date")),
            conditions: Vec::new(),
            ignored_labels: Vec::new(),
            missing: MISSING_VALUES.map(str::to_owned).to_vec(),
        }
    }
}

/// The place of the label among the extra columns that are read.
const LABEL: usize = 0;
/// So many rows with a repeated id get a warning each; further ones are counted, as a file of two
/// coders repeats every id.
const MAX_REPEATED_IDS: usize = 5;

/// A labeled document.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold {
    /// The text and its name.
    pub document: Document,
    /// The label.
    pub label: String,
    /// The group, if it has one.
    pub group: Option<String>,
    /// The weight; 1 without a weight column.
    pub weight: f64,
    /// The date as it is written, if the row has one.
    pub date: Option<String>,
}

impl Gold {
    /// Writes the date anew, where `rewrite` can read it.
    pub fn rewrite_date(&mut self, rewrite: impl Fn(&str) -> Option<String>) {
        if let Some(date) = self.date.as_deref().and_then(rewrite) {
            self.date = Some(date);
        }
    }
}

/// What a reading of labeled files gave.
#[derive(Debug, Default)]
pub struct Labeled {
    /// Rows to use.
    pub rows: Vec<Gold>,
    /// Rows left out by a condition or an ignored label, or because their label is missing.
    pub left_out: u64,
    /// Rows that could not be used.
    pub skipped: Vec<Error>,
    /// One line each: signs that texts show, repeated ids, replaced bytes, missing values, rows
    /// that a coding tool rejects.
    pub warnings: Vec<Message>,
    /// The columns that gave groups.
    pub group_columns: BTreeSet<String>,
    /// Whether rows have weights of their own.
    pub has_weights: bool,
    /// Where the rows come from, as far as they say so themselves.
    pub origin: Origin,
}

/// Reads labelled rows of CSV, JSON, Parquet, spreadsheets or lines of fastText, and of folders of
/// them. Of a log of labels, the `labels.jsonl` of a work folder, the rows are those that hold at
/// its end.
///
/// # Errors
/// A file that cannot be opened or lacks a column. Rows that cannot be read are skipped and listed.
pub fn read_labeled(files: &[PathBuf], options: &InputOptions, columns: &LabeledColumns) -> Result<Labeled> {
    let found = find_files(files, &[]);
    let mut reading = Reading::new(columns);
    reading.labeled.warnings = found.notes().into_iter().map(Message::from).collect();
    reading.read(found.or_error(files)?.into_iter().map(Input::from).collect(), options)
}

/// Reads labeled rows as [`read_labeled`] does, from files, bytes in memory or readers.
///
/// ```
/// use standpoint::read::{Input, InputOptions, LabeledColumns, read_labeled_inputs};
///
/// let upload = Input::from_bytes("upload.csv", "text,label\nIt rained all day.,wet\n".as_bytes());
/// let labeled = read_labeled_inputs([upload], &InputOptions::default(), &LabeledColumns::default())?;
/// assert_eq!(labeled.rows[0].label, "wet");
/// # Ok::<(), standpoint::Error>(())
/// ```
///
/// # Errors
/// As [`read_labeled`]; a folder is an error.
pub fn read_labeled_inputs<I: Into<Input>>(
    inputs: impl IntoIterator<Item = I>,
    options: &InputOptions,
    columns: &LabeledColumns,
) -> Result<Labeled> {
    Reading::new(columns).read(inputs.into_iter().map(Into::into).collect(), options)
}

/// Takes rows one after the other, and counts what there is to say about all of them.
struct Reading<'c> {
    columns: &'c LabeledColumns,
    labeled: Labeled,
    /// Where each id stood first.
    ids: HashMap<String, String>,
    /// Rows with an id that stood before.
    repeated_ids: usize,
    missing: MissingCounts,
    rejections: Rejections,
    weights: WeightCounts,
    sample_weights: SampleWeights,
    signs: SignCounts,
    /// Whether rows may be lines of a log.
    may_be_log: bool,
    logged: LoggedRows,
    coded: CodedTables,
}

/// How weights were written.
#[derive(Default)]
struct WeightCounts {
    written: u64,
    /// Rows without a weight, where the column may be missing.
    absent: u64,
    decimal_commas: u64,
    first_comma: Option<String>,
}

/// The cells that tell the weight of a row.
struct WeightCells<'a> {
    own: Option<&'a str>,
    sheet: SheetCells<'a>,
}

/// What a row's cells say, without its text.
struct Cells {
    label: String,
    group: Option<String>,
    weight: f64,
    date: Option<String>,
}

impl<'c> Reading<'c> {
    fn new(columns: &'c LabeledColumns) -> Self {
        let mut used = vec![columns.label.as_str()];
        used.extend(
            columns
                .weight
                .iter()
                .chain(&columns.date)
                .chain(&columns.group)
                .map(|column| column.name.as_str()),
        );
        Reading {
            rejections: Rejections::new(&columns.conditions, &used),
            columns,
            labeled: Labeled::default(),
            ids: HashMap::new(),
            repeated_ids: 0,
            missing: MissingCounts::default(),
            weights: WeightCounts::default(),
            sample_weights: SampleWeights::default(),
            signs: SignCounts::default(),
            may_be_log: false,
            logged: LoggedRows::default(),
            coded: CodedTables::default(),
        }
    }

    /// Reads all rows.
    fn read(mut self, inputs: Vec<Input>, options: &InputOptions) -> Result<Labeled> {
        let is_jsonl = |input: &Input| Format::from_path(Path::new(input.name())) == Some(Format::Jsonl);
        self.may_be_log = inputs.iter().any(is_jsonl);
        let options = self.options(options);
        for raw in Inputs::new(inputs, options.clone()) {
            match raw.and_then(|raw| raw.document(&options)) {
                Ok(document) => self.add(document)?,
                Err(error) => match error.kind() {
                    // What is about one record costs that record; what is about a file ends the
                    // reading.
                    ErrorKind::Malformed { position, .. }
                    | ErrorKind::TooLarge { position, .. }
                    | ErrorKind::MissingColumn { position, .. }
                        if position.record.is_some() =>
                    {
                        self.labeled.skipped.push(error);
                    }
                    _ => return Err(error),
                },
            }
        }
        Ok(self.finish())
    }

    /// The options with all columns that rows are taken from.
    fn options(&self, options: &InputOptions) -> InputOptions {
        let columns = self.columns;
        let need = |name: &String| Column { name: name.clone(), need: Requirement::Always };
        let mut carried = vec![need(&columns.label)];
        carried.extend(columns.conditions.iter().map(|condition| need(&condition.column)));
        carried
            .extend(ORIGIN_COLUMNS.map(|name| Column { name: name.to_owned(), need: Requirement::Optional }));
        carried.extend(columns.weight.clone());
        carried.extend(
            self.sheet_columns().map(|name| Column { name: name.to_owned(), need: Requirement::Optional }),
        );
        carried.extend(columns.date.iter().chain(&columns.group).cloned());
        carried.extend(self.rejections.columns());
        carried.extend(CodedTables::columns());
        carried.extend(LoggedRows::columns().filter(|_| self.may_be_log));
        InputOptions { columns: carried, unprefix_exports: true, ..options.clone() }
    }

    /// The columns that tell where else the weights may be, if no column was named for them.
    fn sheet_columns(&self) -> impl Iterator<Item = &'static str> {
        let may_be_elsewhere =
            self.columns.weight.as_ref().is_some_and(|column| column.need == Requirement::Optional);
        SHEET_COLUMNS.into_iter().filter(move |_| may_be_elsewhere)
    }

    /// Takes a row, or says why it is left out.
    ///
    /// # Errors
    /// A file with weights that cannot be read.
    fn add(&mut self, mut document: Document) -> Result<()> {
        let place = document.place().to_string();
        // Each object of JSON may say the same.
        document.file_notes.retain(|note| self.labeled.warnings.last() != Some(note));
        self.labeled.warnings.append(&mut document.file_notes);
        let mut carried = std::mem::take(&mut document.columns);
        let mut of_log = None;
        if self.may_be_log {
            let cells = carried.split_off(carried.len().saturating_sub(LoggedRows::columns().count()));
            of_log = self.logged.add(&cells);
            if of_log == Some(LogLine::NoLabel) {
                self.labeled.left_out += 1;
                return Ok(());
            }
        }
        let of_export = carried.split_off(carried.len().saturating_sub(CodedTables::columns().len()));
        let exported = match of_log {
            Some(_) => ExportedRow::Label,
            None => self.coded.add(&mut document, &of_export),
        };
        let cells = match self.cells(&document, &carried, exported) {
            Ok(Some(cells)) => cells,
            Ok(None) => {
                self.labeled.left_out += 1;
                return Ok(());
            }
            Err(error) if error.position().is_none() => return Err(error),
            Err(error) => {
                self.labeled.skipped.push(error);
                return Ok(());
            }
        };
        self.labeled.warnings.extend(document.notes());
        self.signs.add(&document);
        match self.ids.get(&document.id) {
            Some(first) => {
                self.repeated_ids += 1;
                if self.repeated_ids <= MAX_REPEATED_IDS {
                    let id = &document.id;
                    let note = format!("{place}: duplicate id `{id}`, first seen at {first}");
                    self.labeled.warnings.push(note.into());
                }
            }
            None => {
                self.ids.insert(document.id.clone(), place);
            }
        }
        let Cells { label, group, weight, date } = cells;
        self.logged.note_row(self.labeled.rows.len());
        self.labeled.rows.push(Gold { document, label, group, weight, date });
        Ok(())
    }

    /// What the cells of a row say; `None` where it is left out.
    fn cells(
        &mut self,
        document: &Document,
        carried: &[Option<String>],
        exported: ExportedRow,
    ) -> Result<Option<Cells>> {
        let columns = self.columns;
        let mut carried = carried.iter().map(Option::as_deref);
        let cell = LabelCell::new(carried.next().flatten(), document.nulls.contains(&LABEL));
        for condition in &columns.conditions {
            if carried.next().flatten().unwrap_or_default() != condition.value {
                return Ok(None);
            }
        }
        let [model, why] = ORIGIN_COLUMNS.map(|_| carried.next().flatten());
        let label = match cell {
            LabelCell::Label(label) => label.trim(),
            LabelCell::Blank if exported == ExportedRow::Decided => {
                self.coded.note_without_label(&document.path);
                return Ok(None);
            }
            LabelCell::Blank => {
                if exported == ExportedRow::PerhapsOpen {
                    self.coded.note_open(&document.path, self.labeled.skipped.len());
                }
                return Err(Error::malformed(document.position(), "label", "the row has no label"));
            }
            LabelCell::EmptyList | LabelCell::Null => {
                self.missing.add_label(&columns.label, cell);
                return Ok(None);
            }
        };
        if columns.ignored_labels.iter().any(|ignored| ignored == label) {
            return Ok(None);
        }
        if is_missing(label, &columns.missing) {
            self.missing.add_label(&columns.label, cell);
            return Ok(None);
        }
        check_is_no_object(document.place(), &columns.label, "`label_column`", label)?;
        let own = columns.weight.as_ref().and_then(|_| carried.next()).flatten();
        let mut sheet = SheetCells::default();
        self.sheet_columns().zip(&mut sheet).for_each(|(_, slot)| *slot = carried.next().flatten());
        let weight = match &columns.weight {
            Some(column) => self.weight(document, column, WeightCells { own, sheet })?,
            None => 1.0,
        };
        let date =
            columns.date.as_ref().and_then(|column| self.known(&column.name, carried.next().flatten()));
        let mut group = None;
        for (column, cell) in columns.group.iter().zip(carried.by_ref()) {
            if group.is_none()
                && let Some(known) = self.known(&column.name, cell)
            {
                group = Some((&column.name, known));
            }
        }
        if group.is_none() && exported == ExportedRow::Decided {
            // As the exported labels have it, where no column gives a source.
            let article = columns.group.iter().find(|column| column.name == ARTICLE);
            group = article.map(|column| (&column.name, document.id.clone()));
        }
        if document.text.trim().is_empty() {
            return Err(Error::malformed(document.position(), "text", "the row has no text"));
        }
        let model = model.filter(|_| !exported.names_model_in_use());
        self.labeled.origin.add(&document.path, model, why);
        self.rejections.add(carried);
        if let Some((name, _)) =
            group.as_ref().filter(|(name, _)| !self.labeled.group_columns.contains(*name))
        {
            self.labeled.group_columns.insert((*name).clone());
        }
        Ok(Some(Cells { label: label.to_owned(), group: group.map(|(_, group)| group), weight, date }))
    }

    /// A cell that does not say that its value is missing.
    fn known(&mut self, column: &str, cell: Option<&str>) -> Option<String> {
        let cell = cell?;
        if is_missing(cell, &self.columns.missing) {
            self.missing.add(column, cell);
            return None;
        }
        Some(cell.to_owned())
    }

    /// The weight in a row's own cell, or else in the file that the row names.
    fn weight(&mut self, document: &Document, column: &Column, cells: WeightCells<'_>) -> Result<f64> {
        let WeightCells { own: cell, sheet } = cells;
        let is_known = |cell: &&str| !cell.trim().is_empty() && !is_missing(cell, &self.columns.missing);
        if let (Requirement::Optional, None) = (column.need, cell.filter(is_known)) {
            if let Some(weight) = self.sample_weights.find(document, sheet)? {
                self.weights.written += 1;
                return Ok(weight);
            }
            // Where a file may lack the column, rows without a weight have the weight 1.
            self.weights.absent += 1;
            return Ok(1.0);
        }
        let written = cell.unwrap_or_default();
        self.weights.written += 1;
        let Some((weight, has_comma)) = parse_weight(written) else {
            let expected = "expected a number of at least 0, without thousands separators";
            let is_missing = is_missing(written, &self.columns.missing);
            let kind = if is_missing || written.trim().is_empty() { ", a missing value" } else { "" };
            let message = format!("the weight is `{written}`{kind}; {expected}");
            return Err(Error::malformed(document.position(), "weight", message));
        };
        if has_comma {
            self.weights.decimal_commas += 1;
            self.weights
                .first_comma
                .get_or_insert_with(|| format!("{}: `{}`", document.place(), written.trim()));
        }
        Ok(weight)
    }

    /// The rows, with what there is to say about all of them before what is about one.
    fn finish(self) -> Labeled {
        let Reading { mut labeled, missing, rejections, weights, signs, logged, coded, repeated_ids, .. } =
            self;
        let (open, of_tables) = coded.finish();
        labeled.left_out += open.len() as u64;
        let mut places = 0..;
        labeled.skipped.retain(|_| places.next().is_none_or(|place| open.binary_search(&place).is_err()));
        let more = repeated_ids.saturating_sub(MAX_REPEATED_IDS);
        if more > 0 {
            labeled.warnings.push(format!("{} with duplicate ids", counted(more, "more row")).into());
        }
        let outdated = logged.outdated();
        if !outdated.is_empty() {
            labeled.left_out += outdated.len() as u64;
            let mut numbers = 0..;
            labeled.rows.retain(|_| numbers.next().is_none_or(|number| !outdated.contains(&number)));
        }
        labeled.has_weights = weights.written > 0;
        let mut notes: Vec<Message> =
            signs.notes().chain(missing.notes()).chain(rejections.notes()).collect();
        notes.extend(weights.notes());
        notes.extend(of_tables);
        notes.append(&mut labeled.warnings);
        labeled.warnings = notes;
        labeled
    }
}

impl WeightCounts {
    fn notes(&self) -> Vec<Message> {
        let WeightCounts { written, absent, decimal_commas, first_comma } = self;
        let commas = first_comma.as_ref().map(|first| {
            format!(
                "{first}: the comma is read as a decimal point ({} in all)",
                counted(decimal_commas, "weight")
            )
        });
        let without = (*written > 0 && *absent > 0)
            .then(|| format!("{} without a weight, counted as 1", counted(absent, "row")));
        commas.into_iter().chain(without).map(Message::from).collect()
    }
}
