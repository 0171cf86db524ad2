//! Splits text into paragraphs, as spans in order, without the blanks between them.

mod long;

use long::cut_long;

use crate::scan::places;
use crate::text::boundaries::count_words;
use crate::text::span::Span;

/// Lines longer than this many characters are taken for whole paragraphs, shorter ones for
/// hard-wrapped text. Mail and plain-text files wrap at 72 to 80 columns; 100 leaves room for those
/// that do not quite.
const MAX_WRAPPED_LINE: usize = 100;
/// A paragraph of more words is cut at sentence ends: speech transcripts come without any breaks.
const MAX_WORDS: usize = 240;
/// Most words of a list that is taken for one paragraph.
const MAX_LIST_WORDS: usize = 200;
/// Most paragraphs of one text. No text that is read by people has so many; it bounds what a text
/// of nothing but line ends costs.
const MAX_PARAGRAPHS: usize = 1 << 18;

/// A paragraph of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its place in the text.
    pub span: Span,
    /// Its words between white space.
    pub words: usize,
}

impl Paragraph {
    fn new(text: &str, span: Span) -> Self {
        Paragraph { span, words: count_words(span.of(text), usize::MAX) }
    }
}

/// Cuts a text into paragraphs: at blank lines and form feeds; inside such a block at every line
/// end, if any of its lines is too long to be hard-wrapped; the items of a list go together, with
/// the line that leads in to them; what is longer than any paragraph is cut at sentence ends. Spans
/// begin and end at visible characters and never overlap. Of a text with more than 262,144
/// paragraphs, the last holds all that follows.
pub fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut cutter = Cutter { text, out: Vec::new(), open: None, in_list: false };
    let mut block: Option<Block> = None;
    for line in lines(text) {
        if line.is_empty() {
            cutter.block(block.take());
            continue;
        }
        // A form feed ends a page.
        if block.is_some_and(|block| Span::new(block.span.end(), line.start()).of(text).contains('\u{c}')) {
            cutter.block(block.take());
        }
        block = Some(match block {
            None => Block { span: line, lines: Lines::One },
            Some(before) => before.with(text, line),
        });
    }
    cutter.block(block);
    cutter.end();
    let mut out = cutter.out;
    if out.len() == MAX_PARAGRAPHS {
        // It may have been joined from many.
        out.iter_mut().last().into_iter().for_each(|last| *last = Paragraph::new(text, last.span));
    }
    out
}

/// Joins paragraphs that follow each other into passages of at least so many words, for a model
/// that was trained on longer units than the one or two sentences that web pages print as a
/// paragraph. What is left at the end joins the passage before it if it has less than half of the
/// words. `paragraphs` must follow each other in the text.
pub fn passages(paragraphs: &[Paragraph], least_words: u32) -> Vec<Span> {
    let least = least_words as usize;
    let mut out: Vec<Span> = Vec::new();
    let mut open: Option<(Span, usize)> = None;
    for &Paragraph { span: paragraph, words } in paragraphs {
        let (passage, count) =
            open.map_or((paragraph, words), |(span, count)| (span.join(paragraph), count + words));
        open = if count >= least {
            out.push(passage);
            None
        } else {
            Some((passage, count))
        };
    }
    if let Some((rest, count)) = open {
        match out.last_mut() {
            Some(last) if 2 * count < least => *last = last.join(rest),
            _ => out.push(rest),
        }
    }
    out
}

/// Lines that no blank line parts.
#[derive(Clone, Copy)]
struct Block {
    span: Span,
    lines: Lines,
}

/// The lines of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    /// All are short enough to be hard-wrapped.
    Wrapped,
    /// Each is a paragraph.
    Long,
}

impl Block {
    /// The block with its next line.
    fn with(self, text: &str, line: Span) -> Self {
        let is_wrapped = match self.lines {
            Lines::One => is_short(self.span.of(text)) && is_short(line.of(text)),
            Lines::Wrapped => is_short(line.of(text)),
            Lines::Long => false,
        };
        Block { span: self.span.join(line), lines: if is_wrapped { Lines::Wrapped } else { Lines::Long } }
    }
}

/// Whether a line may be hard-wrapped.
fn is_short(line: &str) -> bool {
    // A character has one to four bytes.
    line.len() <= MAX_WRAPPED_LINE
        || line.len() <= 4 * MAX_WRAPPED_LINE && line.chars().count() <= MAX_WRAPPED_LINE
}

/// Takes blocks as they come and keeps none of them: a text of nothing but line ends has millions.
struct Cutter<'t> {
    text: &'t str,
    out: Vec<Paragraph>,
    /// A paragraph that list items may still join.
    open: Option<Span>,
    in_list: bool,
}

impl Cutter<'_> {
    /// A block of lines: one hard-wrapped paragraph, or one paragraph a line.
    fn block(&mut self, block: Option<Block>) {
        match block {
            Some(Block { span, lines: Lines::One | Lines::Wrapped }) => self.paragraph(span),
            Some(Block { span, lines: Lines::Long }) => {
                for line in lines(span.of(self.text)) {
                    self.paragraph(line.shifted(span.start()));
                }
            }
            None => {}
        }
    }

    /// Joins list items to each other, and to the paragraph before them if it ends with a colon.
    fn paragraph(&mut self, span: Span) {
        let item = is_item(span.of(self.text));
        match &mut self.open {
            Some(before)
                if item
                    && (self.in_list || before.of(self.text).ends_with(':'))
                    && words(before.join(span).of(self.text)) <= MAX_LIST_WORDS =>
            {
                *before = before.join(span);
            }
            _ => {
                self.end();
                self.open = Some(span);
            }
        }
        self.in_list = item;
    }

    /// Nothing more joins the open paragraph.
    fn end(&mut self) {
        let Some(span) = self.open.take() else { return };
        cut_long(self.text, span, &mut self.out);
        if let Some(last) = self.out.last().copied().filter(|_| self.out.len() > MAX_PARAGRAPHS) {
            self.out.truncate(MAX_PARAGRAPHS);
            self.out.iter_mut().last().into_iter().for_each(|all| all.span = all.span.join(last.span));
        }
    }
}

/// The lines of a text without surrounding white space; blank lines are empty spans. A carriage
/// return ends a line, too, unless nothing but others and a line feed, or the end of the text,
/// follow.
fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut ends = places(bytes, |byte| (byte == b'\n') | (byte == b'\r'));
    let mut next = Some(0);
    // Carriage returns before this place are known to be followed by something else.
    let mut lone_until = 0;
    std::iter::from_fn(move || {
        let start = next?;
        let end = ends.find(|end| *end >= start).unwrap_or(bytes.len());
        next = match bytes.get(end) {
            None => None,
            Some(b'\n') => Some(end + 1),
            Some(_) if end < lone_until => Some(end + 1),
            Some(_) => {
                let returns = bytes.iter().skip(end).take_while(|&&byte| byte == b'\r').count();
                match bytes.get(end + returns) {
                    Some(b'\n') => Some(end + returns + 1),
                    Some(_) => {
                        lone_until = end + returns;
                        Some(end + 1)
                    }
                    None => None,
                }
            }
        };
        let line = text.get(start..end).unwrap_or("");
        let visible = line.trim_start();
        let start = end - visible.len();
        Some(Span::new(start, start + visible.trim_end().len()))
    })
}

/// Whether a paragraph begins like a list item: a dash, bullet or star, or a short number with a
/// point or bracket.
fn is_item(paragraph: &str) -> bool {
    let rest = match paragraph.strip_prefix(['-', '*', '•', '–', '·', '‣']) {
        Some(rest) => rest,
        None => {
            let number = paragraph.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = paragraph.len() - number.len();
            match number.strip_prefix(['.', ')']) {
                Some(rest) if (1..=2).contains(&digits) => rest,
                _ => return false,
            }
        }
    };
    rest.starts_with(char::is_whitespace)
}

fn words(text: &str) -> usize {
    count_words(text, MAX_WORDS + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(super) fn cut(text: &str) -> Vec<&str> {
        paragraphs(text).into_iter().map(|paragraph| paragraph.span.of(text)).collect()
    }

    #[test]
    fn blank_lines_separate_paragraphs() {
        assert_eq!(cut("One.\n\n \t\nTwo,\nwrapped.\r\n\r\nThree.\n"), ["One.", "Two,\nwrapped.", "Three."]);
        assert_eq!(cut("One\npage.\n\u{c}Two,\nwrapped."), ["One\npage.", "Two,\nwrapped."]);
    }

    /// The same in the words of the standard library, which looks at a text twice.
    fn plain_lines(text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut start = 0;
        for line in text.split('\n') {
            let mut at = start;
            start += line.len() + 1;
            for line in line.trim_end_matches('\r').split('\r') {
                let lead = line.len() - line.trim_start().len();
                spans.push(Span::new(at + lead, at + lead + line.trim().len()));
                at += line.len() + 1;
            }
        }
        spans
    }

    proptest! {
        #[test]
        fn lines_are_those_between_line_ends(text in "[\r\n\ta à\u{85}]{0,24}") {
            prop_assert_eq!(lines(&text).collect::<Vec<_>>(), plain_lines(&text));
        }
    }

    #[test]
    fn carriage_returns_end_lines_as_line_feeds_do() {
        let text = "Head\n\nOne line\nand more.\n\nTwo.\n";
        let expected = ["Head", "One line\nand more.", "Two."];
        assert_eq!(cut(text), expected);
        assert_eq!(cut(&text.replace('\n', "\r")), expected.map(|part| part.replace('\n', "\r")));
        for end in ["\r\n", "\r\r\n"] {
            assert_eq!(cut(&text.replace('\n', end)), expected.map(|part| part.replace('\n', end)));
        }
        assert_eq!(cut("One.\n\nTwo.\r\rThree."), ["One.", "Two.", "Three."]);
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

    #[test]
    fn list_items_go_with_what_leads_in_to_them() {
        let text = "Three things are left open:\n\n- who signs;\n\n- who pays;\n\n- who sends troops.\n\nNobody answered.";
        let found = cut(text);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("Three things") && found[0].ends_with("troops."));
        assert_eq!(
            cut("A heading\n\n1. one\n\n2. two\n\nText.").len(),
            3,
            "a list without a lead-in is one paragraph"
        );
        assert_eq!(cut("- one\n- two"), ["- one\n- two"]);
        assert_eq!(cut("It said:\n\nNot an item.").len(), 2);
        assert_eq!(cut("Prices fell:\n\n2024 was worse.").len(), 2, "a year is no item number");
    }

    #[test]
    fn short_paragraphs_are_joined_into_passages() {
        let text = "a b c\n\nd e\n\nf g h i j k\n\nl\n\nm n o";
        let all = paragraphs(text);
        let joined = |least| {
            passages(&all, least).into_iter().map(|span| span.of(text).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(joined(5), ["a b c\n\nd e", "f g h i j k", "l\n\nm n o"]);
        assert_eq!(joined(6), ["a b c\n\nd e\n\nf g h i j k", "l\n\nm n o"]);
        assert_eq!(joined(11), [text]);
        assert_eq!(joined(100), [text]);
        assert_eq!(joined(0).len(), all.len());
        assert!(passages(&[], 5).is_empty());
    }

    #[test]
    fn a_text_of_more_paragraphs_than_anyone_reads_ends_in_a_long_one() {
        let text = "a\n\n".repeat(MAX_PARAGRAPHS + 10);
        let found = paragraphs(&text);
        assert_eq!(found.len(), MAX_PARAGRAPHS);
        let last = found.last().copied().unwrap();
        assert_eq!((last.span.of(&text).trim().len(), last.words), (31, 11));
    }

    proptest! {
        #[test]
        fn paragraphs_are_in_order_and_lose_only_white_space(
            text in "(\\PC|[ \\n\\r\\t]|- |: |\\. ){0,300}", times in 1usize..40
        ) {
            let text = text.repeat(times);
            let mut at = 0;
            for Paragraph { span, words } in paragraphs(&text) {
                prop_assert_eq!(words, span.of(&text).split_whitespace().count());
                prop_assert!(span.start() >= at);
                prop_assert!(text.get(at..span.start()).is_some_and(|gap| gap.trim().is_empty()));
                prop_assert!(!span.of(&text).is_empty());
                at = span.end();
            }
            prop_assert!(text.get(at..).is_some_and(|rest| rest.trim().is_empty()));
        }
    }
}
