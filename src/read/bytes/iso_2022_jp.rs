//! Tells ISO-2022-JP by its escape sequences. All of its bytes are ASCII, so Japanese text would
//! pass for a salad of Latin letters and signs.

use encoding_rs::{DecoderResult, ISO_2022_JP};
use memchr::memmem;

/// How a stretch of Japanese characters begins, before a `B` or, in old files, an `@`.
const ESCAPE: &[u8] = b"\x1b$";

/// The byte at which the first stretch of Japanese characters begins.
pub(super) fn first_escape(bytes: &[u8]) -> Option<usize> {
    let begins = |at: &usize| matches!(bytes.get(at + ESCAPE.len()), Some(b'B' | b'@'));
    memmem::find_iter(bytes, ESCAPE).find(begins)
}

/// Whether bytes end inside what may become the beginning of such a stretch.
pub(super) fn ends_in_escape(bytes: &[u8]) -> bool {
    bytes.ends_with(ESCAPE) || bytes.ends_with(b"\x1b")
}

/// Whether bytes, which may be cut anywhere, are valid in this encoding. Colors of a terminal and
/// binary data are not.
pub(super) fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    let mut decoder = ISO_2022_JP.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = vec![0; room];
    let (result, ..) = decoder.decode_to_utf8_without_replacement(bytes, &mut text, false);
    result == DecoderResult::InputEmpty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_japanese_begins_with_an_escape_sequence() {
        assert_eq!(first_escape(b"id,\x1b[1mtext\x1b[0m,\x1b$BJ?OB\x1b(B"), Some(16));
        assert_eq!(first_escape(b"\x1b[31mred\x1b[0m costs \x1b"), None);
        assert!(ends_in_escape(b"x\x1b") && ends_in_escape(b"x\x1b$") && !ends_in_escape(b"\x1b$B"));
    }

    #[test]
    fn only_valid_bytes_are_believed() {
        for cut in 3..10 {
            let text = b"\x1b$BJ?OB\x1b(B x".get(..cut).unwrap();
            assert!(is_iso_2022_jp(text), "cut at {cut}");
        }
        assert!(!is_iso_2022_jp(b"\x1b$BJ?\xff"));
        assert!(!is_iso_2022_jp(b"\x1b$B a\x01b"));
    }
}
