//! A document: decoded text with its name, cut into paragraphs.

use crate::span::Span;

/// Lines longer than this many characters are taken for whole paragraphs, shorter ones for hard-wrapped text.
/// Mail and plain-text files wrap at 72 to 80 columns; 100 leaves room for those that do not quite.
const LONGEST_WRAPPED_LINE: usize = 100;

/// Invalid bytes that decoding replaced by U+FFFD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// How many replacement characters were put in.
    pub count: usize,
    /// Line of the first invalid byte within the file, from 1.
    pub line: u64,
    /// Offset of the first invalid byte within the file, from 0.
    pub byte: u64,
}

/// One text to score, with everything that is needed to name it in a result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The name of the record; see the README for how it is chosen.
    pub id: String,
    /// The path as the user gave it; `-` for standard input.
    pub path: String,
    /// Record number within the file, from 1; `None` where the file is one document.
    pub record: Option<u64>,
    /// Line in the file where the record begins, from 1.
    pub line: u64,
    /// The decoded text without markup. All offsets count its bytes.
    pub text: String,
    /// Title from front matter; not part of the text.
    pub title: Option<String>,
    /// The extra columns that were asked for, in the order asked; `None` where the record has none.
    pub columns: Vec<Option<String>>,
    /// Set if the input was not valid UTF-8.
    pub replaced: Option<Replaced>,
}

impl Document {
    /// A document of nothing but an id and a text.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Document { id: id.into(), text: text.into(), line: 1, ..Document::default() }
    }

    /// The paragraphs of the text; see [`paragraphs`].
    pub fn paragraphs(&self) -> Vec<Span> {
        paragraphs(&self.text)
    }
}

/// Cuts a text into paragraphs: at blank lines, and inside such a block at every line end if any of
/// its lines is too long to be hard-wrapped. Spans begin and end at visible characters and never overlap.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut block: Vec<Span> = Vec::new();
    for line in lines(text) {
        if line.is_empty() {
            close(text, &mut block, &mut out);
        } else {
            block.push(line);
        }
    }
    close(text, &mut block, &mut out);
    out
}

/// The lines of a text without surrounding white space; blank lines are empty spans.
fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut start = 0;
    text.split('\n').map(move |line| {
        let lead = line.len() - line.trim_start().len();
        let span = Span::new(start + lead, start + lead + line.trim().len());
        start += line.len() + 1;
        span
    })
}

fn close(text: &str, block: &mut Vec<Span>, out: &mut Vec<Span>) {
    let wrapped = block.iter().all(|line| line.of(text).chars().count() <= LONGEST_WRAPPED_LINE);
    match (block.first(), block.last()) {
        (Some(first), Some(last)) if wrapped => out.push(first.join(*last)),
        _ => out.extend_from_slice(block),
    }
    block.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        paragraphs(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn blank_lines_separate_paragraphs() {
        assert_eq!(cut("One.\n\n \t\nTwo,\nwrapped.\r\n\r\nThree.\n"), ["One.", "Two,\nwrapped.", "Three."]);
    }

    #[test]
    fn a_file_with_one_paragraph_a_line_is_cut_at_lines() {
        let long = "word ".repeat(40);
        let text = format!("Title\n{long}\n{long}\n");
        assert_eq!(cut(&text), ["Title", long.trim(), long.trim()]);
    }

    #[test]
    fn a_text_without_letters_has_no_paragraph() {
        assert!(cut(" \n\n\u{a0}\n").is_empty());
    }

    proptest! {
        #[test]
        fn paragraphs_are_in_order_and_lose_only_white_space(text in "(\\PC|[ \\n\\r\\t]){0,300}") {
            let spans = paragraphs(&text);
            let mut at = 0;
            for span in &spans {
                prop_assert!(span.start() >= at);
                prop_assert!(text.get(at..span.start()).is_some_and(|gap| gap.trim().is_empty()));
                prop_assert!(!span.of(&text).is_empty());
                at = span.end();
            }
            prop_assert!(text.get(at..).is_some_and(|rest| rest.trim().is_empty()));
        }
    }
}
