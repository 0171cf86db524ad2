//! Splits ASCII text into words, 64 bytes at a time.

use crate::scan::{WORD, mask_at};
use crate::tokenizer::split::Class;

/// Where the first byte from `start` on stands that is not ASCII; the length without one.
pub(super) fn prefix(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or(&[]);
    let blocks = rest.chunks_exact(32).take_while(|block| block.is_ascii()).count();
    let tail = rest.get(32 * blocks..).unwrap_or(&[]);
    start + 32 * blocks + tail.iter().position(|byte| !byte.is_ascii()).unwrap_or(tail.len())
}

/// Calls `found` with begin and end of each word of ASCII text.
#[inline]
pub(super) fn words(bytes: &[u8], found: &mut impl FnMut(usize, usize)) {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let class = |index| Class::of_ascii(at(index));
    let is_word = |start: usize, end: usize| {
        at(start) != b'_'
            || bytes.get(start..end).is_some_and(|word| word.iter().any(u8::is_ascii_alphanumeric))
    };
    // Whether the last byte that was looked at is in a word, and whether a mark joins the word
    // before it to what follows.
    let (mut is_inside, mut goes_on) = (false, false);
    let (mut start, mut block) = (0, 0);
    // Behind the last block that is full, an empty one ends its last word.
    while block <= bytes.len() {
        let bits = mask_at(bytes, block, is_in_word);
        // Where words, and what parts them, begin by turns.
        let mut turns = bits ^ (bits << 1 | u64::from(is_inside));
        while turns != 0 {
            let turn = block + turns.trailing_zeros() as usize;
            turns &= turns - 1;
            is_inside = !is_inside;
            if is_inside {
                start = if goes_on { start } else { turn };
                continue;
            }
            goes_on = at(turn) != b' ' && class(turn).joins(class(turn - 1), class(turn + 1));
            if !goes_on && is_word(start, turn) {
                found(start, turn);
            }
        }
        block += WORD;
    }
}

#[inline]
fn is_in_word(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    letter | digit | (byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_underscores_are_in_words() {
        for byte in 0..=127u8 {
            assert_eq!(is_in_word(byte), byte.is_ascii_alphanumeric() || byte == b'_', "{byte}");
        }
    }

    #[test]
    fn words_go_on_from_block_to_block() {
        let text = format!("{} {}", "a".repeat(63), "b".repeat(200));
        let mut found = Vec::new();
        words(text.as_bytes(), &mut |from, to| found.push((from, to)));
        assert_eq!(found, [(0, 63), (64, 264)]);
    }
}
