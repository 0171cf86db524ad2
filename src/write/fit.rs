//! Cuts texts to the columns that there is room for, and breaks lists into lines.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::write::printable::printable;

/// The columns that a text takes on a terminal.
pub(crate) fn columns_of(text: &str) -> usize {
    text.width()
}

/// A text cut to a width, its beginning kept.
pub(crate) fn fit_start(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return text;
    }
    let mut kept = take(text.chars(), width);
    kept.extend((width > 0).then_some('…'));
    kept
}

/// The beginning of a text on one line, cut behind a word where the text goes on. A first word that
/// has no room is cut itself.
#[cfg(any(test, all(feature = "cli", feature = "train")))]
pub(crate) fn first_words(text: &str, width: usize) -> String {
    let mut kept = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let gap = if kept.is_empty() { "" } else { " " };
        // Where the text goes on, a column stays free for the mark.
        let mark = usize::from(words.peek().is_some());
        if kept.width() + gap.len() + word.width() + mark > width {
            return match kept.is_empty() {
                true => fit_start(word, width),
                false => kept + "…",
            };
        }
        kept += gap;
        kept += word;
    }
    kept
}

/// A text cut to a width, its end kept: the end of a path tells more than its beginning.
pub(crate) fn fit_end(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return text;
    }
    let kept = take(text.chars().rev(), width);
    (width > 0).then_some('…').into_iter().chain(kept.chars().rev()).collect()
}

/// The first characters that leave one column of a width free.
fn take(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    characters.take_while(fits).collect()
}

/// Texts joined by commas, in lines of a width, each behind an indent.
pub(crate) fn wrapped(texts: &[String], indent: usize, width: usize) -> Vec<String> {
    let blank = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let comma = if number + 1 < texts.len() { "," } else { "" };
        let piece = format!("{text}{comma}");
        match lines.last_mut() {
            Some(line) if line.width() + 1 + piece.width() <= width => {
                line.push(' ');
                line.push_str(&piece);
            }
            _ => lines.push(format!("{blank}{}", fit_start(&piece, width.saturating_sub(indent)))),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_columns_not_bytes() {
        assert_eq!(fit_start("abcdef", 4), "abc…");
        assert_eq!(fit_end("abcdef", 4), "…def");
        assert_eq!(fit_end("日本語", 4), "…語");
        assert_eq!(
            (fit_start("ab", 4), fit_start("ab", 1), fit_end("ab", 0)),
            ("ab".into(), "…".into(), "".into())
        );
    }

    #[test]
    fn a_text_is_cut_behind_a_word() {
        assert_eq!(first_words("one\n two three", 80), "one two three");
        assert_eq!(first_words("one two three", 9), "one two…");
        assert_eq!(first_words("one two three", 7), "one…");
        assert_eq!((first_words("seventeen", 5), first_words("", 5)), ("seve…".into(), "".into()));
    }

    #[test]
    fn lists_are_wrapped_between_texts() {
        let texts = ["one", "two", "three"].map(str::to_owned);
        assert_eq!(wrapped(&texts, 2, 12), ["  one, two,", "  three"]);
        assert_eq!(wrapped(&texts, 0, 4), ["one,", "two,", "thr…"]);
    }
}
