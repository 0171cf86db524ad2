//! Chooses the parts of a text that are shown: what stands around its strongest marks.

use crate::text::span::Span;

/// A place of the text and how much it counts, for something or against it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) amount: f64,
    /// Whether it is among the strongest places.
    pub(super) strong: bool,
}

/// Texts of up to so many bytes are shown whole.
const MAX_WHOLE: usize = 1_500;
/// Bytes that are shown of a longer text, about.
const SHOWN: usize = 1_200;
/// Bytes on each side of a marked place.
const AROUND: usize = 120;
/// A part begins and ends at a word if one is as near as this.
const WORD: usize = 24;

/// The parts of a text that are shown, in order and apart from each other: all of it, or what
/// stands around its strongest places; the beginning where nothing is marked.
pub(super) fn excerpt(text: &str, marks: &[Mark]) -> Vec<Span> {
    if text.len() <= MAX_WHOLE {
        return vec![Span::new(0, text.len())];
    }
    if marks.is_empty() {
        return vec![cut(text, 0, SHOWN)];
    }
    let mut strongest: Vec<&Mark> = marks.iter().collect();
    strongest.sort_by(|a, b| b.amount.abs().total_cmp(&a.amount.abs()).then(a.span.cmp(&b.span)));
    let mut parts: Vec<Span> = Vec::new();
    for mark in strongest {
        let part =
            cut(text, mark.span.start().saturating_sub(AROUND), mark.span.end().saturating_add(AROUND));
        let joined = join(&parts, part);
        let shown: usize = joined.iter().map(|part| part.len()).sum();
        if shown > SHOWN && !parts.is_empty() {
            break;
        }
        parts = joined;
    }
    parts
}

/// Adds a part, and joins parts that touch.
fn join(parts: &[Span], more: Span) -> Vec<Span> {
    let mut all: Vec<Span> = parts.iter().copied().chain([more]).collect();
    all.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for part in all {
        match joined.last_mut() {
            Some(last) if part.start() <= last.end() + 1 => *last = last.join(part),
            _ => joined.push(part),
        }
    }
    joined
}

/// About `start..end`, on characters, and on words where one begins nearby. A marked place longer
/// than what is shown is cut too.
fn cut(text: &str, start: usize, end: usize) -> Span {
    let end = end.min(text.len()).min(start + SHOWN);
    let on_character = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (on_character(start), on_character(end));
    let head = text.get(start..end).unwrap_or("");
    let begins = head.find(char::is_whitespace).filter(|at| start > 0 && *at <= WORD).unwrap_or(0);
    let ends = head.rfind(char::is_whitespace).filter(|at| end < text.len() && head.len() - at <= WORD);
    Span::new(start + begins, start + ends.unwrap_or(head.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(start: usize, end: usize, amount: f64) -> Mark {
        Mark { span: Span::new(start, end), amount, strong: false }
    }

    #[test]
    fn a_short_text_is_shown_whole_and_a_long_one_around_its_strongest_places() {
        assert_eq!(excerpt("short", &[]), [Span::new(0, 5)]);
        let text = "word ".repeat(2_000);
        let parts = excerpt(&text, &[mark(5_000, 5_004, 1.0), mark(9_000, 9_004, -2.0)]);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].start() > 4_800 && parts[0].end() < 5_200, "{parts:?}");
        assert!(parts[0].of(&text).trim().starts_with("word") && parts[0].of(&text).ends_with("word"));
        assert_eq!(excerpt(&text, &[])[0].start(), 0);
    }

    proptest! {
        #[test]
        fn parts_are_in_order_bounded_and_on_characters(
            text in "(\\PC{0,400} ){0,12}", places in prop::collection::vec((0.0..1.0f64, 0..300usize, -1.0..1.0f64), 0..40)
        ) {
            let character = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1 } at };
            let marks: Vec<Mark> = places
                .into_iter()
                .map(|(at, length, amount)| {
                    let start = character((at * text.len() as f64) as usize);
                    mark(start, character((start + length).min(text.len())), amount)
                })
                .collect();
            let parts = excerpt(&text, &marks);
            prop_assert!(parts.iter().map(|part| part.len()).sum::<usize>() <= MAX_WHOLE);
            prop_assert!(parts.iter().all(|part| text.get(part.start()..part.end()).is_some()));
            prop_assert!(parts.windows(2).all(|pair| pair[0].end() < pair[1].start()));
        }
    }
}
