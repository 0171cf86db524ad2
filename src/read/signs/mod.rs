//! Looks for signs that a text is not what its reader takes it for: markup, a wrong decoding, a cut.

mod html;
mod misdecoded;

use crate::text::{TextSign, TextSigns};

/// As many UTF-16 code units as a cell of Excel holds at most.
const EXCEL_LIMIT: usize = 32_767;

/// The signs of a text. `is_plain_column` says that it comes out of a column which is read as plain text.
pub(crate) fn signs(text: &str, is_plain_column: bool) -> TextSigns {
    let mut signs = TextSigns::default();
    if is_plain_column && html::looks_like_html(text) {
        signs.insert(TextSign::Html);
    }
    if !text.is_ascii() {
        misdecoded::find(text).for_each(|sign| signs.insert(sign));
    }
    signs
}

/// Whether a cell has the length at which Excel cuts.
pub(crate) fn is_cut_by_excel(cell: &str) -> bool {
    (EXCEL_LIMIT..=3 * EXCEL_LIMIT).contains(&cell.len()) && cell.encode_utf16().count() == EXCEL_LIMIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_cut_at_its_number_of_utf_16_units() {
        assert!(is_cut_by_excel(&"x".repeat(EXCEL_LIMIT)));
        assert!(is_cut_by_excel(&("ж".repeat(EXCEL_LIMIT - 2) + "😀")));
        assert!(!is_cut_by_excel(&"x".repeat(EXCEL_LIMIT - 1)) && !is_cut_by_excel(&"é".repeat(20_000)));
    }

    #[test]
    fn markup_is_looked_for_in_plain_columns_only() {
        assert!(signs("<p>One.</p>", true).contains(TextSign::Html));
        assert_eq!(signs("<p>One.</p>", false), TextSigns::default());
        assert!(signs("Itâ€™s", false).contains(TextSign::Windows1252));
    }
}
