//! Cuts JSON lines: one line is one object.

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::source::Source;
use crate::read::formats::json::RECORD_SEPARATOR;
use crate::read::{Body, RawRecord};
use crate::scan::find_byte;

/// The lines of a source that are not blank.
pub(crate) struct JsonLines {
    source: Source,
    max_record: usize,
    line: u64,
    record: u64,
}

impl JsonLines {
    pub(crate) fn new(source: Source, max_record: usize) -> Self {
        JsonLines { source, max_record, line: 0, record: 0 }
    }

    /// Length of the next line with its line end, and whether it is over the limit; such a line is
    /// taken.
    fn next_line(&mut self) -> Result<Option<(usize, bool)>> {
        let mut searched = 0;
        let mut too_large = false;
        loop {
            let window = self.source.window();
            let end = find_byte(window, searched, |byte| byte == b'\n').map(|at| at + 1);
            if let Some(length) = end.or((self.source.ended() && !window.is_empty()).then_some(window.len()))
            {
                if too_large || length > self.max_record {
                    self.source.take(length);
                    return Ok(Some((0, true)));
                }
                return Ok(Some((length, false)));
            }
            if self.source.ended() {
                return Ok(too_large.then_some((0, true)));
            }
            searched = window.len();
            if searched > self.max_record {
                too_large = true;
                self.source.take(searched);
                searched = 0;
            }
            self.source.fill()?;
        }
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        loop {
            let offset = self.source.offset();
            let Some((length, too_large)) = self.next_line()? else { return Ok(None) };
            self.line += 1;
            if too_large {
                self.record += 1;
                let position = Position {
                    path: Some(self.source.path().to_string()),
                    record: Some(self.record),
                    line: Some(self.line),
                };
                return Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }));
            }
            let line = self.source.window().get(..length).unwrap_or(&[]).trim_ascii_end();
            let first = line.iter().position(|&byte| !byte.is_ascii_whitespace() && byte != RECORD_SEPARATOR);
            let bytes = first.and_then(|first| line.get(first..)).map(<[u8]>::to_vec);
            self.source.take(length);
            let Some(bytes) = bytes else { continue };
            self.record += 1;
            return Ok(Some(RawRecord {
                path: self.source.path().clone(),
                record: Some(self.record),
                line: Some(self.line),
                offset,
                decoded: self.source.decoded(),
                body: Body::Json(bytes),
            }));
        }
    }
}

impl Iterator for JsonLines {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}
