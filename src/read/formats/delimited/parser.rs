//! Parses bytes into fields, piece by piece, with the csv crate's parser.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::escaped::{Escaped, Step};
use crate::read::tables::fields::split;

/// What MySQL writes for a missing value.
const NULL: &[u8] = b"\\N";

/// The csv crate's parser with the buffers that it writes to.
pub(super) struct Parser {
    core: Reader,
    /// The parser in the core's place where quotes are escaped.
    escaped: Option<Escaped>,
    pub(super) dialect: Dialect,
    bytes: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    pub(super) fields: usize,
}

pub(super) enum Parsed {
    /// A record is complete; so many bytes of what was fed last belong to it.
    Record(usize),
    /// All was taken and the record is not complete.
    More,
    /// The input has ended and there is no further record.
    End,
}

impl Parser {
    pub(super) fn new(dialect: Dialect) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(dialect.delimiter);
        builder.quoting(dialect.quote.is_some()).quote(dialect.quote.unwrap_or(b'"'));
        let escaped = dialect.escape.map(|escape| Escaped::new(dialect, escape));
        Parser {
            core: builder.build(),
            escaped,
            dialect,
            bytes: vec![0; 4096],
            used: 0,
            ends: vec![0; 64],
            fields: 0,
        }
    }

    /// Forgets a record that was begun.
    pub(super) fn restart(&mut self) {
        self.core.reset();
        self.escaped.iter_mut().for_each(Escaped::restart);
        self.used = 0;
        self.fields = 0;
    }

    /// Begins a new record if the last one is complete.
    pub(super) fn begin(&mut self) {
        self.used = 0;
        self.fields = 0;
    }

    pub(super) fn feed(&mut self, input: &[u8], last: bool) -> Parsed {
        if self.escaped.is_some() {
            return self.feed_escaped(input, last);
        }
        let mut taken = 0;
        loop {
            let rest = input.get(taken..).unwrap_or(&[]);
            if rest.is_empty() && !last {
                return Parsed::More;
            }
            let (bytes, ends) = (self.bytes.get_mut(self.used..), self.ends.get_mut(self.fields..));
            let (result, read, wrote, ended) =
                self.core.read_record(rest, bytes.unwrap_or(&mut []), ends.unwrap_or(&mut []));
            taken += read;
            self.used += wrote;
            self.fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return Parsed::Record(taken),
                ReadRecordResult::End => return Parsed::End,
            }
        }
    }

    fn feed_escaped(&mut self, input: &[u8], last: bool) -> Parsed {
        for (at, &byte) in input.iter().enumerate() {
            match self.escaped.as_mut().map_or(Step::Nothing, |escaped| escaped.step(byte)) {
                Step::Nothing => {}
                Step::Push(byte) => self.push(byte),
                Step::PushBoth(first, second) => [first, second].into_iter().for_each(|byte| self.push(byte)),
                Step::EndField => self.end_field(),
                Step::EndRecord => {
                    self.end_field();
                    return Parsed::Record(at + 1);
                }
            }
        }
        if !last {
            return Parsed::More;
        }
        if input.is_empty() && self.used == 0 && self.fields == 0 {
            return Parsed::End;
        }
        self.escaped.iter_mut().for_each(Escaped::restart);
        self.end_field();
        Parsed::Record(input.len())
    }

    fn push(&mut self, byte: u8) {
        if self.used == self.bytes.len() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        self.bytes.get_mut(self.used).into_iter().for_each(|slot| *slot = byte);
        self.used += 1;
    }

    fn end_field(&mut self) {
        let start = self.fields.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(0);
        if self.escaped.is_some() && self.bytes.get(start..self.used) == Some(NULL) {
            self.used = start;
        }
        if self.fields == self.ends.len() {
            self.ends.resize(self.ends.len() * 2, 0);
        }
        self.ends.get_mut(self.fields).into_iter().for_each(|slot| *slot = self.used);
        self.fields += 1;
    }

    /// Takes the fields of a record that was split elsewhere.
    pub(super) fn load(&mut self, fields: &[Vec<u8>]) {
        self.restart();
        for field in fields {
            field.iter().for_each(|&byte| self.push(byte));
            self.end_field();
        }
    }

    /// The fields' bytes one after the other, and where each ends.
    pub(super) fn parts(&self) -> (&[u8], &[usize]) {
        (self.bytes.get(..self.used).unwrap_or(&[]), self.ends.get(..self.fields).unwrap_or(&[]))
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let (bytes, ends) = self.parts();
        split(bytes, ends)
    }
}

/// The fields of one line.
pub(super) fn parse_line(dialect: Dialect, line: &[u8]) -> Vec<String> {
    let mut parser = Parser::new(dialect);
    match parser.feed(line, true) {
        Parsed::Record(_) => {
            parser.fields().map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect()
        }
        _ => Vec::new(),
    }
}
