//! Knows the rule of dashes that psql, MySQL and Markdown draw below the column names of a table,
//! which is drawn for readers and not for programs.

use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::plain::is_rule;

/// Whether the rows below a header begin with such a rule. Of a single column, whose texts may be
/// dashes, `is_padded` has to say that its name is centered, as psql does.
pub(super) fn begins_with_rule(rows: &[u8], dialect: Dialect, width: usize, is_padded: bool) -> bool {
    if dialect.delimiter != b'|' && width > 1 || width == 1 && !is_padded {
        return false;
    }
    let line = rows.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    is_rule(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_tables_are_known() {
        let begins = |rows: &str, delimiter, width, is_padded| {
            let dialect = Dialect { delimiter, quote: Some(b'"'), escape: None };
            begins_with_rule(rows.as_bytes(), dialect, width, is_padded)
        };
        assert!(begins("----+---------\r\n  1 | It rained.\r\n(1 row)\r\n", b'|', 2, true));
        assert!(begins("+----+------+\n| 1 | It rained. |\n", b'|', 4, false));
        assert!(begins("|:---|---:|\n| 1 | It rained. |\n", b'|', 4, false));
        assert!(begins("------------\n It rained.\n", b',', 1, true));
        for (rows, delimiter, width, is_padded) in [
            ("------------\nIt rained.\n", b',', 1, false),
            ("---,---\n", b',', 2, true),
            ("--|--\n", b'|', 2, false),
            ("1|---\n", b'|', 2, false),
            ("It rained.\n----\n", b',', 1, true),
            ("", b'|', 2, true),
        ] {
            assert!(!begins(rows, delimiter, width, is_padded), "{rows}");
        }
    }
}
