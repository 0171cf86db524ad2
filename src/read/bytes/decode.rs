//! Decodes UTF-8, and replaces, counts and places what is not UTF-8.

use std::borrow::Cow;

use crate::text::document::Replaced;

/// How a file's bytes have become UTF-8.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Decoded {
    /// From another encoding, in which what could not be read is U+FFFD already.
    pub is_other: bool,
    /// The encoding's name, if it was guessed.
    pub guess: Option<&'static str>,
}

/// Decodes bytes that begin on `line` at `offset` of their file. Invalid bytes become U+FFFD.
pub(crate) fn utf8(bytes: &[u8], line: u64, offset: u64, decoded: Decoded) -> (String, Option<Replaced>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let replaced = if decoded.is_other { already_replaced(text, line, offset) } else { None };
        return (text.to_owned(), replaced);
    }
    let mut text = String::with_capacity(bytes.len());
    let mut replaced: Option<Replaced> = None;
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            let first = replaced.get_or_insert_with(|| Replaced {
                count: 0,
                line: line + newlines(bytes.get(..at).unwrap_or(&[])),
                byte: offset + at as u64,
            });
            first.count += 1;
            at += chunk.invalid().len();
        }
    }
    (text, replaced)
}

fn already_replaced(text: &str, line: u64, offset: u64) -> Option<Replaced> {
    let first = text.find(char::REPLACEMENT_CHARACTER)?;
    let before = text.get(..first).unwrap_or("");
    Some(Replaced {
        count: text.matches(char::REPLACEMENT_CHARACTER).count(),
        line: line + newlines(before.as_bytes()),
        byte: offset + first as u64,
    })
}

/// Number of places that are not UTF-8.
#[cfg(feature = "parquet")]
pub(crate) fn invalid_sequences(bytes: &[u8]) -> usize {
    if std::str::from_utf8(bytes).is_ok() {
        return 0;
    }
    bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count()
}

/// Text of bytes, with U+FFFD for what is not UTF-8. What is, as nearly all is, takes one pass.
pub(crate) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Number of line ends.
pub(crate) fn newlines(bytes: &[u8]) -> u64 {
    // So few bytes at a time that their number fits a byte, which the processor adds up many at
    // once.
    let count = |chunk: &[u8]| chunk.iter().fold(0u8, |sum, byte| sum + u8::from(*byte == b'\n'));
    bytes.chunks(255).map(|chunk| u64::from(count(chunk))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_replaced_counted_and_placed() {
        let (text, replaced) = utf8(b"one\ntw\xff o \xe2\x82\nend", 10, 100, Decoded::default());
        assert_eq!(text, "one\ntw\u{fffd} o \u{fffd}\nend");
        assert_eq!(replaced, Some(Replaced { count: 2, line: 11, byte: 106 }));
        assert_eq!(utf8("naïve".as_bytes(), 1, 0, Decoded::default()), ("naïve".to_owned(), None));
        let other = Decoded { is_other: true, guess: None };
        let replaced = utf8("a\n\u{fffd}b\u{fffd}".as_bytes(), 1, 0, other).1;
        assert_eq!(replaced, Some(Replaced { count: 2, line: 2, byte: 2 }));
    }
}
