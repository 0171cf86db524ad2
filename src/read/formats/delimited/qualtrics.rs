//! Finds the two rows that Qualtrics writes below the column names: the questions, and how it
//! imports the answers.

use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::records::{Records, Sample};

/// What each field of the second of these rows begins with.
const IMPORT: &[u8] = b"{\"ImportId\":";

/// How many bytes of a table's rows these two take; 0 where there are none.
pub(super) fn rows_of_qualtrics(rows: &[u8], dialect: Dialect) -> usize {
    let mut records = Records::new(Sample { bytes: rows, is_whole: false }, dialect);
    for _ in 0..2 {
        if records.advance().is_none() {
            return 0;
        }
    }
    let are_imports = records.parser.fields().all(|field| field.starts_with(IMPORT));
    if are_imports { rows.len() - records.left() } else { 0 }
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
