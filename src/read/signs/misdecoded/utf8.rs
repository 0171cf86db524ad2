//! Finds text that was UTF-8 and was read in another encoding before it came here: `â€™` for an
//! apostrophe.
//!
//! Such characters, written in the encoding that they were read in, are UTF-8 once more. Of real
//! text that is hardly ever true: what is asked besides is that the characters which come out are
//! those of common writing.

use encoding_rs::GBK;

use crate::read::signs::misdecoded::charset::{
    CP437, CP850, CP866, CP1250, CP1251, CP1252, Charset, KOI8, MAC,
};
use crate::scan::{find_pair, places};
use crate::text::{TextSign, TextSigns};

/// An encoding that UTF-8 is read in by mistake.
struct Mistake {
    sign: TextSign,
    charset: Charset,
    /// What it makes of the first byte of a character.
    is_lead: fn(char) -> bool,
    /// Whether characters may be meant as they are, though they are UTF-8 once more.
    may_be_meant: fn(Around) -> bool,
    /// Characters in succession that must come out.
    least: usize,
}

/// What a character was read as: its first two characters, and those beside it.
#[derive(Clone, Copy)]
struct Around {
    before: char,
    first: char,
    second: char,
    third: char,
    behind: char,
    /// Whether two characters are all of it.
    is_pair: bool,
    /// Whether the next characters are no such character.
    is_alone: bool,
}

/// Ties go to the earlier.
const MISTAKES: [Mistake; 8] = [
    Mistake {
        sign: TextSign::Windows1252,
        charset: CP1252,
        is_lead: |c| matches!(c, 'À'..='ÿ'),
        may_be_meant: |around| matches!(around.second, 'À'..='ÿ') || is_capital_and_mark(around),
        least: 1,
    },
    Mistake {
        sign: TextSign::Latin2,
        charset: CP1250,
        is_lead: |c| matches!(c, 'Ă' | 'Ĺ' | 'Ä' | 'Đ' | 'Ń' | 'â'),
        may_be_meant: is_capital_of_latin_2,
        least: 1,
    },
    // Russian words may be UTF-8 by chance: `Её`.
    Mistake {
        sign: TextSign::Windows1251,
        charset: CP1251,
        is_lead: |c| matches!(c, 'А'..='я'),
        may_be_meant: |around| matches!(around.second, 'А'..='я'),
        least: 2,
    },
    Mistake {
        sign: TextSign::MacRoman,
        charset: MAC,
        is_lead: |c| matches!(c, '‚' | '√' | '–' | '—'),
        may_be_meant: |around| matches!(around.second, '‘'..='”') || is_dash_and_letter(around),
        least: 1,
    },
    Mistake {
        sign: TextSign::CodePage437,
        charset: CP437,
        is_lead: |c| matches!(c, 'Γ' | '├' | '┬' | '┼' | '─' | '╨' | '╤'),
        may_be_meant: is_drawing,
        least: 1,
    },
    Mistake {
        sign: TextSign::CodePage850,
        charset: CP850,
        is_lead: |c| matches!(c, 'Ô' | '├' | '┬' | '┼' | '─'),
        may_be_meant: |around| is_drawing(around) || around.first == 'Ô' && around.is_pair,
        least: 1,
    },
    Mistake {
        sign: TextSign::CodePage866,
        charset: CP866,
        is_lead: |c| matches!(c, '╨' | '╤' | '├' | '┬' | 'т'),
        may_be_meant: |around| {
            if around.first == 'т' { !is_mark_in_866(around) } else { is_drawing(around) }
        },
        least: 1,
    },
    Mistake {
        sign: TextSign::Koi8,
        charset: KOI8,
        is_lead: |c| matches!(c, 'п' | 'я' | 'Б'),
        may_be_meant: |around| around.second.is_alphabetic() || around.second.is_whitespace(),
        least: 2,
    },
];
/// Longest character in UTF-8.
const MAX_BYTES: usize = 4;
/// The least first byte of a character of two bytes or more that a misread character begins with.
const MIN_LEAD: u8 = 0xc3;
/// What becomes of U+FFFD in UTF-8 that is read as windows-1252, and of two of them as GBK.
const LOST: [&str; 2] = ["ï¿½", "锟斤拷"];
/// What GBK makes of the first bytes of ’, “, – and the like.
const GBK_LEAD: char = '鈥';

/// What was found in a text.
#[derive(Default)]
pub(super) struct Found {
    /// What was lost, and the mistake that tells most.
    pub(super) signs: TextSigns,
    /// Whether few of the characters that may begin a misread one do: they may come of another
    /// mistake.
    pub(super) is_doubtful: bool,
}

/// Whether two bytes are the last and the first of two characters beyond ASCII side by side, as
/// each mistake has them, or may begin what stands for a lost one. Most texts have no such place.
#[inline]
fn may_be_sign(byte: u8, next: u8) -> bool {
    (byte & 0xc0 == 0x80) & (next >= 0xc0) | (byte == 0xef)
}

/// The signs of a text.
pub(super) fn find(text: &str) -> Found {
    if find_pair(text.as_bytes(), 0, may_be_sign).is_none() {
        return Found::default();
    }
    let mut signs = TextSigns::default();
    let mut counts = [0usize; MISTAKES.len()];
    let mut leads = [0usize; MISTAKES.len()];
    for at in places(text.as_bytes(), |byte| byte >= MIN_LEAD) {
        let rest = text.get(at..).unwrap_or("");
        let Some(first) = rest.chars().next() else { continue };
        if first == char::REPLACEMENT_CHARACTER || LOST.iter().any(|lost| rest.starts_with(lost)) {
            signs.insert(TextSign::Lost);
        }
        if first == GBK_LEAD && is_gbk(rest) {
            signs.insert(TextSign::Gbk);
        }
        for ((mistake, count), leads) in MISTAKES.iter().zip(&mut counts).zip(&mut leads) {
            if (mistake.is_lead)(first) {
                *leads += 1;
                let before = text.get(..at).and_then(|text| text.chars().next_back()).unwrap_or(' ');
                *count += usize::from(mistake.is_at_beginning(rest, before));
            }
        }
    }
    let most = counts.into_iter().max().filter(|most| *most > 0);
    let told = most.and_then(|most| counts.iter().position(|count| *count == most));
    let mistake = told.and_then(|at| MISTAKES.get(at).zip(leads.get(at)).zip(most));
    mistake.into_iter().for_each(|((mistake, _), _)| signs.insert(mistake.sign));
    Found { signs, is_doubtful: mistake.is_some_and(|((_, leads), most)| 2 * most < *leads) }
}

/// Whether a text begins with a mark that was UTF-8 and was read as GBK, together with the letter
/// behind it.
fn is_gbk(text: &str) -> bool {
    let pair: String = text.chars().take(2).collect();
    let (bytes, _, unmappable) = GBK.encode(&pair);
    !unmappable && matches!(bytes.as_ref(), [0xe2, 0x80, 0x90..=0xa6, _])
}

impl Mistake {
    /// Whether a text begins with misread characters.
    fn is_at_beginning(&self, text: &str, before: char) -> bool {
        let Some(taken) = self.character(text) else { return false };
        let rest = text.get(taken..).unwrap_or("");
        let next = self.character(rest);
        let mut here = text.chars();
        let around = Around {
            before,
            first: here.next().unwrap_or(' '),
            second: here.next().unwrap_or(' '),
            third: here.next().unwrap_or(' '),
            behind: rest.chars().next().unwrap_or(' '),
            is_pair: text.get(..taken).is_some_and(|text| text.chars().count() == 2),
            is_alone: next.is_none(),
        };
        (next.is_some() || self.least == 1) && !(self.may_be_meant)(around)
    }

    /// The bytes that a character of common writing takes now, if a text begins with one.
    fn character(&self, text: &str) -> Option<usize> {
        let mut bytes = [0u8; MAX_BYTES];
        let (mut length, mut taken) = (0, 0);
        for c in text.chars().take(MAX_BYTES) {
            *bytes.get_mut(length)? = self.charset.byte(c)?;
            (length, taken) = (length + 1, taken + c.len_utf8());
            match std::str::from_utf8(bytes.get(..length)?) {
                Ok(decoded) => return (length > 1 && decoded.chars().all(is_common)).then_some(taken),
                // A byte that no character begins with, or goes on with.
                Err(error) if error.error_len().is_some() => return None,
                Err(_) => {}
            }
        }
        None
    }
}

/// Characters that texts are commonly written with: Latin, Greek and Cyrillic letters, punctuation,
/// the euro.
fn is_common(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{17f}' | '\u{218}'..='\u{21b}' | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{45f}' | '\u{490}' | '\u{491}'
        | '\u{200b}' | '\u{2010}'..='\u{203a}' | '\u{20ac}' | '\u{2122}')
}

/// Marks of sentences, and the blank that breaks no line.
fn is_mark(c: char) -> bool {
    matches!(c, '»' | '«' | '”' | '“' | '’' | '‘' | '„' | '…' | '–' | '—' | '\u{a0}')
}

/// A capital and a mark behind it that are UTF-8 by chance: `IRMÃ»`.
fn is_capital_and_mark(around: Around) -> bool {
    let is_mark = is_mark(around.second) || matches!(around.second, '™' | '®');
    around.is_alone && around.is_pair && is_mark && !around.before.is_lowercase()
}

/// A dash and a letter that are UTF-8 by chance.
fn is_dash_and_letter(around: Around) -> bool {
    around.is_alone && matches!(around.first, '–' | '—')
}

/// A capital that a word may begin with: `Ăştia`. Behind a small letter, or before a sign and a
/// letter, it is none.
fn is_capital_of_latin_2(around: Around) -> bool {
    let is_sign_in_word = !around.second.is_alphanumeric()
        && !is_mark(around.second)
        && around.second != '\u{ad}'
        && around.behind.is_alphabetic();
    around.is_pair && !around.before.is_lowercase() && !is_sign_in_word
}

/// A mark such as ’ or –, and no name of two words: `ВіртАдр`.
fn is_mark_in_866(around: Around) -> bool {
    around.second == 'А' && matches!(around.third, 'Щ' | 'Ш' | 'Ь' | 'Э' | 'У' | 'Ф' | 'ж')
}

/// Lines that draw tables and trees: no letter stands beside them.
fn is_drawing(around: Around) -> bool {
    let is_line = |c: char| matches!(c, '\u{2500}'..='\u{259f}');
    let has_letter = around.before.is_alphabetic() || around.behind.is_alphabetic();
    is_line(around.first) && is_line(around.second) && around.is_alone && !has_letter
        || around.second.is_whitespace()
}

#[cfg(test)]
mod tests {
    use encoding_rs::{Encoding, IBM866, KOI8_U, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    fn signs(text: &str) -> Vec<TextSign> {
        find(text).signs.iter().collect()
    }

    fn read_as(text: &str, encoding: &'static Encoding) -> String {
        encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    fn read_in_page(text: &str, page: Charset) -> String {
        text.bytes().filter_map(|byte| page.char(byte)).collect()
    }

    const WESTERN: [&str; 5] = [
        "It’s Ukraine’s fault",
        "un café à Orléans",
        "“No deal”, he said",
        "für Öl – größer",
        "“Mañana, señor”",
    ];
    const EASTERN: [&str; 3] = ["Łódź żyje", "příští týden", "őszi szél, á és é"];
    const CYRILLIC: [&str; 2] = ["Министр сказал, что гарантии нужны", "при"];

    #[test]
    fn utf_8_read_in_another_encoding_is_found() {
        for text in WESTERN.iter().chain(&["Łódź", "Привет, мир", "Αθήνα", "ığdır şehri"])
        {
            assert_eq!(signs(&read_as(text, WINDOWS_1252)), [TextSign::Windows1252], "{text}");
        }
        for text in CYRILLIC {
            assert_eq!(signs(&read_as(text, WINDOWS_1251)), [TextSign::Windows1251], "{text}");
            assert_eq!(signs(&read_as(text, KOI8_U)), [TextSign::Koi8], "{text}");
            assert_eq!(signs(&read_as(text, IBM866)), [TextSign::CodePage866], "{text}");
            assert_eq!(signs(&read_in_page(text, CP437)), [TextSign::CodePage437], "{text}");
            assert_eq!(signs(&read_as(text, MACINTOSH)), [TextSign::MacRoman], "{text}");
        }
        for text in WESTERN {
            assert_eq!(signs(&read_as(text, MACINTOSH)), [TextSign::MacRoman], "{text}");
            assert_eq!(signs(&read_in_page(text, CP437)), [TextSign::CodePage437], "{text}");
            assert_eq!(signs(&read_in_page(text, CP850)), [TextSign::CodePage850], "{text}");
        }
        for text in EASTERN {
            assert_eq!(signs(&read_as(text, WINDOWS_1250)), [TextSign::Latin2], "{text}");
        }
        assert_eq!(signs(&GBK.decode_without_bom_handling("It’s not".as_bytes()).0), [TextSign::Gbk]);
        let twice = read_as(&read_as("un café", WINDOWS_1252), WINDOWS_1252);
        assert_eq!(signs(&twice), [TextSign::Windows1252]);
        assert_eq!(signs("donâ\u{80}\u{99}t"), [TextSign::Windows1252], "read as ISO 8859-1");
    }

    #[test]
    fn what_was_lost_before_is_found() {
        for text in ["don\u{fffd}t", "donï¿½t", "锟斤拷"] {
            assert!(find(text).signs.contains(TextSign::Lost), "{text}");
        }
    }

    #[test]
    fn sound_text_shows_no_sign() {
        for text in [
            "It’s Ukraine’s “fault” – or not… 5 € each, naïve café à la crème",
            "«LIBERTÉ» et «PASÓ», «IRMû, „Ä“",
            "Её брат сказал: «Рёв моря». Сёстры и Её дом; пёс, яёк, я\u{a0}п\u{a0}я",
            "Ärger über Öl, Ünal, Ø, Å™",
            "Ελλάδα — Ευρώπη, Γ΄ τάξη",
            "Łódź, Gdańsk, Żółć, Ăştia, PĂŞUNE, „Ă”",
            "北约秘书长",
            "√2 ≈ 1.41, a ‚quoted’ word, Köln–Östringen —Übrigens",
            "ВіртАдр ФізАдр",
            "├── src\n│   ├── a.rs\n└── b\n┌─┬─┐\n├─┼─┤\n╨╤╨ ──┐ ├┤",
            "Ôtez, CÔTÉ, hôte; ræðæ, góðæri, þjóð",
        ] {
            assert_eq!(signs(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|[ÃÂâРСвЂ€™»©√‚ÄôΓÇÖ├┬╨╤鈥 ]){0,60}") {
            find(&text);
        }
    }
}
