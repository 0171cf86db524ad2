//! Cuts a paragraph that is longer than any in print at sentence ends.

use crate::text::boundaries::{count_words, sentence_pieces};
use crate::text::paragraph::{MAX_WORDS, Paragraph, words};
use crate::text::span::Span;

/// The wanted length of a piece in words, about that of a paragraph in print.
const PIECE: usize = 120;
/// A last piece of fewer words stays with the one before it.
const MIN_PIECE: usize = 40;

/// Cuts a paragraph that is too long at the sentence ends nearest to each [`PIECE`] words.
pub(super) fn cut_long(text: &str, span: Span, out: &mut Vec<Paragraph>) {
    let whole = Paragraph::new(text, span);
    if whole.words <= MAX_WORDS {
        out.push(whole);
        return;
    }
    let paragraph = span.of(text);
    let mut pieces: Vec<(Span, usize)> = Vec::new();
    let mut current: Option<(Span, usize)> = None;
    for (start, sentence) in sentence_pieces(paragraph) {
        for (start, part) in at_most(start, sentence) {
            let trimmed = part.trim();
            if trimmed.is_empty() {
                continue;
            }
            let from = start + (part.len() - part.trim_start().len());
            let place = Span::new(from, from + trimmed.len()).shifted(span.start());
            let more = count_words(trimmed, usize::MAX);
            current = Some(match current {
                // Stop where one sentence more would lead further from the wanted length.
                Some((piece, count)) if (count + more).abs_diff(PIECE) > count.abs_diff(PIECE) => {
                    pieces.push((piece, count));
                    (place, more)
                }
                Some((piece, count)) => (piece.join(place), count + more),
                None => (place, more),
            });
        }
    }
    match (current, pieces.last_mut()) {
        (Some((last, count)), Some((before, _))) if count < MIN_PIECE => *before = before.join(last),
        (Some(last), _) => pieces.push(last),
        (None, _) => {}
    }
    // Two sentences may have no white space between them: their words are not simply the sum.
    out.extend(pieces.into_iter().map(|(piece, _)| Paragraph::new(text, piece)));
}

/// Splits a sentence of more than [`MAX_WORDS`] words, which is hardly one, after every [`PIECE`]th
/// word.
fn at_most(start: usize, sentence: &str) -> Vec<(usize, &str)> {
    if words(sentence) <= MAX_WORDS {
        return vec![(start, sentence)];
    }
    let mut parts = Vec::new();
    let (mut from, mut count, mut in_word) = (0, 0, false);
    for (at, c) in sentence.char_indices() {
        if c.is_whitespace() && in_word {
            count += 1;
            if count == PIECE {
                parts.push((start + from, sentence.get(from..at).unwrap_or("")));
                (from, count) = (at, 0);
            }
        }
        in_word = !c.is_whitespace();
    }
    parts.push((start + from, sentence.get(from..).unwrap_or("")));
    parts
}

#[cfg(test)]
mod tests {
    use crate::text::paragraph::tests::cut;
    use crate::text::paragraph::words;

    #[test]
    fn a_text_without_breaks_is_cut_at_sentence_ends_near_120_words() {
        let sentence =
            "The minister said that the talks would go on until the parties had agreed on all of it. ";
        let text = sentence.repeat(40);
        let found = cut(&text);
        assert_eq!(found.len(), 6, "40 x 18 words");
        for piece in &found {
            assert!((90..=140).contains(&piece.split_whitespace().count()), "{piece}");
            assert!(piece.starts_with("The minister") && piece.ends_with("all of it."));
        }
        let short = sentence.repeat(13);
        assert_eq!(cut(&short).len(), 1, "234 words are one long paragraph");
    }

    #[test]
    fn words_without_any_sentence_end_are_cut_all_the_same() {
        let found = cut("word ".repeat(1000).trim()).iter().map(|piece| words(piece)).collect::<Vec<_>>();
        assert_eq!(found, [120, 120, 120, 120, 120, 120, 120, 120, 40]);
    }
}
