//! Text to words: Unicode word boundaries (UAX 29), with a fast path for ASCII.
//!
//! A word is a UAX 29 segment that holds a letter or digit. One rule is added: a short run of letters,
//! a hyphen and a short number are one word ("F-16s", "Su-35", "COVID-19"), because neither half says what is meant.

use unicode_segmentation::UnicodeSegmentation;

use crate::span::Span;

/// Calls `found` with each word of `text` and its place.
pub(super) fn words<'t>(text: &'t str, found: &mut dyn FnMut(&'t str, Span)) {
    let mut joiner = Joiner { text, held: None, found };
    for (start, piece) in pieces(text) {
        let mut segment = |from: usize, to: usize| joiner.push(Span::new(start + from, start + to));
        if piece.is_ascii() {
            ascii_words(piece.as_bytes(), &mut segment);
        } else {
            for (at, word) in piece.unicode_word_indices() {
                segment(at, at + word.len());
            }
        }
    }
    joiner.flush();
}

/// Cuts at spaces, and gives each piece with its place. No rule of UAX 29 that makes words looks past a space, so each
/// piece can be split by itself; only a mark (never ASCII) clings to the spaces before it, and is left with them.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let begins_piece = |next: &u8| next.is_ascii() && *next != b' ';
    let is_cut =
        move |&at: &usize| bytes.get(at) == Some(&b' ') && bytes.get(at + 1).is_none_or(begins_piece);
    let mut start = 0;
    (0..bytes.len()).filter(is_cut).chain(std::iter::once(bytes.len())).map(move |end| {
        let piece = (start, text.get(start..end).unwrap_or(""));
        start = end + 1;
        piece
    })
}

/// The words of ASCII text by UAX 29, rules WB5 to WB13b: the properties of ASCII characters are
/// ALetter A-Z a-z, Numeric 0-9, ExtendNumLet `_`, MidLetter `:`, MidNum `,` `;`, MidNumLet `.`, Single_Quote `'`.
fn ascii_words(bytes: &[u8], found: &mut dyn FnMut(usize, usize)) {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let mut index = 0;
    while index < bytes.len() {
        if !in_word(at(index)) {
            index += 1;
            continue;
        }
        let start = index;
        let mut alphanumeric = false;
        loop {
            let byte = at(index);
            if in_word(byte) {
                alphanumeric |= byte.is_ascii_alphanumeric();
                index += 1;
                continue;
            }
            let (before, after) = (at(index.wrapping_sub(1)), at(index + 1));
            let between_letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
            let between_digits = before.is_ascii_digit() && after.is_ascii_digit();
            let joins = match byte {
                b'.' | b'\'' => between_letters || between_digits,
                b':' => between_letters,
                b',' | b';' => between_digits,
                _ => false,
            };
            if !joins {
                break;
            }
            index += 1;
        }
        if alphanumeric {
            found(start, index);
        }
    }
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The hyphen on the keyboard, the hyphen, and the one that does not break.
const HYPHENS: [&str; 3] = ["-", "\u{2010}", "\u{2011}"];

/// Holds back one word until it is known whether a hyphen joins the next to it.
struct Joiner<'t, 'f> {
    text: &'t str,
    held: Option<Span>,
    found: &'f mut dyn FnMut(&'t str, Span),
}

impl Joiner<'_, '_> {
    fn push(&mut self, word: Span) {
        if let Some(held) = self.held {
            if HYPHENS.contains(&Span::new(held.end(), word.start()).of(self.text))
                && is_prefix(held.of(self.text))
                && is_number(word.of(self.text))
            {
                self.held = None;
                self.emit(held.join(word));
                return;
            }
            self.emit(held);
        }
        self.held = Some(word);
    }

    fn flush(&mut self) {
        if let Some(held) = self.held.take() {
            self.emit(held);
        }
    }

    fn emit(&mut self, word: Span) {
        (self.found)(word.of(self.text), word);
    }
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
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        words(text, &mut |word, _| out.push(word));
        out
    }

    fn ascii(text: &str) -> Vec<(usize, &str)> {
        let mut out = Vec::new();
        ascii_words(text.as_bytes(), &mut |from, to| out.push((from, &text[from..to])));
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
        fn the_ascii_path_gives_the_words_of_uax_29(text in "[a-cA-C0-3_:;,.'\" \\n\\r\\t!-]{0,40}|[ -~]{0,40}|[\\x00-\\x7f]{0,40}") {
            prop_assert_eq!(ascii(&text), text.unicode_word_indices().collect::<Vec<_>>());
        }

        #[test]
        fn cutting_at_spaces_changes_no_word(text in "([a-c0-3.,:' ’\u{301}\u{200d}é–]|\\PC){0,40}") {
            let in_pieces = pieces(&text)
                .flat_map(|(start, piece)| piece.unicode_word_indices().map(move |(at, word)| (start + at, word)));
            prop_assert_eq!(in_pieces.collect::<Vec<_>>(), text.unicode_word_indices().collect::<Vec<_>>());
        }

        #[test]
        fn words_lie_in_order_on_character_bounds(text in "\\PC{0,60}") {
            let mut end = 0;
            let mut sound = true;
            words(&text, &mut |word, span| {
                sound &= span.start() >= end && !word.is_empty() && span.of(&text) == word;
                end = span.end();
            });
            prop_assert!(sound);
        }
    }
}
