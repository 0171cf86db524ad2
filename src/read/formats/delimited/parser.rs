//! Parses bytes into fields, piece by piece, by the rules of the csv crate. Rows that are whole and
//! whose quotes enclose fields and nothing else, as nearly all are, are split many bytes at a time;
//! the csv crate's parser is built for the first row of another kind. To build it takes longer than
//! to split a small table, and each question about how a table is written has a parser of its own.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::escaped::{Escaped, Step};
use crate::read::tables::fields::split;
use crate::scan::find_byte;

/// What MySQL writes for a missing value.
const NULL: &[u8] = b"\\N";

/// What the csv crate's parser looks for at the beginning of its input, and leaves out.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A parser with the buffers that it writes to.
pub(super) struct Parser {
    /// The csv crate's parser, once it is needed.
    core: Option<Box<Reader>>,
    /// The parser in the core's place where quotes are escaped.
    escaped: Option<Escaped>,
    pub(super) dialect: Dialect,
    bytes: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    pub(super) fields: usize,
    state: State,
}

/// Where a parser is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the beginning of the input, where a byte order mark may stand.
    New,
    /// Behind a record.
    Between,
    /// The core was given a part of a record, or all of it.
    Inside,
    /// Behind a record that the core has not seen.
    Split,
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
        let escaped = dialect.escape.map(|escape| Escaped::new(dialect, escape));
        Parser {
            core: None,
            escaped,
            dialect,
            bytes: vec![0; 512],
            used: 0,
            ends: vec![0; 16],
            fields: 0,
            state: State::New,
        }
    }

    /// Forgets a record that was begun.
    pub(super) fn restart(&mut self) {
        self.core.iter_mut().for_each(|core| core.reset());
        self.escaped.iter_mut().for_each(Escaped::restart);
        self.used = 0;
        self.fields = 0;
        self.state = State::New;
    }

    /// Begins a new record if the last one is complete.
    pub(super) fn begin(&mut self) {
        self.used = 0;
        self.fields = 0;
        if self.state != State::New {
            self.state = State::Between;
        }
    }

    /// Whether all quotes of the last record are known to enclose fields.
    pub(super) fn is_known_clean(&self) -> bool {
        self.state == State::Split
    }

    pub(super) fn feed(&mut self, input: &[u8], last: bool) -> Parsed {
        if self.escaped.is_some() {
            return self.feed_escaped(input, last);
        }
        if matches!(self.state, State::New | State::Between) {
            if input.is_empty() {
                return if last { Parsed::End } else { Parsed::More };
            }
            if let Some(length) = self.split(input, last) {
                self.state = State::Split;
                return Parsed::Record(length);
            }
            (self.used, self.fields) = (0, 0);
            self.prepare_core();
        }
        self.state = State::Inside;
        self.feed_core(input, last)
    }

    /// Puts the core where this parser is: at the beginning of the input or of a later record.
    fn prepare_core(&mut self) {
        let core = self.core.get_or_insert_with(|| Box::new(build_core(self.dialect)));
        if self.state == State::Between {
            // It may have seen nothing yet; behind a blank line, which belongs to no record, it
            // looks for no byte order mark.
            core.read_record(b"\n", &mut self.bytes, &mut self.ends);
        }
    }

    fn feed_core(&mut self, input: &[u8], last: bool) -> Parsed {
        let Some(core) = &mut self.core else { return Parsed::End };
        let mut taken = 0;
        loop {
            let rest = input.get(taken..).unwrap_or(&[]);
            if rest.is_empty() && !last {
                return Parsed::More;
            }
            let (bytes, ends) = (self.bytes.get_mut(self.used..), self.ends.get_mut(self.fields..));
            let (result, read, wrote, ended) =
                core.read_record(rest, bytes.unwrap_or(&mut []), ends.unwrap_or(&mut []));
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

    /// Splits the record at the beginning of `input` and gives its length, if it is whole and each
    /// quote opens a field, closes it or is doubled. What it has taken otherwise is of no use.
    fn split(&mut self, input: &[u8], last: bool) -> Option<usize> {
        let Dialect { delimiter, quote, .. } = self.dialect;
        let is_line_end = |byte: u8| (byte == b'\n') | (byte == b'\r');
        let is_marked = self.state == State::New && input.starts_with(BYTE_ORDER_MARK);
        if is_marked || is_line_end(*input.first()?) {
            return None;
        }
        let mut start = 0;
        loop {
            let end = match quote.filter(|quote| input.get(start) == Some(quote)) {
                Some(quote) => self.take_quoted(input, start + 1, quote)?,
                None => {
                    let end = find_byte(input, start, |byte| (byte == delimiter) | is_line_end(byte))
                        .or(last.then_some(input.len()))?;
                    self.append(input.get(start..end)?);
                    end
                }
            };
            self.end_field();
            match input.get(end) {
                Some(&byte) if byte == delimiter => start = end + 1,
                Some(&byte) if is_line_end(byte) => return Some(end + 1),
                None if last => return Some(end),
                _ => return None,
            }
        }
    }

    /// Takes a field from behind the quote that opens it; gives the place behind the quote that
    /// closes it.
    fn take_quoted(&mut self, input: &[u8], mut from: usize, quote: u8) -> Option<usize> {
        loop {
            let at = find_byte(input, from, |byte| byte == quote)?;
            if input.get(at + 1) != Some(&quote) {
                self.append(input.get(from..at)?);
                return Some(at + 1);
            }
            self.append(input.get(from..=at)?);
            from = at + 2;
        }
    }

    fn append(&mut self, part: &[u8]) {
        let end = self.used + part.len();
        if end > self.bytes.len() {
            self.bytes.resize(end.next_power_of_two(), 0);
        }
        if let Some(room) = self.bytes.get_mut(self.used..end) {
            room.copy_from_slice(part);
        }
        self.used = end;
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

fn build_core(dialect: Dialect) -> Reader {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(dialect.delimiter);
    builder.quoting(dialect.quote.is_some()).quote(dialect.quote.unwrap_or(b'"'));
    builder.build()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::formats::delimited::quotes::is_clean;

    /// The records of an input that is fed in two parts, each with its fields; if nothing is split,
    /// the csv crate's parser gives them.
    fn records(input: &[u8], cut: usize, dialect: Dialect, splits: bool) -> Vec<(usize, Vec<Vec<u8>>)> {
        let mut parser = Parser::new(dialect);
        if !splits {
            parser.prepare_core();
        }
        let (mut found, mut at) = (Vec::new(), 0);
        loop {
            parser.begin();
            if !splits {
                parser.state = State::Inside;
            }
            let mut fed = at;
            let end = loop {
                let until = if fed < cut { cut } else { input.len() };
                match parser.feed(&input[fed..until], until == input.len()) {
                    Parsed::Record(taken) => break fed + taken,
                    Parsed::More => fed = until,
                    Parsed::End => return found,
                }
            };
            at = end;
            found.push((at, parser.fields().map(<[u8]>::to_vec).collect()));
        }
    }

    /// Records that each begin an input, as samples are gone through.
    fn restarted(input: &[u8], is_whole: bool, dialect: Dialect, splits: bool) -> Vec<(usize, Vec<Vec<u8>>)> {
        let mut parser = Parser::new(dialect);
        if !splits {
            parser.prepare_core();
        }
        let (mut found, mut rest) = (Vec::new(), input);
        loop {
            parser.restart();
            if !splits {
                parser.state = State::Inside;
            }
            let Parsed::Record(length) = parser.feed(rest, is_whole) else { return found };
            rest = &rest[length.max(1)..];
            found.push((length, parser.fields().map(<[u8]>::to_vec).collect()));
        }
    }

    fn dialects() -> impl Strategy<Value = Dialect> {
        let quotes = vec![Some(b'"'), None, Some(b'\''), Some(b';')];
        (prop::sample::select(vec![b',', b';', b'\t']), prop::sample::select(quotes))
            .prop_map(|(delimiter, quote)| Dialect { delimiter, quote, escape: None })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]

        #[test]
        fn records_that_are_split_are_those_of_the_csv_crate(
            text in "\u{feff}?([ab;']|,|\t|,\"|\",|\"\"|\"|\n|\r|\r\n|[a-c]{60,70}|é|\n\u{feff}){0,40}",
            cut in any::<prop::sample::Index>(), is_whole in any::<bool>(), dialect in dialects(),
        ) {
            let (bytes, cut) = (text.as_bytes(), cut.index(text.len() + 1));
            prop_assert_eq!(records(bytes, cut, dialect, true), records(bytes, cut, dialect, false));
            prop_assert_eq!(restarted(bytes, is_whole, dialect, true), restarted(bytes, is_whole, dialect, false));
        }

        #[test]
        fn what_is_known_to_be_clean_is(text in "([ab]|,|,\"|\",|\"\"|\"|\n){0,20}", last in any::<bool>()) {
            let dialect = Dialect { delimiter: b',', quote: Some(b'"'), escape: None };
            let mut parser = Parser::new(dialect);
            if let Parsed::Record(length) = parser.feed(text.as_bytes(), last)
                && parser.is_known_clean()
            {
                prop_assert!(is_clean(&text.as_bytes()[..length], dialect));
            }
        }
    }
}
