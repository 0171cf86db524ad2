//! Reads the pages of a row group, and checks each before the parquet crate allocates what the page claims
//! to hold.

use std::sync::Arc;

use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, SerializedPageReader};

use crate::read::bytes::seekable::Seekable;
use crate::read::formats::parquet::thrift::{I32, STRUCT, Thrift};

/// Most bytes of a page without compression. Writers make pages of some 1 MB; a text does not span pages.
const MAX_PAGE_BYTES: i32 = 512 << 20;
/// Most values of a dictionary, and of a page whose lengths are all decoded at once.
const MAX_VALUES: u64 = 16 << 20;
/// Type of a page that the parquet crate passes over.
const INDEX_PAGE: i32 = 1;

/// What the parquet crate reads a row group from.
pub(super) struct Group {
    pub(super) file: Arc<Seekable>,
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) group: RowGroupMetaData,
}

impl RowGroups for Group {
    fn num_rows(&self) -> usize {
        usize::try_from(self.group.num_rows()).unwrap_or(0)
    }

    fn column_chunks(&self, column: usize) -> Result<Box<dyn PageIterator>> {
        let chunk = self.group.columns().get(column).ok_or_else(|| damaged("a column is missing"))?;
        let (at, left) = chunk.byte_range();
        let levels = chunk.column_descr();
        let pages = Pages {
            inner: SerializedPageReader::new(self.file.clone(), chunk, self.num_rows(), None)?,
            file: self.file.clone(),
            at,
            left,
            levels: [levels.max_rep_level(), levels.max_def_level()],
        };
        Ok(Box::new(Chunk(Some(pages))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(&self.group))
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// The one part of a column that stands in the row group.
struct Chunk(Option<Pages>);

impl Iterator for Chunk {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(|pages| Ok(Box::new(pages) as Box<dyn PageReader>))
    }
}

impl PageIterator for Chunk {}

struct Pages {
    inner: SerializedPageReader<Seekable>,
    file: Arc<Seekable>,
    /// Where the next page begins.
    at: u64,
    /// Bytes of the column from there on.
    left: u64,
    /// The greatest repetition level and the greatest definition level; 0 for levels that are not written.
    levels: [i16; 2],
}

/// What a page says of itself.
struct Header {
    kind: i32,
    plain: i32,
    packed: i32,
    length: u64,
}

impl Pages {
    /// Looks at the header of the next page and moves on behind the page.
    fn pass_header(&mut self) -> Result<()> {
        while self.left > 0 {
            let header = header(self.file.get_read(self.at)?, self.left);
            let header = header.ok_or_else(|| damaged("a page has no sound header"))?;
            if header.plain > MAX_PAGE_BYTES {
                let message =
                    format!("a page claims {} bytes; at most {MAX_PAGE_BYTES} are read", header.plain);
                return Err(damaged(&message));
            }
            let length = header.length + u64::try_from(header.packed).unwrap_or(u64::MAX / 2);
            self.left = self.left.checked_sub(length).ok_or_else(|| damaged("a page is cut short"))?;
            self.at += length;
            if header.kind != INDEX_PAGE {
                break;
            }
        }
        Ok(())
    }

    /// Whether the number of values that a page claims is one that its bytes can hold.
    fn is_sound(&self, page: &Page) -> bool {
        if let Page::DictionaryPage { buf, num_values, .. } = page {
            return u64::from(*num_values) <= MAX_VALUES.min(buf.len() as u64);
        }
        let lists = match page.encoding() {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
            // Lengths of what is shared with the value before, and of what is not.
            Encoding::DELTA_BYTE_ARRAY => 2,
            _ => return true,
        };
        let mut values = self.values(page);
        for _ in 0..lists {
            let most = MAX_VALUES.min(u64::from(page.num_values()));
            values = values.and_then(|values| after_deltas(values, most));
        }
        values.is_some()
    }

    /// The bytes of a page behind its levels.
    fn values<'p>(&self, page: &'p Page) -> Option<&'p [u8]> {
        let (encodings, count) = match page {
            Page::DataPage { rep_level_encoding, def_level_encoding, num_values, .. } => {
                ([rep_level_encoding, def_level_encoding], *num_values as usize)
            }
            Page::DataPageV2 { buf, rep_levels_byte_len, def_levels_byte_len, .. } => {
                return buf
                    .get((*rep_levels_byte_len as usize).checked_add(*def_levels_byte_len as usize)?..);
            }
            Page::DictionaryPage { .. } => return None,
        };
        let mut bytes: &[u8] = page.buffer();
        for (encoding, level) in encodings.into_iter().zip(self.levels).filter(|(_, level)| *level > 0) {
            let length = if *encoding == Encoding::RLE {
                let (length, rest) = bytes.split_first_chunk()?;
                bytes = rest;
                u32::from_le_bytes(*length) as usize
            } else {
                // Each level takes as many bits as the greatest.
                (count * (u16::BITS - level.leading_zeros()) as usize).div_ceil(8)
            };
            bytes = bytes.get(length..)?;
        }
        Some(bytes)
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.pass_header()?;
        let page = self.inner.get_next_page()?;
        match page {
            Some(page) if !self.is_sound(&page) => Err(damaged("a page claims more values than it holds")),
            page => Ok(page),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pass_header()?;
        self.inner.skip_next_page()
    }
}

fn header(from: impl std::io::Read, left: u64) -> Option<Header> {
    let mut thrift = Thrift::new(from, left);
    let mut header = Header { kind: -1, plain: -1, packed: -1, length: 0 };
    let mut last = 0;
    while let Some((number, kind)) = thrift.field(&mut last)? {
        match (number, kind) {
            (1, I32) => header.kind = thrift.i32()?,
            (2, I32) => header.plain = thrift.i32()?,
            (3, I32) => header.packed = thrift.i32()?,
            (4, I32) | (5..=8, STRUCT) => thrift.skip(kind)?,
            (1..=8, _) => return None,
            _ => thrift.skip(kind)?,
        }
    }
    header.length = left - thrift.left();
    (header.plain >= 0 && header.packed >= 0).then_some(header)
}

/// What follows a list of numbers that are packed as differences, in blocks; `None` if there are more of them than `most`.
fn after_deltas(bytes: &[u8], most: u64) -> Option<&[u8]> {
    let mut thrift = Thrift::new(bytes, bytes.len() as u64);
    let (block, parts, count) = (thrift.unsigned()?, thrift.unsigned()?, thrift.unsigned()?);
    let first = thrift.unsigned();
    let part = block.checked_div(parts)?;
    if count > most || first.is_none() || part == 0 {
        return None;
    }
    let mut rest = count.saturating_sub(1);
    while rest > 0 {
        thrift.unsigned()?;
        let at = bytes.len() - usize::try_from(thrift.left()).ok()?;
        thrift.pass(parts)?;
        for width in bytes.get(at..)?.iter().take(usize::try_from(parts).ok()?) {
            if rest == 0 {
                break;
            }
            thrift.pass(part.checked_mul(u64::from(*width))? / 8)?;
            rest = rest.saturating_sub(part);
        }
    }
    bytes.get(bytes.len() - usize::try_from(thrift.left()).ok()?..)
}

fn damaged(message: &str) -> ParquetError {
    ParquetError::General(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_header_gives_sizes_and_its_own_length() {
        // A dictionary page (2) of 300 bytes, 20 when packed, and the body of its header.
        let bytes = [0x15, 0x04, 0x15, 0xd8, 0x04, 0x15, 0x28, 0x4c, 0x15, 0x02, 0x00, 0x00, 0xff];
        let header = header(&bytes[..], 13).unwrap();
        assert_eq!((header.kind, header.plain, header.packed, header.length), (2, 300, 20, 12));
        assert!(super::header(&bytes[..], 11).is_none(), "it ends before its end");
        assert!(super::header(&[0x15, 0x04, 0x00][..], 3).is_none(), "it has no sizes");
    }

    #[test]
    fn a_list_of_differences_ends_behind_its_last_block() {
        // Blocks of 128 in 4 parts; 3 numbers, of which one part of 32 differences has 1 bit each.
        let bytes = [0x80, 0x01, 4, 3, 10, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, b'x'];
        assert_eq!(after_deltas(&bytes, 3), Some(&b"x"[..]));
        assert_eq!(after_deltas(&bytes, 2), None);
        assert_eq!(after_deltas(&bytes[..12], 3), None);
        // One number stands in the head; 2^40 are too many; blocks of no parts, and of none.
        assert_eq!(after_deltas(&[0x80, 0x01, 4, 1, 10], 9), Some(&[][..]));
        assert_eq!(after_deltas(&[0x80, 0x01, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 10], 1 << 24), None);
        assert_eq!(after_deltas(&[0x80, 0x01, 0, 3, 10, 0, 0, 0], 9), None);
        assert_eq!(after_deltas(&[0, 4, 3, 10, 0, 0, 0, 0, 0], 9), None);
    }
}
