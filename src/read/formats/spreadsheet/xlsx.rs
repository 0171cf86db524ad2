//! Reads the cells of a sheet of an .xlsx workbook, by calamine.

use std::borrow::Cow;
use std::io::BufReader;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::read::bytes::seekable::Seekable;
use crate::read::formats::spreadsheet::table::{Cell, Stop, Table};

const DAY_SECONDS: f64 = 86_400.0;

pub(super) fn read(file: Seekable, table: &mut Table<'_>) -> Result<(), Stop> {
    let mut book: Xlsx<_> = Reader::new(BufReader::new(file)).map_err(damaged)?;
    let sheets = || book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheet = sheets()
        .find(|sheet| table.wants(&sheet.name, sheet.visible == SheetVisible::Visible))
        .map(|sheet| sheet.name.clone());
    let names: Vec<String> = sheets().map(|sheet| sheet.name.clone()).collect();
    let sheet = sheet.ok_or_else(|| table.not_found(&names))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
    let (mut row, mut line) = (table.row(), 0);
    // Read cell by cell: a sheet of two cells in opposite corners would not fit into memory as a
    // whole.
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
        let (at, column) = cell.pos;
        table.count_unnamed(column.into())?;
        if u64::from(at) + 1 != line {
            table.rows(line, 1, &row)?;
            row.clear();
            line = u64::from(at) + 1;
        }
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            table.count_unstored(line, column.into());
        }
        row.push(Cell { first: column.into(), count: 1, text: text(cell.value) });
    }
    table.rows(line, 1, &row)?;
    table.tell_of_unstored()
}

fn damaged(error: XlsxError) -> Stop {
    match error {
        XlsxError::Password => Stop::Unreadable("it is protected by a password".to_owned()),
        error => Stop::Unreadable(format!("it is damaged: {error}")),
    }
}

/// What a cell shows, as far as that does not hang on its format.
fn text(data: DataRef<'_>) -> Cow<'_, str> {
    match data {
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cow::Owned(text),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) => Cow::Owned(number.to_string()),
        DataRef::Bool(truth) => Cow::Borrowed(if truth { "TRUE" } else { "FALSE" }),
        DataRef::Error(error) => Cow::Owned(error.to_string()),
        DataRef::DateTime(moment) => Cow::Owned(iso(moment)),
        DataRef::Empty => Cow::Borrowed(""),
    }
}

/// Days since an epoch to a date, a time of day, both, or a duration, by ISO 8601.
fn iso(moment: ExcelDateTime) -> String {
    let days = moment.as_f64();
    if !(0.0..=4e6).contains(&days) {
        return days.to_string();
    }
    if moment.is_duration() {
        let seconds = (days * DAY_SECONDS).round() as u64;
        return format!("PT{}H{}M{}S", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    let time = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    match (days < 1.0, days.fract() == 0.0) {
        (true, _) => time,
        (_, true) => date,
        _ => format!("{date}T{time}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    #[test]
    fn cells_are_written_plainly() {
        let written = |data: DataRef<'static>| text(data).into_owned();
        assert_eq!(written(DataRef::Float(12.0)), "12");
        assert_eq!(written(DataRef::Float(-0.25)), "-0.25");
        assert_eq!(written(DataRef::Bool(false)), "FALSE");
        assert_eq!(written(DataRef::Error(CellErrorType::NA)), "#N/A");
        assert_eq!(written(DataRef::SharedString(" as it is ")), " as it is ");
    }

    #[test]
    fn dates_and_times_are_iso() {
        let of = |days, kind| iso(ExcelDateTime::new(days, kind, false));
        let moment = |days| of(days, ExcelDateTimeType::DateTime);
        // 2025-03-01 is day 45717 of Excel's calendar.
        assert_eq!(moment(45717.0), "2025-03-01");
        assert_eq!(moment(45717.5), "2025-03-01T12:00:00");
        assert_eq!(moment(45717.0 + 1.0 / 86_400_000.0 * 1_500.0), "2025-03-01T00:00:01.500");
        assert_eq!(moment(0.75), "18:00:00");
        assert_eq!(moment(-3.0), "-3");
        assert_eq!(of(1.5, ExcelDateTimeType::TimeDelta), "PT36H0M0S");
    }
}
