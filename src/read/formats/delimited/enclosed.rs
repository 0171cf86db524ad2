//! Takes rows apart that stand in quotation marks as a whole: `"1,""It rained, they said."",for"`.
//! Tables are written so that were opened in one column and saved again.

use crate::error::Position;
use crate::read::formats::delimited::Delimited;
use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::parser::{Parsed, Parser};

const SEMICOLON: u8 = b';';

/// Whether a line or a row begins with a quotation mark.
pub(super) fn is_quoted(dialect: Dialect, row: &[u8]) -> bool {
    let first = row.iter().find(|byte| !byte.is_ascii_whitespace());
    dialect.quote.is_some() && first.copied() == dialect.quote
}

/// A row without the semicolons that a program puts behind it which separates columns by them:
/// `"1,x";;`.
pub(super) fn without_separators(dialect: Dialect, row: &[u8]) -> &[u8] {
    let others =
        row.iter().rev().take_while(|byte| **byte == SEMICOLON && dialect.delimiter != SEMICOLON).count();
    row.get(..row.len() - others).unwrap_or(row)
}

/// The fields of a row that is all in one field, if they are several.
pub(super) fn fields(row: &Parser) -> Option<Vec<Vec<u8>>> {
    let (bytes, ends) = row.parts();
    if ends.len() != 1 {
        return None;
    }
    let bytes = without_separators(row.dialect, bytes);
    let mut inner = Parser::new(row.dialect);
    match inner.feed(bytes, true) {
        Parsed::Record(_) if inner.fields > 1 => Some(inner.fields().map(<[u8]>::to_vec).collect()),
        _ => None,
    }
}

impl Delimited {
    /// Takes the row apart that was parsed last, if it stands in quotes as a whole.
    pub(super) fn open_enclosed(&mut self, line: u64) {
        if self.parser.fields != 1 || self.width == 1 || self.parser.dialect.quote.is_none() {
            return;
        }
        if let Some(fields) = fields(&self.parser).filter(|fields| fields.len() == self.width) {
            self.parser.load(&fields);
            let position = Position { record: None, ..self.at(line) };
            self.tell_of_enclosed(&position);
        }
    }

    /// Says once that rows stand in quotes as a whole.
    pub(super) fn tell_of_enclosed(&mut self, position: &Position) {
        if !std::mem::replace(&mut self.told_of_enclosed, true) {
            self.notes.push(
                format!(
                    "{position}: the row is in quotation marks as a whole; such rows are read without them"
                )
                .into(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::formats::delimited::dialect::QUOTE;

    fn parsed(row: &str) -> Parser {
        let mut parser = Parser::new(Dialect { delimiter: b',', quote: Some(QUOTE), escape: None });
        parser.feed(row.as_bytes(), true);
        parser
    }

    #[test]
    fn the_fields_of_a_quoted_row_are_found() {
        let of = |row: &str| {
            let found = fields(&parsed(row))?;
            Some(
                found
                    .iter()
                    .map(|field| String::from_utf8_lossy(field).into_owned())
                    .collect::<Vec<_>>()
                    .join("|"),
            )
        };
        assert_eq!(
            of("\"1,\"\"It rained, they said.\"\",for\"").as_deref(),
            Some("1|It rained, they said.|for")
        );
        assert_eq!(of("\"1,x\"").as_deref(), Some("1|x"));
        assert_eq!(of("\"1,x\";;").as_deref(), Some("1|x"));
        assert_eq!(of("\"1\""), None);
        assert_eq!(of("1,x"), None);
    }
}
