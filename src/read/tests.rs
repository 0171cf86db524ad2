//! The three ways in give the same documents.

use std::io::{Cursor, Read, Write};
use std::sync::atomic::Ordering;

use crate::read::{BytesRead, Input, InputOptions, Inputs};

/// Gives one byte at a time.
struct Trickle(Cursor<Vec<u8>>);

impl Read for Trickle {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let count = bytes.len().min(1);
        self.0.read(&mut bytes[..count])
    }
}

/// Ids and texts, and what errors say.
fn read(inputs: Vec<Input>) -> Vec<String> {
    let options = InputOptions::default();
    Inputs::new(inputs, options.clone())
        .map(|raw| match raw.and_then(|raw| raw.document(&options)) {
            Ok(document) => format!("{}: {}", document.id, document.text),
            Err(error) => format!("! {error}"),
        })
        .collect()
}

fn readers(name: &str, bytes: &[u8]) -> [Input; 3] {
    [
        Input::from_bytes(name, bytes),
        Input::from_reader(name, Cursor::new(bytes.to_vec())),
        Input::from_reader(name, Trickle(Cursor::new(bytes.to_vec()))),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What a file with these bytes gives must be what bytes and readers give.
fn read_every_way(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let path_name = path.to_string_lossy().into_owned();
    let expected: Vec<String> =
        read(vec![path.into()]).into_iter().map(|line| line.replace(&path_name, name)).collect();
    for input in readers(name, bytes) {
        assert_eq!(read(vec![input]), expected, "{name}");
    }
    expected
}

#[test]
fn text_formats_are_read_alike_from_files_bytes_and_readers() {
    let csv = b"id,text\n7,It rained.\n8,It snowed.\n";
    for name in ["x.csv", "x", "x.csv.gz"] {
        assert_eq!(read_every_way(name, csv), ["7: It rained.", "8: It snowed."]);
        assert_eq!(read_every_way(name, &gzip(csv)), ["7: It rained.", "8: It snowed."]);
    }
    assert_eq!(read_every_way("x", b"{\"text\":\"It rained.\"}\n"), ["x#1: It rained."]);
    assert_eq!(read_every_way("x.md", b"---\nid: 7\n---\n*It* rained.\n"), ["7: It rained."]);
    assert_eq!(read_every_way("x", b"It rained.\n"), ["x: It rained.\n"]);
    let archive = b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <7>\r\nContent-Type: text/plain\r\n\
        Content-Length: 10\r\n\r\nIt rained.\r\n\r\n";
    assert_eq!(read_every_way("x", archive), ["<7>: It rained."]);
    assert_eq!(read_every_way("x.warc.gz", &gzip(archive)), ["<7>: It rained."]);
}

#[test]
fn files_that_are_not_text_are_refused_alike() {
    for (bytes, expected) in [
        (&b"%PDF-1.7"[..], "! x: it is a PDF, which is not supported;"),
        (b"PK\x03\x04 and no directory", "! x: it is a zip archive, which is not supported;"),
        (b"a\0b", "! x: it is binary data"),
    ] {
        let found = read_every_way("x", bytes);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{found:?}");
    }
    let twice = gzip(&gzip(b"x"));
    assert!(read_every_way("x.gz", &twice)[0].contains("it is gzip, not text"));
}

#[test]
fn inputs_are_read_in_order_and_counted() {
    let inputs = || {
        [
            Input::from_bytes("a.txt", &b"One."[..]),
            Input::from_reader("b.txt", Cursor::new(b"Two, and more.")),
            Input::from_bytes("c.txt", &b"Three."[..]),
        ]
    };
    assert_eq!(read(inputs().into()), ["a.txt: One.", "b.txt: Two, and more.", "c.txt: Three."]);
    let mut all = Inputs::new(inputs(), InputOptions::default());
    let read: BytesRead = all.bytes_read();
    assert_eq!(all.by_ref().filter(Result::is_ok).count(), 3);
    assert_eq!(read.load(Ordering::Relaxed), 24);
}

#[cfg(feature = "parquet")]
mod parquet {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, RecordBatch, StringArray};

    use super::*;

    fn written() -> Vec<u8> {
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["It rained.", "It snowed."]));
        let batch = RecordBatch::try_from_iter([("text", texts)]).unwrap();
        let mut writer = ::parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }

    #[test]
    fn parquet_is_read_from_memory() {
        let bytes = written();
        for name in ["x.parquet", "x"] {
            let expected = [format!("{name}#1: It rained."), format!("{name}#2: It snowed.")];
            assert_eq!(read_every_way(name, &bytes), expected);
            for input in readers(name, &gzip(&bytes)) {
                assert_eq!(read(vec![input]), expected, "compressed");
            }
        }
        assert!(read_every_way("x.csv", &bytes)[0].contains("it is Parquet; give it its own name"));
        assert!(read_every_way("x.parquet", &bytes[..200])[0].contains("it is truncated"));
    }
}

#[cfg(feature = "spreadsheet")]
mod spreadsheet {
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An .ods file with one row.
    fn written() -> Vec<u8> {
        let row = |text: &str| {
            format!(
                "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>{text}</text:p>\
                 </table:table-cell></table:table-row>"
            )
        };
        let content = format!(
            "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"A\">{}{}\
             </table:table></office:spreadsheet></office:body></office:document-content>",
            row("text"),
            row("It rained.")
        );
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let kind = "application/vnd.oasis.opendocument.spreadsheet";
        for (name, part) in [("mimetype", kind), ("content.xml", &content)] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(part.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn spreadsheets_are_read_from_memory() {
        let bytes = written();
        for name in ["x.ods", "x"] {
            assert_eq!(read_every_way(name, &bytes), [format!("{name}#1: It rained.")]);
            for input in readers(name, &gzip(&bytes)) {
                assert_eq!(read(vec![input]), [format!("{name}#1: It rained.")], "compressed");
            }
        }
        assert!(read_every_way("x.txt", &bytes)[0].contains("it is a spreadsheet; give it its own name"));
    }
}
