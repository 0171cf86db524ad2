//! Takes the visible text out of HTML, tag by tag and without a tree.

use crate::text::markup::elements::{is_inline, is_unread};
use crate::text::markup::struck::without_struck;
use crate::text::markup::tags::{MAX_NAME, Piece, Pieces};

/// Gives the text outside of tags, comments and unread elements. Every element that is not inline
/// ends a paragraph.
pub(crate) fn visible_text(html: &str) -> String {
    let html = &*without_struck(html);
    let mut out = String::new();
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => out.push_str(&unescape(text)),
            Piece::Tag(tag) => {
                if !tag.closes && is_unread(&tag.name) {
                    pieces.skip_element(&tag.name);
                }
                if !is_inline(&tag.name) {
                    out.push_str("\n\n");
                }
            }
        }
    }
    tidy(&out)
}

/// Leaves one blank line between paragraphs and one space between words.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() {
            blank = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        for (number, word) in words.enumerate() {
            if number > 0 {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

/// Decodes character references. The end of each is looked for near its `&` only.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let end = reference.bytes().take(MAX_NAME).position(|byte| byte == b';').map_or(1, |end| end + 1);
        let (reference, after) = reference.split_at(end);
        out.push_str(&html_escape::decode_html_entities(reference));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_comments_and_scripts_are_not_visible() {
        let html =
            "<b>Short</b> &amp; <i>plain</i> 3 < 4<script>var x = '<p>';</script><br>Next<p>Last<!-- no -->.";
        assert_eq!(visible_text(html), "Short & plain 3 < 4\n\nNext\n\nLast.");
        assert_eq!(visible_text("One<?two?> three<!four> five<! six"), "One three five");
        assert_eq!(visible_text(""), "");
    }

    #[test]
    fn character_references_are_decoded_and_others_stay() {
        assert_eq!(unescape("a &amp; b &lt c &#1080; &nosuch; & d"), "a & b &lt c и &nosuch; & d");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_html_panics(html in "(\\PC|<p>|</p>|<div |>|<!--|-->|<script>|</|&amp;|&#x|<table><td>|<svg>){0,120}") {
            visible_text(&html);
        }
    }
}
