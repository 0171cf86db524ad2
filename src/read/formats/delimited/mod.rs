//! Reads delimited values with a header: one row is one text.

mod advance;
mod dialect;
mod enclosed;
mod escaped;
#[cfg(feature = "train")]
mod form;
mod header;
mod line_ends;
mod open;
mod parser;
mod qualtrics;
mod quotes;
mod records;
mod recover;
mod repeated_header;
mod row_names;
mod rule;
mod survey;

use advance::Row;
use dialect::BACKSLASH;
#[cfg(feature = "train")]
pub(crate) use form::{Quoting, TableForm, table_form};
pub(crate) use header::{has_header, is_titled_table};
use line_ends::with_line_ends;
use parser::Parser;
use repeated_header::RepeatedHeader;
use survey::Trailing;

use crate::error::{Error, Message, Position, Result};
use crate::read::bytes::source::Source;
use crate::read::tables::fields::{Columns, Fields};
use crate::read::{Body, RawRecord};
use crate::text::document::Replaced;

/// The rows of a source.
pub(crate) struct Delimited {
    source: Source,
    parser: Parser,
    columns: Columns,
    width: usize,
    /// Knows rows that are the header once more.
    header: RepeatedHeader,
    trailing: Trailing,
    /// Whether quotes may turn out to be characters, or to be escaped.
    detects_quotes: bool,
    line: u64,
    record: u64,
    max_record: usize,
    /// Nothing more is read.
    finished: bool,
    /// What ended the reading while something else was reported.
    failed: Option<Error>,
    /// What is to be said of the file with its next record.
    notes: Vec<Message>,
    /// Whether it was said that quotes are characters.
    told_of_characters: bool,
    /// Whether it was said that a row may be several.
    told_of_lines: bool,
    /// Whether it was said that rows stand in quotes as a whole.
    told_of_enclosed: bool,
}

impl Delimited {
    fn at(&self, line: u64) -> Position {
        Position { path: Some(self.source.path().to_string()), record: Some(self.record), line: Some(line) }
    }

    /// Those of the row that was parsed last.
    fn fields(&self, replaced: Option<Replaced>) -> Fields {
        let (bytes, ends) = self.parser.parts();
        let mut fields = self.columns.row();
        for place in self.columns.places() {
            let field = place.and_then(|place| {
                let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                bytes.get(start..*ends.get(place)?)
            });
            fields.push(&with_line_ends(field.unwrap_or(&[])));
        }
        fields.replaced = replaced;
        fields
    }

    /// Whether a row has the fields of the header, but for an empty one behind the last delimiter
    /// of either.
    fn has_all_fields(&self, row: &Parser) -> bool {
        let ends_empty = || row.fields().last().is_some_and(|last| last.trim_ascii().is_empty());
        row.fields == self.width
            || self.trailing == Trailing::InRows && row.fields == self.width + 1 && ends_empty()
            || self.trailing == Trailing::InHeader && row.fields + 1 == self.width
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.finished {
            return Ok(None);
        }
        let Row { line, offset, replaced } = loop {
            let Some(row) = self.advance()? else { return Ok(None) };
            self.open_enclosed(row.line);
            if !self.header.is_repeated_in(&self.parser) {
                break row;
            }
            let position = Position { record: None, ..self.at(row.line) };
            self.notes.extend(self.header.tell(&position));
        };
        self.record += 1;
        if !self.has_all_fields(&self.parser) {
            return Err(Error::malformed(self.at(line), "csv", self.wrong_width()));
        }
        let mut fields = self.fields(replaced);
        fields.file_notes.append(&mut self.notes);
        Ok(Some(RawRecord {
            path: self.source.path().clone(),
            record: Some(self.record),
            line: Some(line),
            offset,
            decoded: self.source.decoded(),
            body: Body::Fields(fields),
        }))
    }

    /// What is said of a row that has another number of fields than the header.
    fn wrong_width(&self) -> Message {
        let (bytes, _) = self.parser.parts();
        let found = format!("the row has {} fields; the header has {}. ", self.parser.fields, self.width);
        match bytes.contains(&BACKSLASH) && self.parser.dialect.escape.is_none() {
            true => Message::from(found).then(Message::naming(
                "Is a delimiter missing, or a quote, or does a backslash escape quotes (`escape=backslash`)?",
            )),
            false => (found + "Is a delimiter missing, or a quote?").into(),
        }
    }
}

impl Iterator for Delimited {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests;
