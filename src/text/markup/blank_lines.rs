//! Makes paragraphs of the blank lines in fragments of HTML that have no other paragraphs, as
//! WordPress and other programs write them.

use std::borrow::Cow;

use crate::scan::holds_in_any_case;

/// What stands in pages, and in fragments whose paragraphs have tags or in which a blank line is
/// none.
const SIGNS: [&str; 9] = ["<p", "<div", "<html", "<head", "<body", "<table", "<script", "<textarea", "<?xml"];

/// A fragment with a tag at each blank line; any other text as it is.
pub(super) fn with_paragraphs(html: &str) -> Cow<'_, str> {
    if !(html.contains("\n\n") || html.contains("\r\n\r\n"))
        || SIGNS.iter().any(|sign| holds_in_any_case(html.as_bytes(), sign.as_bytes()))
    {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + html.len() / 32);
    let (mut is_blank, mut is_first) = (true, true);
    for line in html.split_inclusive('\n') {
        if line.trim().is_empty() {
            is_blank = true;
        } else if std::mem::take(&mut is_blank) {
            out.push_str(if is_first { "<p>" } else { "</p><p>" });
            is_first = false;
        }
        out.push_str(line);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_of_fragments_become_paragraphs() {
        for (html, expected) in [
            ("One <b>two</b>.\nThree.\n\n\nFour.", "<p>One <b>two</b>.\nThree.\n\n\n</p><p>Four."),
            ("\nOne.\r\n\r\n<ul><li>Two.</ul>", "\n<p>One.\r\n\r\n</p><p><ul><li>Two.</ul>"),
        ] {
            assert_eq!(with_paragraphs(html), expected);
        }
    }

    #[test]
    fn other_texts_stay() {
        for html in ["<P>One.\n\nTwo.", "<html>One.\n\nTwo.", "One.\nTwo.", "One.\n\n<pre>x</pre>", ""] {
            assert_eq!(with_paragraphs(html), html);
        }
    }
}
