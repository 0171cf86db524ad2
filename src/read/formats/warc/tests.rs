//! Reads archives, whole and damaged.

use std::io::Read;

use proptest::prelude::*;

use super::*;
use crate::read::InputOptions;
use crate::read::bytes::encoding::Utf8Reader;
use crate::text::document::Document;

/// Gives so many bytes at a time.
struct Pieces(std::io::Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let count = bytes.len().min(self.1);
        self.0.read(&mut bytes[..count])
    }
}

fn read_in(bytes: &[u8], max_record: usize, piece: usize) -> Vec<crate::error::Result<Document>> {
    let pieces = Pieces(std::io::Cursor::new(bytes.to_vec()), piece);
    let source = Source::decoding("a.warc".into(), Utf8Reader::utf8(Box::new(pieces)));
    let options = InputOptions { max_record, ..InputOptions::default() };
    Archive::new(source, max_record, ReadNotes::default())
        .map(|raw| raw.and_then(|raw| raw.document(&options)))
        .collect()
}

/// The ids of documents, and what errors say.
fn read(bytes: &[u8], max_record: usize) -> Vec<String> {
    let say = |read: crate::error::Result<Document>| match read {
        Ok(document) => document.id,
        Err(error) => format!("! {error}"),
    };
    let at_once: Vec<String> = read_in(bytes, max_record, usize::MAX).into_iter().map(say).collect();
    let slowly: Vec<String> = read_in(bytes, max_record, 7).into_iter().map(say).collect();
    assert_eq!(at_once, slowly);
    at_once
}

fn record(kind: &str, id: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let length = block.len();
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\n{fields}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(id: &str, status: u16, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n\r\n");
    let block = [head.as_bytes(), body].concat();
    record("response", id, "Content-Type: application/http; msgtype=response\r\n", &block)
}

fn page(id: &str) -> Vec<u8> {
    response(id, 200, "text/html", b"<p>Words.</p>")
}

#[test]
fn only_pages_and_texts_are_documents() {
    let bytes = [
        record("warcinfo", "<i>", "Content-Type: application/warc-fields\r\n", b"software: x\r\n"),
        record("request", "<r>", "", b"GET / HTTP/1.1\r\n\r\n"),
        response("<1>", 200, "text/html", b"<p>One.</p>"),
        response("<png>", 200, "image/png", b"\x89PNG\r\n\0\0"),
        response("<404>", 404, "text/html", b"<p>Not there.</p>"),
        response("<301>", 301, "text/html", b""),
        response("<2>", 203, "text/plain", b"Two."),
        record("response", "<dns>", "Content-Type: text/dns\r\n", b"20240101\nexample.org. A 192.0.2.1\n"),
        record("revisit", "<v>", "Content-Type: application/http\r\n", b"HTTP/1.1 200 OK\r\n\r\n"),
        record("resource", "<3>", "Content-Type: text/html\r\n", b"<p>Three.</p>"),
        record("metadata", "<m>", "Content-Type: text/plain\r\n", b"a: b"),
        record("Conversion", "<4>", "Content-Type: text/plain\r\n", b"Four."),
        record("resource", "<css>", "Content-Type: text/css\r\n", b"p {}"),
    ]
    .concat();
    let found: Vec<(u64, String, String)> = read_in(&bytes, 1000, usize::MAX)
        .into_iter()
        .map(|document| document.unwrap())
        .map(|document| (document.record.unwrap(), document.id, document.text))
        .collect();
    let expected = [(1, "<1>", "One."), (2, "<2>", "Two."), (3, "<3>", "Three."), (4, "<4>", "Four.")];
    assert_eq!(found, expected.map(|(n, id, text)| (n, id.to_owned(), text.to_owned())));
}

#[test]
fn a_page_whose_server_did_not_say_its_type_is_what_the_crawler_found() {
    let fields = "WARC-Identified-Payload-Type: text/html\r\n";
    let bytes = record("response", "<1>", fields, b"HTTP/1.1 200 OK\n\n<p>One.</p>");
    assert_eq!(read(&bytes, 1000), ["<1>"]);
    let bytes = record("response", "<1>", fields, b"HTTP/1.1 200 OK\nContent-Type: image/png\n\n<p>One.</p>");
    assert!(read(&bytes, 1000).is_empty(), "what the server says counts");
}

/// The ids of documents, and the notes at the end.
fn read_with_notes(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let notes = ReadNotes::default();
    let reader = Utf8Reader::utf8(Box::new(std::io::Cursor::new(bytes.to_vec())));
    let archive = Archive::new(Source::decoding("a.warc".into(), reader), 1000, notes.clone());
    let options = InputOptions::default();
    let ids = archive.map(|raw| raw.unwrap().document(&options).unwrap()).map(|document| document.text);
    (ids.collect(), notes.lines())
}

#[test]
fn what_has_no_type_is_looked_at_and_else_counted() {
    let untyped = |id: &str, body: &[u8]| {
        record("response", id, "", &[b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), body].concat())
    };
    let bytes = [
        untyped("<1>", b"<p>One.</p>"),
        untyped("<2>", b"Two."),
        untyped("<3>", b"\x89PNG\r\n\0\0"),
        untyped("<4>", b""),
        untyped("<5>", &[b'\0'; 2000]),
        record("resource", "<6>", "", b"Six."),
        response("<7>", 200, "*/*", b"<html><p>Seven."),
    ]
    .concat();
    let at = 2 * untyped("<1>", b"").len() + "<p>One.</p>Two.".len();
    let note = format!(
        "a.warc: skipped 2 records without a Content-Type and with neither HTML nor text; the first begins at \
         byte {at}"
    );
    let (texts, notes) = read_with_notes(&bytes);
    assert_eq!(texts, ["One.", "Two.", "Six.", "Seven."]);
    assert_eq!(notes, [note]);
}

#[test]
fn an_archive_without_a_document_says_so() {
    let bytes =
        [response("<png>", 200, "image/png", b"x"), response("<404>", 404, "text/html", b"x")].concat();
    let (texts, notes) = read_with_notes(&bytes);
    assert!(texts.is_empty());
    assert!(notes[0].starts_with("a.warc: none of its 2 records is a page or a text; expected"), "{notes:?}");
    assert_eq!(read_with_notes(&[page("<1>"), bytes].concat()), (vec!["Words.".to_owned()], vec![]));
    assert_eq!(read_with_notes(b""), (vec![], vec![]));
}

#[test]
fn a_record_without_an_id_is_named_by_its_number() {
    let bytes = [page("<1>"), page("")].concat();
    assert_eq!(read(&bytes, 1000), ["<1>", "a.warc#2"]);
}

#[test]
fn line_ends_may_be_short_and_blank_lines_missing() {
    let bare = String::from_utf8(page("<1>")).unwrap().replace("\r\n", "\n");
    // A line end less in the HTTP head makes three bytes less of block.
    let bare = bare.replace("Content-Length: 56", "Content-Length: 53");
    let glued = [bare.trim_end().as_bytes(), &page("<2>")].concat();
    assert_eq!(read(&glued, 1000), ["<1>", "<2>"]);
}

#[test]
fn a_record_over_the_limit_is_one_error_unless_it_is_no_document() {
    let large = vec![b'a'; 700 << 10];
    let bytes = [
        response("<large>", 200, "text/html", &large),
        response("<video>", 200, "video/mp4", &large),
        page("<2>"),
    ]
    .concat();
    let found = read_in(&bytes, 1000, usize::MAX);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].as_ref().unwrap_err().name(), "too-large");
    assert_eq!(found[1].as_ref().unwrap().record, Some(2));
}

#[test]
fn what_is_no_record_is_passed_over_to_the_next_one() {
    let bytes = [
        b"\r\n<html>\r\n WARC/1.0\r\n".as_slice(),
        &page("<2>"),
        b"\0\0stray",
        &page("<lost>"),
        &page("<4>"),
    ];
    let found = read(&bytes.concat(), 1000);
    assert_eq!(
        found[0],
        "! a.warc, record 1: it begins with `<html>`, not with WARC/; skipped to the next line that begins \
        with WARC/1. (the record begins at byte 2)"
    );
    assert_eq!(found[1], "<2>");
    assert!(found[2].contains("it begins with `\\0\\0strayWARC/1.0`"), "{found:?}");
    assert_eq!(found[3..], ["<4>"]);
    assert!(read(b"No archive at all.", 1000)[0].contains("not with WARC/"));
    assert!(read(b"", 1000).is_empty());
}

#[test]
fn a_content_length_that_cannot_be_is_an_error_and_the_rest_goes_on() {
    for wrong in ["", "-1", "ten", "99999999999999999999", "1 0"] {
        let broken = format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {wrong}\r\n\r\n");
        let found = read(&[broken.as_bytes(), &page("<2>"), &page("<3>")].concat(), 1000);
        assert!(found[0].contains(&format!("its Content-Length is `{wrong}`")), "{found:?}");
        assert_eq!(found[1..], ["<2>", "<3>"]);
    }
    let short = String::from_utf8(page("<1>")).unwrap().replace("Content-Length: 56", "Content-Length: 46");
    let found = read(&[short.as_bytes(), &page("<3>")].concat(), 1000);
    assert_eq!((found[0].as_str(), found[2].as_str()), ("<1>", "<3>"));
    assert!(found[1].contains("it begins with `Words.</p>`"), "{found:?}");
}

#[test]
fn a_head_that_does_not_end_costs_its_own_record() {
    let found = read(&[b"WARC/1.0\r\nWARC-Type: request\r\n".as_slice(), &page("<2>")].concat(), 1000);
    assert!(found[0].contains("another record begins inside its head"), "{found:?}");
    assert_eq!(found[1..], ["<2>"]);
    let endless = b"a: b\r\n".repeat(30_000);
    let found = read(&[b"WARC/1.0\r\n".as_slice(), &endless, &page("<2>")].concat(), 1000);
    assert!(found[0].contains("its head does not end within 64 KB"), "{found:?}");
    assert_eq!(found[1..], ["<2>"]);
}

#[test]
fn a_response_that_is_none_is_an_error() {
    let http = "Content-Type: application/http\r\n";
    let bytes = [record("response", "<1>", http, b"<p>No head.</p>"), page("<2>")].concat();
    let found = read(&bytes, 1000);
    assert!(found[0].contains("its response begins with `<p>No head.</p>`, not with HTTP/"), "{found:?}");
    assert_eq!(found[1..], ["<2>"]);
}

#[test]
fn an_archive_that_is_cut_short_says_so_once_wherever_it_is_cut() {
    let first = page("<1>");
    let whole = [first.clone(), page("<2>")].concat();
    let end = whole.len() - 4;
    for cut in first.len() + 5..end {
        let found = read(&whole[..cut], 1000);
        assert_eq!((found.len(), found[0].as_str()), (2, "<1>"), "{cut}: {found:?}");
        assert!(found[1].contains("the file ends inside"), "{cut}: {found:?}");
    }
    assert_eq!(read(&whole[..end], 1000), ["<1>", "<2>"], "what stands behind a block is not needed");
    for kind in ["response", "request"] {
        let lying = format!(
            "WARC/1.0\nWARC-Type: {kind}\nContent-Length: {}\n\nHTTP/1.1 200 OK\nContent-Type: text/html\n\n",
            u64::MAX
        );
        let found = read(lying.as_bytes(), 1000);
        assert!(found.len() == 1 && found[0].contains("the file ends inside the record"), "{found:?}");
    }
}

/// Looking at every byte again for every record would take minutes here.
#[test]
fn archives_of_many_small_or_hostile_records_are_read_in_one_go() {
    let many: Vec<u8> = (0..20_000).flat_map(|n| record("request", &format!("<{n}>"), "", b"x")).collect();
    assert!(read_in(&many, 1000, usize::MAX).is_empty());
    for line in ["WARC/1.0\n", "WARC/1.0\n\n", "WARC/1.0\nA: b\n", "\nWARC/1.", "\nWARC/"] {
        let hostile = line.repeat((2 << 20) / line.len());
        assert!(read_in(hostile.as_bytes(), 1000, usize::MAX).iter().all(Result::is_err));
    }
}

proptest! {
    #[test]
    fn every_page_comes_out_in_order_whatever_the_sizes(
        sizes in proptest::collection::vec(0usize..3000, 0..12),
        piece in 1usize..5000,
    ) {
        let mut bytes = Vec::new();
        for (n, size) in sizes.iter().enumerate() {
            bytes.extend(record("request", "<request>", "", b"GET / HTTP/1.1\r\n\r\n"));
            bytes.extend(response(&format!("<{n}>"), 200, "text/html", "<p>Слово ".repeat(*size / 8).as_bytes()));
        }
        let found = read_in(&bytes, 1 << 20, piece);
        prop_assert_eq!(found.len(), sizes.len());
        for (n, document) in found.into_iter().enumerate() {
            let document = document.unwrap();
            prop_assert_eq!(document.id, format!("<{n}>"));
            prop_assert_eq!(document.record, Some(n as u64 + 1));
            prop_assert_eq!(document.text.matches("Слово").count(), sizes[n] / 8);
        }
    }

    #[test]
    fn no_archive_panics(
        parts in proptest::collection::vec(
            prop_oneof![
                Just(b"WARC/1.0\r\n".to_vec()),
                Just(b"WARC-Type: response\r\n".to_vec()),
                Just(b"Content-Type: text/html\r\n".to_vec()),
                Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
                Just(b"\r\n".to_vec()),
                Just(b"HTTP/1.1 200 OK\r\n".to_vec()),
                (0u32..90).prop_map(|length| format!("Content-Length: {length}\r\n").into_bytes()),
                proptest::collection::vec(any::<u8>(), 0..40),
            ],
            0..25,
        ),
        piece in 1usize..50,
    ) {
        let bytes = parts.concat();
        let found = read_in(&bytes, 60, piece);
        prop_assert_eq!(found.is_empty(), read_in(&bytes, 60, usize::MAX).is_empty());
    }
}
