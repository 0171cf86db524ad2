//! Bytes that are looked for, many at a time.

/// Bytes that are looked at together.
pub const BLOCK: usize = 32;

/// The place of the first byte from `from` on for which `is` is true. `is` should have no branches: the compiler makes of it
/// instructions for many bytes at once.
#[inline]
pub fn find_byte(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (blocks, _) = rest.as_chunks::<BLOCK>();
    let has_none = |block: &&[u8; BLOCK]| !block.iter().fold(false, |any, byte| any | is(*byte));
    let skipped = BLOCK * blocks.iter().take_while(has_none).count();
    let at = rest.iter().skip(skipped).position(|byte| is(*byte))?;
    Some(from + skipped + at)
}

/// Bytes that [`places`] and [`mask`] look at together: one bit of a word is one byte.
pub const WORD: usize = u64::BITS as usize;

/// The places of the bytes for which `is` is true, in order. `is` should have no branches, as in [`find_byte`].
#[inline]
pub fn places<F: Fn(u8) -> bool>(bytes: &[u8], is: F) -> Places<'_, F> {
    Places { bytes, is, next: 0, bits: 0 }
}

/// See [`places`].
pub struct Places<'b, F> {
    bytes: &'b [u8],
    is: F,
    /// Where the bytes begin that were not looked at.
    next: usize,
    /// Of the bytes before them: those that are still to be given.
    bits: u64,
}

impl<F: Fn(u8) -> bool> Iterator for Places<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            let rest = self.bytes.get(self.next..).filter(|rest| !rest.is_empty())?;
            self.bits = match rest.first_chunk() {
                Some(block) => mask(block, &self.is),
                None => rest.iter().rev().fold(0, |bits, byte| bits << 1 | u64::from((self.is)(*byte))),
            };
            self.next += WORD;
        }
        let at = self.next - WORD + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(at)
    }
}

/// A bit for each byte, the first byte's the lowest: whether `is` is true for it. `is` should have no branches, as in [`find_byte`].
#[inline]
pub fn mask(block: &[u8; WORD], is: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0u8; WORD];
    for (flag, &byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(is(byte));
    }
    let (eights, _) = flags.as_chunks::<8>();
    // Most blocks that are searched for rare bytes have none.
    if eights.iter().fold(0, |any, eight| any | u64::from_le_bytes(*eight)) == 0 {
        return 0;
    }
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
        for place in [0, 7, 8, 31, 63] {
            let mut block = [b' '; WORD];
            block[place] = b'x';
            assert_eq!(mask(&block, |byte| byte == b'x'), 1 << place, "{place}");
            assert_eq!(mask(&block, |byte| byte == b' '), !(1 << place), "{place}");
        }
    }

    #[test]
    fn all_places_are_given_in_order() {
        for length in 0..200 {
            let bytes: Vec<u8> = (0..length).map(|n| (n * n % 7) as u8).collect();
            let expected: Vec<usize> = (0..length).filter(|&at| bytes[at] < 2).collect();
            assert_eq!(places(&bytes, |byte| byte < 2).collect::<Vec<_>>(), expected, "{length}");
        }
    }

    #[test]
    fn the_first_of_its_kind_is_found_wherever_it_stands() {
        for length in 0..100 {
            let mut bytes = vec![b'x'; length];
            assert_eq!(find_byte(&bytes, 0, |byte| byte == b'.'), None);
            for at in 0..length {
                bytes[at] = b'.';
                for from in 0..=length {
                    let expected = (from <= at).then_some(at);
                    assert_eq!(
                        find_byte(&bytes, from, |byte| byte == b'.'),
                        expected,
                        "{length} {at} {from}"
                    );
                }
                bytes[at] = b'x';
            }
        }
        assert_eq!(find_byte(b"...", 1, |byte| byte == b'.'), Some(1));
        assert_eq!(find_byte(b"...", 4, |byte| byte == b'.'), None);
    }
}
