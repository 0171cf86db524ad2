//! Splits text into words at Unicode word boundaries (UAX 29), with fast paths for ASCII and for
//! common prose.
//!
//! A word is a UAX 29 segment that holds a letter or digit. One rule is added: a short run of
//! letters, a hyphen and a short number are one word ("F-16s", "Su-35", "COVID-19"), because
//! neither half says what is meant.

mod ascii;
mod common;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::span::Span;
use crate::tokenizer::house_style;

/// Calls `found` with the place of each word of `text`; `joins_phrases` makes one word of "United
/// States" and of others that house styles write as one.
#[inline]
pub(super) fn words(text: &str, joins_phrases: bool, found: &mut impl FnMut(Span)) {
    let bytes = text.as_bytes();
    let mut joiner = Joiner { text, joins_phrases, held: Span::new(0, 0), found };
    let mut start = 0;
    while start < bytes.len() {
        // No rule of UAX 29 that makes words looks past a space, so that what lies between two can
        // be split by itself; only a mark (never ASCII) clings to the spaces before it, and is left
        // with them.
        let other = ascii::prefix(bytes, start);
        let end = if other == bytes.len() { other } else { cut_before(bytes, start, other).unwrap_or(start) };
        ascii::words(bytes.get(start..end).unwrap_or(&[]), &mut |from, to| {
            joiner.push(Span::new(start + from, start + to));
        });
        if other == bytes.len() {
            break;
        }
        let next = cut_after(bytes, other);
        let piece = text.get(end..next).unwrap_or("");
        let mut segment = |from: usize, to: usize| joiner.push_rare(Span::new(end + from, end + to));
        if !common::words(piece.as_bytes(), &mut segment) {
            for (at, word) in piece.unicode_word_indices() {
                segment(at, at + word.len());
            }
        }
        start = next;
    }
    joiner.flush();
}

/// Whether a space stands at `at` and an ASCII character that is none behind it, or nothing.
fn is_cut(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b' ') && bytes.get(at + 1).is_none_or(|next| next.is_ascii() && *next != b' ')
}

/// The last cut of ASCII text before `other`, the first byte that is not ASCII.
fn cut_before(bytes: &[u8], start: usize, other: usize) -> Option<usize> {
    (start..other).rev().find(|&at| is_cut(bytes, at))
}

fn cut_after(bytes: &[u8], other: usize) -> usize {
    (other..bytes.len()).find(|&at| is_cut(bytes, at)).unwrap_or(bytes.len())
}

/// What a character is to UAX 29, in rules WB5 to WB13b.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// ExtendNumLet.
    Underscore,
    /// MidNumLet and Single_Quote, which joins what MidNumLet does but for Hebrew letters.
    InBoth,
    /// MidLetter.
    InLetters,
    /// MidNum.
    InNumbers,
    Other,
}

impl Class {
    /// The properties of ASCII characters: ALetter A-Z a-z, Numeric 0-9, ExtendNumLet `_`,
    /// MidLetter `:`, MidNum `,` `;`, MidNumLet `.`, Single_Quote `'`.
    fn of_ascii(byte: u8) -> Class {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'_' => Class::Underscore,
            b'.' | b'\'' => Class::InBoth,
            b':' => Class::InLetters,
            b',' | b';' => Class::InNumbers,
            _ => Class::Other,
        }
    }

    /// Whether a character between two others makes them one word (WB6, WB7, WB11, WB12).
    fn joins(self, before: Class, after: Class) -> bool {
        let letters = before == Class::Letter && after == Class::Letter;
        let digits = before == Class::Digit && after == Class::Digit;
        match self {
            Class::InBoth => letters || digits,
            Class::InLetters => letters,
            Class::InNumbers => digits,
            _ => false,
        }
    }
}

/// Holds back one word until it is known whether the next is joined to it.
struct Joiner<'t, 'f, F: FnMut(Span)> {
    text: &'t str,
    joins_phrases: bool,
    /// Empty if none is held.
    held: Span,
    found: &'f mut F,
}

impl<F: FnMut(Span)> Joiner<'_, '_, F> {
    #[inline(always)]
    fn push(&mut self, word: Span) {
        let held = std::mem::replace(&mut self.held, word);
        if held.is_empty() {
            return;
        }
        let is_hyphen = word.start() - held.end() == 1 && self.text.as_bytes().get(held.end()) == Some(&b'-');
        let is_one = is_hyphen && is_designator(self.text, held, word)
            || self.joins_phrases && may_be_phrase(self.text, held, word) && is_phrase(self.text, held, word);
        if is_one {
            self.held = Span::new(0, 0);
        }
        (self.found)(if is_one { held.join(word) } else { held });
    }

    /// As [`Joiner::push`], of words that are not in ASCII text.
    #[inline(never)]
    fn push_rare(&mut self, word: Span) {
        self.push(word);
    }

    fn flush(&mut self) {
        let held = std::mem::replace(&mut self.held, Span::new(0, 0));
        if !held.is_empty() {
            (self.found)(held);
        }
    }
}

#[cold]
#[inline(never)]
fn is_designator(text: &str, prefix: Span, number: Span) -> bool {
    is_prefix(prefix.of(text)) && is_number(number.of(text))
}

/// Whether two words begin and are as long as those of a phrase, which few pairs do.
#[inline]
fn may_be_phrase(text: &str, first: Span, second: Span) -> bool {
    let begin = |word: Span| text.as_bytes().get(word.start()).map(|byte| byte | 0x20);
    matches!(
        (begin(first), first.len(), begin(second)),
        (Some(b'u'), 6, Some(b's' | b'k' | b'n'))
            | (Some(b'e'), 8, Some(b'u'))
            | (Some(b'p'), 3, Some(b'c'))
            | (Some(b'c'), 2, Some(b'o'))
            | (Some(b'e'), 1, Some(b'm'))
    )
}

/// Whether two words are one by [`house_style`].
#[inline(never)]
fn is_phrase(text: &str, first: Span, second: Span) -> bool {
    house_style::is_phrase(first.join(second).of(text))
}

/// One to five letters: "F", "Su", "COVID"; longer ones are words of their own.
fn is_prefix(word: &str) -> bool {
    word.len() <= 20 && word.chars().count() <= 5 && word.chars().all(char::is_alphabetic)
}

/// One to three digits, then at most two letters: "16", "16s", "72B"; four digits are a year.
fn is_number(word: &str) -> bool {
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=3).contains(&(word.len() - letters.len()))
        && letters.len() <= 2
        && letters.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        words(text, false, &mut |span| out.push(span.of(text)));
        out
    }

    /// The words of UAX 29, with what a hyphen joins.
    fn by_the_library(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        let mut found = |span: Span| out.push(span.of(text));
        let mut joiner = Joiner { text, joins_phrases: false, held: Span::new(0, 0), found: &mut found };
        text.unicode_word_indices().for_each(|(at, word)| joiner.push(Span::new(at, at + word.len())));
        joiner.flush();
        out
    }

    #[test]
    fn designators_are_joined_and_years_are_not() {
        assert_eq!(
            split("F-16s T-72B3 Kh-101 mid-2024 G-7 pro-EU F - 16"),
            ["F-16s", "T", "72B3", "Kh-101", "mid", "2024", "G-7", "pro", "EU", "F", "16"]
        );
    }

    #[test]
    fn numbers_and_abbreviations_stay_whole() {
        assert_eq!(
            split("$61,000.50 U.S.-led 3.5% e.g. a_b __"),
            ["61,000.50", "U.S", "led", "3.5", "e.g", "a_b"]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_fast_paths_give_the_words_of_uax_29(
            text in "[a-cA-C0-3_:;,.'\" \\n\\r\\t!-]{0,200}|[ -~]{0,40}|[\\x00-\\x7f]{0,40}\
                |([a-c0-3.,:'_ ’‘“”–—…•é\u{301}\u{200d}\u{a0}\u{ad}дґ‐-]|\\PC){0,40}|[a-c’“” é.,]{0,200}"
        ) {
            prop_assert_eq!(split(&text), by_the_library(&text));
        }

        #[test]
        fn words_lie_in_order_on_character_bounds(text in "\\PC{0,60}") {
            let mut end = 0;
            let mut sound = true;
            words(&text, true, &mut |span| {
                sound &= span.start() >= end && !span.of(&text).is_empty();
                end = span.end();
            });
            prop_assert!(sound);
        }
    }
}
