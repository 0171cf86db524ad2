//! Writes the parts of a text that are shown, with marks that sign, underline and words tell apart
//! as well as color.

use std::io::{self, Write};

use crate::text::span::Span;
use crate::write::report::escape::Escaped;
use crate::write::report::excerpt::{Mark, excerpt};

/// What marks of either sign say, for readers who hear the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) plus: &'static str,
    pub(super) minus: &'static str,
}

/// Where a text is cut.
const GAP: &str = "<span class=\"gap-text\"> […] </span>";

/// Writes what stands around the strongest marks of a text. The marks are in order and apart from
/// each other.
pub(super) fn excerpt_with_marks(
    out: &mut dyn Write,
    text: &str,
    marks: &[Mark],
    words: Words,
) -> io::Result<()> {
    let mut end = 0;
    for part in excerpt(text, marks) {
        if part.start() > end {
            write!(out, "{GAP}")?;
        }
        text_with_marks(out, Span::of(part, text), &within(part, marks), words)?;
        end = part.end();
    }
    if end < text.len() {
        write!(out, "{GAP}")?;
    }
    Ok(())
}

/// The marks that reach into a part, counted from its beginning.
fn within(part: Span, marks: &[Mark]) -> Vec<Mark> {
    let cut = |mark: &Mark| {
        let start = mark.span.start().max(part.start());
        let end = mark.span.end().min(part.end());
        let span = Span::new(start.saturating_sub(part.start()), end.saturating_sub(part.start()));
        (start < end).then_some(Mark { span, ..*mark })
    };
    marks.iter().filter_map(cut).collect()
}

/// Writes a whole text. The marks are in order and apart from each other.
pub(super) fn text_with_marks(
    out: &mut dyn Write,
    text: &str,
    marks: &[Mark],
    words: Words,
) -> io::Result<()> {
    let mut at = 0;
    for mark in marks {
        let (start, end) = (mark.span.start().max(at), mark.span.end().min(text.len()));
        if start >= end {
            continue;
        }
        let (class, sign, word) =
            if mark.amount > 0.0 { ("for", '+', words.plus) } else { ("not", '−', words.minus) };
        let strong = if mark.strong { " strong" } else { "" };
        write!(
            out,
            "{}<mark class=\"{class}{strong}\"><span class=\"sign\" aria-hidden=\"true\">{sign}</span>\
             <span class=\"heard\">({word}) </span>{}</mark>",
            Escaped(Span::new(at, start).of(text)),
            Escaped(Span::new(start, end).of(text))
        )?;
        at = end;
    }
    write!(out, "{}", Escaped(Span::new(at, text.len()).of(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, marks: &[(usize, usize, f64)]) -> String {
        let marks: Vec<Mark> = marks
            .iter()
            .map(|&(start, end, amount)| Mark { span: Span::new(start, end), amount, strong: amount > 1.0 })
            .collect();
        let mut out = Vec::new();
        excerpt_with_marks(&mut out, text, &marks, Words { plus: "for", minus: "against" }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn marks_carry_a_sign_and_words_and_texts_no_markup() {
        assert_eq!(
            shown("a <b> & c", &[(0, 1, 2.0), (3, 4, -0.5)]),
            "<mark class=\"for strong\"><span class=\"sign\" aria-hidden=\"true\">+</span>\
             <span class=\"heard\">(for) </span>a</mark> &lt;\
             <mark class=\"not\"><span class=\"sign\" aria-hidden=\"true\">−</span>\
             <span class=\"heard\">(against) </span>b</mark>&gt; &amp; c"
        );
    }

    #[test]
    fn marks_that_reach_out_of_the_part_or_overlap_are_cut() {
        assert_eq!(shown("abc", &[(0, 99, 1.0), (1, 2, 1.0)]).matches("<mark").count(), 1);
        assert_eq!(shown("abc", &[(7, 9, 1.0)]), "abc");
    }

    #[test]
    fn a_long_text_is_cut_around_its_marks() {
        let text = "word ".repeat(2_000);
        let found = shown(&text, &[(5_000, 5_004, 1.0)]);
        assert!(found.starts_with(GAP) && found.ends_with(GAP) && found.len() < 600, "{found}");
        assert!(found.contains("</span>word</mark> word"), "{found}");
    }
}
