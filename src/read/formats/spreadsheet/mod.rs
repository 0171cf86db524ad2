//! Reads spreadsheets (.xlsx, .ods): one row is one text.
//!
//! A sheet's text is held in memory. Before that, the archive that a spreadsheet is packed in is
//! unpacked to nowhere, so that its true size is known.

mod archive;
mod ods;
mod table;
mod unstored;
mod xlsx;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use archive::{MAX_BYTES, ZipContent};
use table::{Row, Stop, Table};

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::budget::{Budget, Share};
use crate::read::bytes::decode::Decoded;
use crate::read::bytes::seekable::Seekable;
use crate::read::formats::Sniffed;
use crate::read::formats::unsupported;
use crate::read::{Body, Format, InputOptions, RawRecord};

/// What a spreadsheet may take.
struct Limits {
    /// Bytes of all its parts without compression.
    unpacked: u64,
    /// Bytes that are held of it.
    budget: Budget,
}

/// The rows of a sheet.
pub(crate) struct SheetRows {
    path: Arc<str>,
    rows: std::vec::IntoIter<Row>,
    _held: Vec<Share>,
    max_record: usize,
    /// What ended the reading of the sheet; said behind the rows that stand.
    failed: Option<Error>,
}

/// Looks into a zip archive. What is no spreadsheet is refused.
pub(crate) fn sniff(file: Seekable) -> Sniffed {
    let look = || archive::open(file).map(|mut archive| archive::content(&mut archive));
    let content = catch_unwind(AssertUnwindSafe(look)).ok().and_then(std::result::Result::ok);
    match content.unwrap_or(ZipContent::Other("zip")) {
        ZipContent::Xlsx | ZipContent::Ods => Sniffed::Format(Format::Spreadsheet),
        ZipContent::Other(extension) => unsupported::by_extension(extension).into(),
    }
}

impl SheetRows {
    /// Reads the sheet.
    pub(crate) fn open(path: Arc<str>, file: Seekable, options: &InputOptions) -> Result<Self> {
        let limits = Limits { unpacked: MAX_BYTES, budget: options.budget() };
        SheetRows::within(limits, path, file, options)
    }

    fn within(limits: Limits, path: Arc<str>, file: Seekable, options: &InputOptions) -> Result<Self> {
        let mut table = Table::new(path.clone(), options, limits.budget);
        // What the crates below cannot take is no reason to stop.
        let read = catch_unwind(AssertUnwindSafe(|| load(file, &mut table, limits.unpacked)));
        let read = read.unwrap_or_else(|_| Err(Stop::Unreadable("its bytes make no sense".to_owned())));
        let position = Position::from_path(path.to_string());
        let malformed = |message: String| Error::malformed(position, "spreadsheet", message);
        let end = table.end();
        let (rows, held) = table.into_rows();
        let failed = match read.and(end) {
            Ok(true) => None,
            Ok(false) => {
                return Err(malformed(
                    "its sheet is empty; expected a first row with column names".to_owned(),
                ));
            }
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::Unreadable(message)) if rows.is_empty() => return Err(malformed(message)),
            Err(Stop::Unreadable(message)) => {
                Some(malformed(format!("{message}; the {} rows before it were read", rows.len())))
            }
        };
        Ok(SheetRows { path, rows: rows.into_iter(), _held: held, max_record: options.max_record, failed })
    }
}

fn load(file: Seekable, table: &mut Table<'_>, unpacked: u64) -> std::result::Result<(), Stop> {
    let unreadable = |error: std::io::Error| Stop::Unreadable(format!("cannot read it: {error}"));
    let again = file.try_clone().map_err(unreadable)?;
    let mut archive = archive::open(file).map_err(Stop::Unreadable)?;
    let content = archive::content(&mut archive);
    if let ZipContent::Other(extension) = content
        && let Some(message) = unsupported::by_extension(extension)
    {
        return Err(Stop::Unreadable(message));
    }
    table.hold(archive::check(&mut archive, unpacked).map_err(Stop::Unreadable)?)?;
    match content {
        ZipContent::Ods => ods::read(&mut archive, table),
        _ => xlsx::read(again, table),
    }
}

impl Iterator for SheetRows {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        let Some(Row { line, record, fields }) = self.rows.next() else {
            return self.failed.take().map(Err);
        };
        let record = Some(record);
        Some(match fields {
            Some(fields) => Ok(RawRecord {
                path: self.path.clone(),
                record,
                line: Some(line),
                offset: 0,
                decoded: Decoded::default(),
                body: Body::Fields(fields),
            }),
            None => {
                let position = Position { path: Some(self.path.to_string()), record, line: Some(line) };
                Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }))
            }
        })
    }
}

#[cfg(test)]
mod tests;
