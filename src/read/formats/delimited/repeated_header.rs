//! Knows rows that are the header once more, as in a file that was put together from several.

use crate::error::{Message, Position};
use crate::read::formats::delimited::parser::Parser;

/// Fewest columns of a header that no row repeats by chance.
const MIN_WIDTH: usize = 2;
/// Most bytes that a field may have beside the name: blanks, a byte order mark.
const MAX_MORE: usize = 16;

/// The names of a table's columns.
#[derive(Default)]
pub(super) struct RepeatedHeader {
    /// None where a row may repeat them by chance.
    names: Vec<String>,
    /// Whether it was said that rows are left out.
    is_told: bool,
}

impl RepeatedHeader {
    pub(super) fn new(names: Vec<String>) -> Self {
        let is_rare = names.len() >= MIN_WIDTH && names.iter().any(|name| !name.is_empty());
        RepeatedHeader { names: if is_rare { names } else { Vec::new() }, is_told: false }
    }

    /// Whether a row is the header. Most rows differ in their first field.
    pub(super) fn is_repeated_in(&self, row: &Parser) -> bool {
        let is_name = |(field, name): (&[u8], &String)| {
            if field.len() > name.len() + MAX_MORE {
                return false;
            }
            let field = field.strip_prefix(b"\xef\xbb\xbf").unwrap_or(field);
            std::str::from_utf8(field).is_ok_and(|field| field.trim() == name)
        };
        row.fields > 0 && row.fields == self.names.len() && row.fields().zip(&self.names).all(is_name)
    }

    /// What is said of the first such row.
    pub(super) fn tell(&mut self, position: &Position) -> Option<Message> {
        let is_first = !std::mem::replace(&mut self.is_told, true);
        is_first
            .then(|| format!("{position}: the row repeats the column names; such rows are left out").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::formats::delimited::dialect::{Dialect, QUOTE};

    fn is_repeated(header: &[&str], row: &str) -> bool {
        let mut parser = Parser::new(Dialect { delimiter: b',', quote: Some(QUOTE), escape: None });
        parser.feed(row.as_bytes(), true);
        RepeatedHeader::new(header.iter().map(ToString::to_string).collect()).is_repeated_in(&parser)
    }

    #[test]
    fn a_row_is_the_header_if_all_its_fields_are() {
        for row in ["id,text,", "\"id\",\"text\",\"\"", "\u{feff}id, text ,"] {
            assert!(is_repeated(&["id", "text", ""], row), "{row}");
        }
        for row in ["id,text,x", "id,Text,", "1,text,", "id,text", ",,"] {
            assert!(!is_repeated(&["id", "text", ""], row), "{row}");
        }
        assert!(!is_repeated(&["text"], "text"), "a word may be a text");
        assert!(!is_repeated(&["", ""], ","));
    }

    #[test]
    fn it_is_told_once() {
        let mut header = RepeatedHeader::new(vec!["id".to_owned(), "text".to_owned()]);
        let position = Position { line: Some(7), ..Position::from_path("a.csv".to_owned()) };
        let told = header.tell(&position).map(|message| message.to_string());
        assert_eq!(
            told.as_deref(),
            Some("a.csv, line 7: the row repeats the column names; such rows are left out")
        );
        assert!(header.tell(&position).is_none());
    }
}
