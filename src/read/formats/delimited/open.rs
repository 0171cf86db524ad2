//! Opens a table: finds its header and its columns, and looks at its first rows.

use crate::error::{Error, Message, Position, Result};
use crate::read::InputOptions;
use crate::read::bytes::decode::newlines;
use crate::read::bytes::source::Source;
use crate::read::formats::delimited::dialect::Dialect;
use crate::read::formats::delimited::header::HeaderPlace;
use crate::read::formats::delimited::parser::Parser;
use crate::read::formats::delimited::qualtrics::rows_of_qualtrics;
use crate::read::formats::delimited::records::Sample;
use crate::read::formats::delimited::repeated_header::RepeatedHeader;
use crate::read::formats::delimited::row_names::has_row_names;
use crate::read::formats::delimited::rule::begins_with_rule;
use crate::read::formats::delimited::survey::{Survey, Trailing};
use crate::read::formats::delimited::{Delimited, enclosed, header};
use crate::read::formats::plain::DRAWN;
use crate::read::options::Quote;
use crate::read::tables::fields::{Columns, check_width};

impl Delimited {
    /// Reads the header.
    pub(crate) fn open(mut source: Source, options: &InputOptions) -> Result<Self> {
        let place = find_header(&mut source, options)?;
        let dialect = Dialect::new(place.delimiter, options);
        source.take(place.offset);
        let mut rows = Delimited::at_header(source, &place, dialect, options);
        let position = Position { record: None, ..rows.at(rows.line) };
        let header = rows.read_header(&place, &position)?;
        rows.find_columns(&header, options, &position)?;
        if place.is_below_titles {
            let found = format!("{position}: found the column names here, below other lines; ");
            rows.notes.push(Message::from(found).then(Message::naming("`header_row` sets another line")));
        }
        rows.skip_rows_of_qualtrics(dialect);
        rows.survey(dialect, options, &header);
        rows.header = RepeatedHeader::new(header);
        Ok(rows)
    }

    /// The rows of a source that begins with its header.
    fn at_header(source: Source, place: &HeaderPlace, dialect: Dialect, options: &InputOptions) -> Self {
        Delimited {
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
        }
    }

    /// The names of the columns, with an empty one for the names of rows that R writes.
    fn read_header(&mut self, place: &HeaderPlace, position: &Position) -> Result<Vec<String>> {
        if self.advance()?.is_none() {
            return Err(Error::malformed(position.clone(), "csv", "it has no header line with column names"));
        }
        if let Some(names) = enclosed::fields(&self.parser).filter(|_| place.has_texts) {
            self.parser.load(&names);
            self.tell_of_enclosed(position);
        }
        check_width(self.parser.fields, position)?;
        self.refuse_drawn()?;
        let mut header: Vec<String> =
            self.parser.fields().map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect();
        let (bytes, is_whole) = self.source.sample();
        if has_row_names(Sample { bytes, is_whole }, self.parser.dialect, header.len()) {
            header.insert(0, String::new());
            self.notes.push(
                format!(
                    "{position}: the rows have a name before their first column, as R writes them; the names are left out"
                )
                .into(),
            );
        }
        self.width = header.len();
        Ok(header)
    }

    fn find_columns(&mut self, header: &[String], options: &InputOptions, position: &Position) -> Result<()> {
        let (below, lines) = (self.source.sample().0, self.line);
        self.columns = Columns::find_in_header(header, options, position, || {
            header::wanted_below(below, options).map(|before| lines + before)
        })?;
        self.notes.extend(self.columns.take_note());
        Ok(())
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
}

/// The place of the header in a source.
pub(super) fn find_header(source: &mut Source, options: &InputOptions) -> Result<HeaderPlace> {
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
