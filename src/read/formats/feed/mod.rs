//! Reads feeds: RSS, RDF (RSS 1.0) and Atom, and the exports of WordPress and Blogger, which are
//! feeds with more than texts in them. One item is one text.

#[cfg(feature = "feeds")]
mod cutter;
#[cfg(feature = "feeds")]
mod item;
#[cfg(feature = "feeds")]
mod shortcodes;

use memchr::memmem;

use crate::error::Result;
use crate::read::bytes::source::Source;
use crate::read::{InputOptions, Records};

/// Reads the items of a feed.
#[cfg(feature = "feeds")]
pub(crate) fn open(source: Source, options: &InputOptions) -> Result<Records> {
    Ok(Box::new(cutter::FeedItems::new(source, options.max_record)))
}

/// Refuses: this program was built without feeds.
#[cfg(not(feature = "feeds"))]
pub(crate) fn open(source: Source, _: &InputOptions) -> Result<Records> {
    use crate::error::{Error, Position};

    let position = Position::from_path(source.path().to_string());
    Err(Error::malformed(position, "feed", "this program was built without feeds"))
}

/// Whether a text begins like a feed.
pub(crate) fn begins(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let mut rest = head;
    // What may stand before the first element: a declaration, comments, processing instructions.
    while let Some(behind) = rest.strip_prefix(b"<?").or_else(|| rest.strip_prefix(b"<!")) {
        let end: &[u8] = if rest.starts_with(b"<!--") { b"-->" } else { b">" };
        let Some(at) = memmem::find(behind, end) else { return false };
        rest = behind.get(at + end.len()..).unwrap_or(&[]).trim_ascii_start();
    }
    let name = rest.strip_prefix(b"<").unwrap_or(&[]);
    let end =
        name.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b':').unwrap_or(name.len());
    matches!(name.get(..end), Some(b"rss" | b"feed" | b"rdf:RDF" | b"atom:feed"))
}

#[cfg(all(test, feature = "feeds"))]
mod tests;
