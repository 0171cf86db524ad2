//! Writes rows of plain cells as comma-separated values: lists of texts that people read and code.

use std::io::{self, Write};

#[cfg(feature = "train")]
use crate::read::{Quoting, TableForm};
use crate::write::CsvStyle;
use crate::write::sinks::csv::no_formula;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A header and rows below it.
pub struct Sheet<W: Write> {
    out: ::csv::Writer<W>,
    style: CsvStyle,
}

impl<W: Write> Sheet<W> {
    /// Writes the header to `out`.
    ///
    /// # Errors
    /// The system's error if writing fails.
    pub fn new<S: AsRef<str>>(mut out: W, style: CsvStyle, header: &[S]) -> io::Result<Self> {
        if style.excel {
            out.write_all(MARK)?;
        }
        let mut sheet = Sheet { out: ::csv::Writer::from_writer(out), style };
        sheet.row(header)?;
        Ok(sheet)
    }

    /// Writes the header to `out`, and rows as those of another table are written.
    ///
    /// # Errors
    /// The system's error if writing fails.
    #[cfg(feature = "train")]
    pub(crate) fn in_form<S: AsRef<str>>(mut out: W, form: TableForm, header: &[S]) -> io::Result<Self> {
        if form.has_mark {
            out.write_all(MARK)?;
        }
        let mut builder = ::csv::WriterBuilder::new();
        builder.delimiter(form.delimiter).quote_style(match form.quoting {
            Quoting::Necessary => ::csv::QuoteStyle::Necessary,
            Quoting::NonNumeric => ::csv::QuoteStyle::NonNumeric,
            Quoting::Always => ::csv::QuoteStyle::Always,
        });
        if form.has_returns {
            builder.terminator(::csv::Terminator::CRLF);
        }
        let mut sheet = Sheet { out: builder.from_writer(out), style: CsvStyle { excel: false } };
        sheet.row(header)?;
        Ok(sheet)
    }

    /// Writes a row with as many cells as the header has.
    ///
    /// # Errors
    /// The system's error if writing fails.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> io::Result<()> {
        for cell in cells.iter().map(AsRef::as_ref) {
            match self.style.excel {
                true => self.out.write_field(no_formula(cell).as_bytes()),
                false => self.out.write_field(cell),
            }?;
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    /// Ends the rows and gives back what they were written to.
    ///
    /// # Errors
    /// The system's error if writing fails.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(::csv::IntoInnerError::into_error)
    }
}

impl<W: Write> std::fmt::Debug for Sheet<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("style", &self.style).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(excel: bool) -> String {
        let mut sheet = Sheet::new(Vec::new(), CsvStyle { excel }, &["id", "text"]).unwrap();
        sheet.row(&["=1", "a \"b\",\nc"]).unwrap();
        sheet.row(&["", ""]).unwrap();
        String::from_utf8(sheet.finish().unwrap()).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(written(false), "id,text\n=1,\"a \"\"b\"\",\nc\"\n,\n");
    }

    #[cfg(feature = "train")]
    #[test]
    fn rows_are_written_as_those_of_another_table() {
        let form =
            TableForm { delimiter: b';', quoting: Quoting::NonNumeric, has_returns: true, has_mark: true };
        let mut sheet = Sheet::in_form(Vec::new(), form, &["id", "text"]).unwrap();
        sheet.row(&["1", "=a \"b\""]).unwrap();
        let written = String::from_utf8(sheet.finish().unwrap()).unwrap();
        assert_eq!(written, "\u{feff}\"id\";\"text\"\r\n1;\"=a \"\"b\"\"\"\r\n");
    }

    #[test]
    fn a_spreadsheet_gets_a_mark_and_no_formulas() {
        assert_eq!(written(true), "\u{feff}id,text\n'=1,\"a \"\"b\"\",\nc\"\n,\n");
    }
}
