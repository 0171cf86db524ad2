//! Gives the visible text of a page line by line, as a browser shows it: cells of a row stand on
//! one line, and blank lines stand around paragraphs only.

use crate::text::markup::elements::{is_inline, is_unread};
use crate::text::markup::tags::{Piece, Pieces};
use crate::text::markup::visible_text::unescape;

/// Elements with a blank line before and behind them.
const PARAGRAPHS: [&str; 12] =
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "article", "blockquote"];
/// What stands for a ruled line.
const RULE: &str = "____________________________________________________________";

/// Text that is being put together.
#[derive(Default)]
struct Lines {
    text: String,
    /// How many line ends come before the next word.
    breaks: usize,
    /// Whether a blank comes before it.
    is_blank: bool,
}

impl Lines {
    fn end_line(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
    }

    /// Adds a text in which line ends are blanks.
    fn push(&mut self, text: &str) {
        self.is_blank |= text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            if self.breaks > 0 && !self.text.is_empty() {
                self.text.extend(std::iter::repeat_n('\n', self.breaks));
            } else if self.is_blank {
                self.text.push(' ');
            }
            self.text.push_str(word);
            (self.breaks, self.is_blank) = (0, true);
        }
        self.is_blank = text.ends_with(char::is_whitespace) || text.trim().is_empty() && self.is_blank;
    }
}

/// The visible text of a page, with its lines.
pub(crate) fn page_lines(html: &str) -> String {
    let mut lines = Lines::default();
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => lines.push(&unescape(text)),
            Piece::Tag(tag) => {
                if !tag.closes && is_unread(&tag.name) {
                    pieces.skip_element(&tag.name);
                }
                match tag.name.as_str() {
                    "hr" => {
                        lines.end_line(2);
                        lines.push(RULE);
                        lines.end_line(2);
                    }
                    "td" | "th" => lines.is_blank = true,
                    name if PARAGRAPHS.contains(&name) => lines.end_line(2),
                    name if is_inline(name) || name == "wbr" => {}
                    _ => lines.end_line(1),
                }
            }
        }
    }
    lines.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_lines_and_paragraphs_have_blank_lines_around_them() {
        let html = "<style>p</style><div>One <b>two</b>\nthree</div><div>Four<br>five</div><p>Six</p>\n\
                    <table><tr><td><b>HD</b>&nbsp;</td><td>Seven</td></tr><tr><td>WC</td></tr></table><hr>";
        let text = page_lines(html);
        assert!(text.starts_with("One two three\nFour\nfive\n\nSix\n\n"), "{text}");
        assert!(text.contains("\nHD Seven\nWC\n\n____"), "{text}");
    }
}
