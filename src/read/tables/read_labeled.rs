//! Reads documents with labels, for training and evaluation.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Message, Result, counted};
use crate::read::tables::cells::{LabelCell, MissingCounts, check_is_no_object, is_missing};
use crate::read::tables::coded_table::{CodedTables, ExportedRow};
use crate::read::tables::label_log::{LogLine, LoggedRows};
use crate::read::tables::labeled::{ARTICLE, Gold, Labeled, LabeledColumns};
use crate::read::tables::origin::ORIGIN_COLUMNS;
use crate::read::tables::rejections::Rejections;
use crate::read::tables::row_weights::{RowWeights, WeightCells};
use crate::read::tables::sample_weights::{SHEET_COLUMNS, SheetCells};
use crate::read::{Column, Format, Input, InputOptions, Inputs, Requirement, find_files};
use crate::text::SignCounts;
use crate::text::document::Document;

/// The place of the label among the extra columns that are read.
const LABEL: usize = 0;
/// So many rows with a repeated id get a warning each; further ones are counted, as a file of two
/// coders repeats every id.
const MAX_REPEATED_IDS: usize = 5;

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
    weights: RowWeights,
    signs: SignCounts,
    /// Whether rows may be lines of a log.
    may_be_log: bool,
    logged: LoggedRows,
    coded: CodedTables,
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
            weights: RowWeights::default(),
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
                    _ => return Err(self.naming_label_column(error)),
                },
            }
        }
        Ok(self.finish())
    }

    /// The error of a file without the column of the labels, with the parameter that names it.
    fn naming_label_column(&self, error: Error) -> Error {
        let is_label =
            matches!(error.kind(), ErrorKind::MissingColumn { column, .. } if *column == self.columns.label);
        if !is_label {
            return error;
        }
        let named = Message::naming("name the column of the labels with `label_column`");
        let hint = match error.hint() {
            Some(hint) => named.then(", or, ").then(hint.clone()),
            None => named,
        };
        error.with_hint(hint)
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
            Some(column) => {
                self.weights.read(document, column, WeightCells { own, sheet }, &columns.missing)?
            }
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
        labeled.has_weights = weights.are_written();
        let mut notes: Vec<Message> =
            signs.notes().chain(missing.notes()).chain(rejections.notes()).collect();
        notes.extend(weights.notes());
        notes.extend(of_tables);
        notes.append(&mut labeled.warnings);
        labeled.warnings = notes;
        labeled
    }
}
