//! Reads Parquet: one row is one text.
//!
//! A file is read row group by row group, and of each only the columns that are needed. What the
//! file claims of itself is checked first (`footer`, `pages`); what is still wrong costs the rest
//! of its row group.

#[cfg(test)]
mod against_arrow;
mod cells;
mod chunks;
mod codecs;
mod columns;
mod footer;
mod leaves;
mod nested;
mod page_header;
mod pages;
#[cfg(test)]
mod tests;
mod thrift;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use columns::Layout;
use leaves::Leaf;
use nested::Fault;
use pages::{Pages, shares_prefixes};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::budget::{Budget, Share};
use crate::read::bytes::decode::{Decoded, invalid_sequences};
use crate::read::bytes::seekable::Seekable;
use crate::read::{Body, InputOptions, RawRecord};
use crate::text::document::Replaced;

/// Bytes of rows that are decoded at a time, by the row group's own average.
const BATCH_BYTES: u64 = 4 << 20;
/// Most rows that are decoded at a time.
const BATCH_ROWS: u64 = 1024;
/// Most rows of a file: so many in any file, and so many more for each byte.
const MAX_EMPTY_ROWS: u64 = 1 << 20;
const MAX_ROWS_PER_BYTE: u64 = 1000;
/// Most bytes of the values of a file: so many in any file, and so many more for each byte.
const MAX_REPEATED_BYTES: u64 = 64 << 20;
const MAX_BYTES_PER_BYTE: u64 = 1000;
/// Pages begin behind the magic bytes.
const FIRST_PAGE: u64 = 4;

/// The rows of a file.
pub(crate) struct ParquetRows {
    path: Arc<str>,
    file: Arc<Seekable>,
    layout: Layout,
    /// Where the footer begins and the pages end.
    pages_end: u64,
    max_record: usize,
    budget: Budget,
    _footer_share: Share,
    /// Row groups that have been begun.
    begun: usize,
    /// Rows that the groups before this one have.
    before: u64,
    /// Rows that this group claims, and rows of it that have been given.
    rows: u64,
    given: u64,
    /// The primitive columns of this group, by [`Layout::leaves`]; none before it is begun and
    /// behind its end.
    leaves: Vec<Leaf>,
    /// A value that is being written.
    cell: Vec<u8>,
    /// Bytes that the values to come may take.
    left: u64,
}

impl ParquetRows {
    /// Reads the footer.
    pub(crate) fn open(path: Arc<str>, mut file: Seekable, options: &InputOptions) -> Result<Self> {
        let position = Position::from_path(path.to_string());
        let malformed = |message: String| Error::malformed(position.clone(), "parquet", message);
        let budget = options.budget();
        let footer = footer::read(&mut file).map_err(malformed)?;
        let footer_share = budget
            .take(footer.cost)
            .map_err(|over| malformed(format!("it has too many columns or row groups: {over}")))?;
        let layout = Layout::read(&footer.bytes, options, &position)?;
        let length = file.length().unwrap_or(0);
        check_rows(&layout, length).map_err(malformed)?;
        Ok(ParquetRows {
            path,
            file: Arc::new(file),
            layout,
            pages_end: footer.start,
            max_record: options.max_record,
            budget,
            _footer_share: footer_share,
            begun: 0,
            before: 0,
            rows: 0,
            given: 0,
            leaves: Vec::new(),
            cell: Vec::new(),
            left: MAX_REPEATED_BYTES.saturating_add(length.saturating_mul(MAX_BYTES_PER_BYTE)),
        })
    }

    /// The number of the row that comes next.
    fn record(&self) -> u64 {
        self.before.saturating_add(self.given).saturating_add(1)
    }

    fn place(&self) -> Position {
        Position { path: Some(self.path.to_string()), record: Some(self.record()), line: None }
    }

    /// Begins the next row group; false if there is none.
    fn begin_group(&mut self) -> Result<bool> {
        self.before = self.before.saturating_add(self.rows);
        (self.rows, self.given) = (0, 0);
        let Some(group) = self.layout.metadata.row_groups().get(self.begun).cloned() else {
            return Ok(false);
        };
        self.begun += 1;
        self.rows = u64::try_from(group.num_rows()).unwrap_or(0);
        if self.rows == 0 {
            return Ok(true);
        }
        match self.check(&group) {
            Ok(bytes) => self.leaves = self.open_leaves(&group, bytes),
            Err(message) => return Err(self.lose_group(&message)),
        }
        Ok(true)
    }

    /// The needed columns of a row group, which have so many bytes without compression.
    fn open_leaves(&self, group: &RowGroupMetaData, bytes: u64) -> Vec<Leaf> {
        let step = (BATCH_BYTES.saturating_mul(self.rows) / bytes.max(1)).clamp(1, BATCH_ROWS) as usize;
        let chunks = self.layout.leaves.iter().filter_map(|leaf| group.columns().get(*leaf));
        let open = |chunk: &ColumnChunkMetaData| {
            let pages = Pages::new(self.file.clone(), chunk, self.budget.clone());
            // The bytes that values share tell nothing of their size.
            let step = if shares_prefixes(chunk) { 1 } else { step };
            Leaf::new(chunk.column_descr_ptr(), pages, step)
        };
        chunks.map(open).collect()
    }

    /// Whether the needed columns of a row group lie where pages can. Gives their bytes without
    /// compression.
    fn check(&self, group: &RowGroupMetaData) -> std::result::Result<u64, String> {
        let mut bytes = 0u64;
        for leaf in &self.layout.leaves {
            let column = group.columns().get(*leaf).ok_or("a column is missing")?;
            let name = column.column_path().string();
            let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
            let (start, length) = (u64::try_from(start), u64::try_from(column.compressed_size()));
            let lies_within = |(start, length): (u64, u64)| {
                start >= FIRST_PAGE && start.checked_add(length).is_some_and(|end| end <= self.pages_end)
            };
            if !start.ok().zip(length.ok()).is_some_and(lies_within) {
                return Err(format!("the column `{name}` does not lie within the file"));
            }
            if column.compression() == Compression::LZO {
                return Err(format!(
                    "the column `{name}` is compressed with LZO, which is not supported; write it with zstd or snappy"
                ));
            }
            bytes = bytes.saturating_add(u64::try_from(column.uncompressed_size()).unwrap_or(0));
        }
        Ok(bytes)
    }

    /// What is said when the rest of a row group cannot be read; reading continues with the next.
    fn lose_group(&mut self, cause: &str) -> Error {
        let groups = self.layout.metadata.num_row_groups();
        let (first, last) = (self.record(), self.before.saturating_add(self.rows));
        let rest = if self.begun == groups { "" } else { "; reading continues after them" };
        let message = format!(
            "row group {} of {groups} cannot be read: {cause}; the rows {first} to {last} were skipped{rest}",
            self.begun
        );
        let error = Error::malformed(self.place(), "parquet", message);
        self.leaves.clear();
        error
    }

    /// What is said where values that share their bytes make more text than any file of its length
    /// may have.
    fn lose_rest(&mut self) -> Error {
        self.given = self.given.saturating_sub(1);
        let first = self.record();
        let message = format!(
            "its values take more than {MAX_BYTES_PER_BYTE} bytes for each byte of the file; skipped the rows from {first} on"
        );
        let error = Error::malformed(self.place(), "parquet", message);
        self.begun = self.layout.metadata.num_row_groups();
        (self.rows, self.given) = (0, 0);
        self.leaves.clear();
        error
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        while self.leaves.is_empty() || self.given >= self.rows {
            self.leaves.clear();
            if !self.begin_group()? {
                return Ok(None);
            }
        }
        let leaves = &mut self.leaves;
        let next = guarded(|| leaves.iter_mut().try_fold(true, |all, leaf| Ok(leaf.next_row()? && all)));
        match next {
            Ok(true) => {
                let row = self.raw();
                let size = match &row {
                    Ok(raw) => raw.size(),
                    Err(error) if matches!(error.kind(), ErrorKind::TooLarge { .. }) => self.max_record,
                    Err(_) => 0,
                };
                match self.left.checked_sub(size as u64) {
                    Some(left) => self.left = left,
                    None => return Err(self.lose_rest()),
                }
                row.map(Some)
            }
            Ok(false) => Err(self.lose_group("it ends before its last row")),
            Err(message) => Err(self.lose_group(&message)),
        }
    }

    /// The row that the columns stand at.
    fn raw(&mut self) -> Result<RawRecord> {
        let position = self.place();
        self.given += 1;
        let (mut fields, mut invalid) = (self.layout.columns.row(), 0);
        fields.file_notes.extend(self.layout.columns.take_note());
        for place in self.layout.columns.places() {
            self.cell.clear();
            let limit = self.max_record.saturating_sub(fields.size());
            let needed = place.and_then(|place| self.layout.needed(place));
            let is_null = needed.is_some_and(|needed| needed.is_null(&self.leaves));
            let written = match needed {
                Some(needed) => needed.write(&mut self.leaves, &mut self.cell, limit),
                None => Ok(()),
            };
            match written {
                Ok(()) if self.cell.len() <= limit => {}
                Ok(()) | Err(Fault::TooLarge) => {
                    return Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }));
                }
                Err(Fault::Damaged(fault)) => {
                    let name = place.and_then(|place| self.layout.names.get(place));
                    let name = name.map_or("", String::as_str);
                    let message = format!("the value of `{name}` cannot be used: {fault}");
                    return Err(Error::malformed(position, "parquet", message));
                }
            }
            invalid += invalid_sequences(&self.cell);
            fields.push(&self.cell);
            if is_null {
                fields.set_null();
            }
        }
        fields.replaced = (invalid > 0).then_some(Replaced { count: invalid, line: 0, byte: 0 });
        Ok(RawRecord {
            path: self.path.clone(),
            record: position.record,
            line: None,
            offset: 0,
            decoded: Decoded::default(),
            body: Body::Fields(fields),
        })
    }
}

impl Iterator for ParquetRows {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}

/// Refuses a file that claims rows without end: a null takes next to nothing, and so does a text
/// that is repeated.
fn check_rows(layout: &Layout, length: u64) -> std::result::Result<(), String> {
    let rows = layout.metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0));
    let rows = rows.fold(0, u64::saturating_add);
    let most = MAX_EMPTY_ROWS.saturating_add(length.saturating_mul(MAX_ROWS_PER_BYTE));
    if rows <= most {
        return Ok(());
    }
    Err(format!("it claims {rows} rows in {length} bytes; at most {most} are read of so few"))
}

/// The crate may panic on bytes that were made to harm; that is no reason to stop.
fn guarded<T>(read: impl FnOnce() -> parquet::errors::Result<T>) -> std::result::Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(plain(&error)),
        Err(_) => Err("its bytes make no sense".to_owned()),
    }
}

/// An error without the names of the layers that it came through.
fn plain(error: &ParquetError) -> String {
    const LAYERS: [&str; 6] =
        ["Parquet error: ", "Parquet argument error: ", "Arrow: ", "External: ", "EOF: ", "NYI: "];
    let written = error.to_string();
    let mut message = written.as_str();
    while let Some(inner) = LAYERS.iter().find_map(|layer| message.strip_prefix(layer)) {
        message = inner;
    }
    message.to_owned()
}
