//! Reads the pages of a column, and checks each before it is decompressed and before the parquet
//! crate decodes it, which allocates what the page claims to hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::bytes::Bytes;
use parquet::basic::{Compression, Encoding, Type as Physical};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;

use crate::read::bytes::budget::{Budget, Share};
use crate::read::bytes::seekable::Seekable;
use crate::read::formats::parquet::codecs::decompress;
use crate::read::formats::parquet::page_header::{
    DATA_PAGE, DATA_PAGE_V2, DICTIONARY_PAGE, Header, INDEX_PAGE, damaged, encoding, header,
};
use crate::read::formats::parquet::thrift::Thrift;

/// Most bytes of a page without compression. Writers make pages of some 1 MB; a text does not span
/// pages.
const MAX_PAGE_BYTES: i32 = 512 << 20;
/// Most values of a dictionary, and of a page whose lengths are all decoded at once.
const MAX_VALUES: u64 = 4 << 20;
/// Most bytes of memory for the values of one row of lists, which may have many pages.
const MAX_ROW_BYTES: u64 = 48 << 20;
/// Bytes of a decoded value with its levels, at most: a byte array is a view of its page.
const VALUE_BYTES: u64 = 40;
/// Bytes of a length: of what a value shares with the one before, and of what it does not.
const LENGTH_BYTES: u64 = 16;
/// The pages of a column in a row group.
pub(super) struct Pages {
    file: Arc<Seekable>,
    budget: Budget,
    codec: Compression,
    physical: Physical,
    /// Where the next page begins.
    at: u64,
    /// Bytes of the column from there on.
    left: u64,
    /// The greatest repetition level and the greatest definition level; 0 for levels that are not
    /// written.
    levels: [i16; 2],
    /// Whether the column's description names an encoding in which a value may be longer than its
    /// bytes.
    shares_prefixes: bool,
    row_bytes: Arc<AtomicU64>,
}

/// Bytes of a page, which the budget has again when the last value of the page is dropped.
struct Held {
    bytes: Vec<u8>,
    _share: Share,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Pages {
    pub(super) fn new(file: Arc<Seekable>, chunk: &ColumnChunkMetaData, budget: Budget) -> Self {
        let (at, left) = chunk.byte_range();
        let column = chunk.column_descr();
        Pages {
            file,
            budget,
            codec: chunk.compression(),
            physical: chunk.column_type(),
            at,
            left,
            levels: [column.max_rep_level(), column.max_def_level()],
            shares_prefixes: shares_prefixes(chunk),
            row_bytes: Arc::default(),
        }
    }

    /// Counts the bytes of the values of lists in the pages that are begun; their reader sets it
    /// back at each row.
    pub(super) fn row_bytes(&self) -> Arc<AtomicU64> {
        self.row_bytes.clone()
    }

    /// The header of the next page that holds values or a dictionary; `at` is behind the header
    /// then.
    fn next_header(&mut self) -> Result<Option<Header>> {
        while self.left > 0 {
            let header = header(self.file.get_read(self.at)?, self.left);
            let header = header.ok_or_else(|| damaged("a page has no sound header"))?;
            if header.plain > MAX_PAGE_BYTES {
                let message =
                    format!("a page claims {} bytes; at most {MAX_PAGE_BYTES} are read", header.plain);
                return Err(damaged(&message));
            }
            let length = header.length + u64::try_from(header.packed).unwrap_or(u64::MAX / 2);
            self.left = self.left.checked_sub(length).ok_or_else(|| damaged("a page is truncated"))?;
            self.at += length;
            if header.kind != INDEX_PAGE {
                return Ok(Some(header));
            }
        }
        Ok(None)
    }

    /// The page behind its header.
    fn page(&mut self, header: &Header) -> Result<Page> {
        let values = u64::from(header.count()?);
        let is_dictionary = header.kind == DICTIONARY_PAGE;
        let is_list = !is_dictionary && self.levels[0] > 0;
        let mut bytes = u64::try_from(header.plain.max(header.packed)).unwrap_or(0);
        if is_dictionary && values > MAX_VALUES {
            return Err(damaged("a page claims more values than it holds"));
        }
        let is_shared = encoding(header.encoding()) == Some(Encoding::DELTA_BYTE_ARRAY);
        if is_list {
            // Any value may have all of the page's bytes.
            let each = if is_shared { bytes.saturating_add(VALUE_BYTES) } else { VALUE_BYTES };
            let row = values.saturating_mul(each);
            bytes = bytes.saturating_add(row);
            if self.row_bytes.fetch_add(row, Ordering::Relaxed).saturating_add(row) > MAX_ROW_BYTES {
                return Err(damaged(&format!(
                    "a page of lists claims {values} values; the pages of one row may take {} MB of memory",
                    MAX_ROW_BYTES >> 20
                )));
            }
        } else if is_dictionary {
            bytes = bytes.saturating_add(values.saturating_mul(VALUE_BYTES));
        } else if is_shared {
            // A value, and the one before.
            bytes = bytes.saturating_mul(3);
        }
        if header.lengths() {
            bytes = bytes.saturating_add(values.min(MAX_VALUES).saturating_mul(LENGTH_BYTES));
        }
        let share =
            self.budget.take(bytes).map_err(|over| damaged(&format!("a page is too large: {over}")))?;
        let bytes = self.plain(header, share)?;
        let page = page(header, bytes)?;
        if self.is_sound(&page) { Ok(page) } else { Err(damaged("a page claims more values than it holds")) }
    }

    /// The bytes of a page without compression.
    fn plain(&self, header: &Header, share: Share) -> Result<Bytes> {
        let (packed, plain) = (header.packed as usize, header.plain as usize);
        let over = |over| damaged(&format!("a page is too large: {over}"));
        let _packed = self.budget.take(packed as u64).map_err(over)?;
        let stored = self.file.get_bytes(self.at - packed as u64, packed)?;
        // Levels of the second version stand before what is compressed.
        let levels = header.level_bytes()?;
        if self.codec == Compression::UNCOMPRESSED || !header.is_packed {
            return Ok(Bytes::from_owner(Held { bytes: stored.to_vec(), _share: share }));
        }
        let (levels, body) = stored.split_at_checked(levels).ok_or_else(|| damaged("a page is truncated"))?;
        let size = plain.checked_sub(levels.len()).ok_or_else(|| damaged("a page is truncated"))?;
        let body = decompress(self.codec, body, size).map_err(|message| damaged(&message))?;
        let bytes = if levels.is_empty() { body } else { [levels, &body].concat() };
        Ok(Bytes::from_owner(Held { bytes, _share: share }))
    }

    /// Whether the number of values that a page claims is one that its bytes can hold.
    fn is_sound(&self, page: &Page) -> bool {
        if let Page::DictionaryPage { buf, num_values, .. } = page {
            let least = if self.physical == Physical::BYTE_ARRAY { 4 } else { 1 };
            return u64::from(*num_values).saturating_mul(least) <= buf.len() as u64;
        }
        let lists = match page.encoding() {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
            Encoding::DELTA_BYTE_ARRAY if !self.shares_prefixes => return false,
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
        self.next_header()?.map(|header| self.page(&header)).transpose()
    }

    // Pages are read in their order, every one.
    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(damaged("its pages are not indexed"))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.next_header().map(drop)
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        Ok(self.left == 0)
    }
}

/// Whether values may be stored as what they do not share with the value before, so that a page
/// gives more bytes than it has.
pub(super) fn shares_prefixes(chunk: &ColumnChunkMetaData) -> bool {
    chunk.encodings().any(|encoding| encoding == Encoding::DELTA_BYTE_ARRAY)
}

/// A page from its header and its bytes without compression.
fn page(header: &Header, buf: Bytes) -> Result<Page> {
    let encoding_of = |number| encoding(number).ok_or_else(|| damaged("a page has an unknown encoding"));
    let num_values = header.count()?;
    let number = |at: usize| {
        u32::try_from(header.own.get(at).copied().unwrap_or(-1))
            .map_err(|_| damaged("a page has no sound header"))
    };
    Ok(match header.kind {
        DATA_PAGE => Page::DataPage {
            buf,
            num_values,
            encoding: encoding_of(header.own[1])?,
            def_level_encoding: encoding_of(header.own[2])?,
            rep_level_encoding: encoding_of(header.own[3])?,
            statistics: None,
        },
        DATA_PAGE_V2 => Page::DataPageV2 {
            buf,
            num_values,
            encoding: encoding_of(header.own[3])?,
            num_nulls: number(1)?,
            num_rows: number(2)?,
            def_levels_byte_len: number(4)?,
            rep_levels_byte_len: number(5)?,
            is_compressed: header.is_packed,
            statistics: None,
        },
        DICTIONARY_PAGE => {
            Page::DictionaryPage { buf, num_values, encoding: encoding_of(header.own[1])?, is_sorted: false }
        }
        _ => return Err(damaged("a page is of an unknown type")),
    })
}

/// What follows a list of numbers that are packed as differences, in blocks; `None` if there are
/// more of them than `most`.
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

#[cfg(test)]
mod tests {
    use super::*;

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
