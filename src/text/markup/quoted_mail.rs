//! Takes out of the page of a mail what its program marks as another mail, which is answered or
//! passed on.

use std::borrow::Cow;

use crate::text::markup::tags::{Piece, Pieces, Tag};
use crate::text::markup::visible_text::visible_text;

/// Elements that mail programs put around another mail.
const HOLDERS: [&str; 2] = ["div", "blockquote"];
/// Classes of such elements: of Gmail, Yahoo, Thunderbird, and Proton.
const CLASSES: [&str; 6] = [
    "gmail_quote",
    "gmail_quote_container",
    "yahoo_quoted",
    "moz-cite-prefix",
    "moz-forward-container",
    "protonmail_quote",
];

/// The page without these elements; the page as it is where nothing else would be left.
#[cfg_attr(not(all(feature = "mail", feature = "html")), allow(dead_code))]
pub(crate) fn without_quoted_mail(html: &str) -> Cow<'_, str> {
    let (mut out, mut from) = (String::new(), 0);
    let mut quoted: Option<Quoted> = None;
    for piece in Pieces::new(html) {
        match (piece, &mut quoted) {
            (Piece::Tag(tag), None) if !tag.closes && is_quoted(&tag) => {
                out.push_str(html.get(from..tag.start).unwrap_or(""));
                from = html.len();
                quoted = Some(Quoted { name: tag.name, depth: 1 });
            }
            (Piece::Tag(tag), Some(inside)) if tag.name == inside.name => {
                inside.depth = if tag.closes { inside.depth - 1 } else { inside.depth + 1 };
                if inside.depth == 0 {
                    from = tag.end;
                    quoted = None;
                }
            }
            _ => {}
        }
    }
    if from == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(from..).unwrap_or(""));
    if visible_text(&out).is_empty() { Cow::Borrowed(html) } else { Cow::Owned(out) }
}

/// The element that is left out, and how many of its name are open.
struct Quoted {
    name: String,
    depth: usize,
}

fn is_quoted(tag: &Tag<'_>) -> bool {
    if !HOLDERS.contains(&tag.name.as_str()) {
        return false;
    }
    tag.attributes().any(|(name, value)| match name.to_ascii_lowercase().as_str() {
        "class" => value.split_ascii_whitespace().any(|class| CLASSES.contains(&class)),
        "type" => value.eq_ignore_ascii_case("cite"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_marks_as_another_mail_is_left_out() {
        for (html, expected) in [
            (
                "<p>No.</p><div class='gmail_quote'><div>Ann wrote:</div><p>Pay up.</p></div><p>Ben</p>",
                "<p>No.</p><p>Ben</p>",
            ),
            ("<p>No.</p><blockquote type=cite><blockquote>x</blockquote>Pay up.", "<p>No.</p>"),
            ("<div class=moz-cite-prefix>Ann:</div><blockquote type=cite>Pay up.</blockquote>No.", "No."),
        ] {
            assert_eq!(without_quoted_mail(html), expected);
        }
        for whole in
            ["<p>No.</p>", "<div class=gmail_quote>Pay up.</div>", "<blockquote>Pay up.</blockquote> No.", ""]
        {
            assert_eq!(without_quoted_mail(whole), whole);
        }
    }
}
