//! Finds quotations between single marks, as British houses print them, and tells the marks from
//! apostrophes.
//!
//! In normal text a single quotation mark and an apostrophe are one character. An opening mark
//! stands behind a blank and before a word; a closing one behind a word or a mark and before a
//! blank or a mark. What is left are words that begin with an apostrophe ("'em", "'90s") and words
//! that end with one ("the soldiers' homes", "goin'"): the first are listed, and the second close a
//! quotation only where nothing better does.

use crate::scan::find_byte;
use crate::text::quotation::{MAX_BYTES, is_speech};
use crate::text::span::Span;

const MARK: u8 = b'\'';

/// Words that begin with an apostrophe, without it.
const ELIDED_BEGINNINGS: &[&str] =
    &["em", "tis", "twas", "twill", "til", "till", "cause", "cos", "bout", "round", "n", "neath", "gainst"];
/// Words that end with an apostrophe, without it; so do all in -in.
const ELIDED_ENDS: &[&str] = &["o", "th", "an", "ol", "mo", "lil", "n"];

/// How sure it is that a mark closes a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    Surely,
    /// It may be an apostrophe as well.
    Perhaps,
    No,
}

/// What stands between single quotation marks, in order.
pub(super) fn between_single_marks(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = next_mark(text, from)?;
            let length = length_at(text, start);
            from = start + length;
            let Some(end) = opens(text, start, length).then(|| close_of(text, start, length)).flatten()
            else {
                continue;
            };
            let inside = text.get(start + length..end).unwrap_or("");
            if is_speech(inside) {
                from = end + length;
                return Some(Span::new(start, from));
            }
        }
    })
}

fn next_mark(text: &str, from: usize) -> Option<usize> {
    find_byte(text.as_bytes(), from, |byte| byte == MARK)
}

/// One mark, or two that stand for a double one.
fn length_at(text: &str, at: usize) -> usize {
    1 + usize::from(text.as_bytes().get(at + 1) == Some(&MARK))
}

fn opens(text: &str, at: usize, length: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let rest = text.get(at + length..).unwrap_or("");
    let may_follow = |c: char| c.is_whitespace() || "([{—–-\"“«/".contains(c);
    let may_begin = |c: char| c.is_alphanumeric() || "“\"[($…£€".contains(c);
    before.is_none_or(may_follow) && rest.starts_with(may_begin) && (length == 2 || !is_elided(rest))
}

/// Whether a text begins with a word that an apostrophe stands before: "'em", "'90s".
fn is_elided(rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let digits = word.trim_end_matches('s');
    let is_decade =
        digits.len() == 2 && digits.len() < word.len() && digits.bytes().all(|b| b.is_ascii_digit());
    is_decade || ELIDED_BEGINNINGS.iter().any(|elided| word.eq_ignore_ascii_case(elided))
}

/// The place of the mark that closes the quotation that begins at `start`: the first that surely
/// does before the next one opens, else the first in the paragraph that perhaps does.
fn close_of(text: &str, start: usize, length: usize) -> Option<usize> {
    let mut from = start + length;
    let mut perhaps = None;
    let mut is_in_paragraph = true;
    while let Some(at) = next_mark(text, from).filter(|at| at - start <= MAX_BYTES) {
        is_in_paragraph &= text.get(from..at).is_some_and(|passed| !passed.contains("\n\n"));
        let found = length_at(text, at);
        from = at + found;
        if found != length {
            continue;
        }
        if opens(text, at, found) {
            break;
        }
        match closing(text, at, found) {
            Closing::Surely => return Some(at),
            Closing::Perhaps if is_in_paragraph && is_speech(text.get(start + length..at).unwrap_or("")) => {
                perhaps = perhaps.or(Some(at));
            }
            Closing::Perhaps | Closing::No => {}
        }
    }
    perhaps
}

fn closing(text: &str, at: usize, length: usize) -> Closing {
    let head = text.get(..at).unwrap_or("");
    let mut after = text.get(at + length..).unwrap_or("").chars();
    let (before, next) = (head.chars().next_back(), after.next());
    if before.is_none_or(char::is_whitespace) || next.is_some_and(char::is_alphanumeric) {
        return Closing::No;
    }
    let goes_on = next.is_some_and(char::is_whitespace) && after.next().is_some_and(char::is_alphanumeric);
    if length == 2 || !goes_on || !before.is_some_and(char::is_alphabetic) {
        return Closing::Surely;
    }
    let word = head.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_lowercase();
    let is_apostrophe =
        word.ends_with(['s', 'z', 'x']) || word.ends_with("in") || ELIDED_ENDS.contains(&&*word);
    if is_apostrophe { Closing::Perhaps } else { Closing::Surely }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::quotation::{QuotationMarks, quotations};

    fn found(text: &str) -> Vec<&str> {
        quotations(text, QuotationMarks::DoubleAndSingle).map(|span| span.of(text)).collect()
    }

    #[test]
    fn british_speech_is_found() {
        for (text, quoted) in [
            ("'We will not give up,' he said.", vec!["'We will not give up,'"]),
            (
                "He said: 'We don't need the soldiers' homes now.'",
                vec!["'We don't need the soldiers' homes now.'"],
            ),
            (
                "They 'will surely support our allies' he said, and left.",
                vec!["'will surely support our allies'"],
            ),
            (
                "'I'm sure it's over,' she said, 'and nobody's won it.'",
                vec!["'I'm sure it's over,'", "'and nobody's won it.'"],
            ),
            (
                "'It is long.\n\nIt is the others' road,' he said",
                vec!["'It is long.\n\nIt is the others' road,'"],
            ),
            ("('It is a long road ahead')", vec!["'It is a long road ahead'"]),
            ("''The old wire had these,'' he said", vec!["''The old wire had these,''"]),
            (
                "'He told me \"we shall win it\" twice,' she said",
                vec!["'He told me \"we shall win it\" twice,'"],
            ),
            (
                "“He calls it 'the war of the ages' now,” she said",
                vec!["“He calls it 'the war of the ages' now,”"],
            ),
        ] {
            assert_eq!(found(text), quoted, "{text}");
        }
    }

    #[test]
    fn apostrophes_are_no_quotation_marks() {
        for text in [
            "They don't and won't; it's Kyiv's war, the soldiers' and the allies' war, not ours.",
            "The boys' and the girls' schools were the teachers' homes in the workers' town.",
            "Rock 'n' roll in the '90s and the '80s was what they liked and we don't.",
            "Tell 'em that we're goin' home and it's the workers' turn now.",
            "The 'special operation' goes on, and the 'great war' is not over.",
            "He said 'nothing more about it at all.\n\nThen the others' homes burnt.",
            "It is 6' 2' wide and 10' long and more than that.",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    proptest! {
        #[test]
        fn quotations_are_in_order_and_begin_and_end_with_marks(text in "([a-z]{1,6}|[ ,.]|'|'s|s'|\n\n|[\"“”é]){0,80}") {
            let is_mark = |c: char| "'\"“”".contains(c);
            let mut end = 0;
            for span in quotations(&text, QuotationMarks::DoubleAndSingle) {
                let quoted = span.of(&text);
                prop_assert!(span.start() >= end);
                prop_assert!(quoted.starts_with(is_mark) && quoted.ends_with(is_mark) && is_speech(quoted));
                end = span.end();
            }
        }
    }
}
