//! Makes Excel workbooks of one sheet, the same bytes for the same cells.

use std::fmt;
use std::io;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook as Book, Worksheet, XlsxError};

use crate::write::Cell;

/// Rows that a sheet of Excel has room for, and characters that a cell has.
const MAX_ROWS: u32 = 1_048_576;
const MAX_CHARACTERS: usize = 32_767;

/// A sheet with a header, whose texts are never formulas.
pub(crate) struct Workbook {
    sheet: Worksheet,
    rows: u32,
}

impl Workbook {
    /// An empty sheet.
    pub(crate) fn new() -> Self {
        Workbook { sheet: Worksheet::new(), rows: 0 }
    }

    /// Writes the names of the columns, which stay in sight.
    pub(crate) fn header<'c>(&mut self, names: impl Iterator<Item = &'c str>) -> io::Result<()> {
        let bold = Format::new().set_bold();
        for (column, name) in (0u16..).zip(names) {
            self.sheet.write_string_with_format(self.rows, column, name, &bold).map_err(failed)?;
        }
        self.rows += 1;
        self.sheet.set_freeze_panes(1, 0).map_err(failed)?;
        Ok(())
    }

    /// Writes a row.
    ///
    /// # Errors
    /// More rows than a sheet has, or a text that is longer than a cell may be.
    pub(crate) fn row<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()> {
        if self.rows >= MAX_ROWS {
            return Err(io::Error::other(format!(
                "an Excel sheet holds at most {MAX_ROWS} rows; write CSV or Parquet instead"
            )));
        }
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) if text.encode_utf16().count() > MAX_CHARACTERS => {
                    return Err(io::Error::other(format!(
                        "row {}: a text has more than the {MAX_CHARACTERS} characters that an Excel cell can hold; \
                         leave texts out, or write CSV or Parquet",
                        self.rows + 1
                    )));
                }
                Cell::Text(text) => self.sheet.write_string(self.rows, column, text),
                Cell::Whole(number) => self.sheet.write_number(self.rows, column, number as f64),
                Cell::Real(number) => self.sheet.write_number(self.rows, column, number),
            }
            .map_err(failed)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// The file; the sheet is empty afterwards.
    pub(crate) fn take_bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut book = Book::new();
        // A file that holds the time of its making would differ from run to run.
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        book.push_worksheet(std::mem::take(&mut self.sheet));
        book.save_to_buffer().map_err(failed)
    }
}

fn failed(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

impl fmt::Debug for Workbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbook").field("rows", &self.rows).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn made() -> Vec<u8> {
        let mut book = Workbook::new();
        book.header(["id", "n", "p"].into_iter()).unwrap();
        book.row([Cell::from("=1+1"), Cell::Whole(7), Cell::Real(0.1)].into_iter()).unwrap();
        book.row([Cell::Empty, Cell::Empty, Cell::Real(f64::MIN_POSITIVE)].into_iter()).unwrap();
        book.take_bytes().unwrap()
    }

    #[test]
    fn excel_reads_texts_as_texts_and_numbers_as_numbers() {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(made())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let rows: Vec<&[Data]> = sheet.rows().collect();
        assert_eq!(rows[0], ["id", "n", "p"].map(|name| Data::String(name.into())));
        assert_eq!(rows[1], [Data::String("=1+1".into()), Data::Float(7.0), Data::Float(0.1)]);
        assert_eq!(rows[2][2], Data::Float(f64::MIN_POSITIVE));
    }

    #[test]
    fn the_same_cells_make_the_same_bytes() {
        assert_eq!(made(), made());
    }

    #[test]
    fn what_excel_has_no_room_for_is_refused() {
        let mut book = Workbook::new();
        let long = "x".repeat(MAX_CHARACTERS + 1);
        assert!(book.row([Cell::from(long.as_str())].into_iter()).unwrap_err().to_string().contains("32767"));
        book.rows = MAX_ROWS;
        assert!(book.row(std::iter::empty()).unwrap_err().to_string().contains("1048576"));
    }
}
