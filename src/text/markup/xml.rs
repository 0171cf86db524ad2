//! Keeps the words of two elements of XML apart: `<seg>It rained.</seg><seg>Then</seg>`.
//!
//! A reader of pages takes elements that it does not know for parts of a line.

use crate::text::markup::tags::{Piece, Pieces};

/// A document of XML with a blank behind elements that end where a word of the next one begins;
/// `None` for a page.
pub(super) fn with_blanks(document: &str) -> Option<String> {
    if !is_xml(document) {
        return None;
    }
    let (mut out, mut from) = (String::with_capacity(document.len() + document.len() / 64), 0);
    let (mut last, mut end) = (' ', None);
    for piece in Pieces::new(document) {
        match piece {
            Piece::Tag(tag) if tag.closes => end = end.or(Some(tag.end)),
            Piece::Tag(_) => {}
            Piece::Text(text) => {
                if let (Some(end), Some(next)) = (end.take(), text.chars().next())
                    && !last.is_whitespace()
                    && is_new_word(last, next)
                {
                    out.push_str(document.get(from..end).unwrap_or(""));
                    out.push(' ');
                    from = end;
                }
                last = text.chars().next_back().unwrap_or(last);
            }
        }
    }
    out.push_str(document.get(from..).unwrap_or(""));
    Some(out)
}

/// Whether it begins as XML does, and not as a page.
fn is_xml(document: &str) -> bool {
    let document = document.trim_start();
    let is_declared = document.starts_with("<?xml");
    let first = Pieces::new(document.get(..document.len().min(MAX_HEAD)).unwrap_or(document));
    let root = first.filter_map(|piece| if let Piece::Tag(tag) = piece { Some(tag) } else { None }).next();
    root.is_some_and(|root| root.name != "html" && (is_declared || root.attribute("xmlns").is_some()))
}

/// The first tag ends within so many bytes.
const MAX_HEAD: usize = 4 << 10;

/// Whether a word ends with one character and another begins with the next. Elements inside words
/// end before small letters.
fn is_new_word(last: char, next: char) -> bool {
    next.is_uppercase() || next.is_alphanumeric() && !last.is_alphanumeric() && !"-'’(".contains(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_two_elements_are_kept_apart() {
        let xml =
            "<?xml version='1.0'?><a><head>On ink</head><seg>It rained.</seg><u><seg>Then it</seg></u></a>";
        let expected =
            "<?xml version='1.0'?><a><head>On ink</head> <seg>It rained.</seg> <u><seg>Then it</seg></u></a>";
        assert_eq!(with_blanks(xml).as_deref(), Some(expected));
        let named = with_blanks("<TEI xmlns='x'><s>One.</s><s>Two.</s></TEI>").unwrap();
        assert_eq!(named, "<TEI xmlns='x'><s>One.</s> <s>Two.</s></TEI>");
    }

    #[test]
    fn words_and_pages_stay_whole() {
        let xml =
            "<?xml version='1.0'?><a><hi>wet</hi>ter, <hi>wet</hi>, (<hi>wet</hi>) <hi>wet</hi> day</a>";
        assert_eq!(with_blanks(xml).as_deref(), Some(xml));
        for text in [
            "<?xml version='1.0'?><html><x>It rained.</x><x>Then</x></html>",
            "<a><seg>It rained.</seg><seg>Then</seg></a>",
            "It rained.",
            "",
        ] {
            assert_eq!(with_blanks(text), None);
        }
    }
}
