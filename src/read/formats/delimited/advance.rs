//! Parses the next row, and settles what its quotes are: marks around fields, characters, escaped
//! or forgotten.

use crate::error::{Message, Position, Result};
use crate::read::bytes::decode::{Decoded, newlines, utf8};
use crate::read::formats::delimited::Delimited;
use crate::read::formats::delimited::dialect::{BACKSLASH, Dialect, has_escaped_quote};
use crate::read::formats::delimited::parser::{Parsed, Parser};
use crate::read::formats::delimited::quotes::{Judgment, is_clean, judge, split_line};
use crate::text::document::Replaced;

/// A row that was parsed: the line and the byte at which it begins, and what was not UTF-8.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) offset: u64,
    pub(super) replaced: Option<Replaced>,
}

impl Delimited {
    /// Parses the next record and takes its bytes.
    pub(super) fn advance(&mut self) -> Result<Option<Row>> {
        self.parser.begin();
        self.skip_line_ends()?;
        let (line, offset) = (self.line, self.source.offset());
        let mut fed = 0;
        loop {
            let window = self.source.window();
            let ended = self.source.ended();
            let width = self.judged_width();
            let mut judgment = Judgment::Sound;
            let length = match self.parser.feed(window.get(fed..).unwrap_or(&[]), ended) {
                Parsed::Record(taken) => {
                    let raw = window.get(..fed + taken).unwrap_or(&[]);
                    judgment = judge(raw, self.is_clean(raw), self.parser.dialect, width);
                    Some(raw.len())
                }
                Parsed::End => return Ok(None),
                Parsed::More => {
                    fed = window.len();
                    if fed > self.max_record {
                        judgment = judge(window, self.is_clean(window), self.parser.dialect, width);
                    }
                    (fed > self.max_record).then_some(fed)
                }
            };
            let Some(length) = length else {
                if let Err(error) = self.source.fill() {
                    // What was read of the row is no row.
                    self.finished = true;
                    return Err(error);
                }
                continue;
            };
            if self.may_be_escaped(length) {
                self.read_escapes(Some(line));
                fed = 0;
                continue;
            }
            let length = match judgment {
                Judgment::Sound | Judgment::Doubtful if length > self.max_record => {
                    return Err(self.skip_long_row());
                }
                Judgment::Sound => length,
                Judgment::Doubtful => {
                    self.tell_of_lines();
                    length
                }
                Judgment::Characters(length) => {
                    self.read_quotes_as_characters(length);
                    length
                }
                Judgment::Broken(quote) => return Err(self.skip_broken_quote(quote)),
            };
            let raw = self.source.window().get(..length).unwrap_or(&[]);
            let replaced = utf8_fault(raw, line, offset, self.source.decoded());
            self.line += newlines(raw);
            self.source.take(length);
            return Ok(Some(Row { line, offset, replaced }));
        }
    }

    /// The number of columns that quotes are judged by; 0 where they are quotes and nothing else.
    fn judged_width(&self) -> usize {
        if self.detects_quotes { self.width } else { 0 }
    }

    /// Whether all quotes of the record that was parsed last enclose fields.
    fn is_clean(&self, raw: &[u8]) -> bool {
        self.parser.is_known_clean() || is_clean(raw, self.parser.dialect)
    }

    /// Whether the next record, whose quotes do not close as they should, has as many fields as the
    /// header if a backslash escapes a quote.
    fn may_be_escaped(&self, length: usize) -> bool {
        let Parser { dialect, .. } = self.parser;
        if !self.detects_quotes || dialect.quote.is_none() || dialect.escape.is_some() {
            return false;
        }
        let window = self.source.window();
        let raw = window.get(..length).unwrap_or(&[]);
        if self.is_clean(raw) || !has_escaped_quote(raw) {
            return false;
        }
        let escaped = Dialect { escape: Some(BACKSLASH), ..dialect };
        let mut trial = Parser::new(escaped);
        match trial.feed(window, self.source.ended()) {
            Parsed::Record(taken) => {
                let raw = window.get(..taken).unwrap_or(&[]);
                self.has_all_fields(&trial) && is_clean(raw, escaped)
            }
            _ => false,
        }
    }

    /// Takes a backslash for an escape from here on.
    pub(super) fn read_escapes(&mut self, line: Option<u64>) {
        self.parser = Parser::new(Dialect { escape: Some(BACKSLASH), ..self.parser.dialect });
        let from = Position { record: None, line, ..self.at(0) };
        self.notes.push(
            Message::from(format!(
                "{from}: quotation marks inside fields are escaped with a backslash; read as "
            ))
            .then(Message::naming("`escape=backslash`")),
        );
    }

    /// Takes the next line for a row in which quotes that do not enclose a field are characters.
    fn read_quotes_as_characters(&mut self, length: usize) {
        let line = self.source.window().get(..length).unwrap_or(&[]);
        let fields = split_line(line, self.parser.dialect);
        self.parser.load(&fields);
        if !std::mem::replace(&mut self.told_of_characters, true) {
            let here = Position { record: None, ..self.at(self.line) };
            self.notes.push(
                Message::from(format!(
                    "{here}: a quotation mark that does not close a field is read as an ordinary character, here and below; "
                ))
                .then(Message::naming("`quote=none` reads all marks that way")),
            );
        }
    }

    /// Says once that a row may be several.
    fn tell_of_lines(&mut self) {
        if !std::mem::replace(&mut self.told_of_lines, true) {
            let here = Position { record: None, ..self.at(self.line) };
            let found = format!(
                "{here}: a field in quotes spans lines that each have as many fields as the header; if they are rows, give "
            );
            self.notes.push(Message::from(found).then(Message::naming("`quote=none`")));
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
}

fn utf8_fault(raw: &[u8], line: u64, offset: u64, decoded: Decoded) -> Option<Replaced> {
    let sound = !decoded.is_other && std::str::from_utf8(raw).is_ok();
    if sound { None } else { utf8(raw, line, offset, decoded).1 }
}
