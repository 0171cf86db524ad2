//! Turns rows of cells into records. The first row that is not empty is the header.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, Message, Position, Result, list, nearest};
use crate::read::InputOptions;
use crate::read::formats::spreadsheet::archive::too_large;
use crate::read::tables::fields::{Columns, Fields};

/// What a row without text takes, roughly.
const ROW_COST: u64 = 256;

/// A cell, or several alike side by side.
pub(super) struct Cell<'t> {
    /// Its column, from 0.
    pub(super) first: u64,
    pub(super) count: u64,
    pub(super) text: Cow<'t, str>,
}

/// Why a sheet is not read on.
pub(super) enum Stop {
    Unreadable(String),
    Failed(Error),
}

/// A record of the sheet; without fields where they are larger than a record may be.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) record: u64,
    pub(super) fields: Option<Fields>,
}

pub(super) struct Table<'o> {
    path: Arc<str>,
    options: &'o InputOptions,
    header: Option<Header>,
    rows: Vec<Row>,
    record: u64,
    /// Bytes that may still be kept.
    room: u64,
}

struct Header {
    columns: Columns,
    /// The sheet's column of each name.
    places: Vec<u64>,
}

impl Header {
    /// The fields of a row; none if they are larger than `limit`.
    fn fields(&self, cells: &[Cell<'_>], limit: usize) -> Option<Fields> {
        let mut fields = self.columns.row();
        for place in self.columns.places() {
            let column = place.and_then(|place| self.places.get(place));
            let lies_in = |cell: &&Cell<'_>| {
                column.is_some_and(|column| column.checked_sub(cell.first).is_some_and(|by| by < cell.count))
            };
            let text = cells.iter().find(lies_in).map_or("", |cell| &cell.text);
            if fields.size().saturating_add(text.len()) > limit {
                return None;
            }
            fields.push(text.as_bytes());
        }
        Some(fields)
    }
}

impl<'o> Table<'o> {
    /// `room` is the most bytes to keep.
    pub(super) fn new(path: Arc<str>, options: &'o InputOptions, room: u64) -> Self {
        Table { path, options, header: None, rows: Vec::new(), record: 0, room }
    }

    /// Most bytes of a cell that are of use: with one more, its record is too large.
    pub(super) fn longest_cell(&self) -> usize {
        self.options.max_record.saturating_add(1)
    }

    /// Whether a sheet is the one to read: the one that was asked for, else the first that can be seen.
    pub(super) fn wants(&self, name: &str, is_visible: bool) -> bool {
        self.options.sheet.as_ref().map_or(is_visible, |wanted| wanted == name)
    }

    /// What is said where none of these sheets is the one.
    pub(super) fn not_found(&self, names: &[String]) -> Stop {
        let found = list(names);
        let position = Position::from_path(self.path.to_string());
        let malformed = |message: Message| Error::malformed(position, "spreadsheet", message);
        Stop::Failed(match &self.options.sheet {
            None => malformed(
                Message::from(format!("no sheet of it can be seen; found {found}: "))
                    .then(Message::naming("name one with `sheet`")),
            ),
            Some(wanted) => {
                let error = malformed(format!("no sheet `{wanted}`; found {found}").into());
                match nearest(wanted, names) {
                    None => error,
                    Some(name) => error.with_hint(format!("did you mean `{name}`?")),
                }
            }
        })
    }

    /// Takes the next row of cells, `count` times in succession.
    pub(super) fn rows(
        &mut self,
        line: u64,
        count: u64,
        cells: &[Cell<'_>],
    ) -> std::result::Result<(), Stop> {
        if cells.iter().all(|cell| cell.text.trim().is_empty()) {
            return Ok(());
        }
        let Some(header) = &self.header else {
            self.header = Some(self.header(line, cells).map_err(Stop::Failed)?);
            return if count > 1 { self.rows(line.saturating_add(1), count - 1, cells) } else { Ok(()) };
        };
        // What is repeated is looked for once: a wide row may be repeated a million times.
        let fields = header.fields(cells, self.options.max_record);
        let cost = ROW_COST + fields.as_ref().map_or(0, Fields::size) as u64;
        for at in 0..count {
            let left = self.room.checked_sub(cost);
            self.room = left.ok_or_else(|| Stop::Unreadable(too_large("its sheet holds")))?;
            self.record += 1;
            let line = line.saturating_add(at);
            self.rows.push(Row { line, record: self.record, fields: fields.clone() });
        }
        Ok(())
    }

    fn header(&self, line: u64, cells: &[Cell<'_>]) -> Result<Header> {
        let named = || cells.iter().filter(|cell| !cell.text.trim().is_empty());
        let names: Vec<String> = named().map(|cell| cell.text.trim().to_owned()).collect();
        let position = Position { path: Some(self.path.to_string()), record: None, line: Some(line) };
        let columns = Columns::find(&names, self.options, &position)?;
        Ok(Header { columns, places: named().map(|cell| cell.first).collect() })
    }

    /// Whether there was a header.
    pub(super) fn has_header(&self) -> bool {
        self.header.is_some()
    }

    pub(super) fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}
