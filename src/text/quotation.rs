//! Finds quotations: what stands between quotation marks and is long enough to be somebody's
//! speech.

mod single;

use single::between_single_marks;

use crate::scan::find_byte;
use crate::text::span::Span;

/// A quotation of fewer words is a name, a title or a word held at arm's length, and the author's
/// own choice.
const MIN_WORDS: usize = 4;
/// Marks further apart than so many bytes do not belong together: one of them is a slip, or the
/// quotation goes on over paragraphs.
const MAX_BYTES: usize = 1200;

/// A text of so many bytes is looked through for marks before its words are counted.
const SHORT: usize = 256;

/// The marks that quotations are looked for between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuotationMarks {
    /// Double ones and guillemets.
    Double,
    /// Single ones, too, which must be told from apostrophes.
    DoubleAndSingle,
}

/// The quotations of a text with their marks, in order. One inside of another is a part of it.
pub(crate) fn quotations(text: &str, marks: QuotationMarks) -> impl Iterator<Item = Span> + '_ {
    let mut double = between_double_marks(text).peekable();
    let single = (marks == QuotationMarks::DoubleAndSingle).then(|| between_single_marks(text));
    let mut single = single.into_iter().flatten().peekable();
    let mut end = 0;
    std::iter::from_fn(move || {
        loop {
            let is_single_first = match (single.peek(), double.peek()) {
                (Some(single), Some(double)) => single.start() < double.start(),
                (single, _) => single.is_some(),
            };
            let next = if is_single_first { single.next() } else { double.next() }?;
            if next.start() >= end {
                end = next.end();
                return Some(next);
            }
        }
    })
}

/// What stands between double quotation marks. A mark pairs with the next one, if that one can
/// close it.
fn between_double_marks(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut marks = marks(text).peekable();
    std::iter::from_fn(move || {
        while let Some((start, open)) = marks.next() {
            let &(at, close) = marks.peek()?;
            let inside = text.get(start + open.len_utf8()..at).unwrap_or("");
            if open == close
                && let Some(paragraph) = goes_on_in_next_paragraph(inside, text.get(at + close.len_utf8()..))
            {
                let end = start + open.len_utf8() + paragraph.len();
                if paragraph.len() <= MAX_BYTES && is_speech(paragraph) {
                    return Some(Span::new(start, end));
                }
                continue;
            }
            if !closes(open, close) {
                continue;
            }
            // A straight mark is the same at both ends; it clings to what it encloses.
            let clings = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
            let straight =
                open == '"' && !(clings(inside.chars().next()) && clings(inside.chars().next_back()));
            if inside.len() > MAX_BYTES || straight {
                continue;
            }
            marks.next();
            if is_speech(inside) {
                return Some(Span::new(start, at + close.len_utf8()));
            }
        }
        None
    })
}

/// The paragraph behind an opening mark, where the next mark opens the next paragraph: speech of
/// several paragraphs has a mark at the beginning of each, and closes in the last.
fn goes_on_in_next_paragraph<'t>(inside: &'t str, behind: Option<&str>) -> Option<&'t str> {
    let opens = |rest: &str| rest.starts_with(|c: char| !c.is_whitespace());
    let paragraph = inside.trim_end();
    let gap = inside.get(paragraph.len()..)?;
    let is_end = gap.contains('\n') && !paragraph.contains("\n\n");
    (is_end && opens(inside) && behind.is_some_and(opens)).then_some(paragraph)
}

/// Whether what stands between two marks is long enough.
fn is_speech(inside: &str) -> bool {
    inside.split_whitespace().nth(MIN_WORDS - 1).is_some()
}

/// What stands beside the quotations of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// At least so many words as were asked for, or the text has no quotation.
    Enough,
    /// Fewer.
    Few,
    /// No word: the text is nothing but quotations.
    Nothing,
}

/// Whether at least so many words of a text stand outside its quotations.
pub(crate) fn beside(text: &str, marks: QuotationMarks, words: usize) -> Beside {
    let is_word = |piece: &&str| piece.contains(char::is_alphanumeric);
    // Most texts have no mark, or begin with so many words that no quotation holds: these need not
    // be looked through.
    if text.len() <= SHORT && !may_hold_mark(text) {
        return Beside::Enough;
    }
    let last = words.checked_sub(1).and_then(|last| text.split_whitespace().filter(is_word).nth(last));
    let head = last.and_then(|last| text.get(..text.len() - rest_behind(text, last)));
    if head.is_some_and(|head| !may_hold_mark(head)) {
        return Beside::Enough;
    }
    let (mut from, mut count) = (0, 0);
    for quotation in quotations(text, marks) {
        let beside = text.get(from..quotation.start()).unwrap_or("").split_whitespace();
        count += beside.filter(is_word).take(words).count();
        if count >= words {
            return Beside::Enough;
        }
        from = quotation.end();
    }
    let rest = text.get(from..).unwrap_or("").split_whitespace();
    match from == 0 || count + rest.clone().filter(is_word).take(words).count() >= words {
        true => Beside::Enough,
        false if count > 0 || rest.clone().any(|piece| is_word(&piece)) => Beside::Few,
        false => Beside::Nothing,
    }
}

/// How many bytes of a text stand behind one of its parts.
fn rest_behind(text: &str, part: &str) -> usize {
    let end = (part.as_ptr() as usize + part.len()).saturating_sub(text.as_ptr() as usize);
    text.len().saturating_sub(end)
}

/// The quotation marks of a text with their places.
fn marks(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = find_byte(text.as_bytes(), from, begins_double_mark)?;
            from = at + 1;
            let found = text.get(at..).and_then(|rest| rest.chars().next());
            if let Some(mark) = found.filter(|c| is_mark(*c)) {
                return Some((at, mark));
            }
        }
    })
}

/// Whether a byte is the first one of a double mark; other characters begin with some of them.
#[inline]
fn begins_double_mark(byte: u8) -> bool {
    (byte == b'"') | (byte == 0xc2) | (byte == 0xe2)
}

/// Whether a mark of either kind may be in a text.
fn may_hold_mark(text: &str) -> bool {
    find_byte(text.as_bytes(), 0, |byte| begins_double_mark(byte) | (byte == b'\'')).is_some()
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

fn closes(open: char, close: char) -> bool {
    match open {
        '"' => close == '"' || close == '”',
        '“' => close == '”' || close == '"',
        '„' => matches!(close, '“' | '”' | '"'),
        '«' => close == '»',
        '»' => close == '«',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<&str> {
        quotations(text, QuotationMarks::Double).map(|span| span.of(text)).collect()
    }

    fn stand_beside_words(text: &str, words: usize) -> bool {
        beside(text, QuotationMarks::Double, words) == Beside::Enough
    }

    #[test]
    fn speech_is_found_and_words_held_at_arms_length_are_not() {
        let text =
            "The \"special operation\" goes on. \"We will not give up,\" he said, \"not one metre of it.\"";
        assert_eq!(found(text), ["\"We will not give up,\"", "\"not one metre of it.\""]);
        assert_eq!(found("“We want peace and bread,” they said"), ["“We want peace and bread,”"]);
        assert_eq!(found("«Nous ne voulons pas cela», dit-elle"), ["«Nous ne voulons pas cela»"]);
        assert_eq!(found("„Wir wollen das alles nicht“, sagte er"), ["„Wir wollen das alles nicht“"]);
    }

    #[test]
    fn words_beside_quotations_are_counted() {
        let quoted = "“We will never sign such a paper”";
        for (text, words) in [
            (quoted.to_owned(), 0),
            (format!("\n{quoted} — \u{1a} \u{1a}"), 0),
            (format!("He said: {quoted} ({quoted}), they agreed."), 4),
        ] {
            assert!(stand_beside_words(&text, words), "{text}");
            assert!(!stand_beside_words(&text, words + 1), "{text}");
        }
        assert!(stand_beside_words("No “quotation” here.", 9));
        assert!(stand_beside_words(&format!("They said so, they said: {quoted}"), 5));
        assert!(!stand_beside_words(&format!("They said so, they {quoted}"), 5));
        let left = |text: &str| beside(text, QuotationMarks::Double, 5);
        assert_eq!((left(quoted), left(&format!("{quoted}, he said."))), (Beside::Nothing, Beside::Few));
    }

    #[test]
    fn a_mark_without_a_partner_takes_nothing_with_it() {
        assert!(found("He said \"nothing more about it at all").is_empty());
        let far = format!("\"{}\" and \"so it went on and on\"", "word ".repeat(400));
        assert_eq!(found(&far).last(), Some(&"\"so it went on and on\""));
    }

    #[test]
    fn speech_of_several_paragraphs_has_a_mark_before_each() {
        for [open, close] in [["“", "”"], ["\"", "\""], ["„", "“"], ["«", "»"]] {
            let text = format!(
                "He said: {open}First line of speech.\n\n{open}Second line of the speech.\n\n{open}And this is the last.{close} He left."
            );
            let expected = [
                format!("{open}First line of speech."),
                format!("{open}Second line of the speech."),
                format!("{open}And this is the last.{close}"),
            ];
            assert_eq!(found(&text), expected, "{text}");
        }
        for text in [
            "He wrote \"ink\n\n\" and left.",
            "“An open mark here.\n\nAnother paragraph.\n\n“Third is short”",
        ] {
            assert!(found(text).is_empty(), "{text} {:?}", found(text));
        }
        assert!(!stand_beside_words("“First line of speech.\n\n“Second line of the speech.”\n\nHe left.", 3));
    }

    proptest! {
        #[test]
        fn words_beside_quotations_are_those_that_are_left(
            text in "([a-z]{1,6} ){0,12}([a-z]{1,6}|[ ,.—é]|'|'s|[\"“”]){0,60}", words in 0usize..12,
        ) {
            for marks in [QuotationMarks::Double, QuotationMarks::DoubleAndSingle] {
                let (mut left, mut from) = (0, 0);
                let is_word = |piece: &&str| piece.contains(char::is_alphanumeric);
                let count = |part: &str| part.split_whitespace().filter(is_word).count();
                for quotation in quotations(&text, marks) {
                    left += count(&text[from..quotation.start()]);
                    from = quotation.end();
                }
                let has_none = from == 0;
                left += count(&text[from..]);
                let expected = match left {
                    _ if has_none || left >= words => Beside::Enough,
                    0 => Beside::Nothing,
                    _ => Beside::Few,
                };
                prop_assert_eq!(beside(&text, marks, words), expected);
            }
        }

        #[test]
        fn marks_are_found_among_all_other_characters(text in "([a-z ]{0,40}|[\"“”„«»’éЖ中]|\\PC)*") {
            let plainly: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| is_mark(*c)).collect();
            prop_assert_eq!(marks(&text).collect::<Vec<_>>(), plainly);
        }

        #[test]
        fn quotations_are_in_order_and_begin_and_end_with_marks(text in "([a-z ]{0,12}|[\"“”„«»])*") {
            let mut end = 0;
            for span in quotations(&text, QuotationMarks::Double) {
                let quoted = span.of(&text);
                prop_assert!(span.start() >= end);
                prop_assert!(quoted.starts_with(is_mark) && quoted.ends_with(is_mark));
                end = span.end();
            }
        }
    }
}
