//! Splits text into sentences by UAX 29 and counts its words. The answers are those of the Unicode
//! library; characters of most texts take a faster path.

use unicode_segmentation::UnicodeSegmentation;

use crate::scan::{WORD, find_byte, mask_at};

/// The pieces of a text that end where sentences end, with the place where each begins; together
/// they are the text.
pub fn sentence_pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        // What comes before a bound changes none behind it, so that each sentence can go its own
        // way.
        let piece = match bound(rest) {
            Some(end) => rest.get(..end)?,
            None => rest.split_sentence_bounds().next()?,
        };
        let begin = start;
        start += piece.len();
        Some((begin, piece))
    })
}

/// The number of words between white space, `most` at most:
/// `text.split_whitespace().take(most).count()`.
pub fn count_words(text: &str, most: usize) -> usize {
    let (mut count, mut at, mut behind_space) = (0, 0, 1);
    while at < text.len() && count < most {
        let (spaces, length) = spaces(text, at);
        let inside = u64::MAX >> (WORD - length);
        let begun = !spaces & (spaces << 1 | behind_space) & inside;
        count += begun.count_ones() as usize;
        behind_space = spaces >> (length - 1) & 1;
        at += length;
    }
    count.min(most)
}

/// Which of the bytes from a character on are white space, a bit for each of them, and how many
/// bytes were looked at: 64, or less where these would end inside of a character or the text ends.
#[inline]
fn spaces(text: &str, at: usize) -> (u64, usize) {
    let bytes = text.as_bytes();
    let spaces = mask_at(bytes, at, is_space);
    let length = (bytes.len() - at).min(WORD);
    if mask_at(bytes, at, |byte| !byte.is_ascii()) == 0 {
        return (spaces, length);
    }
    let length = (1..=length).rev().find(|length| text.is_char_boundary(at + length)).unwrap_or(1);
    // The first bytes of all other white space.
    let mut may_begin = mask_at(bytes, at, |byte| (byte == 0xc2) | (byte.wrapping_sub(0xe1) < 3));
    let mut wide = 0;
    while may_begin != 0 {
        let begin = may_begin.trailing_zeros();
        may_begin &= may_begin - 1;
        let found = text.get(at + begin as usize..).and_then(|rest| rest.chars().next());
        if let Some(space) = found.filter(|c| c.is_whitespace()) {
            wide |= !(u64::MAX << space.len_utf8()) << begin;
        }
    }
    (spaces | wide, length)
}

/// Whether an ASCII byte is white space.
#[inline]
fn is_space(byte: u8) -> bool {
    (byte == b' ') | (byte.wrapping_sub(b'\t') < 5)
}

/// The `Sentence_Break` of the characters of most texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Upper,
    Lower,
    Digit,
    /// Full stop.
    Stop,
    /// Exclamation and question mark.
    Mark,
    /// Quotation marks and brackets.
    Close,
    Space,
    /// Comma, colon, dash: a sentence goes on.
    Continue,
    LineFeed,
    Return,
    Other,
}

/// The class of the character at a place and its length; `None` for a character that is not among
/// them, `Some(None)` at the end.
#[inline]
fn class(bytes: &[u8], at: usize) -> Option<Option<(Class, usize)>> {
    let Some(&byte) = bytes.get(at) else { return Some(None) };
    let next = |offset: usize| bytes.get(at + offset).copied().unwrap_or(0);
    let (class, length) = match byte {
        b'a'..=b'z' => (Class::Lower, 1),
        b'A'..=b'Z' => (Class::Upper, 1),
        b'0'..=b'9' => (Class::Digit, 1),
        b'.' => (Class::Stop, 1),
        b'!' | b'?' => (Class::Mark, 1),
        b'"' | b'\'' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => (Class::Close, 1),
        b' ' | b'\t' | 0x0b | 0x0c => (Class::Space, 1),
        b',' | b'-' | b':' | b';' => (Class::Continue, 1),
        b'\n' => (Class::LineFeed, 1),
        b'\r' => (Class::Return, 1),
        0..=0x7f => (Class::Other, 1),
        // No-break space, and the letters of Latin-1 but for their two ordinals.
        0xc2 if next(1) == 0xa0 => (Class::Space, 2),
        0xc2 if matches!(next(1), 0xab | 0xbb) => (Class::Close, 2),
        0xc3 if matches!(next(1), 0x97 | 0xb7) => (Class::Other, 2),
        0xc3 => (if next(1) < 0x9f { Class::Upper } else { Class::Lower }, 2),
        // Cyrillic, from Ѐ to џ.
        0xd0 => (if next(1) < 0xb0 { Class::Upper } else { Class::Lower }, 2),
        0xd1 if next(1) < 0xa0 => (Class::Lower, 2),
        // – — ‘ ’ “ ” …
        0xe2 if next(1) == 0x80 => match next(2) {
            0x93 | 0x94 => (Class::Continue, 3),
            0x98 | 0x99 | 0x9c | 0x9d => (Class::Close, 3),
            0xa6 => (Class::Other, 3),
            _ => return None,
        },
        _ => return None,
    };
    Some(Some((class, length)))
}

/// Whether a byte is a character by itself, after which no sentence ends whatever follows.
#[inline]
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() & (byte != b'.') & (byte != b'!') & (byte != b'?') & (byte != b'\n') & (byte != b'\r')
}

/// Where the first sentence ends; `None` where the library must say it. The rules SB3 to SB11 of
/// UAX 29, version 17.
fn bound(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut before) = (0, Class::Other);
    loop {
        let marked = find_byte(bytes, at, |byte| !is_plain(byte)).unwrap_or(bytes.len());
        if marked > at {
            at = marked;
            before = class(bytes, at - 1)?.map_or(Class::Other, |(last, _)| last);
        }
        let Some((found, length)) = class(bytes, at)? else { return Some(at) };
        at += length;
        match found {
            Class::LineFeed => return Some(at),
            Class::Return => return Some(at + line_feed(bytes, at)),
            Class::Stop | Class::Mark => match after_mark(bytes, at, (found, before))? {
                After::Ends(end) => return Some(end),
                After::GoesOn => {}
            },
            _ => {}
        }
        before = found;
    }
}

/// 1 if a line feed stands there, which belongs to the carriage return before it.
fn line_feed(bytes: &[u8], at: usize) -> usize {
    usize::from(bytes.get(at) == Some(&b'\n'))
}

enum After {
    Ends(usize),
    GoesOn,
}

/// What a mark at the end of a sentence does; `at` is behind it, `before` stands in front of it.
fn after_mark(bytes: &[u8], at: usize, (mark, before): (Class, Class)) -> Option<After> {
    let mut end = at;
    let mut next = class(bytes, end)?;
    for skipped in [Class::Close, Class::Space] {
        while let Some((_, length)) = next.filter(|(found, _)| *found == skipped) {
            end += length;
            next = class(bytes, end)?;
        }
    }
    let Some((found, _)) = next else { return Some(After::Ends(end)) };
    let joined = match found {
        Class::LineFeed => return Some(After::Ends(end + 1)),
        Class::Return => return Some(After::Ends(end + 1 + line_feed(bytes, end + 1))),
        Class::Continue | Class::Stop | Class::Mark => true,
        _ if mark == Class::Mark => false,
        Class::Digit if end == at => true,
        Class::Upper if end == at => matches!(before, Class::Upper | Class::Lower),
        Class::Upper => false,
        _ => small_letter_follows(bytes, end)?,
    };
    Some(if joined { After::GoesOn } else { After::Ends(end) })
}

/// Whether a small letter is the first of the letters, marks and line ends that follow.
fn small_letter_follows(bytes: &[u8], mut at: usize) -> Option<bool> {
    while let Some((found, length)) = class(bytes, at)? {
        match found {
            Class::Lower => return Some(true),
            Class::Upper | Class::LineFeed | Class::Return | Class::Stop | Class::Mark => return Some(false),
            _ => at += length,
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_as_the_library(text: &str) {
        let ours: Vec<(usize, &str)> = sentence_pieces(text).collect();
        assert_eq!(ours, text.split_sentence_bound_indices().collect::<Vec<_>>(), "{text:?}");
    }

    #[test]
    fn every_character_of_two_bytes_and_less_is_of_its_class() {
        // One character between others shows its class by where the text is cut.
        let frames =
            ["a.{}b", "a. {}b", "a.{} B", "a. {} B", "a{}.B", "a.{}", "A{} b", "a! {}b", "a.){}", "{}. A"];
        for c in (0..0x800).chain(0x2000..0x2070).filter_map(char::from_u32) {
            for frame in frames {
                assert_as_the_library(&frame.replace("{}", &c.to_string()));
            }
        }
    }

    proptest! {
        #[test]
        fn words_are_those_between_white_space(
            text in "([ab \n\t\u{b}é]|[ab\n ]{20,80}|\u{a0}|\u{85}|\u{2003}|\u{3000}|\u{1680}|\u{2028}|…|中|😀|»){0,40}",
            most in prop_oneof![0..30usize, Just(90), Just(usize::MAX)],
        ) {
            prop_assert_eq!(count_words(&text, most), text.split_whitespace().take(most).count());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn pieces_are_those_of_the_library(
            text in "([.!?\"'()a-cA-C0-2 ,:;\r\n\t—–-]|’|“|”|…|é|É|Ж|ж|\u{a0}|«|»|\\*|_|\u{0}){0,60}"
        ) {
            assert_as_the_library(&text);
        }

        #[test]
        fn pieces_of_strange_texts_are_those_of_the_library(
            text in "([.!?\")a-cA-C0-2 ,\r\n]|\u{85}|\u{2028}|\u{301}|\u{ad}|。|中|ª|\u{200d}|\u{2024}|ʼ|ǅ|😀){0,40}"
        ) {
            assert_as_the_library(&text);
        }
    }
}
