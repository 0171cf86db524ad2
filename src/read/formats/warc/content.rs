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
    pub(super) kind: PageKind,
    pub(super) encoding: Option<TextEncoding>,
    /// The head that stands before the page, if it came by HTTP.
    pub(super) response: Option<Response>,
}

impl Content {
    /// `None` if the record does not hold one.
    pub(super) fn detect(record: &Head, block: &[u8]) -> Result<Option<Self>, Fault> {
        let content_type = record.get("Content-Type").unwrap_or("");
        let named = |content_type: &str, response| {
            PageKind::from_content_type(content_type).map(|kind| Content {
                kind,
                encoding: charset(content_type),
                response,
            })
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
