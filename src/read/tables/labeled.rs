//! Reads documents with labels, for training and evaluation.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use crate::error::{Error, ErrorKind, Message, Result};
use crate::read::{Column, InputOptions, Inputs, Requirement};
use crate::text::SignCounts;
use crate::text::document::Document;

/// Only rows whose column has this value are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Column name.
    pub column: String,
    /// The value, exactly.
    pub value: String,
}

/// Which columns of a labelled file mean what.
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
}

/// Columns that a group is taken from where none is named, the first that a row has.
pub const GROUP_COLUMNS: [&str; 4] = ["source", "outlet", "author", "article"];

impl Default for LabeledColumns {
    /// The label is in the column `label`; the group in the first of [`GROUP_COLUMNS`] and the date in `date`, where a file has them.
    fn default() -> Self {
        let optional = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
        LabeledColumns {
            label: "label".to_owned(),
            group: GROUP_COLUMNS.map(optional).to_vec(),
            weight: None,
            date: Some(optional("date")),
            conditions: Vec::new(),
            ignored_labels: Vec::new(),
        }
    }
}

/// A labelled document.
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

/// What a reading of labelled files gave.
#[derive(Debug, Default)]
pub struct Labeled {
    /// Rows to use.
    pub rows: Vec<Gold>,
    /// Rows left out by a condition or an ignored label.
    pub left_out: u64,
    /// Rows that could not be used.
    pub skipped: Vec<Error>,
    /// One line each: signs that texts show, repeated ids, replaced bytes.
    pub warnings: Vec<Message>,
    /// The columns that gave groups.
    pub group_columns: BTreeSet<String>,
}

/// Reads labelled rows of CSV, JSON lines, Parquet or spreadsheets.
///
/// # Errors
/// A file that cannot be opened or lacks a column. Rows that cannot be read are skipped and listed.
pub fn read_labeled(files: &[PathBuf], options: &InputOptions, columns: &LabeledColumns) -> Result<Labeled> {
    let options = options_with(options, columns);
    let (mut labelled, mut signs) = (Labeled::default(), SignCounts::default());
    let mut seen: HashMap<String, String> = HashMap::new();
    for raw in Inputs::new(files.to_vec(), options.clone()) {
        let mut document = match raw.and_then(|raw| raw.document(&options)) {
            Ok(document) => document,
            Err(error) => match error.kind() {
                // What is about one record costs that record; what is about a file ends the reading.
                ErrorKind::Malformed { position, .. }
                | ErrorKind::TooLarge { position, .. }
                | ErrorKind::MissingColumn { position, .. }
                    if position.record.is_some() =>
                {
                    labelled.skipped.push(error);
                    continue;
                }
                _ => return Err(error),
            },
        };
        let place = document.place().to_string();
        labelled.warnings.append(&mut document.file_notes);
        match gold(document, columns, &mut labelled.group_columns) {
            Ok(Some(gold)) => {
                labelled.warnings.extend(gold.document.notes());
                signs.add(&gold.document);
                if let Some(first) = seen.get(&gold.document.id) {
                    let id = &gold.document.id;
                    labelled.warnings.push(format!("{place}: id `{id}` stands already at {first}").into());
                } else {
                    seen.insert(gold.document.id.clone(), place);
                }
                labelled.rows.push(gold);
            }
            Ok(None) => labelled.left_out += 1,
            Err(error) => labelled.skipped.push(error),
        }
    }
    // Before what is said of single rows, of which only the first few are shown.
    labelled.warnings.splice(..0, signs.notes());
    Ok(labelled)
}

fn options_with(options: &InputOptions, columns: &LabeledColumns) -> InputOptions {
    let need = |name: &String| Column { name: name.clone(), need: Requirement::Always };
    let mut carried = vec![need(&columns.label)];
    carried.extend(columns.conditions.iter().map(|condition| need(&condition.column)));
    carried.extend(columns.weight.iter().chain(&columns.date).chain(&columns.group).cloned());
    InputOptions { columns: carried, ..options.clone() }
}

fn gold(
    document: Document,
    columns: &LabeledColumns,
    group_columns: &mut BTreeSet<String>,
) -> Result<Option<Gold>> {
    let mut carried = document.columns.iter().cloned();
    let label =
        carried.next().flatten().map(|label| label.trim().to_owned()).filter(|label| !label.is_empty());
    for condition in &columns.conditions {
        if carried.next().flatten().unwrap_or_default() != condition.value {
            return Ok(None);
        }
    }
    let position = || document.position();
    let label = label.ok_or_else(|| Error::malformed(position(), "label", "the row has no label"))?;
    if columns.ignored_labels.contains(&label) {
        return Ok(None);
    }
    let written = columns.weight.as_ref().and_then(|column| Some((column.need, carried.next()?)));
    let weight = match written {
        // A file without the column, where it may lack it, has rows of weight 1.
        None | Some((Requirement::Optional, None)) => 1.0,
        Some((_, written)) => weight(&document, &written.unwrap_or_default())?,
    };
    let date = columns.date.as_ref().and_then(|_| carried.next().flatten());
    let group =
        columns.group.iter().zip(carried).find_map(|(column, value)| Some((&column.name, value?))).map(
            |(name, group)| {
                if !group_columns.contains(name) {
                    group_columns.insert(name.clone());
                }
                group
            },
        );
    if document.text.trim().is_empty() {
        return Err(Error::malformed(position(), "text", "the row has no text"));
    }
    Ok(Some(Gold { label, group, weight, date, document }))
}

fn weight(document: &Document, written: &str) -> Result<f64> {
    let number = written.trim().parse::<f64>().ok();
    number.filter(|weight| (*weight as f32).is_finite() && *weight >= 0.0).ok_or_else(|| {
        let message = format!("the weight is `{written}`; expected a number from 0 up");
        Error::malformed(document.position(), "weight", message)
    })
}
