//! Extracts the article from an HTML page.
//!
//! An extractor of other people's making does it, which builds a tree. Pages that it cannot take
//! without harm, or in which it finds no article, are not for it.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_smoothie::{Config, Readability, TextMode};

use crate::scan::holds_in_any_case;
use crate::text::markup::nesting::Nesting;
use crate::text::markup::tags::{Piece, Pieces, tag};

/// Most bytes of a tag, and of the text between two tags; an embedded picture is part of a tag.
const MAX_TAG_BYTES: usize = 1 << 20;
/// Most attributes of a tag: the extractor compares each with all before it.
const MAX_ATTRIBUTES: usize = 2_000;
/// Most times that all tags together may cover a page: `<` in quotes makes tags overlap.
const MAX_PASSES: usize = 8;
/// Most bytes that the extractor's parser looks at for character references: from each `&` on, it
/// looks at all text up to the next tag. More take it seconds.
const MAX_REFERENCE_BYTES: u64 = 1 << 35;

/// The article of a page, as the extractor finds it.
pub(super) struct Article {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) date: Option<String>,
    pub(super) author: Option<String>,
}

/// Extracts the article; its text is empty where there is none. `None` where the page would choke
/// the extractor.
pub(super) fn extract(html: &str) -> Option<Article> {
    if !is_extractable(html) {
        return None;
    }
    let html = &*without_disclosures(html);
    let read = || {
        let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
        if let Ok(article) = Readability::new(html, None, Some(config.clone())).ok()?.parse() {
            return Some(Article {
                title: article.title.to_string(),
                text: article.text_content.to_string(),
                date: article.published_time,
                author: article.byline,
            });
        }
        // The attempt has changed its tree.
        let page = Readability::new(html, None, Some(config)).ok()?;
        let metadata = page.get_article_metadata(page.parse_json_ld());
        Some(Article {
            title: metadata.title,
            text: String::new(),
            date: metadata.published_time,
            author: metadata.byline,
        })
    };
    // A page on which the extractor panics has its visible text left.
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// A page with paragraphs in place of the elements that open at a click. The extractor does not
/// know those, and takes one of several for the whole article.
fn without_disclosures(html: &str) -> Cow<'_, str> {
    if !holds_in_any_case(html.as_bytes(), b"<details") {
        return Cow::Borrowed(html);
    }
    let (mut out, mut from) = (String::with_capacity(html.len()), 0);
    for piece in Pieces::new(html) {
        let Piece::Tag(tag) = piece else { continue };
        let replaced = match (tag.name.as_str(), tag.closes) {
            ("details", false) => "",
            ("summary", false) => "<p>",
            // What is hidden may be bare text. Of a paragraph in a paragraph the outer one is
            // empty.
            ("summary", true) => "</p><p>",
            ("details", true) => "</p>",
            _ => continue,
        };
        out.push_str(html.get(from..tag.start).unwrap_or(""));
        out.push_str(replaced);
        from = tag.end;
    }
    out.push_str(html.get(from..).unwrap_or(""));
    Cow::Owned(out)
}

/// Whether the extractor can take a page: not too deep, not too many tags, no tag too long or with
/// too many attributes. Pages that people read are like that.
fn is_extractable(html: &str) -> bool {
    let (mut nesting, mut last, mut looked_at, mut read) = (Nesting::default(), 0usize, 0u64, 0usize);
    let ends = html.match_indices('<').map(|(at, _)| at).chain([html.len()]);
    for at in ends {
        let piece = html.get(last..at).unwrap_or("");
        looked_at = looked_at.saturating_add(piece.matches('&').count() as u64 * piece.len() as u64);
        let here = html.get(at..).unwrap_or("");
        let found = tag(here);
        if found.is_some() {
            let (count, length) = attributes(here);
            read += length;
            if count > MAX_ATTRIBUTES || length > MAX_TAG_BYTES || read > MAX_PASSES * html.len() {
                return false;
            }
        }
        match found {
            Some((name, true)) => nesting.end(&name),
            Some((name, false)) => nesting.begin(name),
            None => nesting.count(),
        }
        if nesting.is_too_much() || piece.len() > MAX_TAG_BYTES || looked_at > MAX_REFERENCE_BYTES {
            return false;
        }
        last = at;
    }
    true
}

/// Counts the attributes and the bytes of the tag at the start of `at`, by the states of the HTML
/// standard's tokenizer (13.2.5.8 and 13.2.5.32 to 13.2.5.40). It reads no further than either
/// limit.
fn attributes(at: &str) -> (usize, usize) {
    enum State {
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Quoted(u8),
        /// A value without quotes, or the tag's own name.
        Plain,
    }
    let (mut state, mut count, mut length) = (State::Plain, 0, 0);
    for byte in at.bytes().take(MAX_TAG_BYTES + 1) {
        length += 1;
        let blank = byte.is_ascii_whitespace();
        state = match state {
            State::Quoted(quote) if byte == quote => State::BeforeName,
            State::Quoted(quote) => State::Quoted(quote),
            _ if byte == b'>' => break,
            State::Plain if blank => State::BeforeName,
            // In a value it is a character, but one too many does no harm.
            State::Plain if byte == b'/' && count == 0 => State::BeforeName,
            State::Plain => State::Plain,
            State::BeforeName | State::Name | State::AfterName if byte == b'/' => State::BeforeName,
            State::BeforeName if blank => State::BeforeName,
            State::Name | State::AfterName if blank => State::AfterName,
            State::Name | State::AfterName if byte == b'=' => State::BeforeValue,
            State::Name => State::Name,
            State::BeforeName | State::AfterName => {
                count += 1;
                State::Name
            }
            State::BeforeValue if blank => State::BeforeValue,
            State::BeforeValue if byte == b'"' || byte == b'\'' => State::Quoted(byte),
            State::BeforeValue => State::Plain,
        };
        if count > MAX_ATTRIBUTES {
            break;
        }
    }
    (count, length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::markup::html::page;

    #[test]
    fn pages_nested_too_deep_are_read_without_an_extractor() {
        let html = format!("{}The text inside.{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert!(!is_extractable(&html));
        assert_eq!(page(&html).text, "The text inside.");
        for hidden in ["<div></p>", "<div></x>", "<b><div></b>"] {
            assert!(
                !is_extractable(&hidden.repeat(33_000)),
                "{hidden}: an end of something else ends no division"
            );
        }
        for hidden in ["a", "a=<b ", "a=\"<\" b", "a='>'b", "=\"", "a/"] {
            let tag = format!("<p {}>", format!("{hidden} ").repeat(9_000));
            assert!(!is_extractable(&tag), "{hidden}: every attribute is compared with all others");
        }
        assert!(!is_extractable(&"<p a=\"".repeat(99_000)), "every tag reaches far");
        assert_eq!(attributes("<a b c=d/e f = \"g > h\" i='j'k/l>m n o").0, 6);
        let picture =
            format!("<p>one<img src=\"data:image/png;base64,{}\" alt='x > y'>two", "/a b".repeat(9_000));
        assert!(is_extractable(&picture));
        assert!(is_extractable(&"<p>one<p>two<br><img src=x><li>three".repeat(1000)));
        assert!(is_extractable(&"<table><tr><td>one<td>two<tr><td>three</table>".repeat(1000)));
    }

    #[test]
    fn elements_that_open_at_a_click_become_paragraphs() {
        let html =
            "<article><Details open><summary class=x>Who?</SUMMARY>Ann.</details><p>Ben.</p></article>";
        assert_eq!(without_disclosures(html), "<article><p>Who?</p><p>Ann.</p><p>Ben.</p></article>");
        let plain = "<p>The details of a summary.</p>";
        assert!(matches!(without_disclosures(plain), Cow::Borrowed(same) if same == plain));
    }

    #[test]
    fn what_would_choke_an_extractor_is_read_the_plain_way() {
        for piece in
            ["<a", "</x", "<!--", "<?", "<!a ", "<![CDATA[", "<p>word ", "&amp", "<div><b>x</div></i>"]
        {
            let html = piece.repeat(400_000);
            assert!(!is_extractable(&html), "{piece}");
            page(&html);
        }
        assert!(
            !is_extractable(&("&a".repeat(200_000) + "<p>").repeat(10)),
            "short enough, but looked at again and again"
        );
    }
}
