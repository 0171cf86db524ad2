//! Spells the words of a text as another house does.

use crate::tokenizer::house_style::{self, Spelling, Transliteration, with_case_of};

/// Abbreviations without and with points.
const ABBREVIATIONS: [(&str, &str); 5] =
    [("US", "U.S."), ("UK", "U.K."), ("EU", "E.U."), ("UN", "U.N."), ("USA", "U.S.A.")];

pub(super) fn respelled(text: &str, spelling: Spelling) -> String {
    each_word(text, |word| house_style::respelled(word, spelling))
}

pub(super) fn transliterated(text: &str, from: Transliteration) -> String {
    each_word(text, |word| house_style::transliterated(word, from).map(str::to_owned))
}

/// Replaces each word, which `other` gets in lower case, by what `other` gives, in the case of the
/// word.
fn each_word(text: &str, other: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    for (piece, is_word) in pieces(text) {
        match is_word.then(|| other(&piece.to_lowercase())).flatten() {
            Some(other) => out.push_str(&with_case_of(piece, &other)),
            None => out.push_str(piece),
        }
    }
    out
}

/// The runs of letters of a text and what stands between them, in order; whether each is letters.
fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphabetic();
        let end = rest.find(|c: char| c.is_alphabetic() != is_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        Some((piece, is_word))
    })
}

/// "US" is "U.S." on lines that are not in capitals.
pub(super) fn with_dotted_abbreviations(text: &str) -> String {
    each_line(text, |line| {
        let mut out = String::with_capacity(line.len());
        let mut pieces = pieces(line).peekable();
        let mut before = "";
        while let Some((piece, is_word)) = pieces.next() {
            let is_free = is_word && !before.ends_with('.');
            let dotted = ABBREVIATIONS.iter().find(|(plain, _)| is_free && *plain == piece);
            let ends_sentence = pieces.peek().is_some_and(|(next, _)| next.starts_with('.'));
            out.push_str(match dotted {
                // The point at the end of the sentence is that of the abbreviation as well.
                Some((_, dotted)) if ends_sentence => dotted.trim_end_matches('.'),
                Some((_, dotted)) => dotted,
                None => piece,
            });
            before = piece;
        }
        out
    })
}

/// "U.S." is "US"; a point at the end of a line stays.
pub(super) fn with_plain_abbreviations(text: &str) -> String {
    each_line(text, |line| {
        let mut out = line.to_owned();
        for (plain, dotted) in ABBREVIATIONS {
            out = with_plain(&out, plain, dotted);
        }
        out
    })
}

/// Makes one abbreviation plain, except inside longer ones: "U.S.S.R." holds "U.S.".
fn with_plain(line: &str, plain: &str, dotted: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(dotted) {
        out.push_str(before);
        let begins_inside = out.ends_with(|c: char| c == '.' || c.is_alphanumeric());
        if begins_inside || after.starts_with(char::is_alphanumeric) {
            out.push_str(dotted);
        } else {
            out.push_str(plain);
            if after.trim_end().is_empty() {
                out.push('.');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Changes each line that has small letters.
fn each_line(text: &str, change: impl Fn(&str) -> String) -> String {
    let changed = text.split('\n').map(|line| match line.contains(char::is_lowercase) {
        true => change(line),
        false => line.to_owned(),
    });
    changed.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_inside_longer_ones_stay() {
        for (text, expected) in [
            (
                "The U.S. and the U.S.A. met the U.K.'s U.S.-led envoys.",
                "The US and the USA met the UK's US-led envoys.",
            ),
            ("He went to the U.S.\nand she left the E.U. ", "He went to the US.\nand she left the EU. "),
            ("the U.S.S.R. and the U.S.S.R.", "the U.S.S.R. and the U.S.S.R."),
            ("A.U.S. and U.N.H.C.R. told the G.U.N.", "A.U.S. and U.N.H.C.R. told the G.U.N."),
        ] {
            assert_eq!(with_plain_abbreviations(text), expected);
        }
    }
}
