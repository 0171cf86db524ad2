//! Tells text with tags or character references of HTML from text with a `<` in it.

use crate::scan::find_byte;

/// Elements that stand in the texts of content management systems, mail and feeds.
const ELEMENTS: [&str; 50] = [
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "tr",
    "u",
    "ul",
];
/// Character references that are common; numbers are others.
const REFERENCES: [&str; 18] = [
    "amp", "lt", "gt", "quot", "apos", "nbsp", "rsquo", "lsquo", "rdquo", "ldquo", "ndash", "mdash",
    "hellip", "eacute", "egrave", "uuml", "shy", "euro",
];
/// Longest name of an element or a reference.
const MAX_NAME: usize = 10;

/// Whether a text holds a tag or a character reference of HTML.
pub(super) fn looks_like_html(text: &str) -> bool {
    let bytes = text.as_bytes();
    let next = |from: usize| find_byte(bytes, from, |byte| byte == b'<' || byte == b'&');
    let mut from = 0;
    while let Some(at) = next(from) {
        let rest = bytes.get(at + 1..).unwrap_or(&[]);
        let is_markup = match bytes.get(at) {
            Some(b'<') => is_tag(rest),
            _ => is_reference(rest),
        };
        if is_markup {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Whether `<` and these bytes are a tag of a known element.
fn is_tag(rest: &[u8]) -> bool {
    let rest = rest.strip_prefix(b"/").unwrap_or(rest);
    let Some((name, rest)) = name(rest) else { return false };
    ELEMENTS.iter().any(|element| name.eq_ignore_ascii_case(element.as_bytes()))
        && match rest.first() {
            Some(b'>') => true,
            Some(b'/') => rest.get(1) == Some(&b'>'),
            // Attributes: a value follows, and the tag is closed.
            Some(byte) if byte.is_ascii_whitespace() => {
                let closed = rest.iter().position(|byte| matches!(byte, b'<' | b'>'));
                let inside = closed.filter(|at| rest.get(*at) == Some(&b'>')).and_then(|at| rest.get(..at));
                inside.is_some_and(|inside| inside.trim_ascii() == b"/" || inside.contains(&b'='))
            }
            _ => false,
        }
}

/// Whether `&` and these bytes are a character reference.
fn is_reference(rest: &[u8]) -> bool {
    if let Some(number) = rest.strip_prefix(b"#") {
        let number = number.strip_prefix(b"x").or_else(|| number.strip_prefix(b"X")).unwrap_or(number);
        let digits = number.iter().take(MAX_NAME).take_while(|byte| byte.is_ascii_hexdigit()).count();
        return digits > 1 && number.get(digits) == Some(&b';');
    }
    name(rest).is_some_and(|(name, rest)| {
        rest.first() == Some(&b';') && REFERENCES.iter().any(|reference| name == reference.as_bytes())
    })
}

/// The letters and digits that bytes begin with, and what follows them.
fn name(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = bytes.iter().take(MAX_NAME + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    (1..=MAX_NAME).contains(&length).then(|| bytes.split_at_checked(length)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_references_look_like_html() {
        for text in [
            "<p>Rain.</p>",
            "Rain<br/>and wind",
            "Rain<BR />and wind",
            "see <a href=\"x\">this</a>",
            "Tom &amp; Ann",
            "no&nbsp;break",
            "it&#39;s and it&#x2019;s",
        ] {
            assert!(looks_like_html(text), "{text}");
        }
    }

    #[test]
    fn signs_of_comparison_and_hearts_do_not() {
        for text in [
            "I <3 this",
            "a <- b and b -> c",
            "1 < 2 & 3 > 2",
            "Marks & Spencer; AT&T;",
            "if a <b and c> d",
            "<john@mail.org> wrote",
            "x<y>z",
            "<p",
            "&",
            "<",
            "R&D; and more",
            "<b or not",
        ] {
            assert!(!looks_like_html(text), "{text}");
        }
    }
}
