//! Splits text of common prose into words: the UAX 29 properties of all its characters are known
//! here.

use crate::tokenizer::split::Class;

/// Calls `found` with begin and end of each word, if every character is known; else gives false and
/// finds nothing.
pub(super) fn words(bytes: &[u8], found: &mut impl FnMut(usize, usize)) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        let Some((_, length)) = character(bytes, at) else { return false };
        at += length;
    }
    let class = |at: usize| character(bytes, at).unwrap_or((Class::Other, 1));
    let is_part = |class: Class| matches!(class, Class::Letter | Class::Digit | Class::Underscore);
    let mut at = 0;
    while at < bytes.len() {
        let (first, length) = class(at);
        let start = at;
        at += length;
        if !is_part(first) {
            continue;
        }
        let (mut before, mut alphanumeric) = (first, first != Class::Underscore);
        while at < bytes.len() {
            let (now, length) = class(at);
            if !is_part(now) && !now.joins(before, class(at + length).0) {
                break;
            }
            alphanumeric |= matches!(now, Class::Letter | Class::Digit);
            before = now;
            at += length;
        }
        if alphanumeric {
            found(start, at);
        }
    }
    true
}

/// Class and length of the character at a place; `None` for one that is not known here. Nothing at
/// the end joins anything.
#[inline]
fn character(bytes: &[u8], at: usize) -> Option<(Class, usize)> {
    let rest = bytes.get(at..).unwrap_or(&[]);
    Some(match rest {
        [] => (Class::Other, 1),
        [byte, ..] if byte.is_ascii() => (Class::of_ascii(*byte), 1),
        // Single quotation marks are MidNumLet.
        [0xe2, 0x80, 0x98 | 0x99, ..] => (Class::InBoth, 3),
        // Hyphens, dashes, double quotation marks, bullet, dots.
        [0xe2, 0x80, 0x90 | 0x91 | 0x93 | 0x94 | 0x9c..=0x9e | 0xa2 | 0xa6, ..] => (Class::Other, 3),
        // The space that does not break, pound, section, copyright, guillemets, degree, middle dot
        // is none of them.
        [0xc2, 0xa0 | 0xa3 | 0xa7 | 0xa9 | 0xab | 0xb0 | 0xbb, ..] => (Class::Other, 2),
        [0xc3, 0x97 | 0xb7, ..] => (Class::Other, 2),
        // Letters of Latin-1, Latin Extended-A and Cyrillic (U+0400 to U+0481, U+048A to U+04BF).
        [0xc3..=0xc5 | 0xd0 | 0xd1, _, ..] => (Class::Letter, 2),
        [0xd2, 0x80 | 0x81 | 0x8a..=0xbf, ..] => (Class::Letter, 2),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn every_known_character_is_what_the_library_says_it_is() {
        for known in (0u32..0x3000).filter_map(char::from_u32) {
            let mut buffer = [0; 4];
            let bytes = known.encode_utf8(&mut buffer).as_bytes();
            if character(bytes, 0).is_none() {
                continue;
            }
            for text in [
                format!("a{known}b"),
                format!("1{known}2"),
                format!("a{known}1"),
                format!(" {known} "),
                format!("_{known}"),
            ] {
                let mut found = Vec::new();
                assert!(words(text.as_bytes(), &mut |from, to| found.push((from, &text[from..to]))));
                assert_eq!(found, text.unicode_word_indices().collect::<Vec<_>>(), "{text:?}");
            }
        }
    }
}
