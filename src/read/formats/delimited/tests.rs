//! Tests of reading delimited values.

mod dialects;

use proptest::prelude::*;

use super::*;
use crate::read::options::Quote;
use crate::read::{Column, InputOptions, Requirement};
use crate::text::Preparation;
use crate::text::document::Document;

fn options(max_record: usize) -> InputOptions {
    InputOptions {
        columns: vec![Column { name: "label".into(), need: Requirement::Optional }],
        max_record,
        ..InputOptions::default()
    }
}

fn read_with(bytes: &[u8], options: &InputOptions) -> Result<Vec<Result<Document>>> {
    let mut source = Source::new("x.csv".into(), Box::new(std::io::Cursor::new(bytes.to_vec())));
    source.detect_line_ends();
    let rows = Delimited::open(source, options)?;
    Ok(rows.map(|raw| raw.and_then(|raw| raw.document(options))).collect())
}

fn texts(bytes: &[u8]) -> Vec<String> {
    let read = read_with(bytes, &options(1000)).unwrap();
    read.into_iter().map(|row| row.map_or_else(|error| format!("! {error}"), |row| row.text)).collect()
}

#[test]
fn every_common_delimiter_and_line_end_is_read() {
    for bytes in [
        "id,text\r\n1,a b\r\n\r\n2,\"c,\r\nd\"",
        "id;text\n1;a b\n2;\"c,\r\nd\"\n",
        "text\tid\na b\t1\n\"c,\r\nd\"\t2",
    ] {
        assert_eq!(texts(bytes.as_bytes()), ["a b", "c,\r\nd"], "{bytes:?}");
    }
}

#[test]
fn lines_and_records_are_counted_across_quoted_line_ends() {
    let read = read_with(b"id,text\n1,\"a\nb\"\n\n2,c\n", &options(1000)).unwrap();
    let places: Vec<_> =
        read.into_iter().map(|row| row.map(|row| (row.id, row.record, row.line)).unwrap()).collect();
    assert_eq!(places, [("1".into(), Some(1), Some(2)), ("2".into(), Some(2), Some(5))]);
}

#[test]
fn a_quote_that_never_closes_costs_its_own_line_only() {
    let bytes = b"id,text\n1,fine\n2,\"broken\n3,also fine\n4,\"quoted, fine\"\n";
    assert_eq!(
        texts(bytes),
        [
            "fine",
            "! x.csv, line 3, record 2: the quote that opens here is not closed; skipped this line; reading continues at line 4. \
         Close it, or double it if it is part of the text",
            "also fine",
            "quoted, fine"
        ]
    );
}

#[test]
fn a_quote_open_past_the_limit_is_left_before_the_file_ends() {
    let mut bytes = b"id,text\n1,\"broken\n".to_vec();
    for n in 0..200 {
        bytes.extend_from_slice(format!("{n},some words of a row\n").as_bytes());
    }
    let found = texts(&bytes);
    assert_eq!(found.len(), 201);
    assert!(found[0].contains("line 2, record 1: the quote that opens here"), "{}", found[0]);
}

#[test]
fn broken_rows_in_succession_are_left_out_together_and_named() {
    let found = texts(b"id,text\n1,\"alpha beta\n2,\"second row\n3,fine\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("line 2, record 1") && found[0].contains("skipped lines 2 to 3"), "{found:?}");
    assert_eq!(found[1], "fine");
}

#[test]
fn a_chain_of_broken_rows_names_the_first() {
    let found = texts(b"id,text,z\n1,a\"b,\"c\n2,good row of words,c\n3,a\"b,\"c\n4,fine row,c\n");
    assert!(found[0].contains("line 2, record 1"), "{found:?}");
    assert_eq!((found[1].as_str(), found[3].as_str()), ("good row of words", "fine row"), "{found:?}");
}

#[test]
fn a_sound_row_of_wrong_width_is_one_error_whatever_its_lines_look_like() {
    let found = texts(b"id,text\n1,\"First line\nSecond, line invented\nThird\",oops\n2,fine\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("the row has 3 fields"));
    assert_eq!(found[1], "fine");
}

#[test]
fn hostile_quotes_end_in_time() {
    let mut bytes = b"id,text\n".to_vec();
    bytes.extend(b"\"\n".repeat(400_000));
    let found = texts(&bytes);
    assert!(found.iter().all(|row| row.starts_with("! ")));
}

#[test]
fn a_row_over_the_limit_is_one_error() {
    let bytes = [b"id,text\n1,".as_slice(), &vec![b'x'; 700 << 10], b"\n2,fine\n"].concat();
    let found = texts(&bytes);
    assert_eq!(found.len(), 2);
    assert!(found[0].contains("larger than 1000 bytes"));
    assert_eq!(found[1], "fine");
}

#[test]
fn rows_of_another_width_are_errors_with_both_numbers() {
    assert_eq!(
        texts(b"id,text\n1\n2,b\n")[0],
        "! x.csv, line 2, record 1: the row has 1 fields; the header has 2. Is a delimiter missing, or a quote?"
    );
}

#[test]
fn a_missing_column_is_an_error_of_the_file() {
    let message = read_with(b"id,txt\n1,a\n", &options(1000)).unwrap_err().to_string();
    assert_eq!(message, "x.csv, line 1: no column `text`; found `id`, `txt`; did you mean `txt`?");
    assert!(read_with(b"", &options(1000)).unwrap_err().to_string().contains("it is empty"));
    assert!(read_with(b"a\0b,text\n", &options(1000)).unwrap_err().to_string().contains("binary data"));
}

#[test]
fn invalid_bytes_are_placed_in_the_file() {
    let read = read_with(b"id,text\n1,a\n2,b\xffc\n", &options(1000)).unwrap();
    let row = read[1].as_ref().unwrap();
    assert_eq!(row.text, "b\u{fffd}c");
    assert_eq!(row.replaced, Some(Replaced { count: 1, line: 3, byte: 15 }));
}

#[test]
fn several_text_columns_are_joined() {
    let options = InputOptions { preparation: Preparation::from_columns(["title", "text"]), ..options(1000) };
    let read = read_with(b"title,text\nT,B\n,C\n", &options).unwrap();
    let texts: Vec<_> = read.into_iter().map(|row| row.unwrap().text).collect();
    assert_eq!(texts, ["T\n\nB", "C"]);
}

fn rows_with(text: &str, options: &InputOptions) -> Vec<(String, String)> {
    let read = read_with(text.as_bytes(), options).unwrap();
    let shown = |row: Result<Document>| match row {
        Ok(row) => (row.text, row.columns[0].clone().unwrap_or_default()),
        Err(error) => ("!".to_owned(), error.to_string()),
    };
    read.into_iter().map(shown).collect()
}

fn rows(text: &str) -> Vec<(String, String)> {
    rows_with(text, &options(1000))
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(text, label)| ((*text).to_owned(), (*label).to_owned())).collect()
}

fn notes(text: &str) -> Vec<String> {
    let read = read_with(text.as_bytes(), &options(1000)).unwrap();
    read.into_iter().flatten().flat_map(|row| row.file_notes).map(|note| note.to_string()).collect()
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_is_read_back(rows in proptest::collection::vec(("\\PC{0,8}", "[a-z\",;\\n\\r ]{0,12}"), 1..12)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["label", "text"]).unwrap();
        for (label, text) in &rows {
            writer.write_record([label, text]).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let read = read_with(&bytes, &options(1000)).unwrap();
        prop_assert_eq!(read.len(), rows.len());
        for (row, (label, text)) in read.into_iter().zip(&rows) {
            let row = row.unwrap();
            prop_assert_eq!(&row.columns[0].clone().unwrap_or_default(), label);
            prop_assert!(row.text == *text || text.trim().is_empty() && row.text.is_empty());
        }
    }

    #[test]
    fn a_tsv_without_quoting_is_read_line_by_line(
        texts in proptest::collection::vec("[a-c\", ]{1,6}", 1..20)
    ) {
        let body: String = texts.iter().map(|text| format!("n\t{text}\tp\n")).collect();
        let none = InputOptions { quote: Quote::None, ..options(1000) };
        let read = rows_with(&format!("label\ttext\tid\n{body}"), &none);
        prop_assert_eq!(read.len(), texts.len());
        for ((found, _), text) in read.iter().zip(&texts) {
            prop_assert!(found == text || text.trim().is_empty() && found.is_empty());
        }
        // However marks are taken that nobody was told of, no row swallows another.
        prop_assert_eq!(rows(&format!("label\ttext\tid\n{body}")).len(), texts.len());
    }

    #[test]
    fn what_is_escaped_is_read_back(texts in proptest::collection::vec("[a-c\",\\\\\n ]{1,8}", 1..12)) {
        let escape = |text: &String| text.replace('\\', "\\\\").replace('"', "\\\"");
        let body: String = texts.iter().map(|text| format!("n,\"{}\"\n", escape(text))).collect();
        let told = InputOptions { escape: Some(b'\\'), ..options(1000) };
        let read = rows_with(&format!("label,text\n{body}"), &told);
        prop_assert_eq!(read.len(), texts.len());
        for ((found, _), text) in read.iter().zip(&texts) {
            prop_assert!(found == text || text.trim().is_empty() && found.is_empty(), "{:?} {:?}", found, text);
        }
    }

    #[test]
    fn no_bytes_panic_and_reading_ends(bytes in "(id,text\n|id\ttext\n|sep=,\n)?([a-c\",;\n\r\t\\\\]|\\PC){0,120}", limit in 1usize..60) {
        if let Ok(rows) = read_with(bytes.as_bytes(), &options(limit)) {
            prop_assert!(rows.len() <= bytes.len());
        }
    }
}

#[test]
fn the_line_that_has_the_wanted_columns_is_named() {
    let error =
        read_with(b"Coder,Anna\r\nid,text\r\n1,It rained.\r\n", &options(1000)).unwrap_err().to_string();
    assert!(error.contains("line 2 has it") && error.contains("`header_row` 2"), "{error}");
    let error = read_with(b"Coder,Anna\nid,words\n1,It rained.\n", &options(1000)).unwrap_err().to_string();
    assert!(error.contains("on a later line"), "{error}");
}

#[test]
fn the_rows_of_qualtrics_are_no_texts() {
    let extra =
        "Start,What do you think?\n\"{\"\"ImportId\"\":\"\"a\"\"}\",\"{\"\"ImportId\"\":\"\"b\"\"}\"\n";
    let read = read_with(format!("id,text\n{extra}1,It rained.\n").as_bytes(), &options(1000)).unwrap();
    let rows: Vec<Document> = read.into_iter().map(Result::unwrap).collect();
    assert_eq!((rows.len(), rows[0].text.as_str(), rows[0].line), (1, "It rained.", Some(4)));
    assert!(rows[0].file_notes[0].to_string().contains("Qualtrics"));
}

#[test]
fn rows_of_a_single_column_that_a_mark_may_have_merged_are_told() {
    let notes = |bytes: &[u8]| -> String {
        let rows = read_with(bytes, &options(1000)).unwrap().into_iter().map(Result::unwrap);
        rows.flat_map(|row| row.file_notes).map(|note| note.to_string()).collect()
    };
    assert!(notes(b"text\nIt rained.\n\"It snowed\nfor days\nand nights\"\n").contains("`quote` none"));
    assert_eq!(notes(b"text\nIt rained.\n\"It snowed\n\nfor days\"\n"), "");
}
