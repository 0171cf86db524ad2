//! ASCII text to words, 64 bytes at a time.

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
            if from / 64 != self.block {
                if from >= self.bytes.len() {
                    return from;
                }
                self.block = from / 64;
                self.bits = bits(self.bytes, self.block);
            }
            let rest = (self.bits ^ flip) >> (from % 64);
            if rest != 0 {
                return from + rest.trailing_zeros() as usize;
            }
            from = (self.block + 1) * 64;
        }
    }
}

/// One bit a byte of a block, the first byte's the lowest; no bytes stand behind the end.
#[inline]
fn bits(bytes: &[u8], block: usize) -> u64 {
    let rest = bytes.get(64 * block..).unwrap_or(&[]);
    match rest.first_chunk::<64>() {
        Some(block) => bits_of(block),
        None => {
            let mut block = [0; 64];
            block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            bits_of(&block)
        }
    }
}

#[inline]
fn bits_of(block: &[u8; 64]) -> u64 {
    let mut flags = [0u8; 64];
    for (flag, &byte) in flags.iter_mut().zip(block) {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        *flag = u8::from(letter | digit | (byte == b'_'));
    }
    let (eights, _) = flags.as_chunks::<8>();
    // Gathers the lowest bits of eight bytes: bit 8k moves to bit 56 + k.
    let gathered =
        eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56);
    gathered.rev().fold(0, |bits, eight| bits << 8 | eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_its_bit() {
        for byte in 0..=127u8 {
            for place in [0, 7, 8, 31, 63] {
                let mut block = [b' '; 64];
                block[place] = byte;
                let is_word = byte.is_ascii_alphanumeric() || byte == b'_';
                assert_eq!(bits_of(&block), if is_word { 1 << place } else { 0 }, "{byte} at {place}");
            }
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
