//! Detects binary formats by their magic bytes.

use crate::error::Message;
use crate::read::Format;
use crate::read::bytes::seekable::Stored;
use crate::read::formats::format::in_words;
use crate::read::formats::unsupported;
use crate::read::formats::{FORMATS, Magic, Sniffed};

impl Sniffed {
    /// Detects by the first bytes. Of a container such as a zip archive the first bytes do not tell
    /// what it holds: `stored` is where to look, if there is such a place.
    pub(crate) fn detect(head: &[u8], stored: Option<&Stored>) -> Sniffed {
        for info in &FORMATS {
            match info.magic {
                Magic::Bytes(is) if is(head) => return Sniffed::Format(info.format),
                Magic::Container(magic, look_into) if head.starts_with(magic) => {
                    if let Some(file) = stored.and_then(|stored| stored.open().ok()) {
                        return look_into(file);
                    }
                }
                _ => {}
            }
        }
        unsupported::by_beginning(head).into()
    }
}

/// Whether the first bytes are those of a format that is read from its end, or may be.
pub(crate) fn may_be_read_from_its_end(head: &[u8]) -> bool {
    FORMATS.iter().filter(|info| info.format.is_read_from_its_end()).any(|info| match info.magic {
        Magic::Bytes(is) => is(head),
        Magic::Container(magic, _) => head.starts_with(magic),
        Magic::None | Magic::Text(_) => false,
    })
}

/// The message about decompressed bytes that are compressed once more.
pub(crate) fn packed(head: &[u8]) -> Option<String> {
    const KINDS: [(&[u8], &str); 2] = [(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")];
    KINDS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| not_text(kind))
}

/// The message about UTF-32, which has a byte order mark, or zeros in every fourth byte and nearly
/// all third ones.
pub(crate) fn utf32(head: &[u8]) -> Option<String> {
    let (units, _) = head.as_chunks::<4>();
    let is_little = |unit: &[u8; 4]| matches!(unit, [low, high, 0..=16, 0] if *low != 0 || *high != 0);
    let is_big = |unit: &[u8; 4]| matches!(unit, [0, 0..=16, high, low] if *low != 0 || *high != 0);
    let is_marked = head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff");
    let is_utf32 = is_marked || units.len() > 1 && (units.iter().all(is_little) || units.iter().all(is_big));
    is_utf32.then(|| {
        "it is text in UTF-32, which is not supported; convert it first, with `iconv -f UTF-32 -t UTF-8`"
            .to_owned()
    })
}

/// The message about bytes that no text has.
pub(crate) fn no_text(head: &[u8]) -> Option<String> {
    head.contains(&0).then(|| not_text("binary data (it contains zero bytes)"))
}

fn not_text(kind: &str) -> String {
    format!("it is {kind}, not text; convert it to text, Markdown, CSV or JSON lines first")
}

impl From<Option<String>> for Sniffed {
    fn from(refusal: Option<String>) -> Self {
        refusal.map_or(Sniffed::Text, Sniffed::Refused)
    }
}

impl Format {
    /// The message about a file under the name of another format.
    pub(crate) fn misnamed(self) -> Message {
        let info = self.info();
        let names: Vec<String> = info.extensions.iter().map(|name| format!(".{name}")).collect();
        let (what, name) = (info.description, in_words(&names));
        let option = info.names.first().unwrap_or(&"");
        Message::from(format!("it is {what}; give it its own name ({name}) or "))
            .then(Message::setting("format", *option))
    }

    /// The message about a text under the name of this format, which is read as `text`.
    pub(crate) fn is_not_text(self, text: Format) -> Message {
        let (what, found) = (self.info().description, text.info());
        Message::from(format!("it is not {what} but {}; give it another name or ", found.description))
            .then(Message::setting("format", *found.names.first().unwrap_or(&"")))
    }

    /// The message about a stream: `packing` is what it is compressed with, `is_stdin` whether it
    /// is standard input.
    pub(crate) fn not_a_file(self, packing: Option<&str>, is_stdin: bool) -> String {
        let what = self.info().description;
        if let Some(packing) = packing {
            return format!("it is {what} inside {packing}; unpack it first");
        }
        let stream = if is_stdin { "standard input" } else { "a pipe" };
        format!(
            "it is {what}, which must be read from its end, so {stream} cannot be used; write it to a file first"
        )
    }
}

/// The message about a stream that is longer than `limit`, the most that is read into memory.
pub(crate) fn too_large(limit: usize) -> String {
    format!(
        "it must be read from its end, and a stream of more than {} MB is not held in memory; write it to a file first",
        limit >> 20
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_with_the_letters_of_parquet_is_text() {
        assert_eq!(Sniffed::detect(b"PAR1\x15\x04\x15", None), Sniffed::Format(Format::Parquet));
        assert_eq!(Sniffed::detect(b"PAR1 is a name", None), Sniffed::Text);
        assert_eq!(Sniffed::detect(b"PAR1", None), Sniffed::Text);
        assert_eq!(Sniffed::detect(b"", None), Sniffed::Text);
    }

    #[test]
    fn utf_32_is_told_by_its_mark_or_its_zeros() {
        for text in ["text\n", "Привет", "北约 is"] {
            let little: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
            let big: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
            for bytes in [&little, &big, &[b"\xff\xfe\0\0", little.as_slice()].concat()] {
                assert!(utf32(bytes).unwrap().contains("iconv"), "{text}");
            }
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!((utf32(&utf16), utf32(text.as_bytes())), (None, None), "{text}");
        }
        assert_eq!((utf32(b""), utf32(b"\0\0\0\0\0\0\0\0")), (None, None));
    }

    #[test]
    fn what_is_no_text_is_told_by_its_bytes() {
        assert!(no_text(b"\x7fELF\x00\x01").unwrap().contains("binary data"));
        assert!(packed(b"\x1f\x8b\x08").unwrap().contains("it is gzip"));
        assert_eq!(packed(b"\x1f"), None);
        assert_eq!(no_text("{\"text\": \"naïve\"}".as_bytes()), None);
    }

    #[test]
    fn a_text_under_the_name_of_a_table_is_called_what_it_is() {
        let message = Format::Spreadsheet.is_not_text(Format::Csv).to_string();
        assert_eq!(message, "it is not a spreadsheet but CSV; give it another name or `format` csv");
    }

    #[test]
    fn an_archive_that_cannot_be_looked_into_is_refused() {
        let stored = Stored::Bytes(b"PK\x03\x04 and no directory"[..].into());
        for stored in [None, Some(&stored)] {
            let Sniffed::Refused(message) = Sniffed::detect(b"PK\x03\x04....", stored) else { panic!() };
            assert!(message.contains("zip archive"), "{message}");
        }
    }
}
