//! Tells from the first rows of a file how it was written: without quoting, with escapes, or with a
//! delimiter behind each row.

use crate::read::formats::delimited::dialect::{BACKSLASH, Dialect, has_escaped_quote};
use crate::read::formats::delimited::parser::{Parsed, Parser};
use crate::read::formats::delimited::quotes::{Judgment, QuotedFields, is_clean, judge};
use crate::read::formats::delimited::records::{Sample, without_line_ends};

/// Empty fields that rows or the header have too many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Trailing {
    #[default]
    None,
    /// Each row ends with a delimiter, the header does not.
    InRows,
    /// The header ends with a delimiter, the rows do not.
    InHeader,
}

/// What the first rows of a file tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    pub(super) trailing: Trailing,
    /// No field is quoted: quotes are characters.
    pub(super) is_unquoted: bool,
    /// Quotes inside of quoted fields have a backslash before them.
    pub(super) is_escaped: bool,
}

impl Survey {
    /// Looks at the first rows of a file, or at all.
    pub(super) fn new(rows: Sample<'_>, dialect: Dialect, header: &[String]) -> Survey {
        let width = header.len();
        let plain = Counts::new(rows, dialect, width);
        let escaped = Dialect { escape: Some(BACKSLASH), ..dialect };
        let is_escaped = plain.escapes > 0 && Counts::new(rows, escaped, width).misfits == 0;
        let unnamed = header.last().is_some_and(String::is_empty);
        let trailing = if plain.longer_by_empty * 2 > plain.rows {
            Trailing::InRows
        } else if unnamed && plain.shorter_by_one * 2 > plain.rows {
            Trailing::InHeader
        } else {
            Trailing::None
        };
        let is_unquoted = plain.as_characters > 0 && plain.quoted == 0 && dialect.has_rare_delimiter(width);
        Survey { trailing, is_unquoted, is_escaped }
    }
}

/// Rows by their kind.
#[derive(Default)]
struct Counts {
    /// Columns of the header.
    width: usize,
    rows: usize,
    longer_by_empty: usize,
    shorter_by_one: usize,
    /// Rows that do not fit the header, or whose quotes do not close.
    misfits: usize,
    /// Those of them that hold an escaped quote.
    escapes: usize,
    /// Rows in which a quote is a character.
    as_characters: usize,
    /// Rows that only a program writes which puts fields in quotes.
    quoted: usize,
}

impl Counts {
    fn new(rows: Sample<'_>, dialect: Dialect, width: usize) -> Self {
        let mut counts = Counts { width, ..Counts::default() };
        let mut parser = Parser::new(dialect);
        let mut rest = rows.bytes;
        loop {
            rest = without_line_ends(rest);
            parser.restart();
            let (length, is_complete) = match parser.feed(rest, rows.is_whole) {
                Parsed::Record(length) => (length, true),
                Parsed::More => (rest.len(), false),
                Parsed::End => return counts,
            };
            let raw = rest.get(..length).unwrap_or(&[]);
            let judgment = judge(raw, is_clean(raw, dialect), dialect, width);
            if raw.is_empty() || !is_complete && !matches!(judgment, Judgment::Characters(_)) {
                return counts;
            }
            counts.add(raw, &parser, &judgment);
            let taken = match judgment {
                Judgment::Sound | Judgment::Doubtful => length,
                Judgment::Characters(line) => line,
                Judgment::Broken(quote) => {
                    let after = raw.get(quote..).unwrap_or(&[]).iter().position(|&byte| byte == b'\n');
                    after.map_or(length, |at| quote + at + 1)
                }
            };
            rest = rest.get(taken.max(1)..).unwrap_or(&[]);
        }
    }

    fn add(&mut self, raw: &[u8], parser: &Parser, judgment: &Judgment) {
        self.rows += 1;
        let (fields, width) = (parser.fields, self.width);
        let ends_empty = parser.fields().last().is_some_and(|last| last.trim_ascii().is_empty());
        let quoted = QuotedFields::new(raw, parser.dialect);
        let is_longer = fields == width + 1 && ends_empty;
        let is_shorter = fields + 1 == width;
        self.longer_by_empty += usize::from(is_longer);
        self.shorter_by_one += usize::from(is_shorter);
        self.as_characters += usize::from(matches!(judgment, Judgment::Characters(_)));
        self.quoted +=
            usize::from(matches!(judgment, Judgment::Sound) && (quoted.clean > 1 || quoted.hides_something));
        if !quoted.is_clean() || !(fields == width || is_longer || is_shorter) {
            self.misfits += 1;
            self.escapes += usize::from(has_escaped_quote(raw));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::formats::delimited::dialect::QUOTE;
    use crate::read::formats::delimited::parser::parse_line;

    fn survey(delimiter: u8, header: &str, rows: &str) -> Survey {
        let dialect = Dialect { delimiter, quote: Some(QUOTE), escape: None };
        let rows = Sample { bytes: rows.as_bytes(), is_whole: true };
        Survey::new(rows, dialect, &parse_line(dialect, header.as_bytes()))
    }

    #[test]
    fn a_delimiter_behind_most_rows_or_behind_the_header_is_told() {
        assert_eq!(survey(b',', "a,b", "1,x,\n2,y,\n").trailing, Trailing::InRows);
        assert_eq!(survey(b',', "a,b,", "1,x\n2,y\n").trailing, Trailing::InHeader);
        assert_eq!(survey(b',', "a,b", "1,x\n2,y,\n").trailing, Trailing::None, "a comma in a text, maybe");
        assert_eq!(survey(b',', "a,b,c", "1,x\n2,y\n").trailing, Trailing::None, "a field is missing");
        assert_eq!(survey(b',', "a,b", "1,x\n2,y\n").trailing, Trailing::None);
    }

    #[test]
    fn a_file_without_quoting_is_told_by_a_quote_that_closes_nothing() {
        assert!(survey(b'\t', "a\tb", "1\t\"x\n2\ty\" z\n3\t\"w\"\n").is_unquoted);
        assert!(survey(b'\t', "a\tb", "1\t\"x\" he said\n2\ty\n").is_unquoted);
        for quoted in ["1\t\"x\"\n", "1\t\"x\ty\"\n2\t\"z\" w\n", "\"1\"\t\"x\"\n\"2\"\t\"y\" z\n"] {
            assert!(!survey(b'\t', "a\tb", quoted).is_unquoted, "{quoted}");
        }
        assert!(!survey(b',', "a,b", "1,\"x\" he said\n").is_unquoted);
    }

    #[test]
    fn escapes_are_told_where_all_rows_fit_with_them() {
        assert!(survey(b',', "a,b", "1,\"he said \\\"no\\\", and left\"\n2,y\n").is_escaped);
        assert!(!survey(b',', "a,b", "1,\"C:\\\"\n2,y\n").is_escaped);
        assert!(!survey(b',', "a,b", "1,\"he said \\\"no\\\"\"\n2,y,z,w\n").is_escaped);
    }
}
