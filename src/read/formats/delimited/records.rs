//! Goes through the rows at the beginning of a file, one after the other.

use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::parser::{Parsed, Parser};

/// The beginning of a file's rows.
#[derive(Clone, Copy)]
pub(super) struct Sample<'b> {
    pub(super) bytes: &'b [u8],
    /// Whether it is all of them; else the last may be cut short.
    pub(super) is_whole: bool,
}

/// The rows of a sample that are whole.
pub(super) struct Records<'b> {
    /// Has the fields of the last row.
    pub(super) parser: Parser,
    rows: Sample<'b>,
}

impl<'b> Records<'b> {
    pub(super) fn new(rows: Sample<'b>, dialect: Dialect) -> Self {
        Records { parser: Parser::new(dialect), rows }
    }

    /// The bytes of the next row; `None` where no further row is whole.
    pub(super) fn advance(&mut self) -> Option<&'b [u8]> {
        let rest = without_line_ends(self.rows.bytes);
        self.parser.restart();
        let Parsed::Record(length) = self.parser.feed(rest, self.rows.is_whole) else { return None };
        self.rows.bytes = rest.get(length.max(1)..).unwrap_or(&[]);
        rest.get(..length)
    }

    /// Bytes behind the last row.
    pub(super) fn left(&self) -> usize {
        self.rows.bytes.len()
    }
}

/// Rows without the line ends before the first one.
pub(super) fn without_line_ends(rows: &[u8]) -> &[u8] {
    let blank = rows.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    rows.get(blank..).unwrap_or(&[])
}
