//! Splits a paragraph into sentences, as spans.

use crate::text::boundaries::sentence_pieces;
use crate::text::span::Span;

/// Abbreviations that stand before a name or a number, in lower case and without their last point.
/// A sentence does not end with one of them.
const BEFORE_NAMES: &[&str] = &[
    "adm", "amb", "brig", "capt", "cf", "cmdr", "col", "cpl", "dr", "e.g", "fr", "gen", "gov", "hon", "i.e",
    "lt", "maj", "messrs", "mr", "mrs", "ms", "mt", "no", "nos", "pp", "prof", "rep", "reps", "rev", "sec",
    "sen", "sens", "sgt", "st", "vs",
];

/// The sentences of a paragraph by UAX 29, put together again where it takes the point of an
/// abbreviation or of an initial for an end.
pub fn sentences(paragraph: &str) -> impl Iterator<Item = Span> {
    let mut pieces = sentence_pieces(paragraph).filter_map(|(start, piece)| {
        let begun = piece.trim_start();
        let (trimmed, from) = (begun.trim_end(), start + (piece.len() - begun.len()));
        let goes_on = piece.as_bytes().last() != Some(&b'\n') && ends_in_abbreviation(trimmed);
        (!trimmed.is_empty()).then(|| (Span::new(from, from + trimmed.len()), goes_on))
    });
    std::iter::from_fn(move || {
        let (mut sentence, mut goes_on) = pieces.next()?;
        while goes_on {
            let Some((piece, more)) = pieces.next() else { break };
            (sentence, goes_on) = (sentence.join(piece), more);
        }
        Some(sentence)
    })
}

#[inline]
fn ends_in_abbreviation(sentence: &str) -> bool {
    let Some(word) = sentence.strip_suffix('.').and_then(|rest| rest.split_whitespace().next_back()) else {
        return false;
    };
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none() && word != "I";
    initial || BEFORE_NAMES.iter().any(|name| name.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).map(|span| span.of(text)).collect()
    }

    #[test]
    fn sentences_end_at_their_marks() {
        assert_eq!(cut("It ended. Did it? No! Go on."), ["It ended.", "Did it?", "No!", "Go on."]);
        assert_eq!(cut("He said: \"Stop.\" Then he left."), ["He said: \"Stop.\"", "Then he left."]);
        assert!(cut("  ").is_empty());
    }

    #[test]
    fn abbreviations_and_initials_do_not_end_a_sentence() {
        assert_eq!(
            cut("Gen. Milley met Mr. Smith of St. Paul. They ate."),
            ["Gen. Milley met Mr. Smith of St. Paul.", "They ate."]
        );
        assert_eq!(
            cut("Lloyd J. Austin spoke. So did I. We heard."),
            ["Lloyd J. Austin spoke.", "So did I.", "We heard."]
        );
    }

    proptest! {
        #[test]
        fn sentences_are_in_order_and_lose_only_white_space(text in "([A-Za-z.?! \n]|Mr\\. ){0,120}") {
            let spans: Vec<Span> = sentences(&text).collect();
            let kept: String = spans.iter().map(|span| span.of(&text)).collect();
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&kept), bare(&text));
            prop_assert!(spans.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        }
    }
}
