//! Hashes the words of a text, so that typography does not change the hash of a word.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::text::normalization::characters::normal_characters;

/// Calls `found` with the hash of each word of `text`, in order.
///
/// A word is a run of letters and digits of the normal text. Case and accents are ignored. In a
/// script without spaces each character counts as a word, which is hashed with the two characters
/// before it, regardless of line ends.
pub(super) fn words(text: &str, found: impl FnMut(u64)) {
    let mut folds = Folds([('\0', Fold::End); 256]);
    let mut words = Words { word: None, run: 0, found };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            words.byte(c.to_ascii_lowercase() as u8);
            continue;
        }
        match folds.get(c) {
            Fold::Letter(letter) => words.letter(letter),
            Fold::Letters => letters(c, |letter| words.letter(letter)),
            Fold::Nothing => {}
            Fold::End => words.end(),
        }
    }
    words.end();
}

/// Joins letters to words.
struct Words<F> {
    /// The hash of the word so far.
    word: Option<u64>,
    /// The last three characters of scripts without spaces.
    run: u64,
    found: F,
}

impl<F: FnMut(u64)> Words<F> {
    fn letter(&mut self, letter: char) {
        if is_unspaced(letter) {
            self.end();
            self.run = ((self.run << 21) | u64::from(letter)) & LAST_THREE;
            (self.found)(self.run);
        } else {
            letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.byte(byte));
        }
    }

    /// FNV-1a with 64 bits (Fowler, Noll, Vo; RFC 9923).
    fn byte(&mut self, byte: u8) {
        const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        self.word = Some((self.word.unwrap_or(BASIS) ^ u64::from(byte)).wrapping_mul(PRIME));
    }

    fn end(&mut self) {
        if let Some(word) = self.word.take() {
            (self.found)(word);
        }
    }
}

/// Three characters of 21 bits.
const LAST_THREE: u64 = (1 << 63) - 1;

/// What a character does to a word.
#[derive(Clone, Copy)]
enum Fold {
    /// Ends the word.
    End,
    /// Adds nothing: accents and characters that readers do not see are inside words but not part
    /// of them.
    Nothing,
    /// Adds one letter.
    Letter(char),
    /// Adds more than one letter.
    Letters,
}

impl Fold {
    fn new(c: char) -> Self {
        let (mut is_word, mut is_seen) = (false, false);
        normal_characters(c, &mut |c| {
            is_seen |= !is_combining_mark(c);
            is_word |= c.is_alphanumeric();
        });
        if !is_seen {
            return Fold::Nothing;
        }
        if !is_word {
            return Fold::End;
        }
        let mut fold = Fold::Nothing;
        letters(c, |letter| {
            fold = if matches!(fold, Fold::Nothing) { Fold::Letter(letter) } else { Fold::Letters }
        });
        fold
    }
}

/// Calls `found` with the lower-case letters of a character, without marks. Letters with one
/// upper-case form are the same.
fn letters(c: char, mut found: impl FnMut(char)) {
    let mut decomposed = |c: char| {
        decompose_compatible(c, |part| {
            for letter in part.to_lowercase().filter(|&letter| !is_combining_mark(letter)) {
                match letter {
                    'ς' => found('σ'),
                    'ß' => "ss".chars().for_each(&mut found),
                    letter => found(letter),
                }
            }
        })
    };
    normal_characters(c, &mut decomposed);
}

/// Caches the folds of recent characters: a text has few different ones, and Unicode's tables are
/// slow.
struct Folds([(char, Fold); 256]);

impl Folds {
    fn get(&mut self, c: char) -> Fold {
        let Some(place) = self.0.get_mut(c as usize % 256) else { return Fold::new(c) };
        if place.0 != c {
            *place = (c, Fold::new(c));
        }
        place.1
    }
}

/// Letters of scripts that set no spaces between words: Thai and Lao, Burmese, Khmer, kana, and
/// Han.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        let mut out = Vec::new();
        words(text, |word| out.push(word));
        out
    }

    #[test]
    fn a_word_is_hashed_as_published() {
        // From the test vectors of RFC 9923: "foobar" and "a" under FNV-1a 64.
        assert_eq!(hashes("foobar, a!"), [0x8594_4171_f739_67e8, 0xaf63_dc4c_8601_ec8c]);
    }

    #[test]
    fn the_same_words_set_in_another_way_are_the_same() {
        let set = "The “Straße” of Café Σας — it's 3.5 ﬁne";
        for other in [
            "THE STRASSE OF CAFE ΣΑΣ, IT'S 3.5 FINE",
            "the\r\nstra\u{ad}ße (of)\tcafe\u{301}: σασ. it’s 3-5 fine!",
            "\u{feff}ｔｈｅ STRASSE of cafe σας it s ３,5 fine",
        ] {
            assert_eq!(hashes(other), hashes(set), "{other}");
        }
        assert_ne!(hashes("its"), hashes("it's"));
        assert!(hashes(" — “”\u{301}\u{ad} … ™\n").is_empty());
    }

    #[test]
    fn each_character_is_a_word_where_no_spaces_are_set() {
        let chinese = hashes("渡轮谈判在冬季前破裂");
        assert_eq!(chinese.len(), 10);
        assert_eq!(chinese.iter().collect::<std::collections::HashSet<_>>().len(), 10);
        assert_eq!(hashes("“渡轮谈判，\n在冬季前破裂。”"), chinese, "line ends and points do not matter");
        assert_eq!(hashes("iPhone手机").len(), 3);
        assert_eq!(hashes("フェリー"), hashes("ﾌｪﾘｰ"));
        assert_eq!(hashes("การเจรจา").len(), 8);
    }

    proptest! {
        #[test]
        fn no_string_is_too_strange(text in any::<String>()) {
            prop_assert!(hashes(&text).len() <= 18 * text.len(), "one character decomposes into 18 at most");
            prop_assert_eq!(hashes(&text), hashes(&text.nfd().collect::<String>()));
        }

        #[test]
        fn words_are_those_between_other_characters(text in "[a-zA-Z0-9 .,\n'-]{0,60}") {
            let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            prop_assert_eq!(hashes(&text), split.flat_map(hashes).collect::<Vec<_>>());
        }
    }
}
