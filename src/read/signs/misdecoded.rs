//! Finds text that was UTF-8 and was read in another encoding before it came here: `â€™` for an apostrophe.
//!
//! Such characters, written in the encoding that they were read in, are UTF-8 once more. Of real text that is hardly ever
//! true: what is asked besides is that the characters which come out are those of common writing.

use std::ops::RangeInclusive;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1251, WINDOWS_1252};

use crate::scan::{find_byte, find_pair};
use crate::text::TextSign;

/// An encoding that UTF-8 is read in by mistake.
struct Mistake {
    sign: TextSign,
    encoding: &'static Encoding,
    /// The first byte, in UTF-8, of what it makes of the first byte of a character.
    lead: u8,
    /// Characters that it does not make of a character's second byte, but that are common in real text.
    never_second: RangeInclusive<char>,
    /// Characters in succession that must come out.
    least: usize,
}

const MISTAKES: [Mistake; 3] = [
    Mistake {
        sign: TextSign::Windows1252,
        encoding: WINDOWS_1252,
        lead: b'\xc3',
        never_second: 'À'..='ÿ',
        least: 1,
    },
    // Russian words may be UTF-8 by chance: `Её`.
    Mistake {
        sign: TextSign::Windows1251,
        encoding: WINDOWS_1251,
        lead: b'\xd0',
        never_second: 'А'..='я',
        least: 2,
    },
    Mistake {
        sign: TextSign::MacRoman,
        encoding: MACINTOSH,
        lead: b'\xe2',
        never_second: '‘'..='”',
        least: 1,
    },
];
/// Longest character in UTF-8.
const MAX_BYTES: usize = 4;

/// The signs that a text shows, each once.
pub(super) fn find(text: &str) -> impl Iterator<Item = TextSign> + '_ {
    let may_show = find_pair(text.as_bytes(), 0, may_be_sign).is_some();
    let lost = (may_show && text.contains(char::REPLACEMENT_CHARACTER)).then_some(TextSign::Lost);
    let mistakes = if may_show { MISTAKES.as_slice() } else { &[] };
    let mistaken = mistakes.iter().filter(|mistake| mistake.is_in(text)).map(|mistake| mistake.sign);
    mistaken.chain(lost)
}

/// Whether two bytes are the last and the first of two characters beyond ASCII side by side, as each mistake has them, or may begin what
/// stands for a lost one. Most texts have no such place.
#[inline]
fn may_be_sign(byte: u8, next: u8) -> bool {
    (byte & 0xc0 == 0x80) & (next >= 0xc0) | (byte == 0xef)
}

impl Mistake {
    fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut from = 0;
        while let Some(at) = find_byte(bytes, from, |byte| byte == self.lead) {
            let mut rest = text.get(at..).unwrap_or("");
            let mut found = 0;
            while let Some((character, taken)) = self.character(rest) {
                found += 1;
                rest = rest.get(taken..).unwrap_or("");
                if found >= self.least && (found > 1 || !may_be_meant(character, text, at)) {
                    return true;
                }
            }
            from = text.len() - rest.len() + usize::from(found == 0);
        }
        false
    }

    /// The character that the beginning of a text was, and the bytes that it takes now.
    fn character(&self, text: &str) -> Option<(char, usize)> {
        let mut bytes = [0u8; MAX_BYTES];
        let (mut length, mut taken) = (0, 0);
        let second = text.chars().nth(1)?;
        if second.is_ascii() || self.never_second.contains(&second) {
            return None;
        }
        for c in text.chars().take(MAX_BYTES) {
            *bytes.get_mut(length)? = self.byte(c)?;
            (length, taken) = (length + 1, taken + c.len_utf8());
            if let Ok(decoded) = std::str::from_utf8(bytes.get(..length)?) {
                let character = decoded.chars().next()?;
                return (length > 1 && is_common(character)).then_some((character, taken));
            }
        }
        None
    }

    /// The byte of a character beyond ASCII. What windows-1252 leaves free is read as a control character.
    fn byte(&self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return None;
        }
        if matches!(c, '\u{80}'..='\u{9f}') {
            return u8::try_from(u32::from(c)).ok();
        }
        let mut buffer = [0u8; 4];
        let (bytes, _, unmappable) = self.encoding.encode(c.encode_utf8(&mut buffer));
        match bytes.as_ref() {
            [byte] if !unmappable => Some(*byte),
            _ => None,
        }
    }
}

/// Characters that texts are commonly written with: Latin, Greek and Cyrillic letters, punctuation, the euro.
fn is_common(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{17f}' | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{45f}' | '\u{490}' | '\u{491}'
        | '\u{200b}' | '\u{2010}'..='\u{203a}' | '\u{20ac}' | '\u{2122}')
}

/// Whether two characters that are UTF-8 by chance are themselves: a capital and a mark behind it (`IRMÃ»`), or a dash
/// and a letter.
fn may_be_meant(character: char, text: &str, at: usize) -> bool {
    let mut now = text.get(at..).unwrap_or("").chars();
    let (first, mark) = (now.next().unwrap_or(' '), now.next().unwrap_or(' '));
    let is_mark =
        matches!(mark, '»' | '«' | '”' | '“' | '’' | '‘' | '„' | '…' | '–' | '—' | '™' | '®' | '\u{a0}');
    let after_letter =
        text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(char::is_lowercase);
    character.len_utf8() == 2 && (matches!(first, '–' | '—') || is_mark && !after_letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signs(text: &str) -> Vec<TextSign> {
        find(text).collect()
    }

    fn read_as(text: &str, encoding: &'static Encoding) -> String {
        encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn utf_8_read_in_another_encoding_is_found() {
        for text in ["It’s Ukraine’s fault", "un café", "“No deal”", "Łódź", "Привет, мир", "Αθήνα"]
        {
            assert_eq!(signs(&read_as(text, WINDOWS_1252)), [TextSign::Windows1252], "{text}");
        }
        for text in ["Министр сказал, что гарантии нужны", "при"] {
            assert_eq!(signs(&read_as(text, WINDOWS_1251)), [TextSign::Windows1251], "{text}");
        }
        for text in ["It’s Ukraine’s fault", "un café"] {
            assert_eq!(signs(&read_as(text, MACINTOSH)), [TextSign::MacRoman], "{text}");
        }
        let twice = read_as(&read_as("un café", WINDOWS_1252), WINDOWS_1252);
        assert_eq!(signs(&twice), [TextSign::Windows1252]);
        assert_eq!(signs("donâ\u{80}\u{99}t"), [TextSign::Windows1252], "read as ISO 8859-1");
        assert_eq!(signs("don\u{fffd}t"), [TextSign::Lost]);
    }

    #[test]
    fn sound_text_shows_no_sign() {
        for text in [
            "It’s Ukraine’s “fault” – or not… 5 € each, naïve café à la crème",
            "«LIBERTÉ» et «PASÓ», «IRMû, „Ä“",
            "Её брат сказал: «Рёв моря». Сёстры и Её дом",
            "Ärger über Öl, Ünal, Ø, Å™",
            "Ελλάδα — Ευρώπη",
            "Łódź, Gdańsk, Żółć",
            "北约秘书长",
            "√2 ≈ 1.41, a ‚quoted’ word, Köln–Östringen —Übrigens",
        ] {
            assert_eq!(signs(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|[ÃÂâРСвЂ€™»©√‚Äô ]){0,60}") {
            find(&text).count();
        }
    }
}
