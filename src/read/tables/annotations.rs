//! Reads rows that several coders have labeled, from CSV, JSON, Parquet or spreadsheets.

use std::path::PathBuf;

use crate::error::{Error, Message, Result};
use crate::read::tables::cells::{LabelCell, MISSING_VALUES, MissingCounts, check_is_no_object, is_missing};
use crate::read::tables::condition::Condition;
use crate::read::tables::rejections::Rejections;
use crate::read::{Column, InputOptions, Inputs, Requirement, find_files};
use crate::text::document::Document;

/// A row, with the label of each coder; none where the cell is blank or says that it is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Coded {
    /// The text and its name.
    pub document: Document,
    /// The labels as they are written, in the order of the columns.
    pub labels: Vec<Option<String>>,
}

/// Which columns of a coded file mean what.
#[derive(Clone, Debug, Default)]
pub struct CodedColumns {
    /// The labels, a column a coder.
    pub coders: Vec<String>,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// Cells that say that a label is missing: [`MISSING_VALUES`], unless others are given.
    pub missing: Vec<String>,
}

impl CodedColumns {
    /// Columns of coders, all rows, and the usual missing values.
    pub fn new(coders: &[String]) -> Self {
        CodedColumns {
            coders: coders.to_vec(),
            conditions: Vec::new(),
            missing: MISSING_VALUES.map(str::to_owned).to_vec(),
        }
    }
}

/// The rows of files, or of folders of files, whose columns hold labels, one after the other.
///
/// An item is an error where a row or a file cannot be read, as with [`Inputs`].
pub fn read_annotations(
    files: Vec<PathBuf>,
    options: &InputOptions,
    columns: CodedColumns,
) -> AnnotationRows {
    let used: Vec<&str> = columns.coders.iter().map(String::as_str).collect();
    let rejections = Rejections::new(&columns.conditions, &used);
    let need = |name: &String| Column { name: name.clone(), need: Requirement::InHeader };
    let names = columns.coders.iter().chain(columns.conditions.iter().map(|condition| &condition.column));
    let carried = names.map(need).chain(rejections.columns()).collect();
    let options = InputOptions { columns: carried, ..options.clone() };
    let found = find_files(&files, &[]);
    AnnotationRows {
        inputs: Inputs::new(found.files, options.clone()),
        unreadable: found.errors.into_iter(),
        options,
        columns,
        missing: MissingCounts::default(),
        rejections,
    }
}

/// The rows of [`read_annotations`].
#[derive(Debug)]
pub struct AnnotationRows {
    inputs: Inputs,
    /// Folders and files that could not be looked at.
    unreadable: std::vec::IntoIter<Error>,
    options: InputOptions,
    columns: CodedColumns,
    missing: MissingCounts,
    rejections: Rejections,
}

impl AnnotationRows {
    /// What there is to say about the rows so far, one line each: how the files were read, missing
    /// values, rows that a coding tool rejects.
    pub fn notes(&self) -> Vec<Message> {
        let of_files = self.inputs.notes().lines().into_iter().map(Message::from);
        of_files.chain(self.missing.notes()).chain(self.rejections.notes()).collect()
    }

    /// The labels of a row; `None` where a condition leaves it out.
    fn coded(&mut self, mut document: Document) -> Result<Option<Coded>> {
        let CodedColumns { coders, conditions, missing } = &self.columns;
        let cells = std::mem::take(&mut document.columns);
        let mut cells = cells.iter().map(Option::as_deref);
        let label = |(place, (coder, cell))| (coder, LabelCell::new(cell, document.nulls.contains(&place)));
        let written: Vec<_> = coders.iter().zip(cells.by_ref()).enumerate().map(label).collect();
        let holds =
            |(condition, cell): (&Condition, Option<&str>)| cell.unwrap_or_default() == condition.value;
        if !conditions.iter().zip(cells.by_ref()).all(holds) {
            return Ok(None);
        }
        self.rejections.add(cells);
        let mut labels = Vec::with_capacity(written.len());
        for (coder, cell) in written {
            labels.push(match cell {
                LabelCell::Label(label) if !is_missing(label, missing) => {
                    check_is_no_object(document.place(), coder, "`coders`", label)?;
                    self.missing.doubt(coder, label, missing);
                    Some(label.to_owned())
                }
                cell => {
                    self.missing.add_label(coder, cell);
                    None
                }
            });
        }
        Ok(Some(Coded { labels, document }))
    }
}

impl Iterator for AnnotationRows {
    type Item = Result<Coded>;

    fn next(&mut self) -> Option<Result<Coded>> {
        loop {
            let Some(raw) = self.inputs.next() else { return self.unreadable.next().map(Err) };
            match raw.and_then(|raw| raw.document(&self.options)) {
                Ok(document) => {
                    if let Some(coded) = self.coded(document).transpose() {
                        return Some(coded);
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Columns of coders, as they are named in one list.
///
/// # Errors
/// Less than two, or one that is named twice.
pub fn check_coders(coders: &[String]) -> Result<()> {
    if let Some(twice) =
        coders.iter().enumerate().find_map(|(at, name)| coders.get(..at)?.contains(name).then_some(name))
    {
        return Err(Error::invalid_parameter("coders", format!("`{twice}` twice"), "each column once")
            .with_message(Message::naming("`coders` names ").then(format!("`{twice}` twice")))
            .with_hint("name each coder's column once"));
    }
    match coders {
        [_, _, ..] => Ok(()),
        _ => {
            let expected = "two or more columns, one per coder: coder_a,coder_b";
            Err(Error::invalid_parameter("coders", coders.len(), expected)
                .with_message(Message::naming("`coders`").then(format!(": expected {expected}"))))
        }
    }
}
