//! Turns rows of cells into records. The first row that is not empty is the header, unless titles
//! stand above it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, Message, Position, Result, list, nearest};
use crate::read::InputOptions;
use crate::read::bytes::budget::{Budget, OverBudget, Share};
use crate::read::formats::spreadsheet::unstored::UnstoredResults;
use crate::read::tables::fields::{Columns, Fields};

/// What a row without text takes, roughly.
const ROW_COST: u64 = 256;
/// What a cell takes beside its text.
const CELL_COST: usize = 64;
/// Bytes of the cells of a row, beside what its record may have: many columns are not asked for.
const ROW_ROOM: usize = 16 << 20;
/// Bytes that are taken of the budget at a time, for many rows.
const SHARE: u64 = 64 << 10;

/// The last column of a sheet of Excel, XFD, from 0.
pub(super) const LAST_COLUMN: u64 = 16_383;
/// Cells to the right of all column names. Nothing is read of them, but going over them takes as
/// long as over others.
const MAX_UNNAMED_CELLS: u64 = 1_000_000;

/// Rows in which the column names are looked for.
const MAX_TITLE_ROWS: u64 = 20;
/// Most bytes of a row that is kept until the header is known.
const MAX_TITLE_BYTES: usize = 1 << 20;

/// A cell, or several alike side by side.
#[derive(Clone)]
pub(super) struct Cell<'t> {
    /// Its column, from 0.
    pub(super) first: u64,
    pub(super) count: u64,
    pub(super) text: Cow<'t, str>,
}

/// The cells of a row that hold something, as many as fit into the room of a row.
pub(super) struct RowCells<'t> {
    cells: Vec<Cell<'t>>,
    limit: usize,
    room: usize,
    is_too_large: bool,
}

impl<'t> RowCells<'t> {
    /// The most bytes of text that the next cell may have; with one more, the row is too large.
    pub(super) fn room(&self) -> usize {
        self.room.saturating_add(1)
    }

    /// Takes the next cell. Of a row that is too large nothing is kept.
    pub(super) fn push(&mut self, cell: Cell<'t>) {
        if self.is_too_large || cell.text.is_empty() {
            return;
        }
        match self.room.checked_sub(cell.text.len().saturating_add(CELL_COST)) {
            Some(room) => {
                self.room = room;
                self.cells.push(cell);
            }
            None => {
                self.is_too_large = true;
                self.cells = Vec::new();
                self.room = 0;
            }
        }
    }

    /// Begins the next row.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.room = self.limit;
        self.is_too_large = false;
    }
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
    /// Rows that may be titles, while no header is found.
    waiting: Vec<WaitingRow>,
    /// The row below the header that has the wanted columns, if the header lacks them.
    wanted_below: Option<u64>,
    /// How the header and the texts were found.
    notes: Vec<Message>,
    rows: Vec<Row>,
    record: u64,
    budget: Budget,
    /// What is held of the sheet.
    held: Vec<Share>,
    /// Bytes of the last share that are not used yet.
    room: u64,
    /// Cells so far to the right of all column names.
    unnamed: u64,
    unstored: UnstoredResults,
}

/// A row above which no header was found yet.
struct WaitingRow {
    line: u64,
    count: u64,
    cells: Vec<Cell<'static>>,
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
    pub(super) fn new(path: Arc<str>, options: &'o InputOptions, budget: Budget) -> Self {
        Table {
            path,
            options,
            header: None,
            waiting: Vec::new(),
            wanted_below: None,
            notes: Vec::new(),
            rows: Vec::new(),
            record: 0,
            budget,
            held: Vec::new(),
            room: 0,
            unnamed: 0,
            unstored: UnstoredResults::default(),
        }
    }

    /// A row without cells.
    pub(super) fn row(&self) -> RowCells<'static> {
        let limit = self.options.max_record.saturating_add(ROW_ROOM);
        RowCells { cells: Vec::new(), limit, room: limit, is_too_large: false }
    }

    /// Takes bytes of the budget for what is held until the sheet was read.
    pub(super) fn hold(&mut self, bytes: u64) -> std::result::Result<(), Stop> {
        let share = self.budget.take(bytes).map_err(|over| Stop::Unreadable(too_much(over)))?;
        self.held.push(share);
        Ok(())
    }

    /// Takes bytes for a row, from shares of many.
    fn hold_row(&mut self, bytes: u64) -> std::result::Result<(), Stop> {
        if self.room < bytes {
            let share = bytes.max(SHARE);
            self.hold(share)?;
            self.room = share;
        }
        self.room -= bytes;
        Ok(())
    }

    /// Counts a cell that no column has a name for.
    ///
    /// # Errors
    /// There are cells without end of that kind.
    pub(super) fn count_unnamed(&mut self, column: u64) -> std::result::Result<(), Stop> {
        let last = self.header.as_ref().and_then(|header| header.places.last()).copied();
        if column <= last.unwrap_or(LAST_COLUMN) {
            return Ok(());
        }
        self.unnamed += 1;
        if self.unnamed <= MAX_UNNAMED_CELLS {
            return Ok(());
        }
        Err(Stop::Unreadable(format!(
            "it has more than {MAX_UNNAMED_CELLS} cells to the right of its column names; delete these columns, or export the sheet \
             as CSV"
        )))
    }

    /// Counts a formula without a stored result.
    pub(super) fn count_unstored(&mut self, line: u64, column: u64) {
        self.unstored.add(line, column);
    }

    /// Says how many formulas of the needed columns have no stored result.
    ///
    /// # Errors
    /// There is no row to say it with: all are empty for that reason.
    pub(super) fn tell_of_unstored(&mut self) -> std::result::Result<(), Stop> {
        self.end()?;
        let Some(header) = &self.header else { return Ok(()) };
        let places = header.columns.places().flatten();
        let columns: Vec<u64> = places.filter_map(|place| header.places.get(place).copied()).collect();
        let Some(found) = self.unstored.describe(&columns) else { return Ok(()) };
        if self.rows.is_empty() {
            return Err(Stop::Unreadable(format!("all its rows are empty: {found}")));
        }
        self.notes.push(format!("{}: {found}", self.path).into());
        Ok(())
    }

    /// Whether a sheet is the one to read: the one that was asked for, else the first that can be
    /// seen.
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
                Message::from(format!("all its sheets are hidden; found {found}: "))
                    .then(Message::naming("give one with `sheet`")),
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
        row: &RowCells<'_>,
    ) -> std::result::Result<(), Stop> {
        if !row.is_too_large {
            return self.filled_rows(line, count, &row.cells);
        }
        if self.header.is_none() {
            let found = match self.waiting.is_empty() {
                true => "the row of column names is too large".to_owned(),
                false => format!(
                    "row {line} is too large, and no row above it has the names of the columns that are wanted"
                ),
            };
            return Err(Stop::Unreadable(found));
        }
        self.push(line, count, None)
    }

    /// Takes rows that are not too large, unless they are empty.
    fn filled_rows(&mut self, line: u64, count: u64, cells: &[Cell<'_>]) -> std::result::Result<(), Stop> {
        if cells.iter().all(|cell| cell.text.trim().is_empty()) {
            return Ok(());
        }
        let Some(header) = &self.header else { return self.row_without_header(line, count, cells) };
        // What is repeated is looked for once: a wide row may be repeated a million times.
        let fields = header.fields(cells, self.options.max_record);
        self.push(line, count, fields)
    }

    /// Adds records, without fields where they are larger than a record may be.
    fn push(&mut self, line: u64, count: u64, fields: Option<Fields>) -> std::result::Result<(), Stop> {
        let cost = ROW_COST + fields.as_ref().map_or(0, Fields::size) as u64;
        for at in 0..count {
            self.hold_row(cost)?;
            self.record += 1;
            let line = line.saturating_add(at);
            self.rows.push(Row { line, record: self.record, fields: fields.clone() });
        }
        Ok(())
    }

    /// Takes the next row while no header is found: it is the header, or may be a title above it.
    fn row_without_header(
        &mut self,
        line: u64,
        count: u64,
        cells: &[Cell<'_>],
    ) -> std::result::Result<(), Stop> {
        if let Some(row) = self.options.header_row {
            let after = line.saturating_add(count);
            if after <= row {
                return Ok(());
            }
            if line > row {
                let found = Message::from(format!("its row {row} is empty; ")).then(Message::naming(
                    "`header_row` names the row with the column names, counted from 1",
                ));
                return Err(Stop::Failed(Error::malformed(self.at(row), "spreadsheet", found)));
            }
            return self.begin(row, after - row - 1, cells);
        }
        let names = names(cells);
        let most_above = self.waiting.iter().map(|row| self::names(&row.cells).len()).max().unwrap_or(0);
        let mut wanted = self.options.required_columns();
        if names.len() > most_above && wanted.all(|column| names.contains(column)) {
            if !self.waiting.is_empty() {
                let found = format!("{}: found the column names here, below other rows; ", self.at(line));
                let note = Message::from(found).then(Message::naming("`header_row` sets another row"));
                self.notes.push(note);
            }
            self.waiting.clear();
            return self.begin(line, count - 1, cells);
        }
        let size: usize = cells.iter().map(|cell| cell.text.len()).sum();
        if line > MAX_TITLE_ROWS || size > MAX_TITLE_BYTES {
            self.give_up_titles()?;
            return self.filled_rows(line, count, cells);
        }
        let filled = cells.iter().filter(|cell| !cell.text.trim().is_empty());
        let owned = |cell: &Cell<'_>| Cell { text: Cow::Owned(cell.text.to_string()), ..*cell };
        self.waiting.push(WaitingRow { line, count, cells: filled.map(owned).collect() });
        Ok(())
    }

    /// Takes the row below titles that holds the text columns for the header, or else the first.
    fn give_up_titles(&mut self) -> std::result::Result<(), Stop> {
        let waiting = std::mem::take(&mut self.waiting);
        let texts = &self.options.preparation.text_columns;
        let mut most_above = 0;
        let mut has_texts = |row: &&WaitingRow| {
            let names = names(&row.cells);
            let is_widest = names.len() > most_above;
            most_above = most_above.max(names.len());
            is_widest && texts.iter().all(|column| names.contains(column))
        };
        let header = waiting.iter().position(|row| has_texts(&row)).unwrap_or(0);
        let mut rows = waiting.iter().skip(header);
        let Some(row) = rows.next() else { return Ok(()) };
        let has_all = |row: &&WaitingRow| {
            let names = names(&row.cells);
            self.options.required_columns().all(|column| names.contains(column))
        };
        self.wanted_below = rows.clone().find(has_all).map(|row| row.line);
        self.begin(row.line, row.count - 1, &row.cells)?;
        // The header may do, if its text column can be guessed.
        rows.try_for_each(|row| self.filled_rows(row.line, row.count, &row.cells))
    }

    /// Takes a row for the header, which is repeated `more` times as rows.
    fn begin(&mut self, line: u64, more: u64, cells: &[Cell<'_>]) -> std::result::Result<(), Stop> {
        let mut header = self.header(line, cells).map_err(Stop::Failed)?;
        self.notes.extend(header.columns.take_note());
        self.header = Some(header);
        if more > 0 { self.filled_rows(line.saturating_add(1), more, cells) } else { Ok(()) }
    }

    fn header(&self, line: u64, cells: &[Cell<'_>]) -> Result<Header> {
        let columns =
            Columns::find_in_header(&names(cells), self.options, &self.at(line), || self.wanted_below)?;
        Ok(Header { columns, places: named(cells).map(|(place, _)| place).collect() })
    }

    fn at(&self, line: u64) -> Position {
        Position { path: Some(self.path.to_string()), record: None, line: Some(line) }
    }

    /// Ends the sheet: says whether there was a header.
    pub(super) fn end(&mut self) -> std::result::Result<bool, Stop> {
        if self.header.is_none() {
            self.give_up_titles()?;
        }
        Ok(self.header.is_some())
    }

    /// The rows, the first of which says how the header was found, and the shares of the budget
    /// that they take.
    pub(super) fn into_rows(mut self) -> (Vec<Row>, Vec<Share>) {
        let first = self.rows.iter_mut().find_map(|row| row.fields.as_mut());
        first.into_iter().for_each(|fields| fields.file_notes.append(&mut self.notes));
        (self.rows, self.held)
    }
}

fn too_much(over: OverBudget) -> String {
    format!("its sheet is too large: {over}; export the sheet as CSV")
}

/// The names in a row.
fn names(cells: &[Cell<'_>]) -> Vec<String> {
    named(cells).map(|(_, name)| name.to_owned()).collect()
}

/// The columns of a row that have names. Of a name in several cells side by side two are enough:
/// nobody can tell which is meant.
fn named<'c>(cells: &'c [Cell<'_>]) -> impl Iterator<Item = (u64, &'c str)> {
    let filled = cells.iter().filter(|cell| !cell.text.trim().is_empty());
    filled.flat_map(|cell| (0..cell.count.min(2)).map(|by| (cell.first + by, cell.text.trim())))
}
