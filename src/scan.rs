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

#[cfg(test)]
mod tests {
    use super::*;

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
