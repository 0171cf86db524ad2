//! Reads delimited values with a header: one row is one text.

mod dialect;
mod enclosed;
mod escaped;
#[cfg(feature = "train")]
mod form;
mod header;
mod line_ends;
mod parser;
mod qualtrics;
mod quotes;
mod records;
mod recover;
mod repeated_header;
mod row_names;
mod rule;
mod survey;

use dialect::{BACKSLASH, Dialect, has_escaped_quote};
#[cfg(feature = "train")]
pub(crate) use form::{Quoting, TableForm, table_form};
use header::HeaderPlace;
pub(crate) use header::{has_header, is_titled_table};
use line_ends::with_line_ends;
use parser::{Parsed, Parser};
use qualtrics::rows_of_qualtrics;
use quotes::{Judgment, is_clean, judge, split_line};
use records::Sample;
use repeated_header::RepeatedHeader;
use row_names::has_row_names;
use rule::begins_with_rule;
use survey::{Survey, Trailing};

use crate::error::{Error, Message, Position, Result};
use crate::read::bytes::decode::{Decoded, newlines, utf8};
use crate::read::bytes::source::Source;
use crate::read::formats::plain::DRAWN;
use crate::read::options::Quote;
use crate::read::tables::fields::{Columns, Fields, check_width};
use crate::read::{Body, InputOptions, RawRecord};
use crate::text::document::Replaced;

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
    /// Knows rows that are the header once more.
    header: RepeatedHeader,
    trailing: Trailing,
    /// Whether quotes may turn out to be characters, or to be escaped.
    detects_quotes: bool,
    line: u64,
    record: u64,
    max_record: usize,
    /// Nothing more is read.
    finished: bool,
    /// What ended the reading while something else was reported.
    failed: Option<Error>,
    /// What is to be said of the file with its next record.
    notes: Vec<Message>,
    /// Whether it was said that quotes are characters.
    told_of_characters: bool,
    /// Whether it was said that a row may be several.
    told_of_lines: bool,
    /// Whether it was said that rows stand in quotes as a whole.
    told_of_enclosed: bool,
}

impl Delimited {
    /// Reads the header.
    pub(crate) fn open(mut source: Source, options: &InputOptions) -> Result<Self> {
        let place = find_header(&mut source, options)?;
        let dialect = Dialect::new(place.delimiter, options);
        source.take(place.offset);
        let mut rows = Delimited {
            source,
            parser: Parser::new(dialect),
            columns: Columns::none(),
            width: 0,
            header: RepeatedHeader::default(),
            trailing: Trailing::None,
            detects_quotes: false,
            line: place.lines + 1,
            record: 0,
            max_record: options.max_record,
            finished: false,
            failed: None,
            notes: Vec::new(),
            told_of_characters: false,
            told_of_lines: false,
            told_of_enclosed: false,
        };
        let position = Position { record: None, ..rows.at(rows.line) };
        if rows.advance()?.is_none() {
            return Err(Error::malformed(position, "csv", "it has no header line with column names"));
        }
        if let Some(names) = enclosed::fields(&rows.parser).filter(|_| place.has_texts) {
            rows.parser.load(&names);
            rows.tell_of_enclosed(&position);
        }
        check_width(rows.parser.fields, &position)?;
        rows.refuse_drawn()?;
        let mut header: Vec<String> =
            rows.parser.fields().map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect();
        let (bytes, is_whole) = rows.source.sample();
        if has_row_names(Sample { bytes, is_whole }, dialect, header.len()) {
            header.insert(0, String::new());
            rows.notes.push(
                format!(
                    "{position}: the rows have a name before their first column, as R writes them; the names are left out"
                )
                .into(),
            );
        }
        rows.width = header.len();
        let (below, lines) = (rows.source.sample().0, rows.line);
        rows.columns = Columns::find_in_header(&header, options, &position, || {
            header::wanted_below(below, options).map(|before| lines + before)
        })?;
        rows.notes.extend(rows.columns.take_note());
        if place.is_below_titles {
            let found = format!("{position}: found the column names here, below other lines; ");
            rows.notes.push(Message::from(found).then(Message::naming("`header_row` sets another line")));
        }
        rows.skip_rows_of_qualtrics(dialect);
        rows.survey(dialect, options, &header);
        rows.header = RepeatedHeader::new(header);
        Ok(rows)
    }

    /// Refuses a table that is drawn with lines, below its column names.
    fn refuse_drawn(&mut self) -> Result<()> {
        let Parser { dialect, fields, .. } = self.parser;
        let is_padded = self.parser.fields().next().is_some_and(|name| name.starts_with(b" "));
        if !begins_with_rule(self.source.sample().0, dialect, fields, is_padded) {
            return Ok(());
        }
        let here = Position { record: None, ..self.at(self.line) };
        Err(Error::malformed(here, "csv", DRAWN))
    }

    /// Leaves out the rows below the column names that are no answers.
    fn skip_rows_of_qualtrics(&mut self, dialect: Dialect) {
        let (sample, _) = self.source.sample();
        let length = rows_of_qualtrics(sample, dialect);
        if length > 0 {
            let lines = newlines(sample.get(..length).unwrap_or(&[]));
            self.source.take(length);
            let path = self.source.path();
            self.notes.push(
                format!("{path}: skipped the two rows that Qualtrics writes below the column names").into(),
            );
            self.line += lines;
        }
    }

    /// Looks at the first rows to tell how the file is written.
    fn survey(&mut self, dialect: Dialect, options: &InputOptions, header: &[String]) {
        let (bytes, is_whole) = self.source.sample();
        let survey = Survey::new(Sample { bytes, is_whole }, dialect, header);
        self.trailing = survey.trailing;
        // Quotes of rows that stand in quotes as a whole are nothing else.
        self.detects_quotes = options.quote == Quote::Detect && !self.told_of_enclosed;
        if self.detects_quotes && options.escape.is_none() && survey.is_escaped {
            self.read_escapes(None);
        } else if self.detects_quotes && options.escape.is_none() && survey.is_unquoted {
            self.parser = Parser::new(Dialect { quote: None, ..dialect });
            self.told_of_characters = true;
            self.notes.push(
                Message::from(format!(
                    "{}: quotation marks are read as ordinary characters, because some do not close a field; ",
                    self.source.path()
                ))
                .then(Message::naming("`quote` sets another mark")),
            );
        }
    }

    /// Takes a backslash for an escape from here on.
    fn read_escapes(&mut self, line: Option<u64>) {
        self.parser = Parser::new(Dialect { escape: Some(BACKSLASH), ..self.parser.dialect });
        let from = Position { record: None, line, ..self.at(0) };
        self.notes.push(
            Message::from(format!(
                "{from}: quotation marks inside fields are escaped with a backslash; read as "
            ))
            .then(Message::naming("`escape` backslash")),
        );
    }

    fn at(&self, line: u64) -> Position {
        Position { path: Some(self.source.path().to_string()), record: Some(self.record), line: Some(line) }
    }

    /// The number of columns that quotes are judged by; 0 where they are quotes and nothing else.
    fn judged_width(&self) -> usize {
        if self.detects_quotes { self.width } else { 0 }
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
                .then(Message::naming("`quote` none reads all marks that way")),
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
            self.notes.push(Message::from(found).then(Message::naming("`quote` none")));
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

    /// Those of the row that was parsed last.
    fn fields(&self, replaced: Option<Replaced>) -> Fields {
        let (bytes, ends) = self.parser.parts();
        let mut fields = self.columns.row();
        for place in self.columns.places() {
            let field = place.and_then(|place| {
                let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                bytes.get(start..*ends.get(place)?)
            });
            fields.push(&with_line_ends(field.unwrap_or(&[])));
        }
        fields.replaced = replaced;
        fields
    }

    /// Whether a row has the fields of the header, but for an empty one behind the last delimiter
    /// of either.
    fn has_all_fields(&self, row: &Parser) -> bool {
        let ends_empty = || row.fields().last().is_some_and(|last| last.trim_ascii().is_empty());
        row.fields == self.width
            || self.trailing == Trailing::InRows && row.fields == self.width + 1 && ends_empty()
            || self.trailing == Trailing::InHeader && row.fields + 1 == self.width
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.finished {
            return Ok(None);
        }
        let Row { line, offset, replaced } = loop {
            let Some(row) = self.advance()? else { return Ok(None) };
            self.open_enclosed(row.line);
            if !self.header.is_repeated_in(&self.parser) {
                break row;
            }
            let position = Position { record: None, ..self.at(row.line) };
            self.notes.extend(self.header.tell(&position));
        };
        self.record += 1;
        if !self.has_all_fields(&self.parser) {
            return Err(Error::malformed(self.at(line), "csv", self.wrong_width()));
        }
        let mut fields = self.fields(replaced);
        fields.file_notes.append(&mut self.notes);
        Ok(Some(RawRecord {
            path: self.source.path().clone(),
            record: Some(self.record),
            line: Some(line),
            offset,
            decoded: self.source.decoded(),
            body: Body::Fields(fields),
        }))
    }

    /// Takes the row apart that was parsed last, if it stands in quotes as a whole.
    fn open_enclosed(&mut self, line: u64) {
        if self.parser.fields != 1 || self.width == 1 || self.parser.dialect.quote.is_none() {
            return;
        }
        if let Some(fields) = enclosed::fields(&self.parser).filter(|fields| fields.len() == self.width) {
            self.parser.load(&fields);
            let position = Position { record: None, ..self.at(line) };
            self.tell_of_enclosed(&position);
        }
    }

    /// Says once that rows stand in quotes as a whole.
    fn tell_of_enclosed(&mut self, position: &Position) {
        if !std::mem::replace(&mut self.told_of_enclosed, true) {
            self.notes.push(
                format!(
                    "{position}: the row is in quotation marks as a whole; such rows are read without them"
                )
                .into(),
            );
        }
    }

    /// What is said of a row that has another number of fields than the header.
    fn wrong_width(&self) -> Message {
        let (bytes, _) = self.parser.parts();
        let found = format!("the row has {} fields; the header has {}. ", self.parser.fields, self.width);
        match bytes.contains(&BACKSLASH) && self.parser.dialect.escape.is_none() {
            true => Message::from(found).then(Message::naming(
                "Is a delimiter missing, or a quote, or does a backslash escape quotes (`escape` backslash)?",
            )),
            false => (found + "Is a delimiter missing, or a quote?").into(),
        }
    }
}

impl Iterator for Delimited {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}

/// The place of the header in a source.
fn find_header(source: &mut Source, options: &InputOptions) -> Result<HeaderPlace> {
    let position = Position { line: Some(1), ..Position::from_path(source.path().to_string()) };
    let (sample, _) = source.sample();
    let refuse = |message: Message| Err(Error::malformed(position.clone(), "csv", message));
    if sample.trim_ascii_start().is_empty() {
        // What cannot be read is no empty file.
        source.fill()?;
        return refuse("it is empty; expected a header line with column names".into());
    }
    let Some(place) = header::find(sample, options) else {
        let found = "there is no such line, or it is too far down: ";
        return refuse(Message::from(found).then(Message::naming("`header_row` counts lines from 1")));
    };
    let header = sample.get(place.offset..).unwrap_or(&[]);
    if header.iter().take_while(|&&byte| byte != b'\n').any(|&byte| byte == 0) {
        return refuse(
            "it is binary data (its first line contains zero bytes), not CSV; export it as CSV first".into(),
        );
    }
    Ok(place)
}

fn utf8_fault(raw: &[u8], line: u64, offset: u64, decoded: Decoded) -> Option<Replaced> {
    let sound = !decoded.is_other && std::str::from_utf8(raw).is_ok();
    if sound { None } else { utf8(raw, line, offset, decoded).1 }
}

#[cfg(test)]
mod tests;
