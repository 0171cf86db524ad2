//! Turns a page of a web archive into a document.

use crate::read::bytes::decode;
use crate::read::bytes::encoding::{TextEncoding, page_to_utf8};
use crate::read::formats::warc::content::PageKind;
use crate::read::formats::warc::head::Head;
use crate::read::{InputOptions, fill_from_page};
use crate::text::document::Document;
use crate::text::markup::html;

/// A page as it was published, with the fields of its record.
#[derive(Debug)]
pub(crate) struct ArchivedPage {
    pub(super) record: Head,
    pub(super) kind: PageKind,
    /// What the server said.
    pub(super) encoding: Option<TextEncoding>,
    pub(super) bytes: Vec<u8>,
}

impl ArchivedPage {
    pub(crate) fn is_html(&self) -> bool {
        self.kind == PageKind::Html
    }

    pub(crate) fn size(&self) -> usize {
        self.bytes.len() + self.record.size()
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        ["WARC-Record-ID", "WARC-Target-URI", "WARC-Date"]
            .into_iter()
            .map(|name| self.record.get(name).unwrap_or("").as_bytes())
            .chain([self.bytes.as_slice()])
    }

    /// Fills a document. Its id is the record's. The page fills the carried columns, then the
    /// record's fields do, of which `url` and `date` have names of their own.
    pub(crate) fn fill(self, options: &InputOptions, document: &mut Document) {
        let (bytes, decoded) = page_to_utf8(self.bytes, options.encoding, self.encoding);
        let (text, replaced) = decode::utf8(&bytes, 1, 0, decoded);
        document.guessed_encoding = decoded.guess;
        document.replaced = replaced;
        match self.kind {
            PageKind::Html => fill_from_page(html::page(&text), options, document),
            PageKind::Plain => document.text = text,
        }
        if let Some(id) = self.record.get("WARC-Record-ID") {
            document.id = id.to_owned();
        }
        for (column, slot) in options.columns.iter().zip(&mut document.columns) {
            let field = match column.name.as_str() {
                // Some writers put brackets around it.
                "url" => self.record.get("WARC-Target-URI").map(|url| url.trim_matches(['<', '>'])),
                "date" => self.record.get("WARC-Date"),
                name => self.record.get(name),
            };
            if slot.is_none() {
                *slot = field.map(str::to_owned);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::formats::warc::content::charset;
    use crate::read::{Column, Requirement};

    fn read(page: ArchivedPage, encoding: Option<&str>) -> Document {
        let names = ["url", "date", "warc-ip-address", "none"];
        let columns =
            names.map(|name| Column { name: name.to_owned(), need: Requirement::Optional }).to_vec();
        let encoding = encoding.and_then(TextEncoding::from_label);
        let options = InputOptions { columns, encoding, ..InputOptions::default() };
        let mut document = Document { columns: vec![None; 4], ..Document::new("a.warc#1", "") };
        page.fill(&options, &mut document);
        document
    }

    fn page(content_type: &str, bytes: &[u8]) -> ArchivedPage {
        let record = Head::read(
            b"WARC/1.0\r\nWARC-Record-ID: <urn:uuid:7>\r\nWARC-Target-URI: <https://example.org/a>\r\n\
            WARC-Date: 2024-05-06T07:08:09Z\r\nWARC-IP-Address: 192.0.2.1\r\n\r\n",
        );
        let kind = PageKind::from_content_type(content_type).unwrap();
        ArchivedPage { record, kind, encoding: charset(content_type), bytes: bytes.to_vec() }
    }

    const WORDS: &str = "Гарантии безопасности обсуждали в Киеве три дня.";

    fn windows_1251(text: &str) -> Vec<u8> {
        encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
    }

    #[test]
    fn the_encoding_is_the_users_or_the_marks_or_the_servers_or_the_pages() {
        let text = |content_type, bytes: &[u8], encoding| read(page(content_type, bytes), encoding).text;
        let html = format!("<meta charset=\"koi8-r\"><p>{WORDS}</p>");
        let koi8 = encoding_rs::KOI8_R.encode(&html).0.into_owned();
        assert_eq!(text("text/html", &koi8, None), WORDS);
        assert_eq!(text("text/html; charset=windows-1251", &windows_1251(&html), None), WORDS);
        assert_eq!(text("text/html; charset=utf-8", &windows_1251(&html), Some("windows-1251")), WORDS);
        let marked = format!("\u{feff}{WORDS}");
        assert_eq!(text("text/plain; charset=windows-1251", marked.as_bytes(), None), WORDS);
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text("text/plain; charset=windows-1251", &utf16, None), WORDS);
        assert_eq!(text("text/plain", WORDS.as_bytes(), None), WORDS);
    }

    #[test]
    fn a_guess_and_bad_bytes_are_told_with_the_record() {
        let mut guessed = read(page("text/plain", &windows_1251(&WORDS.repeat(9))), None);
        assert_eq!((guessed.guessed_encoding, guessed.replaced), (Some("windows-1251"), None));
        guessed.line = None;
        guessed.record = Some(4);
        guessed.path = "a.warc".to_owned();
        assert_eq!(
            guessed.notes().map(|note| note.to_string()).collect::<Vec<_>>(),
            ["a.warc, record 4: not UTF-8; guessed to be windows-1251 (`encoding` sets another)"]
        );
        let mut bad = read(page("text/html; charset=utf-8", b"<p>one</p>\n<p>t\xffwo</p>"), None);
        assert_eq!(bad.text, "one\n\nt\u{fffd}wo");
        (bad.line, bad.record, bad.path) = (None, Some(5), "a.warc".to_owned());
        assert_eq!(
            bad.notes().map(|note| note.to_string()).collect::<Vec<_>>(),
            ["a.warc, record 5, line 2, byte 15: 1 invalid sequence replaced with U+FFFD"]
        );
    }

    #[test]
    fn the_records_fields_fill_the_id_and_the_columns() {
        let document = read(page("text/plain", b"x"), None);
        assert_eq!(document.id, "<urn:uuid:7>");
        let columns: Vec<Option<&str>> = document.columns.iter().map(Option::as_deref).collect();
        assert_eq!(
            columns,
            [Some("https://example.org/a"), Some("2024-05-06T07:08:09Z"), Some("192.0.2.1"), None]
        );
    }

    #[test]
    fn a_page_that_dates_itself_is_believed() {
        let words =
            "The guarantee was read aloud, clause by clause, and the hall, for once, was quiet. ".repeat(4);
        let html = format!(
            "<html><head><title>Clause by Clause</title><meta property=\"article:published_time\" \
            content=\"2024-01-02\"></head><body><article><p>{words}</p><p>{words}</p></article></body></html>"
        );
        let document = read(page("text/html", html.as_bytes()), None);
        assert_eq!(document.columns[1].as_deref(), Some("2024-01-02"));
        assert_eq!(document.title.as_deref(), Some("Clause by Clause"));
    }
}
