//! Bytes of Thrift's compact protocol to numbers, so that a file's claims can be checked before the
//! parquet crate, which makes room for what is claimed, reads them.

use std::io::Read;

/// Types of fields, by the compact protocol.
pub(super) const I32: u8 = 5;
pub(super) const I64: u8 = 6;
pub(super) const BINARY: u8 = 8;
pub(super) const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// Structures in structures are followed no deeper; Parquet's own are five deep.
const MAX_DEPTH: u32 = 64;

/// Reads so many bytes at most. `None` is the answer to all that is damaged, cut short or
/// unreadable.
pub(super) struct Thrift<R> {
    from: R,
    left: u64,
}

impl<R: Read> Thrift<R> {
    pub(super) fn new(from: R, left: u64) -> Self {
        Thrift { from, left }
    }

    /// Bytes that have not been read.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    fn byte(&mut self) -> Option<u8> {
        self.left = self.left.checked_sub(1)?;
        let mut byte = 0;
        self.from.read_exact(std::slice::from_mut(&mut byte)).ok()?;
        Some(byte)
    }

    /// Passes over bytes.
    pub(super) fn pass(&mut self, bytes: u64) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        let passed = std::io::copy(&mut self.from.by_ref().take(bytes), &mut std::io::sink()).ok()?;
        (passed == bytes).then_some(())
    }

    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A 32-bit number, cut to its bits as the parquet crate does.
    pub(super) fn i32(&mut self) -> Option<i32> {
        let zigzag = self.unsigned()?;
        Some(((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)) as i32)
    }

    /// Number and type of a structure's next field; `None` inside at its end. `last` is the number
    /// of the one before.
    pub(super) fn field(&mut self, last: &mut i64) -> Option<Option<(i64, u8)>> {
        let head = self.byte()?;
        let (step, kind) = (head >> 4, head & 0x0f);
        if kind == 0 {
            return Some(None);
        }
        *last = if step == 0 { i64::from(self.i32()? as i16) } else { *last + i64::from(step) };
        Some(Some((*last, kind)))
    }

    /// Type and number of a list's elements, each of which takes a byte at least.
    pub(super) fn list(&mut self) -> Option<(u8, u64)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.unsigned()? } else { u64::from(head >> 4) };
        (count <= self.left).then_some((head & 0x0f, count))
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_to(kind, MAX_DEPTH)
    }

    fn skip_to(&mut self, kind: u8, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // A field's truth is its type.
            1 | 2 => Some(()),
            3 => self.byte().map(drop),
            4..=6 => self.unsigned().map(drop),
            7 => self.pass(8),
            BINARY => {
                let length = self.unsigned()?;
                self.pass(length)
            }
            LIST | 10 => {
                let (kind, count) = self.list()?;
                // In a list, a truth takes a byte.
                let kind = if kind <= 2 { 3 } else { kind };
                (0..count).try_for_each(|_| self.skip_to(kind, depth))
            }
            STRUCT => {
                let mut last = 0;
                while let Some((_, kind)) = self.field(&mut last)? {
                    self.skip_to(kind, depth)?;
                }
                Some(())
            }
            13 => self.pass(16),
            // Parquet has no maps.
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Thrift<&[u8]> {
        Thrift::new(bytes, bytes.len() as u64)
    }

    #[test]
    fn numbers_fields_and_lists_are_read() {
        assert_eq!(of(&[0xac, 0x02]).unsigned(), Some(300));
        assert_eq!((of(&[0x03]).i32(), of(&[0x04]).i32()), (Some(-2), Some(2)));
        assert_eq!(of(&[0x80; 12]).unsigned(), None);
        // Field 2 of type i32 with the value 1, then field 100 in full, then the end.
        let mut fields = of(&[0x25, 0x02, 0x05, 0xc8, 0x01, 0x04, 0x00]);
        let mut last = 0;
        assert_eq!(fields.field(&mut last), Some(Some((2, I32))));
        assert_eq!(fields.i32(), Some(1));
        assert_eq!(fields.field(&mut last), Some(Some((100, I32))));
        assert_eq!(fields.skip(I32), Some(()));
        assert_eq!(fields.field(&mut last), Some(None));
        assert_eq!(fields.left(), 0);
        assert_eq!(of(&[0x25, 1, 2]).list(), Some((I32, 2)));
    }

    #[test]
    fn claims_of_more_than_there_is_are_refused() {
        // A list of 2^28 numbers, a text of 300 bytes, structures without an end.
        assert_eq!(of(&[0xf5, 0x80, 0x80, 0x80, 0x80, 0x01, 0]).list(), None);
        assert_eq!(of(&[0xac, 0x02, b'x']).skip(BINARY), None);
        assert_eq!(of(&[0x1c; 500]).skip(STRUCT), None);
        assert_eq!(of(&[0x1c; 20]).skip(STRUCT), None);
        assert_eq!(of(&[1]).skip(11), None);
    }
}
