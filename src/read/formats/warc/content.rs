//! Tells from a record's head and the beginning of its block whether it holds a document.

use crate::read::bytes::encoding::TextEncoding;
use crate::read::formats::warc::Fault;
use crate::read::formats::warc::head::Head;
use crate::read::formats::warc::http::Response;

/// What a page is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageKind {
    Html,
    Plain,
}

impl PageKind {
    /// The kind of text that a Content-Type names; `None` for everything that is not read.
    pub(super) fn from_content_type(content_type: &str) -> Option<Self> {
        match content_type.split([';', ',']).next()?.trim().to_ascii_lowercase().as_str() {
            "text/html" | "application/xhtml+xml" => Some(PageKind::Html),
            "text/plain" => Some(PageKind::Plain),
            _ => None,
        }
    }
}

/// Bytes that are looked at to tell a page without a type.
const LOOKED_AT: usize = 1 << 10;
/// How a page begins, in small letters, as browsers tell one (WHATWG, "MIME Sniffing", 7.1); a
/// space or `>` follows.
const PAGE_BEGINNINGS: [&str; 17] = [
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<!--",
];

impl PageKind {
    /// The kind of text that bytes without a type are, told by their beginning; `None` for data.
    pub(super) fn sniff(bytes: &[u8]) -> Option<Self> {
        let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        let head = bytes.get(..LOOKED_AT).unwrap_or(bytes);
        let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace() && *byte != 0x1b;
        if is_utf16 {
            return Some(PageKind::Plain);
        }
        if head.iter().any(is_control) {
            return None;
        }
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        let ends = |rest: &str| rest.starts_with([' ', '>', '\n', '\r', '\t']);
        let begins = |tag: &str| head.strip_prefix(tag).is_some_and(|rest| tag == "<!--" || ends(rest));
        let is_xhtml =
            head.starts_with("<?xml") && (head.contains("<html") || head.contains("<!doctype html"));
        if is_xhtml || PAGE_BEGINNINGS.into_iter().any(begins) {
            return Some(PageKind::Html);
        }
        // Another kind of XML, or JSON.
        let is_data = head.starts_with('<')
            || head.strip_prefix(['{', '[']).is_some_and(|rest| {
                rest.trim_ascii_start().starts_with(|c: char| c.is_ascii_digit() || "{[]}\"-".contains(c))
            });
        (!head.is_empty() && !is_data).then_some(PageKind::Plain)
    }
}

/// Whether a Content-Type says nothing, as servers write that.
fn says_nothing(content_type: &str) -> bool {
    let named = content_type.split([';', ',']).next().unwrap_or("").trim();
    ["", "unknown/unknown", "application/unknown", "*/*"].iter().any(|none| named.eq_ignore_ascii_case(none))
}

/// The encoding that a Content-Type names.
pub(super) fn charset(content_type: &str) -> Option<TextEncoding> {
    let named = content_type.split([';', ',']).skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    TextEncoding::from_label(named.trim_matches([' ', '\t', '"', '\'']))
}

/// The document in a record.
pub(super) struct Content {
    /// `None` where nobody says what it is: the page itself is to be looked at.
    pub(super) kind: Option<PageKind>,
    pub(super) encoding: Option<TextEncoding>,
    /// The head that stands before the page, if it came by HTTP.
    pub(super) response: Option<Response>,
}

impl Content {
    /// `None` if the record does not hold one.
    pub(super) fn detect(record: &Head, block: &[u8]) -> Result<Option<Self>, Fault> {
        let content_type = record.get("Content-Type").unwrap_or("");
        let named = |content_type: &str, response| {
            let kind = PageKind::from_content_type(content_type);
            let is_wanted = kind.is_some() || says_nothing(content_type);
            is_wanted.then(|| Content { kind, encoding: charset(content_type), response })
        };
        if !is_response(record) {
            let is_text = is_a(record, "resource") || is_a(record, "conversion");
            return Ok(if is_text { named(content_type, None) } else { None });
        }
        // Answers of name servers are responses, too.
        if !content_type.is_empty() && !content_type.to_ascii_lowercase().starts_with("application/http") {
            return Ok(None);
        }
        let response = Response::read(block)?;
        if !response.is_success() {
            return Ok(None);
        }
        // Some servers do not say what they give, and some crawlers find it out.
        let found = response.content_type().or_else(|| record.get("WARC-Identified-Payload-Type"));
        let found = found.unwrap_or("").to_owned();
        Ok(named(&found, Some(response)))
    }
}

pub(super) fn is_response(record: &Head) -> bool {
    is_a(record, "response")
}

fn is_a(record: &Head, kind: &str) -> bool {
    record.get("WARC-Type").is_some_and(|found| found.eq_ignore_ascii_case(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_type_is_told_by_its_beginning() {
        for (bytes, expected) in [
            (&b"\xef\xbb\xbf <!DOCTYPE HTML>"[..], Some(PageKind::Html)),
            (b"<p class=x>One.", Some(PageKind::Html)),
            (b"<!-- note --><html>", Some(PageKind::Html)),
            (b"<?xml version='1.0'?><html>", Some(PageKind::Html)),
            (b"\nOne. <p>", Some(PageKind::Plain)),
            (b"[Music] Good evening.", Some(PageKind::Plain)),
            ("Київ".as_bytes(), Some(PageKind::Plain)),
            (b"\xff\xfeO\0n\0", Some(PageKind::Plain)),
            (b"<?xml version='1.0'?><rss>", None),
            (b"<svg>", None),
            (b"<pre", None),
            (b"{\"a\": 1}", None),
            (b"[ {", None),
            (b"\x89PNG\r\n\x1a\n", None),
            (b"%PDF-1.7\n\x00", None),
            (b"  ", None),
            (b"", None),
        ] {
            assert_eq!(PageKind::sniff(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn content_types_are_read_as_servers_write_them() {
        let named = |label| TextEncoding::from_label(label);
        for (written, kind, encoding) in [
            ("text/html", Some(PageKind::Html), None),
            ("Text/HTML;Charset=\"UTF-8\"", Some(PageKind::Html), named("utf-8")),
            (
                "application/xhtml+xml; x=y; charset = windows-1251 ",
                Some(PageKind::Html),
                named("windows-1251"),
            ),
            ("text/plain;charset=nonsense", Some(PageKind::Plain), None),
            ("text/html, text/html; charset=latin1", Some(PageKind::Html), named("latin1")),
            ("image/png", None, None),
            ("", None, None),
        ] {
            assert_eq!(
                (PageKind::from_content_type(written), charset(written)),
                (kind, encoding),
                "{written}"
            );
        }
    }
}
