//! Reads web archives: one page is one text. WARC 1.0 and 1.1 (ISO 28500), as crawlers write it.
//!
//! Only records that hold a page or a plain text are documents: responses with a status from 200 to
//! 299, resources, and conversions such as Common Crawl's extracted texts. What has no type is
//! looked at. All others are passed over.

mod content;
mod head;
mod http;
mod page;
#[cfg(test)]
mod tests;

use content::{Content, PageKind, is_response};
use head::{Extent, Head, MAX_HEAD_BYTES, extent};
pub(crate) use page::ArchivedPage;

use memchr::memmem;

use crate::error::{Error, ErrorKind, Position, counted};
use crate::read::bytes::decode::Decoded;
use crate::read::bytes::source::Source;
use crate::read::{Body, RawRecord, ReadNotes};

/// How a record begins.
pub(crate) const BEGINNING: &[u8] = b"WARC/1.";
/// The same at the beginning of a line.
const NEXT: &[u8] = b"\nWARC/1.";
/// Most bytes that are shown of what was found.
const SHOWN: usize = 40;

/// What is wrong with one record.
enum Fault {
    Said(String),
    TooLarge,
    /// Reading failed, which is about the file.
    Failed(Error),
}

impl Fault {
    fn said(message: impl Into<String>) -> Self {
        Fault::Said(message.into())
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Failed(error)
    }
}

/// The documents of an archive.
pub(crate) struct Archive {
    source: Source,
    max_record: usize,
    /// Documents and errors so far.
    record: u64,
    /// Byte at which the record begins that is being read.
    begun: u64,
    /// Where the next record begins is not known.
    lost: bool,
    passed_over: PassedOver,
    notes: ReadNotes,
}

/// Records that are no documents.
#[derive(Default)]
struct PassedOver {
    all: u64,
    /// Those without a type that hold neither a page nor a text, and where the first of them
    /// begins.
    untyped: u64,
    first_untyped: u64,
}

impl Archive {
    pub(crate) fn new(source: Source, max_record: usize, notes: ReadNotes) -> Self {
        let passed_over = PassedOver::default();
        Archive { source, max_record, record: 0, begun: 0, lost: false, passed_over, notes }
    }

    /// The next record that is a document.
    fn read(&mut self) -> Result<Option<ArchivedPage>, Fault> {
        loop {
            if std::mem::take(&mut self.lost) {
                self.find_next()?;
            }
            self.skip_line_ends()?;
            if self.source.window().is_empty() {
                return Ok(None);
            }
            self.begun = self.source.offset();
            if let Some(page) = self.page()? {
                return Ok(Some(page));
            }
            self.passed_over.all += 1;
        }
    }

    /// Reads one record; `None` if it is no document.
    fn page(&mut self) -> Result<Option<ArchivedPage>, Fault> {
        let (record, length) = self.head()?;
        let looked_at = if is_response(&record) { length.min(MAX_HEAD_BYTES as u64 + 1) as usize } else { 0 };
        self.want(looked_at)?;
        let content = match Content::detect(&record, self.source.window().get(..looked_at).unwrap_or(&[])) {
            Ok(Some(content)) if length <= self.max_record as u64 => content,
            other => {
                self.skip(length)?;
                return match other? {
                    Some(Content { kind: Some(_), .. }) => Err(Fault::TooLarge),
                    Some(_) => Ok(self.pass_over_untyped()),
                    None => Ok(None),
                };
            }
        };
        let length = length as usize;
        self.want(length)?;
        let block = self.source.window().get(..length).unwrap_or(&[]);
        let bytes = match &content.response {
            Some(response) => response.page(block.get(response.length..).unwrap_or(&[]), self.max_record),
            None => Ok(block.to_vec()),
        };
        self.source.take(length);
        let bytes = bytes?;
        match content.kind.or_else(|| PageKind::sniff(&bytes)) {
            Some(kind) => Ok(Some(ArchivedPage { record, kind, encoding: content.encoding, bytes })),
            // An answer without a page needs no type.
            None if bytes.is_empty() => Ok(None),
            None => Ok(self.pass_over_untyped()),
        }
    }

    fn pass_over_untyped(&mut self) -> Option<ArchivedPage> {
        if self.passed_over.untyped == 0 {
            self.passed_over.first_untyped = self.begun;
        }
        self.passed_over.untyped += 1;
        None
    }

    /// Says at the end what was passed over and might have been meant.
    fn note_passed_over(&mut self) {
        let PassedOver { all, untyped, first_untyped } = std::mem::take(&mut self.passed_over);
        let path = self.source.path();
        if untyped > 0 {
            self.notes.add(format!(
                "{path}: skipped {} without a Content-Type and with neither HTML nor text; the first begins at byte \
                 {first_untyped}",
                counted(untyped, "record")
            ));
        }
        if all > untyped && self.record == 0 {
            self.notes.add(format!(
                "{path}: none of its {} is a page or a text; expected responses, resources or conversions of the type \
                 text/html, application/xhtml+xml or text/plain",
                counted(all, "record")
            ));
        }
    }

    /// Takes a record's head. Gives its fields and the length of its block.
    fn head(&mut self) -> Result<(Head, u64), Fault> {
        while self.source.window().len() < SHOWN && self.source.fill()? {}
        if !self.source.window().starts_with(b"WARC/") {
            let found = shown(self.source.window());
            return Err(self.lose(0, format!("it begins with {found}, not with WARC/")));
        }
        let mut line = 0;
        let length = loop {
            match extent(self.source.window(), &mut line) {
                Extent::Whole(length) => break length,
                Extent::Open if self.source.fill()? => {}
                Extent::Open => {
                    self.source.take(usize::MAX);
                    return Err(Fault::said("the file ends inside its head; it is truncated"));
                }
                Extent::Broken(at) => {
                    self.source.take(at);
                    return Err(Fault::said("another record begins inside its head"));
                }
                Extent::TooLong => {
                    return Err(self.lose(MAX_HEAD_BYTES, "its head does not end within 64 KB"));
                }
            }
        };
        let head = Head::read(self.source.window().get(..length).unwrap_or(&[]));
        let written = head.get("Content-Length").unwrap_or("");
        let Ok(block) = written.parse() else {
            let message =
                format!("its Content-Length is {}, not a number of bytes", shown(written.as_bytes()));
            // The line end may be the one before the next record.
            return Err(self.lose(length - 1, message));
        };
        self.source.take(length);
        Ok((head, block))
    }

    /// Takes so many bytes of a record whose end is not known.
    fn lose(&mut self, count: usize, message: impl std::fmt::Display) -> Fault {
        self.source.take(count);
        self.lost = true;
        Fault::said(format!("{message}; skipped to the next line that begins with WARC/1."))
    }

    /// Goes to the next line that begins a record, or to the end.
    fn find_next(&mut self) -> Result<(), Fault> {
        loop {
            let window = self.source.window();
            if let Some(at) = memmem::find(window, NEXT) {
                self.source.take(at + 1);
                return Ok(());
            }
            // The last bytes may be the first of such a line.
            self.source.take(window.len().saturating_sub(NEXT.len() - 1));
            if !self.source.fill()? {
                self.source.take(usize::MAX);
                return Ok(());
            }
        }
    }

    fn skip_line_ends(&mut self) -> Result<(), Fault> {
        loop {
            let blank = self.source.window().iter().take_while(|&&b| b == b'\n' || b == b'\r').count();
            self.source.take(blank);
            if !self.source.window().is_empty() || !self.source.fill()? {
                return Ok(());
            }
        }
    }

    /// Sees to it that the window has so many bytes.
    fn want(&mut self, count: usize) -> Result<(), Fault> {
        while self.source.window().len() < count {
            if !self.source.fill()? {
                self.source.take(usize::MAX);
                return Err(cut_short());
            }
        }
        Ok(())
    }

    /// Passes over a block without keeping it.
    fn skip(&mut self, length: u64) -> Result<(), Fault> {
        let mut left = length;
        loop {
            let count = left.min(self.source.window().len() as u64);
            self.source.take(count as usize);
            left -= count;
            if left == 0 {
                return Ok(());
            }
            if !self.source.fill()? {
                return Err(cut_short());
            }
        }
    }
}

impl Iterator for Archive {
    type Item = crate::error::Result<RawRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(read) = self.read().transpose() else {
            self.note_passed_over();
            return None;
        };
        self.record += 1;
        let path = self.source.path();
        let position = || Position { path: Some(path.to_string()), record: Some(self.record), line: None };
        Some(match read {
            Ok(page) => Ok(RawRecord {
                path: path.clone(),
                record: Some(self.record),
                line: None,
                offset: self.begun,
                // The page tells how it is decoded.
                decoded: Decoded::default(),
                body: Body::Archived(Box::new(page)),
            }),
            Err(Fault::Said(message)) => {
                let message = format!("{message} (the record begins at byte {})", self.begun);
                Err(Error::malformed(position(), "warc", message))
            }
            Err(Fault::TooLarge) => {
                Err(Error::new(ErrorKind::TooLarge { position: position(), limit: self.max_record }))
            }
            Err(Fault::Failed(error)) => Err(error),
        })
    }
}

fn cut_short() -> Fault {
    Fault::said("the file ends inside the record; it is truncated, or the record's Content-Length is wrong")
}

/// The beginning of the first line, for messages.
fn shown(bytes: &[u8]) -> String {
    let line = bytes.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or(bytes);
    format!("`{}`", String::from_utf8_lossy(line.get(..SHOWN).unwrap_or(line)).escape_debug())
}
