//! Reads what a page says of itself before its bytes are read.

use std::io::Read;

use parquet::basic::Encoding;
use parquet::errors::{ParquetError, Result};

use crate::read::formats::parquet::thrift::{I32, STRUCT, Thrift};

/// Types of pages.
pub(super) const DATA_PAGE: i32 = 0;
pub(super) const INDEX_PAGE: i32 = 1;
pub(super) const DICTIONARY_PAGE: i32 = 2;
pub(super) const DATA_PAGE_V2: i32 = 3;
/// Types of a truth in a structure.
const TRUE: u8 = 1;
const FALSE: u8 = 2;

/// What a page says of itself.
#[derive(Default)]
pub(super) struct Header {
    pub kind: i32,
    pub plain: i32,
    pub packed: i32,
    pub length: u64,
    /// The fields of its own header by their numbers, from 1.
    pub own: [i32; 7],
    pub is_packed: bool,
}

impl Header {
    /// The number of values that the page claims.
    pub(super) fn count(&self) -> Result<u32> {
        u32::try_from(self.own[0]).map_err(|_| damaged("a page claims a negative number of values"))
    }

    /// The encoding of its values, by its number.
    pub(super) fn encoding(&self) -> i32 {
        match self.kind {
            DATA_PAGE_V2 => self.own[3],
            _ => self.own[1],
        }
    }

    /// Whether lengths of values are decoded before the values.
    pub(super) fn lengths(&self) -> bool {
        matches!(
            encoding(self.encoding()),
            Some(Encoding::DELTA_LENGTH_BYTE_ARRAY | Encoding::DELTA_BYTE_ARRAY)
        )
    }

    /// Bytes of levels that are not compressed.
    pub(super) fn level_bytes(&self) -> Result<usize> {
        if self.kind != DATA_PAGE_V2 {
            return Ok(0);
        }
        let [definitions, repetitions] = [self.own[4], self.own[5]].map(usize::try_from);
        let sum = definitions.ok().zip(repetitions.ok()).map(|(one, other)| one + other);
        sum.filter(|sum| *sum <= self.plain as usize).ok_or_else(|| damaged("a page has no sound header"))
    }
}

/// An encoding by its number in the format.
#[allow(deprecated, reason = "old files hold it")]
pub(super) fn encoding(number: i32) -> Option<Encoding> {
    Some(match number {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        4 => Encoding::BIT_PACKED,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return None,
    })
}

/// The header of a page, of so many bytes at most; `None` for one that is damaged or cut short.
pub(super) fn header(from: impl Read, left: u64) -> Option<Header> {
    let mut thrift = Thrift::new(from, left);
    let mut header = Header { kind: -1, plain: -1, packed: -1, is_packed: true, ..Header::default() };
    let mut last = 0;
    while let Some((number, kind)) = thrift.field(&mut last)? {
        match (number, kind) {
            (1, I32) => header.kind = thrift.i32()?,
            (2, I32) => header.plain = thrift.i32()?,
            (3, I32) => header.packed = thrift.i32()?,
            // The headers of pages of values, of dictionaries, and of pages of values in the second
            // version.
            (5 | 7 | 8, STRUCT) => own_header(&mut thrift, &mut header)?,
            (4, I32) | (6, STRUCT) => thrift.skip(kind)?,
            (1..=8, _) => return None,
            _ => thrift.skip(kind)?,
        }
    }
    header.length = left - thrift.left();
    (header.plain >= 0 && header.packed >= 0).then_some(header)
}

/// The numbers of the header of one type of pages.
fn own_header<R: Read>(thrift: &mut Thrift<R>, header: &mut Header) -> Option<()> {
    header.own = [-1; 7];
    header.is_packed = true;
    let mut last = 0;
    while let Some((number, kind)) = thrift.field(&mut last)? {
        let own = usize::try_from(number - 1).ok().and_then(|at| header.own.get_mut(at));
        match (own, kind) {
            (Some(own), I32) => *own = thrift.i32()?,
            (_, TRUE | FALSE) => header.is_packed = number != 7 || kind == TRUE,
            (_, kind) => thrift.skip(kind)?,
        }
    }
    Some(())
}

pub(super) fn damaged(message: &str) -> ParquetError {
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
}
