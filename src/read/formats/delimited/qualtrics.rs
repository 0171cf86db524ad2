//! Finds the two rows that Qualtrics writes below the column names: the questions, and how it
//! imports the answers.

use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::parser::{Parsed, Parser};

/// What each field of the second of these rows begins with.
const IMPORT: &[u8] = b"{\"ImportId\":";

/// How many bytes of a table's rows these two take; 0 where there are none.
pub(super) fn rows_of_qualtrics(rows: &[u8], dialect: Dialect) -> usize {
    let mut parser = Parser::new(dialect);
    let mut taken = 0;
    for _ in 0..2 {
        let rest = rows.get(taken..).unwrap_or(&[]);
        taken += rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        parser.restart();
        let Parsed::Record(length) = parser.feed(rows.get(taken..).unwrap_or(&[]), false) else { return 0 };
        taken += length;
    }
    if parser.fields().all(|field| field.starts_with(IMPORT)) { taken } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_rows_are_told_by_the_second() {
        let dialect = Dialect { delimiter: b',', quote: Some(b'"'), escape: None };
        let extra = "Start,\"What do you think,\nall in all?\"\r\n\"{\"\"ImportId\"\":\"\"a\"\"}\",\"{\"\"ImportId\"\":\"\"b\"\"}\"\r\n";
        let found = rows_of_qualtrics(format!("{extra}1,It rained.\r\n").as_bytes(), dialect);
        assert_eq!(extra.get(found..).map(str::trim), Some(""));
        for other in ["1,It rained.\n2,It snowed.\n", "Start,What?\n", "", "a,b\n{},c\n"] {
            assert_eq!(rows_of_qualtrics(other.as_bytes(), dialect), 0, "{other}");
        }
    }
}
