//! Tells how the rows of a table of delimited values are written, so that a copy is written alike.

use crate::error::Result;
use crate::read::InputOptions;
use crate::read::bytes::source::Source;
use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::open::find_header;
use crate::read::formats::delimited::quotes::QuotedFields;
use crate::read::formats::delimited::records::{Records, Sample};

/// Rows that are looked at.
const MAX_ROWS: usize = 200;

/// Which fields stand in quotation marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// Those that must.
    #[default]
    Necessary,
    /// All but numbers.
    NonNumeric,
    /// All.
    Always,
}

/// How the rows of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableForm {
    /// The character between fields.
    pub(crate) delimiter: u8,
    /// Which fields stand in quotation marks.
    pub(crate) quoting: Quoting,
    /// Whether lines end with a carriage return before the line feed.
    pub(crate) has_returns: bool,
    /// Whether a byte order mark stands before the first line.
    pub(crate) has_mark: bool,
}

impl Default for TableForm {
    fn default() -> Self {
        TableForm { delimiter: b',', quoting: Quoting::Necessary, has_returns: false, has_mark: false }
    }
}

/// The form of the table at the beginning of a source.
pub(crate) fn table_form(source: &mut Source, options: &InputOptions, has_mark: bool) -> Result<TableForm> {
    let place = find_header(source, options)?;
    let (sample, is_whole) = source.sample();
    let rows = sample.get(place.offset..).unwrap_or(&[]);
    let line = rows.split_inclusive(|byte| *byte == b'\n').next().unwrap_or(&[]);
    Ok(TableForm {
        delimiter: place.delimiter,
        quoting: quoting(Sample { bytes: rows, is_whole }, Dialect::new(place.delimiter, options)),
        has_returns: line.ends_with(b"\r\n"),
        has_mark,
    })
}

/// Which fields of the first rows, with the header, stand in quotation marks.
fn quoting(rows: Sample<'_>, dialect: Dialect) -> Quoting {
    let mut records = Records::new(rows, dialect);
    let (mut is_always, mut is_non_numeric) = (true, true);
    for _ in 0..MAX_ROWS {
        let Some(row) = records.advance() else { break };
        let quoted = QuotedFields::new(row, dialect).clean;
        let parser = &records.parser;
        is_always &= quoted == parser.fields;
        is_non_numeric &= quoted == parser.fields().filter(|field| !is_number(field)).count();
    }
    match (is_always, is_non_numeric) {
        (true, _) => Quoting::Always,
        (false, true) => Quoting::NonNumeric,
        (false, false) => Quoting::Necessary,
    }
}

fn is_number(field: &[u8]) -> bool {
    std::str::from_utf8(field).is_ok_and(|field| field.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn form(table: &str) -> TableForm {
        let mut source = Source::new("a.csv".into(), Box::new(Cursor::new(table.as_bytes().to_vec())));
        table_form(&mut source, &InputOptions::default(), false).unwrap()
    }

    #[test]
    fn the_form_is_that_of_the_first_rows() {
        let plain = TableForm::default();
        assert_eq!(form("id,text\n1,\"It rained, they said.\"\n"), plain);
        assert_eq!(
            form("id;text\r\n1;It rained.\r\n"),
            TableForm { delimiter: b';', has_returns: true, ..plain }
        );
        let always = TableForm { quoting: Quoting::Always, ..plain };
        assert_eq!(form("\"id\",\"text\"\n\"1\",\"It \"\"rained\"\".\"\n"), always);
        let non_numeric = TableForm { quoting: Quoting::NonNumeric, ..plain };
        assert_eq!(form("\"id\",\"text\"\n1,\"It rained.\"\n2,\"\"\n"), non_numeric);
        assert_eq!(form("\"id\",\"text\"\n1,It rained.\n"), plain);
        assert_eq!(
            form("Export of texts\n\nid\ttext\n1\tIt rained.\n"),
            TableForm { delimiter: b'\t', ..plain }
        );
    }
}
