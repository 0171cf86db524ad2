//! Converts byte positions of a text to the positions that other languages count in.
//!
//! This library counts the bytes of UTF-8. Python counts Unicode code points; JavaScript, Java and
//! C# count UTF-16 code units.

/// Every so many bytes the counts are kept.
const STRIDE: usize = 64;

/// The positions of one text, counted in code points and in UTF-16 code units.
///
/// It is built in one pass over the text; each position then takes a look at 64 bytes at most.
///
/// ```
/// use standpoint::text::Offsets;
///
/// let offsets = Offsets::new("né 🙂!");
/// let at = "né 🙂".len();
/// assert_eq!((at, offsets.code_points(at), offsets.utf16(at)), (8, Some(4), Some(5)));
/// assert_eq!(offsets.code_points(2), None, "the byte is inside é");
/// ```
#[derive(Clone, Debug)]
pub struct Offsets<'t> {
    text: &'t str,
    /// What stands before each byte that is a multiple of [`STRIDE`]; none where all is ASCII.
    counts: Vec<Counts>,
}

/// How many characters begin in a stretch of bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    characters: usize,
    /// Those of them that take two units of UTF-16.
    pairs: usize,
}

impl Counts {
    fn after(self, bytes: &[u8]) -> Self {
        // Every byte but those that continue a character begins one; those of four bytes are pairs.
        bytes.iter().fold(self, |counts, &byte| Counts {
            characters: counts.characters + usize::from(byte & 0xc0 != 0x80),
            pairs: counts.pairs + usize::from(byte >= 0xf0),
        })
    }
}

impl<'t> Offsets<'t> {
    /// Counts the characters of a text.
    pub fn new(text: &'t str) -> Self {
        let mut counts = Vec::new();
        if !text.is_ascii() {
            let mut before = Counts::default();
            counts.reserve(text.len() / STRIDE + 1);
            for block in text.as_bytes().chunks(STRIDE) {
                counts.push(before);
                before = before.after(block);
            }
            if text.len().is_multiple_of(STRIDE) {
                counts.push(before);
            }
        }
        Offsets { text, counts }
    }

    /// Code points before `byte`. `None` inside a character and past the end.
    pub fn code_points(&self, byte: usize) -> Option<usize> {
        self.before(byte).map(|counts| counts.characters)
    }

    /// UTF-16 code units before `byte`. `None` inside a character and past the end.
    pub fn utf16(&self, byte: usize) -> Option<usize> {
        self.before(byte).map(|counts| counts.characters + counts.pairs)
    }

    fn before(&self, byte: usize) -> Option<Counts> {
        if !self.text.is_char_boundary(byte) {
            return None;
        }
        let Some(counts) = self.counts.get(byte / STRIDE) else {
            return Some(Counts { characters: byte, pairs: 0 });
        };
        let block = self.text.as_bytes().get(byte / STRIDE * STRIDE..byte)?;
        Some(counts.after(block))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Code points and UTF-16 units before a byte, counted from the beginning.
    fn counted(text: &str, byte: usize) -> Option<(usize, usize)> {
        let before = text.get(..byte)?;
        Some((before.chars().count(), before.encode_utf16().count()))
    }

    fn check(text: &str) {
        let offsets = Offsets::new(text);
        for byte in 0..text.len() + 3 {
            let found = offsets.code_points(byte).zip(offsets.utf16(byte));
            assert_eq!(found, counted(text, byte), "byte {byte} of {text:?}");
        }
    }

    #[test]
    fn emoji_are_one_code_point_and_two_units() {
        let offsets = Offsets::new("a🙂b");
        let at = |byte| (offsets.code_points(byte), offsets.utf16(byte));
        assert_eq!(at(1), (Some(1), Some(1)));
        assert_eq!(at(5), (Some(2), Some(3)));
        assert_eq!(at(6), (Some(3), Some(4)), "the end");
        // A family: three people and two joiners.
        let family = "👩\u{200d}👩\u{200d}👧";
        let offsets = Offsets::new(family);
        assert_eq!(offsets.code_points(family.len()), Some(5));
        assert_eq!(offsets.utf16(family.len()), Some(8));
    }

    #[test]
    fn combining_marks_and_line_ends_count_one_by_one() {
        let offsets = Offsets::new("e\u{301}\r\nx");
        let found: Vec<_> = (0..=6).map(|byte| offsets.code_points(byte)).collect();
        assert_eq!(found, [Some(0), Some(1), None, Some(2), Some(3), Some(4), Some(5)]);
        assert_eq!(offsets.utf16(6), Some(5));
    }

    #[test]
    fn positions_inside_a_character_and_past_the_end_are_none() {
        let offsets = Offsets::new("🙂");
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(|byte| offsets.utf16(byte)),
            [Some(0), None, None, None, Some(2), None]
        );
        assert_eq!(Offsets::new("ab").code_points(3), None);
        assert_eq!(Offsets::new("ab").code_points(usize::MAX), None);
    }

    #[test]
    fn the_empty_text_has_one_position() {
        assert_eq!((Offsets::new("").code_points(0), Offsets::new("").utf16(0)), (Some(0), Some(0)));
        assert_eq!(Offsets::new("").utf16(1), None);
    }

    #[test]
    fn characters_across_the_ends_of_blocks_count_once() {
        for lead in 0..4 {
            for repeats in [15, 16, 17, 63, 64, 65, 128] {
                check(&format!("{}{}", "a".repeat(lead), "🙂".repeat(repeats)));
                check(&format!("{}{}", "a".repeat(lead), "é".repeat(repeats)));
                check(&"a".repeat(lead + repeats));
            }
        }
    }

    proptest! {
        #[test]
        fn every_position_is_what_counting_gives(text in "([a-z\r\n]|\\PC|🙂|\u{301}){0,200}") {
            check(&text);
        }
    }
}
