//! Cuts a stream into sections at its lines.

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::source::Source;
use crate::scan::find_byte;

/// Where a section ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Not at this line.
    None,
    /// The line is the first of a section.
    Before,
    /// The line is the last of a section.
    After,
}

/// Says where sections are cut. It is asked about each line once, in their order.
pub(crate) type Cutter = Box<dyn FnMut(&[u8]) -> Cut + Send>;

/// The sections of a stream, cut where a [`Cutter`] says so.
pub(crate) struct Sections {
    source: Source,
    cut: Cutter,
    max_record: usize,
    /// Lines before the window.
    line: u64,
    /// The first line of the window was asked about already.
    is_asked: bool,
}

/// A section that is not blank.
pub(crate) struct Section {
    pub(crate) bytes: Vec<u8>,
    pub(crate) line: u64,
    pub(crate) offset: u64,
}

impl Sections {
    pub(crate) fn new(source: Source, max_record: usize, cut: Cutter) -> Self {
        Sections { source, cut, max_record, line: 0, is_asked: false }
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// The next section that is not blank. The number of its record is for an error.
    pub(crate) fn read(&mut self, record: u64) -> Result<Option<Section>> {
        loop {
            let (line, offset) = (self.line + 1, self.source.offset());
            match self.extent()? {
                Extent::End => return Ok(None),
                Extent::TooLarge => {
                    let path = Some(self.source.path().to_string());
                    let position = Position { path, record: Some(record), line: Some(line) };
                    return Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }));
                }
                Extent::Bytes(length) => {
                    let bytes = self.source.window().get(..length).unwrap_or(&[]).to_vec();
                    self.source.take(length);
                    if !bytes.trim_ascii().is_empty() {
                        return Ok(Some(Section { bytes, line, offset }));
                    }
                }
            }
        }
    }

    /// How far the next section goes. One that is too large is taken.
    fn extent(&mut self) -> Result<Extent> {
        let (mut length, mut too_large, mut begins_line) = (0, false, true);
        while let Some(Piece { end, ends_line }) = self.piece(length)? {
            let line = self.source.window().get(length..end).unwrap_or(&[]);
            let cut = match begins_line && !std::mem::take(&mut self.is_asked) {
                true => (self.cut)(line),
                false => Cut::None,
            };
            if cut == Cut::Before && (length > 0 || too_large) {
                self.is_asked = true;
                break;
            }
            length = end;
            begins_line = ends_line;
            self.line += u64::from(ends_line);
            if length > self.max_record {
                too_large = true;
                self.source.take(length);
                length = 0;
            }
            if cut == Cut::After {
                break;
            }
        }
        if too_large {
            self.source.take(length);
            return Ok(Extent::TooLarge);
        }
        Ok(if length == 0 { Extent::End } else { Extent::Bytes(length) })
    }

    /// The line that begins at `start` of the window, or a part of one that is too long; `None` at
    /// the end.
    fn piece(&mut self, start: usize) -> Result<Option<Piece>> {
        let mut searched = start;
        loop {
            let window = self.source.window();
            if let Some(at) = find_byte(window, searched, |byte| byte == b'\n') {
                return Ok(Some(Piece { end: at + 1, ends_line: true }));
            }
            searched = window.len();
            if self.source.ended() || searched - start > self.max_record {
                return Ok((searched > start).then_some(Piece { end: searched, ends_line: false }));
            }
            self.source.fill()?;
        }
    }
}

enum Extent {
    End,
    TooLarge,
    Bytes(usize),
}

struct Piece {
    end: usize,
    ends_line: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sections(bytes: &[u8], max_record: usize) -> Vec<std::result::Result<(u64, u64, String), String>> {
        let source = Source::new("x".into(), Box::new(std::io::Cursor::new(bytes.to_vec())));
        let cut = |line: &[u8]| match line.trim_ascii() {
            b"BEGIN" => Cut::Before,
            b"END" => Cut::After,
            _ => Cut::None,
        };
        let mut sections = Sections::new(source, max_record, Box::new(cut));
        let mut found = Vec::new();
        loop {
            let record = found.len() as u64 + 1;
            match sections.read(record) {
                Ok(None) => return found,
                Ok(Some(section)) => {
                    let text = String::from_utf8_lossy(&section.bytes).into_owned();
                    found.push(Ok((record, section.line, text)));
                }
                Err(error) => found.push(Err(error.to_string())),
            }
        }
    }

    #[test]
    fn sections_begin_and_end_at_lines_and_blank_ones_are_none() {
        let found = sections(b"\n\nBEGIN\na\nBEGIN\nb\nEND\n\n \nc", 99);
        let expected = [(1, 3, "BEGIN\na\n"), (2, 5, "BEGIN\nb\nEND\n"), (3, 8, "\n \nc")];
        assert_eq!(found, expected.map(|(record, line, text)| Ok((record, line, text.to_owned()))));
        assert_eq!(sections(b"", 99), []);
    }

    #[test]
    fn one_section_that_is_too_large_costs_itself() {
        let long = [b"BEGIN\n".to_vec(), b"x".repeat(700 << 10), b"\nBEGIN\nb\n".to_vec()].concat();
        let many = [b"BEGIN\n".to_vec(), b"xy\n".repeat(300 << 10), b"BEGIN\nb\n".to_vec()].concat();
        for bytes in [long, many] {
            let found = sections(&bytes, 1000);
            assert_eq!(found.len(), 2);
            assert!(found[0].as_ref().unwrap_err().contains("record 1"), "{:?}", found[0]);
            let (record, _, text) = found[1].as_ref().unwrap();
            assert_eq!((*record, text.as_str()), (2, "BEGIN\nb\n"));
        }
    }

    proptest! {
        #[test]
        fn no_byte_is_lost(text in "(BEGIN\n|END\n|a|\n| ){0,40}") {
            let found = sections(text.as_bytes(), 1000);
            let joined: String = found.into_iter().map(|section| section.unwrap().2).collect();
            let plain = |text: &str| text.replace(['\n', ' '], "");
            prop_assert_eq!(plain(&joined), plain(&text));
        }
    }
}
