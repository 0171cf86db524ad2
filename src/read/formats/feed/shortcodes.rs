//! Leaves out the shortcodes of WordPress: `[gallery ids="1,2"]`.

use std::borrow::Cow;

/// A shortcode is no longer, in bytes.
const MAX_SHORTCODE: usize = 500;
/// Shortcodes without attributes; others are known by their attributes or by their end.
const BARE: [&str; 6] = ["gallery", "embed", "caption", "audio", "video", "playlist"];

/// The text without shortcodes, and without the captions that stand in them.
pub(super) fn without_shortcodes(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'[', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = memchr::memchr(b'[', rest.as_bytes()) {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        rest = match shortcode(here) {
            Some(code) => behind(here, code),
            None => {
                out.push('[');
                here.get(1..).unwrap_or("")
            }
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The shortcode that a text begins with, without its brackets.
fn shortcode(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let end = memchr::memchr2(b']', b'\n', inside.as_bytes().get(..inside.len().min(MAX_SHORTCODE))?)?;
    let inside = inside.get(..end).filter(|_| text.as_bytes().get(end + 1) == Some(&b']'))?;
    let code = inside.strip_prefix('/').unwrap_or(inside);
    let (name, attributes) = code.split_once(' ').unwrap_or((code, ""));
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte));
    let is_sure = attributes.contains('=') || code.len() < inside.len() || BARE.contains(&name);
    (is_name && is_sure).then_some(inside)
}

/// What follows a shortcode; of a caption, what follows its end.
fn behind<'t>(text: &'t str, code: &str) -> &'t str {
    const END: &str = "[/caption]";
    let rest = text.get(code.len() + 2..).unwrap_or("");
    let is_caption = code == "caption" || code.starts_with("caption ");
    match rest.find(END).filter(|_| is_caption) {
        Some(at) => rest.get(at + END.len()..).unwrap_or(""),
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_are_left_out_with_their_captions() {
        for (text, expected) in [
            ("One [caption id=\"a\" width=\"3\"]<img src=\"x\"> The hall[/caption] two.", "One  two."),
            ("[gallery ids=\"1,2\"]One [embed]two[/embed].[gallery]", "One two."),
            ("[et_pb_text admin=\"x\"]One[/et_pb_text]", "One"),
            ("[caption]One", "One"),
        ] {
            assert_eq!(without_shortcodes(text), expected);
        }
    }

    #[test]
    fn brackets_of_an_author_stay() {
        for text in
            ["He [the envoy] said [sic] so [...] [1] [", "[Note = a] [a\nb=c] [é=1]", "It rained.", ""]
        {
            assert_eq!(without_shortcodes(text), text);
        }
    }
}
