//! Looks for signs that a text is not what its reader takes it for: markup, a wrong decoding, a
//! cut.

mod encoded;
mod escapes;
mod json;
mod markup;
mod misdecoded;

pub(crate) use markup::{has_reference, has_tags};

use crate::read::quoted_printable;
use crate::text::{TextSign, TextSigns};

/// As many UTF-16 code units as a cell of Excel holds at most.
const EXCEL_LIMIT: usize = 32_767;

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A column that is read as plain text.
    PlainColumn,
    /// A file that is plain text or Markdown, which are told apart already, as HTML is.
    File,
    /// A column that is read as HTML.
    HtmlColumn,
    /// Other markup.
    Markup,
}

/// The signs of a text. A link is a sign of Markdown, which its reader has to be sure of.
pub(crate) fn signs(text: &str, reading: Reading) -> TextSigns {
    let mut signs = TextSigns::default();
    if reading == Reading::HtmlColumn && (has_tags(text) || has_reference(text)) {
        signs.insert(TextSign::EscapedHtml);
    }
    if matches!(reading, Reading::PlainColumn | Reading::File) {
        let is_column = reading == Reading::PlainColumn;
        let found = markup::find(text);
        for (sign, is_found) in [
            (TextSign::Html, found.html && is_column),
            (TextSign::Markdown, found.link && is_column),
            (
                TextSign::Escapes,
                found.character || is_column && (found.line_end || is_literal_of_bytes(text)),
            ),
            (TextSign::Cdata, found.cdata && is_column),
            (TextSign::QuotedPrintable, quoted_printable::has_characters(text)),
            (TextSign::PercentEncoded, encoded::is_percent_encoded(text)),
            (TextSign::Json, is_column && json::is_structure(text)),
            (TextSign::BbCode, found.bbcode),
            (TextSign::Wiki, found.wiki),
        ] {
            if is_found {
                signs.insert(sign);
            }
        }
    }
    if is_excerpt(text) {
        signs.insert(TextSign::Excerpt);
    }
    if !text.is_ascii() {
        signs.extend(misdecoded::find(text));
    }
    signs
}

/// Whether a text is what Python prints of bytes: `b'...'`.
fn is_literal_of_bytes(text: &str) -> bool {
    let inside = |quote: char| text.strip_prefix('b')?.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"')).is_some()
}

/// Whether a text ends as NewsAPI ends those of which it gives only the beginning:
/// `It rai… [+1234 chars]`.
fn is_excerpt(text: &str) -> bool {
    let counted = || text.trim_end().strip_suffix(" chars]")?.rsplit_once("[+");
    counted().is_some_and(|(_, count)| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()))
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
    fn escapes_are_told_in_columns() {
        let has = |text: &str, reading| signs(text, reading).contains(TextSign::Escapes);
        for text in [
            "It rained.\\nIt snowed.",
            "It rained \\n\\n it snowed",
            "Дождь.\\r\\nСнег.",
            "b'It rained.'",
            "b\"It's wet.\"",
        ] {
            assert!(has(text, Reading::PlainColumn), "{text}");
            assert!(!has(text, Reading::File), "{text}");
        }
        for text in [
            "It\\u2019s wet",
            "\\u0414ождь",
            "It\\xe2\\x80\\x99s wet",
            "It<U+2019>s wet",
            "It<e2><80><99>s wet",
            "It\\'s wet",
            "He said \\\"No\\\"",
        ] {
            assert!(has(text, Reading::PlainColumn) && has(text, Reading::File), "{text}");
        }
        for text in [
            "It rained.\nIt snowed.",
            "C:\\nest",
            "C:\\News",
            "$\\nabla$ x",
            "print(\"x\\n\")",
            "C:\\users\\u204",
            "C:\\ufeed",
            "b'It rained.",
            "b''s",
            "C:\\xe2",
            "<U+>, <b2>",
            "a\\' b",
        ] {
            assert!(!has(text, Reading::PlainColumn), "{text}");
        }
    }

    #[test]
    fn texts_that_are_cut_after_their_beginning_are_told() {
        let is_cut = |text: &str| signs(text, Reading::Markup).contains(TextSign::Excerpt);
        assert!(is_cut("It rained all… [+1234 chars]") && is_cut("It rained… [+1 chars]\n"));
        assert!(!is_cut("It has [+x chars]") && !is_cut("[+ chars]") && !is_cut("[+12 chars] It rained."));
    }

    #[test]
    fn encoded_texts_and_texts_that_were_escaped_twice_are_told() {
        let found = |text: &str, reading| signs(text, reading).iter().collect::<Vec<_>>();
        assert_eq!(found("It=E2=80=99s wet", Reading::PlainColumn), [TextSign::QuotedPrintable]);
        assert_eq!(found("It%20is%20wet", Reading::File), [TextSign::PercentEncoded]);
        assert_eq!(found("<![CDATA[It rained.]]>", Reading::PlainColumn), [TextSign::Cdata]);
        assert_eq!(found("<p>It&#8217;s wet.</p>", Reading::HtmlColumn), [TextSign::EscapedHtml]);
        assert_eq!(found("It’s <b> wet & 3 < 4", Reading::HtmlColumn), []);
    }

    #[test]
    fn markup_is_looked_for_in_plain_columns_only() {
        assert!(signs("<p>One.</p>", Reading::PlainColumn).contains(TextSign::Html));
        assert_eq!(signs("<p>One.</p>", Reading::Markup), TextSigns::default());
        let tagged = "<p>[b]One.[/b]</p>";
        assert_eq!(signs(tagged, Reading::File).iter().collect::<Vec<_>>(), [TextSign::BbCode]);
        assert!(signs("Itâ€™s", Reading::Markup).contains(TextSign::Windows1252));
    }
}
