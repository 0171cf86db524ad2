//! Cuts a feed into its items, without holding more than one of them.

use std::sync::Arc;

use memchr::memmem;

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::decode::{lossy, newlines};
use crate::read::bytes::source::Source;
use crate::read::formats::feed::item::{FeedItem, is_text, title_of_feed};
use crate::read::{Body, RawRecord};

/// Most bytes that are looked at before the first item for the feed's own title.
const MAX_HEAD: usize = 64 << 10;

/// The items of a feed.
pub(crate) struct FeedItems {
    source: Source,
    max_record: usize,
    record: u64,
    /// Lines before the window.
    line: u64,
    /// The feed's own title, once its first item is found.
    feed: Option<Arc<str>>,
}

/// Where an item begins.
struct Place {
    line: u64,
    offset: u64,
}

impl FeedItems {
    pub(crate) fn new(source: Source, max_record: usize) -> Self {
        FeedItems { source, max_record, record: 0, line: 0, feed: None }
    }

    fn take(&mut self, count: usize) {
        self.line += newlines(self.source.window().get(..count).unwrap_or(&[]));
        self.source.take(count);
    }

    /// The next item that is a text.
    fn read(&mut self) -> Result<Option<RawRecord>> {
        loop {
            match self.cut()? {
                Some((item, _)) if !is_text(&item) => {}
                Some((item, at)) => return Ok(Some(self.record(item, at))),
                None => return Ok(None),
            }
        }
    }

    fn record(&self, bytes: Vec<u8>, at: Place) -> RawRecord {
        let feed = self.feed.clone().unwrap_or_else(|| "".into());
        RawRecord {
            path: self.source.path().clone(),
            record: Some(self.record),
            line: Some(at.line),
            offset: at.offset,
            decoded: self.source.decoded(),
            body: Body::Item(Box::new(FeedItem { bytes, feed })),
        }
    }

    /// Cuts the next item out, and says where it stood.
    fn cut(&mut self) -> Result<Option<(Vec<u8>, Place)>> {
        let Some(begin) = self.find_item()? else { return Ok(None) };
        self.take(begin);
        self.record += 1;
        let (line, offset) = (self.line + 1, self.source.offset());
        let position = Position {
            path: Some(self.source.path().to_string()),
            record: Some(self.record),
            line: Some(line),
        };
        let mut scan = Scan::default();
        let mut is_too_large = false;
        let length = loop {
            let window = self.source.window();
            if let Some(end) = scan.next(window, |tag| is_tag(tag, b"</")).map(|at| tag_end(window, at)) {
                break end;
            }
            if self.source.ended() {
                self.take(usize::MAX);
                let message = "the feed ends inside this item; it is truncated";
                return Err(Error::malformed(position, "feed", message));
            }
            if window.len() > self.max_record {
                // What was looked at is not kept, so that memory does not grow.
                is_too_large = true;
                let seen = scan.forget();
                self.take(seen);
            }
            self.source.fill()?;
        };
        if is_too_large || length > self.max_record {
            self.take(length);
            return Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }));
        }
        let bytes = self.source.window().get(..length).unwrap_or(&[]).to_vec();
        self.take(length);
        Ok(Some((bytes, Place { line, offset })))
    }

    /// Where in the window the next item begins.
    fn find_item(&mut self) -> Result<Option<usize>> {
        let mut scan = Scan::default();
        loop {
            let window = self.source.window();
            if let Some(at) = scan.next(window, |tag| is_tag(tag, b"<")) {
                if self.feed.is_none() {
                    let head = window.get(..at.min(MAX_HEAD)).unwrap_or(&[]);
                    self.feed = Some(title_of_feed(&lossy(head)).into());
                }
                return Ok(Some(at));
            }
            if self.source.ended() {
                self.take(usize::MAX);
                return Ok(None);
            }
            if window.len() > self.max_record.max(MAX_HEAD) {
                let seen = scan.forget();
                self.take(seen);
            }
            self.source.fill()?;
        }
    }
}

impl Iterator for FeedItems {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// How far the tags of a window were looked at.
#[derive(Default)]
struct Scan {
    at: usize,
    /// What ends the section or the comment that begins before `at`.
    until: Option<&'static [u8]>,
}

impl Scan {
    /// The next place where a tag stands that is `wanted`, outside comments and sections of
    /// characters. `None` where more bytes are needed to tell.
    fn next(&mut self, window: &[u8], wanted: impl Fn(&[u8]) -> Option<bool>) -> Option<usize> {
        loop {
            let rest = window.get(self.at..).unwrap_or(&[]);
            if let Some(end) = self.until {
                let Some(at) = memmem::find(rest, end) else {
                    self.at += rest.len().saturating_sub(end.len() - 1);
                    return None;
                };
                self.at += at + end.len();
                self.until = None;
                continue;
            }
            let Some(at) = rest.iter().position(|&byte| byte == b'<') else {
                self.at = window.len();
                return None;
            };
            self.at += at;
            let tag = rest.get(at..).unwrap_or(&[]);
            if tag.starts_with(b"<!--") {
                self.until = Some(b"-->");
            } else if tag.starts_with(b"<![CDATA[") {
                self.until = Some(b"]]>");
            } else if b"<![CDATA[".starts_with(tag) || b"<!--".starts_with(tag) {
                return None;
            } else if wanted(tag)? {
                return Some(self.at);
            }
            self.at += 1;
        }
    }

    /// The number of bytes that need not be kept.
    fn forget(&mut self) -> usize {
        std::mem::take(&mut self.at)
    }
}

/// Whether a tag is that of an item; `None` where it is not there as a whole.
fn is_tag(tag: &[u8], beginning: &[u8]) -> Option<bool> {
    let Some(name) = tag.strip_prefix(beginning) else {
        return (!beginning.starts_with(tag)).then_some(false);
    };
    let end =
        name.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b':' | b'_' | b'-'));
    // No name is that long.
    let name = match end {
        Some(end) => name.get(..end)?,
        None if name.len() > 64 => return Some(false),
        None => return None,
    };
    let local = name.rsplit(|&byte| byte == b':').next().unwrap_or(name);
    let prefix = name.get(..name.len() - local.len()).unwrap_or(&[]);
    Some(matches!(local, b"item" | b"entry") && matches!(prefix, b"" | b"rss:" | b"atom:"))
}

/// The byte behind the tag at a place.
fn tag_end(window: &[u8], at: usize) -> usize {
    let rest = window.get(at..).unwrap_or(&[]);
    rest.iter().position(|&byte| byte == b'>').map_or(window.len(), |end| at + end + 1)
}
