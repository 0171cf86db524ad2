//! Reads delimited values with a header: one row is one text.

mod parser;
mod quotes;

use parser::{Parsed, Parser};
use quotes::broken_quote;

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::decode::{Decoded, newlines, utf8};
use crate::read::bytes::source::Source;
use crate::read::tables::fields::{Columns, Fields};
use crate::read::{Body, InputOptions, RawRecord};
use crate::scan::find_byte;
use crate::text::document::Replaced;

/// The delimiters that are detected, the most likely first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Most bytes of a record that is tried when a place to go on after a broken quote is looked for.
const MAX_TRIAL_BYTES: usize = 64 << 10;
/// Fewest bytes that a trial counts for.
const MIN_TRIAL_COST: usize = 16;
/// Most bytes that are tried for one broken quote: hostile quotes cannot make the search quadratic.
const MAX_TRIED_BYTES: usize = 64 << 20;

/// Whether a text begins with a header in which all `columns` stand.
pub(crate) fn has_header(head: &[u8], columns: &[String]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    sniff_delimiter(line, columns).is_some()
}

/// The delimiter of a header line in which all `columns` stand, if there is one.
fn sniff_delimiter(line: &[u8], columns: &[String]) -> Option<u8> {
    DELIMITERS.into_iter().find(|&delimiter| {
        let names = parse_line(line, delimiter);
        !columns.is_empty() && columns.iter().all(|column| names.contains(column))
    })
}

/// The delimiter that occurs most often in a header line; a comma if none does.
fn most_frequent_delimiter(line: &[u8]) -> u8 {
    let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

fn parse_line(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut parser = Parser::new(delimiter);
    match parser.feed(line, true) {
        Parsed::Record(_) => {
            parser.fields().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// A row that was parsed: the line and the byte at which it begins, and what was not UTF-8.
struct Row {
    line: u64,
    offset: u64,
    replaced: Option<Replaced>,
}

/// The rows of a source.
pub(crate) struct Delimited {
    source: Source,
    parser: Parser,
    columns: Columns,
    width: usize,
    line: u64,
    record: u64,
    max_record: usize,
    /// Nothing more is read.
    finished: bool,
    /// What ended the reading while something else was reported.
    failed: Option<Error>,
}

impl Delimited {
    /// Reads the header.
    pub(crate) fn open(mut source: Source, options: &InputOptions) -> Result<Self> {
        let position = Position { line: Some(1), ..Position::from_path(source.path().to_string()) };
        let head = source.head()?.trim_ascii_start();
        let line = head.split(|&byte| byte == b'\n').next().unwrap_or(&[]);
        let found = || {
            sniff_delimiter(line, &options.preparation.text_columns)
                .unwrap_or_else(|| most_frequent_delimiter(line))
        };
        let delimiter = options.delimiter.unwrap_or_else(found);
        if head.is_empty() {
            return Err(Error::malformed(
                position,
                "csv",
                "it is empty; expected a header line with column names",
            ));
        }
        if line.contains(&0) {
            let message =
                "it is binary data (its first line holds zero bytes), not CSV; export it as CSV first";
            return Err(Error::malformed(position, "csv", message));
        }
        let mut rows = Delimited {
            source,
            parser: Parser::new(delimiter),
            columns: Columns::none(),
            width: 0,
            line: 1,
            record: 0,
            max_record: options.max_record,
            finished: false,
            failed: None,
        };
        if rows.advance()?.is_none() {
            return Err(Error::malformed(position, "csv", "it has no header line with column names"));
        }
        let header: Vec<String> =
            rows.parser.fields().map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect();
        rows.width = header.len();
        rows.columns = Columns::find(&header, options, &position)?;
        Ok(rows)
    }

    fn at(&self, line: u64) -> Position {
        Position { path: Some(self.source.path().to_string()), record: Some(self.record), line: Some(line) }
    }

    /// Parses the next record and takes its bytes.
    fn advance(&mut self) -> Result<Option<Row>> {
        self.parser.begin();
        self.skip_line_ends()?;
        let (line, offset) = (self.line, self.source.offset());
        let mut fed = 0;
        loop {
            let window = self.source.window();
            let ended = self.source.ended();
            match self.parser.feed(window.get(fed..).unwrap_or(&[]), ended) {
                Parsed::Record(taken) => {
                    let length = fed + taken;
                    let raw = window.get(..length).unwrap_or(&[]);
                    // Only a quote can carry a row over a line end.
                    let over_lines = raw.trim_ascii().contains(&b'\n') || ended && window.len() == length;
                    let broken = over_lines.then(|| broken_quote(raw, self.parser.delimiter)).flatten();
                    if let Some(quote) = broken {
                        return Err(self.skip_broken_quote(quote));
                    }
                    if length > self.max_record {
                        return Err(self.skip_long_row());
                    }
                    let replaced = utf8_fault(raw, line, offset, self.source.decoded());
                    self.line += newlines(raw);
                    self.source.take(length);
                    return Ok(Some(Row { line, offset, replaced }));
                }
                Parsed::End => return Ok(None),
                Parsed::More => fed = window.len(),
            }
            if fed > self.max_record {
                return Err(match broken_quote(self.source.window(), self.parser.delimiter) {
                    Some(quote) => self.skip_broken_quote(quote),
                    None => self.skip_long_row(),
                });
            }
            if let Err(error) = self.source.fill() {
                // What was read of the row is no row.
                self.finished = true;
                return Err(error);
            }
        }
    }

    /// Blank lines, and the second half of a CRLF, belong to no record.
    fn skip_line_ends(&mut self) -> Result<()> {
        loop {
            let blank = self.source.window().iter().take_while(|&&b| b == b'\n' || b == b'\r').count();
            self.line += newlines(self.source.window().get(..blank).unwrap_or(&[]));
            self.source.take(blank);
            if !self.source.window().is_empty() || !self.source.fill()? {
                return Ok(());
            }
        }
    }

    /// Goes on after a quote that does not close where it should, at the next line whose record has as many fields as the
    /// header.
    fn skip_broken_quote(&mut self, quote: usize) -> Error {
        self.record += 1;
        let opened = self.line + newlines(self.source.window().get(..quote).unwrap_or(&[]));
        let resumed = self.find_sound_line(quote);
        let skipped = resumed.unwrap_or(self.source.window().len());
        self.line += newlines(self.source.window().get(..skipped).unwrap_or(&[]));
        self.source.take(skipped);
        self.parser.restart();
        self.finished = resumed.is_none();
        let rest = match resumed {
            Some(_) if self.line == opened + 1 => {
                format!("the line was left out and reading goes on at line {}", self.line)
            }
            Some(_) => format!("lines {opened} to {} were left out and reading goes on", self.line - 1),
            None => "all that follows in this file was left out".to_owned(),
        };
        let message = format!(
            "a quote opens here and does not close where it should; {rest}. Close it, or double it if it is part of the text"
        );
        Error::malformed(self.at(opened), "csv", message)
    }

    /// The place in the window of the next line after `from` whose record is sound; the window moves on until there is one.
    fn find_sound_line(&mut self, from: usize) -> Option<usize> {
        let mut trial = Parser::new(self.parser.delimiter);
        let (mut at, mut tried) = (from, 0);
        while tried < MAX_TRIED_BYTES {
            let window = self.source.window();
            let Some(end) = find_byte(window, at, |byte| byte == b'\n').map(|found| found + 1) else {
                // No line of what was read will do: go on with what comes, if anything does.
                self.line += newlines(window);
                self.source.take(window.len());
                at = 0;
                match self.source.fill() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => {
                        self.failed = Some(error);
                        return None;
                    }
                }
            };
            at = end;
            let bytes = window.get(at..(at + MAX_TRIAL_BYTES).min(window.len())).unwrap_or(&[]);
            let last = self.source.ended() && at + bytes.len() == window.len();
            trial.restart();
            // A trial costs something even where it reads little.
            tried += MIN_TRIAL_COST;
            match trial.feed(bytes, last) {
                Parsed::Record(length) => {
                    tried += length;
                    let raw = bytes.get(..length).unwrap_or(&[]);
                    if trial.fields == self.width && broken_quote(raw, self.parser.delimiter).is_none() {
                        return Some(at);
                    }
                }
                Parsed::More => tried += bytes.len(),
                Parsed::End => return None,
            }
        }
        None
    }

    /// Goes on at the line after a row that is too long.
    fn skip_long_row(&mut self) -> Error {
        self.record += 1;
        let error = Error::new(ErrorKind::TooLarge { position: self.at(self.line), limit: self.max_record });
        loop {
            let window = self.source.window();
            let end = window.iter().position(|&byte| byte == b'\n');
            let length = end.map_or(window.len(), |at| at + 1);
            self.line += u64::from(end.is_some());
            self.source.take(length);
            if end.is_some() || !matches!(self.source.fill(), Ok(true)) {
                self.parser.restart();
                return error;
            }
        }
    }

    /// Those of the row that was parsed last.
    fn fields(&self, replaced: Option<Replaced>) -> Fields {
        let (bytes, ends) = self.parser.parts();
        let mut fields = self.columns.row();
        for place in self.columns.places() {
            let field = place.and_then(|place| {
                let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                bytes.get(start..*ends.get(place)?)
            });
            fields.push(field.unwrap_or(&[]));
        }
        fields.replaced = replaced;
        fields
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.finished {
            return Ok(None);
        }
        let Some(Row { line, offset, replaced }) = self.advance()? else { return Ok(None) };
        self.record += 1;
        if self.parser.fields != self.width {
            let message = format!(
                "the row has {} fields; the header has {}. Is a delimiter missing, or a quote?",
                self.parser.fields, self.width
            );
            return Err(Error::malformed(self.at(line), "csv", message));
        }
        let fields = self.fields(replaced);
        Ok(Some(RawRecord {
            path: self.source.path().clone(),
            record: Some(self.record),
            line: Some(line),
            offset,
            decoded: self.source.decoded(),
            body: Body::Fields(fields),
        }))
    }
}

impl Iterator for Delimited {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}

fn utf8_fault(raw: &[u8], line: u64, offset: u64, decoded: Decoded) -> Option<Replaced> {
    let sound = !decoded.is_other && std::str::from_utf8(raw).is_ok();
    if sound { None } else { utf8(raw, line, offset, decoded).1 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::{Column, Requirement};
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
        let source = Source::new("x.csv".into(), Box::new(std::io::Cursor::new(bytes.to_vec())));
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
                "! x.csv, line 3, record 2: a quote opens here and does not close where it should; the line was left out and reading goes on at line 4. \
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
        assert!(found[0].contains("line 2, record 1: a quote opens here"), "{}", found[0]);
    }

    #[test]
    fn broken_rows_in_succession_are_left_out_together_and_named() {
        let found = texts(b"id,text\n1,\"alpha beta\n2,\"second row\n3,fine\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].contains("line 2, record 1") && found[0].contains("lines 2 to 3 were left out"),
            "{found:?}"
        );
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
        let options =
            InputOptions { preparation: Preparation::from_columns(["title", "text"]), ..options(1000) };
        let read = read_with(b"title,text\nT,B\n,C\n", &options).unwrap();
        let texts: Vec<_> = read.into_iter().map(|row| row.unwrap().text).collect();
        assert_eq!(texts, ["T\n\nB", "C"]);
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
        fn no_bytes_panic_and_reading_ends(bytes in "(id,text\n)?([a-c\",;\n\r]|\\PC){0,120}", limit in 1usize..60) {
            if let Ok(rows) = read_with(bytes.as_bytes(), &options(limit)) {
                prop_assert!(rows.len() <= bytes.len());
            }
        }
    }
}
