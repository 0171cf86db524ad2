//! Tells tables without the column names that are needed, and texts with one token per line, from
//! texts.

/// What is said of a table that has no name for the column of the text.
const HEADLESS: &str = "it is a table in which no line names the column of the text; put a line of column names above the rows, \
                        or name that column, and give the file the name .tsv or .csv";

/// What is said of a text that a tagger has taken apart.
const TOKENS: &str = "it has one token per line between tabs, as taggers and CoNLL write it; put the words together to texts \
                      first, one per row of a table";

/// Rows of a table, with tabs between the fields or quotation marks around them, and with signs
/// that texts have, too.
const MIN_ROWS: usize = 4;
const MIN_ROWS_WITH_SIGNS: usize = 10;
/// Rows that are looked at.
const MAX_ROWS: usize = 50;

/// What is said of a text whose lines have as many fields each.
pub(crate) fn message(text: &[u8]) -> Option<&'static str> {
    let first = rows(text).next()?;
    let count = |sign: u8| memchr::memchr_iter(sign, first).count();
    // Nearly every text ends here.
    if count(b'\t') == 0 && count(b';') < 2 && count(b'|') < 2 && !is_quoted(first) {
        return None;
    }
    let rows: Vec<&[u8]> = rows(text).take(MAX_ROWS).collect();
    if are_rows(&rows, b'\t', 1, MIN_ROWS) && !rows.iter().all(|row| is_speech(row)) {
        return Some(if rows.iter().all(|row| is_token(row)) { TOKENS } else { HEADLESS });
    }
    let is_table = are_rows(&rows, b';', 2, MIN_ROWS_WITH_SIGNS)
        || are_rows(&rows, b'|', 2, MIN_ROWS_WITH_SIGNS)
        || rows.len() >= MIN_ROWS && rows.iter().all(|row| is_quoted(row));
    is_table.then_some(HEADLESS)
}

/// The lines that are not blank, and no comments or tags, as files of tokens have them.
fn rows(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.trim_ascii().is_empty() && !line.starts_with(b"# ") && !line.starts_with(b"<"))
}

/// Whether all rows have a sign equally often, and not at their beginning, as indented text has it.
fn are_rows(rows: &[&[u8]], sign: u8, least: usize, min_rows: usize) -> bool {
    let count = |row: &&[u8]| memchr::memchr_iter(sign, row).count();
    let first = rows.first().map_or(0, count);
    first >= least
        && rows.len() >= min_rows
        && rows.iter().all(|row| count(row) == first && row.first() != Some(&sign))
}

/// Whether a row is what somebody says: `Ann:` and a tab.
fn is_speech(row: &[u8]) -> bool {
    let name = row.split(|&byte| byte == b'\t').next().unwrap_or(row);
    name.trim_ascii_end().ends_with(b":")
}

/// Whether no field of a row has two words.
fn is_token(row: &[u8]) -> bool {
    row.split(|&byte| byte == b'\t').all(|field| !field.trim_ascii().contains(&b' '))
}

/// Whether a line is fields in quotation marks: `"1","It rained."`.
fn is_quoted(row: &[u8]) -> bool {
    let row = row.trim_ascii();
    let has = |between: &[u8]| memchr::memmem::find(row, between).is_some();
    row.starts_with(b"\"") && row.ends_with(b"\"") && (has(b"\",\"") || has(b"\";\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str, count: usize) -> Option<&'static str> {
        message(line.repeat(count).as_bytes())
    }

    #[test]
    fn tables_without_names_are_told() {
        for (line, rows) in [
            ("7\tIt rained, they said.\n", 4),
            ("for\tIt rained.\tDry Ink\r\n\r\n", 4),
            ("\"7\",\"It rained, they said.\",\"for\"\n", 4),
            ("7;It rained, they said.;for\n", 10),
            ("7|It rained.|for\n", 10),
        ] {
            assert_eq!(told(line, rows), Some(HEADLESS), "{line}");
            assert_eq!(told(line, rows - 1), None, "{line}");
        }
    }

    #[test]
    fn tokens_are_told() {
        assert_eq!(told("# text = It rained.\n1\tIt\tit\tPRON\n2\trained\train\tVERB\n\n", 3), Some(TOKENS));
        assert_eq!(told("<s>\nIt\tPRP\tit\nrained\tVBD\train\n</s>\n", 2), Some(TOKENS));
    }

    #[test]
    fn texts_with_such_signs_are_not() {
        for line in [
            "\tIt rained.\n",
            "Ann:\tIt rained.\nBen:\tWhy?\n",
            "It\trained.\nIt snowed.\n",
            "\"It rained,\" she said, \"and snowed.\"\n",
            "It rained; it snowed; nobody came.\nIt did; so.\n",
            "",
        ] {
            assert_eq!(told(line, 20), None, "{line}");
        }
    }
}
