//! Finds text of one Latin or Cyrillic encoding that was read in another: `cafŽ`, `donÕt`, `by³a`.
//!
//! Letters that become others make words as they hardly ever stand: with a capital behind a small
//! letter, or a sign inside. Where they are common letters in words as usual once they are read in
//! the other encoding, that is what happened.

use crate::read::signs::misdecoded::charset::{
    CP437, CP850, CP866, CP1250, CP1251, CP1252, CP1254, Charset, LATIN_2, MAC,
};
use crate::read::signs::misdecoded::letters::{EASTERN, Place, Standing, WESTERN, standing};
use crate::text::TextSign;

/// An encoding that was taken for another.
struct Mistake {
    sign: TextSign,
    written: Charset,
    read: Charset,
    /// What its characters are for the most part.
    is_common: fn(char) -> bool,
    /// Whether one character is enough, with those before and behind it.
    is_certain: fn(char, char, char) -> bool,
}

/// Characters that stand as they hardly ever do.
const MIN_ODD: usize = 2;
/// English words with `í` for an apostrophe.
const CONTRACTIONS: [&str; 16] = [
    "donít", "didnít", "doesnít", "isnít", "wasnít", "canít", "wonít", "arenít", "havenít", "itís", "thatís",
    "sheís", "youíre", "theyíre", "weíre", "iím",
];
/// Letters of a Turkish text that have become others.
const MIN_TURKISH: usize = 3;
/// Of so many characters one may be rare.
const RARE: usize = 20;

const MISTAKES: [Mistake; 9] = [
    Mistake {
        sign: TextSign::MacRomanAs1252,
        written: MAC,
        read: CP1252,
        is_common: is_western,
        is_certain: |before, c, behind| {
            c == 'Õ' && before.is_ascii_lowercase() && behind.is_ascii_lowercase()
                || c == 'Ž' && before.is_ascii_lowercase() && !behind.is_alphanumeric()
        },
    },
    Mistake {
        sign: TextSign::CodePage850As1252,
        written: CP850,
        read: CP1252,
        is_common: is_western,
        is_certain: never,
    },
    Mistake {
        sign: TextSign::Latin2As1252,
        written: CP1250,
        read: CP1252,
        is_common: is_eastern,
        is_certain: never,
    },
    Mistake {
        sign: TextSign::Windows1252AsMacRoman,
        written: CP1252,
        read: MAC,
        is_common: is_western,
        is_certain: |before, c, behind| c == 'È' && before.is_ascii_lowercase() && !behind.is_alphanumeric(),
    },
    Mistake {
        sign: TextSign::Windows1252As437,
        written: CP1252,
        read: CP437,
        is_common: is_western,
        is_certain: never,
    },
    Mistake {
        sign: TextSign::Windows1252As850,
        written: CP1252,
        read: CP850,
        is_common: is_western,
        is_certain: never,
    },
    Mistake {
        sign: TextSign::Windows1252As1251,
        written: CP1252,
        read: CP1251,
        is_common: is_western,
        is_certain: never,
    },
    Mistake {
        sign: TextSign::CodePage866As1251,
        written: CP866,
        read: CP1251,
        is_common: is_cyrillic,
        is_certain: never,
    },
    Mistake {
        sign: TextSign::Windows1251As866,
        written: CP1251,
        read: CP866,
        is_common: is_cyrillic,
        is_certain: never,
    },
];

/// The sign of a text, if it shows one.
pub(super) fn find(text: &str, places: &[Place]) -> Option<TextSign> {
    if places.iter().any(|[before, c, _]| *c == 'í' && "nteuyI".contains(*before)) && has_contraction(text) {
        return Some(TextSign::Windows1252AsMacRoman);
    }
    let odd: Vec<&Place> = places.iter().filter(|place| is_odd(place)).collect();
    // Letters that have become others are all of these; most texts have none.
    let has_letter = places.iter().any(|[_, c, _]| matches!(c, '\u{a1}'..='\u{ff}'));
    let by_letters = || {
        if !has_letter {
            return None;
        }
        let is_eastern = EASTERN_LETTERS.iter().any(|letters| letters.are_in(places));
        is_eastern.then_some(TextSign::Latin2As1252).or(is_turkish(places).then_some(TextSign::TurkishAs1252))
    };
    if odd.is_empty() {
        return by_letters();
    }
    let is_it = |mistake: &&Mistake| {
        let is_certain = odd.iter().any(|[before, c, behind]| (mistake.is_certain)(*before, *c, *behind));
        (odd.len() >= MIN_ODD || is_certain) && mistake.explains(places)
    };
    MISTAKES.iter().find(is_it).map(|mistake| mistake.sign).or_else(by_letters)
}

/// Whether a character stands as hardly ever. `PaÍs` is what writers do themselves.
fn is_odd(&[before, c, behind]: &Place) -> bool {
    c != 'Í' && standing(before, c, behind) == Standing::Odd
}

impl Mistake {
    /// Whether the characters are common ones, in words as usual, once they are read as they were
    /// written.
    fn explains(&self, places: &[Place]) -> bool {
        let written = |c: char| if c.is_ascii() { Some(c) } else { self.written.char(self.read.byte(c)?) };
        let mut strange = 0;
        for place in places {
            let [Some(before), Some(c), Some(behind)] = place.map(written) else {
                strange += 1;
                continue;
            };
            let is_inside = before.is_alphabetic() && behind.is_alphabetic();
            let is_part = !is_inside || c.is_alphabetic() || matches!(c, '’' | '–' | '—');
            let is_usual = is_part && (self.is_common)(c) && standing(before, c, behind) == Standing::Usual;
            strange += usize::from(!is_usual);
        }
        strange * RARE <= places.len()
    }
}

fn is_western(c: char) -> bool {
    WESTERN.contains(c)
}

fn is_eastern(c: char) -> bool {
    EASTERN.contains(c)
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, 'А'..='я') || "ёЁіїєІЇЄ«»\u{a0}№–—".contains(c)
}

fn never(_: char, _: char, _: char) -> bool {
    false
}

/// Whether a text has an English word whose apostrophe is what Mac Roman makes of that of
/// windows-1252.
fn has_contraction(text: &str) -> bool {
    let is_one = |word: &str| CONTRACTIONS.contains(&word.to_lowercase().as_str());
    text.split(|c: char| !c.is_alphabetic()).any(is_one)
}

/// Letters of a language of middle Europe that was read as windows-1252, which make words as usual
/// and are no letters of another language.
struct EasternLetters {
    written: Charset,
    /// What they were.
    letters: &'static str,
    /// What they have become, some of which must be there: one of the first, and another.
    first: &'static str,
    others: &'static str,
}

const EASTERN_LETTERS: [EasternLetters; 3] = [
    EasternLetters { written: CP1250, letters: POLISH, first: "³¹", others: "¿æêœŸñ" },
    EasternLetters { written: LATIN_2, letters: POLISH, first: "³±", others: "¿æê¶¼ñ" },
    EasternLetters { written: CP1250, letters: CZECH, first: "øì", others: "žš" },
];
const POLISH: &str = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ’‘“”„–—…«»\u{a0}";
const CZECH: &str = "áčďéěíňóřšťúůýžäôľĺŕÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ’‘“”„–—…«»\u{a0}";
/// Letters of such a text that have become others.
const MIN_EASTERN: usize = 3;

impl EasternLetters {
    fn are_in(&self, places: &[Place]) -> bool {
        // Behind an m it may be a cubic metre.
        let is_in_word =
            |[before, _, behind]: &Place| before.is_lowercase() && (*before != 'm' || behind.is_alphabetic());
        let count = |of: &str| {
            places.iter().filter(|place @ &&[_, c, _]| of.contains(c) && is_in_word(place)).count()
        };
        let all = |of: &str| places.iter().filter(|[_, c, _]| of.contains(*c)).count();
        let (first, others) = (count(self.first), all(self.others));
        let was = |c: char| CP1252.byte(c).and_then(|byte| self.written.char(byte));
        first > 0
            && others > 0
            && all(self.first) + others >= MIN_EASTERN
            && places.iter().all(|[_, c, _]| was(*c).is_some_and(|c| self.letters.contains(c)))
    }
}

/// Turkish that was read as windows-1252: ı, ş, ğ have become ý, þ, ð, in words that are not
/// Icelandic.
fn is_turkish(places: &[Place]) -> bool {
    let read_as_turkish = |c: char| CP1252.byte(c).and_then(|byte| CP1254.char(byte)).unwrap_or(c);
    let count = |letters: &str| places.iter().filter(|[_, c, _]| letters.contains(*c)).count();
    let is_inside = |[before, c, _]: &Place| *c == 'þ' && before.is_alphabetic();
    count("þðý") >= MIN_TURKISH
        && count("ý") > count("ð")
        && places.iter().any(is_inside)
        && places.iter().all(|[_, c, _]| "ışğİŞĞçöüÇÖÜâîû’‘“”–—…\u{a0}".contains(read_as_turkish(*c)))
}
