//! Bytes that are looked for, many at a time, and slices that are walked together.
//!
//! What is asked of a byte is handed over by value, and nothing is zipped: a reference to a closure
//! and the beginning of a `zip` are calls where the parts of a crate are not optimized together.

/// Bytes that are looked at together: one bit of a word is one byte.
pub const WORD: usize = u64::BITS as usize;

/// Bytes for which it takes longer to look at all together.
const FEW: usize = 16;

/// The elements of two slices or iterators side by side, until one of them ends: as `zip` gives
/// them, for loops that begin often.
#[inline]
pub fn both<A: IntoIterator, B: IntoIterator>(a: A, b: B) -> Both<A::IntoIter, B::IntoIter> {
    Both { a: a.into_iter(), b: b.into_iter() }
}

/// See [`both`].
pub struct Both<A, B> {
    a: A,
    b: B,
}

impl<A: Iterator, B: Iterator> Iterator for Both<A, B> {
    type Item = (A::Item, B::Item);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some((self.a.next()?, self.b.next()?))
    }
}

/// The place of the first byte from `from` on for which `is` is true. `is` should have no branches:
/// the compiler makes of it instructions for many bytes at once.
#[inline]
pub fn find_byte(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        let bits = mask_at(bytes, at, is);
        if bits != 0 {
            return Some(at + bits.trailing_zeros() as usize);
        }
        at += WORD;
    }
    None
}

/// The place of the first byte from `from` on for which `is` is true with the next byte, which is
/// zero after the last one. As in [`find_byte`], `is` should have no branches.
#[inline]
pub fn find_pair(bytes: &[u8], from: usize, is: impl Fn(u8, u8) -> bool + Copy) -> Option<usize> {
    let mut at = from;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let after = rest.get(1..).unwrap_or(&[]);
        let may_be_here = match (rest.first_chunk(), after.first_chunk()) {
            (Some(block), Some(after)) => has_pair(block, after, is),
            // So few are looked at one by one.
            _ if rest.len() <= FEW => true,
            _ => has_pair(&padded(rest), &padded(after), is),
        };
        if may_be_here {
            let next = |at: usize| after.get(at).copied().unwrap_or(0);
            let found = rest.iter().take(WORD).enumerate().find(|(at, byte)| is(**byte, next(*at)));
            if let Some((found, _)) = found {
                return Some(at + found);
            }
        }
        at += WORD;
    }
    None
}

/// Whether some bytes hold a word of two ASCII letters or more, in capitals or small letters.
pub fn holds_in_any_case(bytes: &[u8], word: &[u8]) -> bool {
    let [first, second, ..] = *word else { return false };
    // This bit is all that tells a small letter from its capital.
    let may_begin = |byte: u8, next: u8| (byte | 0x20 == first | 0x20) & (next | 0x20 == second | 0x20);
    let is_at =
        |at: usize| bytes.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
    let mut from = 0;
    while let Some(at) = find_pair(bytes, from, may_begin) {
        if is_at(at) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Whether `is` is true for any of these bytes and the one in the same place of `after`.
#[inline]
fn has_pair(block: &[u8; WORD], after: &[u8; WORD], is: impl Fn(u8, u8) -> bool + Copy) -> bool {
    block
        .iter()
        .enumerate()
        .fold(false, |any, (at, byte)| any | is(*byte, after.get(at).copied().unwrap_or(0)))
}

/// The places of the bytes for which `is` is true, in order. `is` should have no branches, as in
/// [`find_byte`].
#[inline]
pub fn places<F: Fn(u8) -> bool + Copy>(bytes: &[u8], is: F) -> Places<'_, F> {
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

impl<F: Fn(u8) -> bool + Copy> Iterator for Places<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            if self.next >= self.bytes.len() {
                return None;
            }
            self.bits = mask_at(self.bytes, self.next, self.is);
            self.next += WORD;
        }
        let at = self.next - WORD + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(at)
    }
}

/// A bit for each of the 64 bytes from a place on, the first byte's the lowest: whether `is` is
/// true for it. It is not true behind the end. `is` should have no branches, as in [`find_byte`].
#[inline]
pub fn mask_at(bytes: &[u8], at: usize, is: impl Fn(u8) -> bool + Copy) -> u64 {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let last;
    let (block, behind) = match rest.first_chunk() {
        Some(block) => (block, 0),
        None => {
            last = padded(rest);
            (&last, u64::MAX << rest.len())
        }
    };
    mask(block, is) & !behind
}

/// At most 64 bytes, and zeros behind them.
#[inline(never)]
fn padded(bytes: &[u8]) -> [u8; WORD] {
    let mut block = [0; WORD];
    if let Some(beginning) = block.get_mut(..bytes.len()) {
        beginning.copy_from_slice(bytes);
    }
    block
}

/// As [`mask_at`], of one block.
#[inline]
fn mask(block: &[u8; WORD], is: impl Fn(u8) -> bool + Copy) -> u64 {
    let mut flags = *block;
    flags.iter_mut().for_each(|byte| *byte = u8::from(is(*byte)));
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
            assert_eq!(mask_at(&block, 0, |byte| byte == b'x'), 1 << place, "{place}");
            assert_eq!(mask_at(&block, 0, |byte| byte == b' '), !(1 << place), "{place}");
        }
    }

    #[test]
    fn nothing_is_true_behind_the_end() {
        for length in [0, 1, 63] {
            assert_eq!(
                mask_at(&vec![b' '; 3 + length], 3, |byte| byte < b'x'),
                !(u64::MAX << length),
                "{length}"
            );
        }
        assert_eq!(mask_at(b" ", 2, |_| true), 0);
    }

    #[test]
    fn the_first_pair_is_found_wherever_it_stands() {
        for length in [1, 2, 63, 64, 65, 66, 127, 128, 129, 130] {
            for at in 0..length {
                let mut bytes = vec![b'x'; length];
                bytes[at] = b'.';
                let is = |byte, next| (byte == b'.') & (next != b'.');
                for from in 0..=length {
                    let expected = (from <= at).then_some(at);
                    assert_eq!(find_pair(&bytes, from, is), expected, "{length} {at} {from}");
                }
                let before = at.checked_sub(1);
                assert_eq!(find_pair(&bytes, 0, |byte, next| (byte == b'x') & (next == b'.')), before);
                assert_eq!(find_pair(&bytes, 0, |_, next| next == 0), Some(length - 1));
            }
        }
        assert_eq!(find_pair(b"", 0, |_, _| true), None);
        assert_eq!(find_pair(b"a", 2, |_, _| true), None);
    }

    #[test]
    fn a_word_is_found_in_any_case_wherever_it_stands() {
        for at in [0, 1, 62, 63, 64, 65, 127, 200] {
            let text = format!("{}Do-DoCuMent{}", "d".repeat(at), "do".repeat(40));
            assert!(holds_in_any_case(text.as_bytes(), b"docu"), "{at}");
            assert!(holds_in_any_case(text.as_bytes(), b"Document"), "{at}");
            assert!(!holds_in_any_case(text.as_bytes(), b"doku"), "{at}");
            assert!(!holds_in_any_case(&text.as_bytes()[..at + 6], b"docu"), "{at}");
        }
        assert!(holds_in_any_case(b"<TABLE>", b"<table"));
        // Bytes that the bit of capitals makes alike, and are no letters.
        assert!(!holds_in_any_case(b"\x1ctable", b"<table") && !holds_in_any_case(b"@b", b"`b"));
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
