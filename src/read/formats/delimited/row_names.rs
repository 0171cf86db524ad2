//! Finds the names that R's `write.table` puts before the first field of each row, without a field
//! in the header.

use memchr::memchr;

use crate::read::formats::delimited::dialect::{BACKSLASH, Dialect};
use crate::read::formats::delimited::records::{Records, Sample};

/// Fewest rows that tell.
const MIN_ROWS: usize = 2;

/// Whether each of the first rows has one field more than the header, and begins with a name in
/// quotes or, between tabs, with its number. A row with a comma too many in its text has neither.
pub(super) fn has_row_names(rows: Sample<'_>, dialect: Dialect, width: usize) -> bool {
    let escaped = Dialect { escape: Some(BACKSLASH), ..dialect };
    let may_be_escaped = dialect.quote.is_some() && memchr(BACKSLASH, rows.bytes).is_some();
    has_names(rows, dialect, width) || may_be_escaped && has_names(rows, escaped, width)
}

fn has_names(rows: Sample<'_>, dialect: Dialect, width: usize) -> bool {
    let mut records = Records::new(rows, dialect);
    let mut count = 0;
    while let Some(row) = records.advance() {
        let parser = &records.parser;
        let is_quoted = dialect.quote.is_some() && row.first().copied() == dialect.quote;
        let is_number = || parser.fields().next() == Some((count + 1).to_string().as_bytes());
        let is_named = is_quoted || dialect.delimiter == b'\t' && is_number();
        let ends_empty = parser.fields().last().is_some_and(|last| last.trim_ascii().is_empty());
        if parser.fields != width + 1 || !is_named || ends_empty {
            return false;
        }
        count += 1;
    }
    count >= MIN_ROWS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::formats::delimited::dialect::QUOTE;

    fn named(delimiter: u8, width: usize, rows: &str) -> bool {
        let dialect = Dialect { delimiter, quote: Some(QUOTE), escape: None };
        has_row_names(Sample { bytes: rows.as_bytes(), is_whole: true }, dialect, width)
    }

    #[test]
    fn names_of_rows_are_told() {
        assert!(named(b',', 2, "\"1\",7,\"It rained, they said.\"\n\"2\",8,\"It snowed.\"\n"));
        assert!(
            named(b',', 2, "\"1\",7,\"\\\"No,\\\" he said.\"\n\"2\",8,\"It snowed.\"\n"),
            "escaped quotes"
        );
        assert!(named(b'\t', 2, "1\ta\tIt rained.\n2\tb\tIt snowed.\n"));
    }

    #[test]
    fn other_fields_are_no_names() {
        for (delimiter, rows) in [
            (b',', "1,It rained, they said.,for\n2,It snowed, they said.,for\n"),
            (b',', "\"1\",\"It rained.\",for\n\"2\",\"It snowed.\"\n"),
            (b',', "\"1\",\"It rained.\",\n\"2\",\"It snowed.\",\n"),
            (b'\t', "7\tIt rained.\tfor\n9\tIt snowed.\tfor\n"),
            (b',', "\"1\",\"It rained.\",for\n"),
            (b',', ""),
        ] {
            assert!(!named(delimiter, 2, rows), "{rows}");
        }
    }
}
