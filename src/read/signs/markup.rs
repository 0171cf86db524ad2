//! Tells text with markup (tags of HTML, of forums, of wikis, links of Markdown) from text with a
//! `<` or a `[` in it.

use memchr::memmem;

use crate::read::signs::escapes;
use crate::scan::places;

/// Elements that stand in the texts of content management systems, mail and feeds.
#[rustfmt::skip]
const ELEMENTS: [&str; 50] = [
    "a", "abbr", "article", "aside", "b", "blockquote", "body", "br", "caption", "center", "cite", "code", "dd", "div", "dl",
    "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i",
    "iframe", "img", "li", "ol", "p", "pre", "script", "section", "small", "span", "strong", "sub", "sup", "table", "td", "tr",
    "u", "ul",
];
/// Character references that are common; numbers are others.
const REFERENCES: [&str; 29] = [
    "amp", "lt", "gt", "quot", "apos", "nbsp", "rsquo", "lsquo", "rdquo", "ldquo", "ndash", "mdash",
    "hellip", "shy", "euro", "laquo", "raquo", "bdquo", "sbquo", "szlig", "copy", "reg", "deg", "sect",
    "middot", "bull", "trade", "pound", "iquest",
];
/// How the references of letters with marks end: `eacute`, `uuml`.
const MARKS_OF_LETTERS: [&str; 9] =
    ["acute", "grave", "uml", "circ", "tilde", "cedil", "ring", "slash", "caron"];
/// Tags of forums.
const BBCODE: [&str; 17] = [
    "b", "i", "u", "s", "url", "img", "quote", "code", "color", "size", "font", "list", "spoiler", "center",
    "left", "right", "email",
];
/// Longest name of a link, in bytes.
const MAX_LINK: usize = 300;
/// Longest name of an element or a reference.
const MAX_NAME: usize = 10;

/// The markup that a text shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Markup {
    /// A tag or a character reference of HTML.
    pub(super) html: bool,
    /// A link of Markdown, and no other markup.
    pub(super) link: bool,
    /// A tag that forums write in brackets: `[b]`.
    pub(super) bbcode: bool,
    /// Two kinds of the signs that wikis write: links `[[...]]`, templates `{{...}}`, headings,
    /// tables, and `'''`.
    pub(super) wiki: bool,
    /// The sign before text that a parser of XML takes as it stands: `<![CDATA[`.
    pub(super) cdata: bool,
    /// A line end that is written out: `\n`.
    pub(super) line_end: bool,
    /// A character that is written out, as `\u2019` or `<U+2019>`.
    pub(super) character: bool,
}

/// Looks for markup in one pass.
pub(super) fn find(text: &str) -> Markup {
    let bytes = text.as_bytes();
    let is_first =
        |byte: u8| (byte == b'<') | (byte == b'&') | (byte == b'[') | (byte == b'{') | (byte == b'\\');
    let mut found = Markup::default();
    let (mut has_link, mut has_template, mut has_wiki_link) = (false, false, false);
    for at in places(bytes, is_first) {
        let rest = bytes.get(at + 1..).unwrap_or(&[]);
        match bytes.get(at) {
            Some(b'<') => {
                found.html = found.html || is_tag(rest);
                found.cdata = found.cdata || rest.starts_with(b"![CDATA[");
                found.character = found.character || escapes::is_of_r(rest);
            }
            Some(b'&') => found.html = found.html || is_reference(rest),
            Some(b'[') => {
                found.bbcode = found.bbcode || is_closing_bbcode(rest);
                has_link = has_link || is_link(rest);
                has_wiki_link = has_wiki_link || is_wiki(rest, b'[', b"]]");
            }
            Some(b'\\') => {
                let before = bytes.get(..at).unwrap_or(&[]);
                found.line_end = found.line_end || escapes::is_line_end(before, rest);
                found.character = found.character || escapes::is_character(before, rest);
            }
            _ => has_template = has_template || is_wiki(rest, b'{', b"}}"),
        }
    }
    let is_wiki = has_wiki_link || has_template;
    let has_heading = || text.contains("\n== ") || text.starts_with("== ") || text.contains("{|");
    found.wiki = has_wiki_link && (has_template || has_heading()) || is_wiki && text.contains("'''");
    found.link = has_link && !found.html && !found.bbcode;
    found
}

/// Whether a text has tags of HTML. One alone may be what a text is about.
pub(crate) fn has_tags(text: &str) -> bool {
    const MIN_TAGS: usize = 2;
    let bytes = text.as_bytes();
    let is_at = |at: &usize| is_tag(bytes.get(at + 1..).unwrap_or(&[]));
    memchr::memchr_iter(b'<', bytes).filter(is_at).nth(MIN_TAGS - 1).is_some()
}

/// Whether a text has a character reference of HTML.
pub(crate) fn has_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'&', bytes).any(|at| is_reference(bytes.get(at + 1..).unwrap_or(&[])))
}

/// Whether `[` and these bytes are the end of a tag of a forum.
fn is_closing_bbcode(rest: &[u8]) -> bool {
    let Some((name, rest)) = rest.strip_prefix(b"/").and_then(name) else { return false };
    rest.first() == Some(&b']') && BBCODE.iter().any(|tag| name.eq_ignore_ascii_case(tag.as_bytes()))
}

/// Whether `[` and these bytes are a link of Markdown.
fn is_link(rest: &[u8]) -> bool {
    let end = rest.iter().take(MAX_LINK).position(|byte| matches!(byte, b']' | b'\n'));
    end.is_some_and(|end| rest.get(end..end + 2) == Some(b"]("))
}

/// Whether a sign and these bytes are two signs, and on the same line what closes them.
fn is_wiki(rest: &[u8], sign: u8, close: &[u8]) -> bool {
    let line = || rest.iter().take(MAX_LINK).take_while(|byte| **byte != b'\n').count();
    rest.first() == Some(&sign) && rest.get(..line()).is_some_and(|line| memmem::find(line, close).is_some())
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
    let is_letter = |name: &[u8]| {
        let mark = name.get(1..).unwrap_or(&[]);
        MARKS_OF_LETTERS.iter().any(|known| mark == known.as_bytes())
    };
    name(rest).is_some_and(|(name, rest)| {
        let is_known = || REFERENCES.iter().any(|reference| name == reference.as_bytes());
        rest.first() == Some(&b';') && (is_known() || is_letter(name))
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

    fn looks_like_html(text: &str) -> bool {
        find(text).html
    }

    #[test]
    fn tags_of_forums_and_signs_of_wikis_are_told() {
        let of = |text: &str| {
            let Markup { link, bbcode, wiki, .. } = find(text);
            (link, bbcode, wiki)
        };
        for text in ["[b]Rain[/b] fell.", "see [url=http://x.org/a]this[/URL]", "[quote=Ann]No.[/quote]"] {
            assert_eq!(of(text), (false, true, false), "{text}");
        }
        for text in [
            "'''Rain''' is [[Water|wet]].",
            "[[Rain]] fell.{{cite|x}}",
            "== Rain ==\n[[Rain]] fell.",
            "{{Infobox}} '''Rain'''",
        ] {
            assert_eq!(of(text), (false, false, true), "{text}");
        }
        assert_eq!(of("**Rain** is [wet](http://x.org/a)."), (true, false, false));
        for text in [
            "He said [sic] no [1]. [...] {x} {{ and [[",
            "[b] [/x] a[i] = b[/2]",
            "[[Rain]] fell, {{x",
            "It''s '''quoted'''",
        ] {
            assert_eq!(of(text), (false, false, false), "{text}");
        }
    }

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
            "Z&uuml;rich",
            "&Ccedil;a",
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
