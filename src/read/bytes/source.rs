//! Buffers a byte stream: a window shows what was read and is not consumed yet.

use std::io::{ErrorKind, Read};
use std::sync::Arc;

use crate::error::{Error, Position, Result};
use crate::read::bytes::decode::Decoded;
use crate::read::bytes::encoding::Utf8Reader;

/// Read at a time.
const BLOCK: usize = 256 << 10;
/// Looked at to tell a format.
const HEAD: usize = 64 << 10;

/// The window grows while a record is not complete, and its beginning moves when one is taken.
pub(crate) struct Source {
    path: Arc<str>,
    reader: Utf8Reader,
    bytes: Vec<u8>,
    /// Where the window is among the bytes; behind it is room.
    start: usize,
    end: usize,
    /// Bytes of the stream before the window.
    offset: u64,
    ended: bool,
    /// What went wrong while more was looked at than was asked for.
    failed: Option<Error>,
    /// Whether a carriage return alone ends a line; it becomes a line feed.
    carriage_returns: bool,
}

impl Source {
    /// Of UTF-8.
    pub(crate) fn new(path: Arc<str>, reader: Box<dyn Read + Send>) -> Self {
        Source::decoding(path, Utf8Reader::utf8(reader))
    }

    pub(crate) fn decoding(path: Arc<str>, reader: Utf8Reader) -> Self {
        Source {
            path,
            reader,
            bytes: Vec::new(),
            start: 0,
            end: 0,
            offset: 0,
            ended: false,
            failed: None,
            carriage_returns: false,
        }
    }

    pub(crate) fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// How the bytes have become UTF-8.
    pub(crate) fn decoded(&self) -> Decoded {
        Decoded { is_other: self.reader.is_other(), guess: self.reader.guess() }
    }

    /// Byte of the stream at which the window begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// What has been read and not yet taken.
    pub(crate) fn window(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or(&[])
    }

    /// Whether the window reaches the end of the stream.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Reads one more block; false at the end.
    pub(crate) fn fill(&mut self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let read = self.failed.take().map_or_else(|| self.read_block(), Err);
        if read.is_err() {
            // A stream that failed once is not asked again, and what was read of its last record is
            // not a record.
            self.ended = true;
            self.end = self.start;
        }
        read
    }

    /// Reads one more block behind the window.
    fn read_block(&mut self) -> Result<bool> {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.bytes.len() < self.end + BLOCK {
            // A small file ends behind its first block, and need not be moved to find that out.
            self.bytes.resize(self.end + BLOCK + HEAD, 0);
        }
        let read = loop {
            match self.reader.read(self.bytes.get_mut(self.end..self.end + BLOCK).unwrap_or(&mut [])) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        match read {
            Ok(0) => {
                self.ended = true;
                Ok(false)
            }
            Ok(count) => {
                let before = self.end;
                self.end += count;
                self.end_lines_at_returns(before);
                Ok(true)
            }
            Err(error) => Err(Error::io(Position::from_path(self.path.to_string()), "read", error)),
        }
    }

    /// Takes `count` bytes off the window's beginning.
    pub(crate) fn take(&mut self, count: usize) {
        let count = count.min(self.window().len());
        self.start += count;
        self.offset += count as u64;
    }

    /// The beginning of the stream: its first line at least, or 64 KB.
    pub(crate) fn head(&mut self) -> Result<&[u8]> {
        let complete = |window: &[u8]| window.len() >= HEAD || window.trim_ascii_start().contains(&b'\n');
        while !complete(self.window()) && self.fill()? {}
        Ok(self.window())
    }

    /// The first 64 KB of what was not taken yet, or all that is left, and whether it is all. What
    /// cannot be read is told when it is asked for.
    pub(crate) fn sample(&mut self) -> (&[u8], bool) {
        while self.window().len() < HEAD && !self.ended && self.failed.is_none() {
            match self.read_block() {
                Ok(_) => {}
                Err(error) => self.failed = Some(error),
            }
        }
        let is_whole = self.ended && self.window().len() <= HEAD;
        (self.window().get(..HEAD).unwrap_or(self.window()), is_whole)
    }

    /// The first 64 KB of the stream, or all of it.
    pub(crate) fn beginning(&mut self) -> Result<&[u8]> {
        while self.window().len() < HEAD && self.fill()? {}
        Ok(self.window())
    }

    /// Lets a carriage return end a line if nothing else does in the beginning of the stream, as in
    /// files of old Macs.
    pub(crate) fn detect_line_ends(&mut self) {
        let (sample, is_whole) = self.sample();
        // The last may be half of a CRLF.
        let sure = if is_whole { sample } else { sample.split_last().map_or(sample, |(_, before)| before) };
        self.carriage_returns = sure.contains(&b'\r') && !sample.contains(&b'\n');
        self.end_lines_at_returns(self.start);
    }

    /// Makes line feeds of the carriage returns from `start` on, until the stream turns out to have
    /// line feeds.
    fn end_lines_at_returns(&mut self, start: usize) {
        if !self.carriage_returns {
            return;
        }
        let bytes = self.bytes.get_mut(start..self.end).unwrap_or(&mut []);
        let feed = bytes.iter().position(|&byte| byte == b'\n');
        self.carriage_returns = feed.is_none();
        let alone = feed.map_or(bytes.len(), |at| at.saturating_sub(1));
        let returns = bytes.iter_mut().take(alone).filter(|byte| **byte == b'\r');
        returns.for_each(|byte| *byte = b'\n');
    }

    /// Skips a byte order mark, and says whether there was one.
    pub(crate) fn skip_byte_order_mark(&mut self) -> Result<bool> {
        while self.window().len() < 3 && self.fill()? {}
        let has_mark = self.window().starts_with(b"\xef\xbb\xbf");
        if has_mark {
            self.take(3);
        }
        Ok(has_mark)
    }

    /// All that is left, if it is not larger than `limit`.
    pub(crate) fn read_whole(&mut self, limit: usize) -> Result<Vec<u8>> {
        while self.window().len() <= limit && self.fill()? {}
        if self.window().len() > limit {
            let position = Position::from_path(self.path.to_string());
            return Err(Error::new(crate::error::ErrorKind::TooLarge { position, limit }));
        }
        Ok(self.window().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(bytes: &'static [u8]) -> Source {
        Source::new("x".into(), Box::new(bytes))
    }

    #[test]
    fn a_byte_order_mark_is_not_text() {
        let mut marked = source(b"\xef\xbb\xbfab");
        marked.skip_byte_order_mark().unwrap();
        assert_eq!(marked.read_whole(10).unwrap(), b"ab");
        assert_eq!(marked.offset(), 3);
        let mut short = source(b"a");
        short.skip_byte_order_mark().unwrap();
        assert_eq!(short.window(), b"a");
    }

    #[test]
    fn what_was_read_before_an_error_is_no_record() {
        struct Failing(bool);
        impl Read for Failing {
            fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(std::io::Error::other("gone"));
                }
                bytes[..4].copy_from_slice(b"half");
                Ok(4)
            }
        }
        let mut source = Source::new("x".into(), Box::new(Failing(false)));
        assert!(source.fill().unwrap());
        assert!(source.fill().is_err());
        assert!(source.ended() && source.window().is_empty());
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        assert!(source(b"12345").read_whole(4).is_err());
        let mut begun = source(b"12345");
        begun.skip_byte_order_mark().unwrap();
        assert!(begun.read_whole(4).is_err());
        assert_eq!(source(b"1234").read_whole(4).unwrap(), b"1234");
    }
}
