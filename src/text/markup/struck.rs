//! Leaves out what stands between an author's words and is not said: what is struck out, for an
//! author took it back, and the marks of MediaWiki (`[1]`, `[edit]`).

use std::borrow::Cow;
use std::ops::Range;

use crate::scan::holds_in_any_case;
use crate::text::markup::elements::{is_inline, is_void};
use crate::text::markup::tags::{Piece, Pieces, Tag};

/// What stands in every page that has something to leave out.
const SIGNS: [&[u8]; 6] = [b"<del", b"<s>", b"<s ", b"<strike", b"line-through", b"mw-editsection"];
/// Classes of the marks of MediaWiki: links to a reference, and to edit a section.
const MARKS: [&str; 2] = ["reference", "mw-editsection"];

/// An element that is struck out and not closed yet.
struct Struck {
    name: String,
    start: usize,
    /// How many elements of its name are open in it.
    same: usize,
    /// How many blocks are open in it.
    blocks: usize,
}

/// The page without what is struck out. An element whose end is missing, or stands in another
/// block, takes nothing with it.
pub(crate) fn without_struck(html: &str) -> Cow<'_, str> {
    if !SIGNS.iter().any(|sign| holds_in_any_case(html.as_bytes(), sign)) {
        return Cow::Borrowed(html);
    }
    let (mut out, mut from) = (String::with_capacity(html.len()), 0);
    for Range { start, end } in struck(html) {
        out.push_str(html.get(from..start).unwrap_or(""));
        from = end;
    }
    out.push_str(html.get(from..).unwrap_or(""));
    Cow::Owned(out)
}

fn struck(html: &str) -> Vec<Range<usize>> {
    let (mut found, mut open) = (Vec::new(), None::<Struck>);
    for piece in Pieces::new(html) {
        let Piece::Tag(tag) = piece else { continue };
        open = match open {
            None => begins(&tag).then(|| Struck::new(&tag)),
            Some(open) if tag.closes && tag.name == open.name && open.same == 0 => {
                if open.blocks == 0 {
                    found.push(open.start..tag.end);
                }
                None
            }
            Some(open) => open.go_on(&tag),
        };
    }
    found
}

fn begins(tag: &Tag<'_>) -> bool {
    let is_struck = || {
        let style = tag.attribute("style").unwrap_or("").to_ascii_lowercase();
        style.contains("line-through")
    };
    let is_mark = || {
        let mut classes = tag.attribute("class").unwrap_or("").split_ascii_whitespace();
        matches!(tag.name.as_str(), "sup" | "span") && classes.any(|class| MARKS.contains(&class))
    };
    !tag.closes
        && (matches!(tag.name.as_str(), "del" | "s" | "strike")
            || is_inline(&tag.name) && (is_struck() || is_mark()))
}

impl Struck {
    fn new(tag: &Tag<'_>) -> Self {
        Struck { name: tag.name.clone(), start: tag.start, same: 0, blocks: 0 }
    }

    fn go_on(mut self, tag: &Tag<'_>) -> Option<Self> {
        if tag.name == self.name {
            if tag.name == "del" {
                // The end of the first one is missing.
                return Some(Struck::new(tag));
            }
            self.same = if tag.closes { self.same - 1 } else { self.same + 1 };
            return Some(self);
        }
        if is_inline(&tag.name) || is_void(&tag.name) {
            return Some(self);
        }
        // Of the elements that are struck out, only this one may hold blocks.
        if self.name != "del" || tag.closes && self.blocks == 0 {
            return None;
        }
        self.blocks = if tag.closes { self.blocks - 1 } else { self.blocks + 1 };
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_struck_out_is_left_out_and_what_took_its_place_stays() {
        for (html, expected) in [
            ("<p>It <del>lied</del> <ins>erred</ins>.</p>", "<p>It  <ins>erred</ins>.</p>"),
            ("<p>It <S class=x><b>lied</b><br></S>erred.</p>", "<p>It erred.</p>"),
            ("<p>It <strike>lied</strike>erred.</p>", "<p>It erred.</p>"),
            (
                "<p>It <span style='text-decoration: line-through'>l<span>i</span>ed</span>erred.</p>",
                "<p>It erred.</p>",
            ),
            (
                "<h2>Ink<span class='mw-editsection'><span>[</span><a>edit</a><span>]</span></span></h2><p>It\
                 <sup class='reference' id=x><a>[1]</a></sup> dried<sup>2</sup>.</p>",
                "<h2>Ink</h2><p>It dried<sup>2</sup>.</p>",
            ),
            ("<del><p>One.</p><ul><li>Two.</li></ul></del><p>Three.</p>", "<p>Three.</p>"),
            ("<p><del>One. <del>Two.</del> Three.</p>", "<p><del>One.  Three.</p>"),
        ] {
            assert_eq!(without_struck(html), expected);
        }
    }

    #[test]
    fn an_element_without_its_end_takes_nothing_with_it() {
        for html in [
            "<p>It <s>lied.</p><p>Two.</p>",
            "<p>It <s>lied.</p><p>Two.</s></p>",
            "<p>It <del>lied.</p><p>Two.</del></p>",
            "<p>It <del>lied.</p>",
            "<del><div><p>One.</p></del>",
            "<p>The <span>strike-through</span> of a line-through.</p>",
            "<p>Three <small>shy <sub>words</sub></small>.</p>",
        ] {
            assert_eq!(without_struck(html), html);
        }
    }
}
