//! ASCII text to words, 64 bytes at a time.

use crate::scan::{WORD, mask};
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
    let mut map = Map::new(bytes);
    let mut end = 0;
    loop {
        let start = map.next(end, false);
        if start >= bytes.len() {
            return;
        }
        end = map.next(start + 1, true);
        loop {
            let mark = at(end);
            if mark == b' ' {
                break;
            }
            let class = |index| Class::of_ascii(at(index));
            if !class(end).joins(class(end - 1), class(end + 1)) {
                break;
            }
            end = map.next(end + 1, true);
        }
        let is_word = at(start) != b'_'
            || bytes.get(start..end).is_some_and(|word| word.iter().any(u8::is_ascii_alphanumeric));
        if is_word {
            found(start, end);
        }
    }
}

/// Which bytes of a text stand in words: letters, digits and `_`; 64 at a time.
struct Map<'b> {
    bytes: &'b [u8],
    /// Number of the block that `bits` is of.
    block: usize,
    bits: u64,
}

impl<'b> Map<'b> {
    #[inline]
    fn new(bytes: &'b [u8]) -> Self {
        Map { bytes, block: 0, bits: bits(bytes, 0) }
    }

    /// The first place from `from` on that stands in a word, or with `outside` the first that does not; the length or more
    /// without one.
    #[inline]
    fn next(&mut self, mut from: usize, outside: bool) -> usize {
        let flip = if outside { u64::MAX } else { 0 };
        loop {
            if from / WORD != self.block {
                if from >= self.bytes.len() {
                    return from;
                }
                self.block = from / WORD;
                self.bits = bits(self.bytes, self.block);
            }
            let rest = (self.bits ^ flip) >> (from % WORD);
            if rest != 0 {
                return from + rest.trailing_zeros() as usize;
            }
            from = (self.block + 1) * WORD;
        }
    }
}

/// The bits of a block; no bytes stand behind the end.
#[inline]
fn bits(bytes: &[u8], block: usize) -> u64 {
    let rest = bytes.get(WORD * block..).unwrap_or(&[]);
    match rest.first_chunk() {
        Some(block) => mask(block, is_in_word),
        None => {
            let mut block = [0; WORD];
            block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            mask(&block, is_in_word)
        }
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
