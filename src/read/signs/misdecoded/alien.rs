//! Finds text in other letters than Latin ones that was read as windows-1252: `Ìèíèñòð ñêàçàë` for
//! Russian words.
//!
//! Such words have no ASCII letter, while words of western Europe have few others.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_5, ISO_8859_7, KOI8_U, SHIFT_JIS, WINDOWS_1251,
    WINDOWS_1253, WINDOWS_1255, WINDOWS_1256,
};

use crate::read::signs::misdecoded::charset::CP1252;
use crate::read::signs::misdecoded::letters::{Place, cyrillic_surprise};
use crate::text::TextSign;

/// Characters in succession of a word in other letters.
const MIN_RUN: usize = 4;
/// In a text of other letters one of so many bytes or more is not ASCII.
const MAX_BYTES: usize = 8;
/// Different characters of such words.
const MIN_DISTINCT: usize = 5;
/// Of so many characters one may be none of the script.
const RARE: usize = 10;
/// Letters of a text are not Russian if they are less likely, in tenths of natural logarithms.
const MAX_SURPRISE: u32 = 36;
/// They are Russian, whatever else they may be, if they are as likely.
const SURE_SURPRISE: u32 = 32;
/// Encodings of Russian, with the sign of each.
const RUSSIAN: [(&Encoding, TextSign); 3] = [
    (WINDOWS_1251, TextSign::Windows1251As1252),
    (KOI8_U, TextSign::Koi8As1252),
    (ISO_8859_5, TextSign::Iso5As1252),
];

/// The sign of a text, if it shows one.
pub(super) fn find(text: &str, places: &[Place]) -> Option<TextSign> {
    let is_inside = |[before, _, behind]: &&Place| !before.is_ascii() && !behind.is_ascii();
    let has_run = places.iter().filter(is_inside).nth(MIN_RUN - 3).is_some();
    if places.len() < MIN_RUN || !has_run && places.len() * MAX_BYTES < text.len() {
        return None;
    }
    let (bytes, is_dense) = bytes(text);
    let mut distinct = [false; 256];
    bytes.iter().filter(|byte| !byte.is_ascii()).for_each(|byte| {
        distinct.iter_mut().skip(usize::from(*byte)).take(1).for_each(|seen| *seen = true);
    });
    if distinct.iter().filter(|seen| **seen).count() < MIN_DISTINCT {
        return None;
    }
    let russian = russian(&bytes);
    let sure = russian.filter(|(surprise, _)| *surprise <= SURE_SURPRISE).map(|(_, sign)| sign);
    let other = || guessed(&bytes).filter(|_| is_dense || bytes.len() >= 2 * MIN_RUN);
    sure.or_else(other).or(russian.map(|(_, sign)| sign))
}

/// The bytes of a text in which most characters are not ASCII, else those of its words without
/// ASCII letters; and whether it is such a text.
fn bytes(text: &str) -> (Vec<u8>, bool) {
    let byte = |c: char| if c.is_ascii() { u8::try_from(u32::from(c)).ok() } else { CP1252.byte(c) };
    let others = text.chars().filter(|c| !c.is_ascii()).count();
    let letters = text.chars().filter(|c| !c.is_whitespace()).count();
    if 5 * others >= 2 * letters {
        return (text.chars().map_while(byte).collect(), true);
    }
    let mut bytes = Vec::new();
    for word in text.split(|c: char| c.is_ascii()).filter(|word| !word.is_empty()) {
        let start = bytes.len();
        bytes.extend(word.chars().map_while(byte));
        if bytes.len() - start < MIN_RUN || word.chars().any(|c| c == '\u{a0}') {
            bytes.truncate(start);
        } else {
            bytes.push(b' ');
        }
    }
    (bytes, false)
}

/// The encoding in which bytes are Russian words, if they are in one, and how unlikely their
/// letters are.
fn russian(bytes: &[u8]) -> Option<(u32, TextSign)> {
    let read = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling(bytes).0;
        let letters: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
        let cyrillic = letters.iter().filter(|c| matches!(c, '\u{400}'..='\u{491}'));
        let is_sound = 10 * cyrillic.clone().count() >= 9 * letters.len() && has_usual_case(&text);
        is_sound.then(|| cyrillic_surprise(cyrillic.copied())).flatten()
    };
    let found = RUSSIAN.iter().filter_map(|(encoding, sign)| Some((read(encoding)?, *sign)));
    found.filter(|(surprise, _)| *surprise <= MAX_SURPRISE).min_by_key(|(surprise, _)| *surprise)
}

/// Whether only first letters of words are capitals, or no word has a small letter.
fn has_usual_case(text: &str) -> bool {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(c, next)| c.is_lowercase() && next.is_uppercase()).count() * RARE
        <= text.chars().count() / MIN_RUN
}

/// The encoding that bytes are guessed to be in, if they are letters of its script.
fn guessed(bytes: &[u8]) -> Option<TextSign> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (sign, is_letter): (TextSign, fn(char) -> bool) = match encoding {
        _ if encoding == WINDOWS_1253 || encoding == ISO_8859_7 => {
            (TextSign::GreekAs1252, |c| matches!(c, '\u{386}'..='\u{3ce}'))
        }
        _ if encoding == WINDOWS_1255 => (TextSign::HebrewAs1252, |c| matches!(c, '\u{5d0}'..='\u{5ea}')),
        _ if encoding == WINDOWS_1256 => (TextSign::ArabicAs1252, |c| matches!(c, '\u{60c}'..='\u{6ff}')),
        _ if encoding == SHIFT_JIS => (TextSign::ShiftJisAs1252, is_east_asian),
        _ if encoding == EUC_JP => (TextSign::EucJpAs1252, is_east_asian),
        _ if encoding == GBK => (TextSign::GbkAs1252, is_east_asian),
        _ if encoding == BIG5 => (TextSign::Big5As1252, is_east_asian),
        _ if encoding == EUC_KR => (TextSign::EucKrAs1252, is_east_asian),
        _ => return None,
    };
    // A character of several bytes may be cut at the window's end.
    let text = encoding.decode_without_bom_handling(bytes).0;
    let text = text.strip_suffix(char::REPLACEMENT_CHARACTER).unwrap_or(&text);
    let others: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    let strange = others.iter().filter(|c| !is_letter(**c)).count();
    (others.len() >= MIN_RUN && strange * RARE <= others.len()).then_some(sign)
}

/// Letters and marks of Chinese, Japanese and Korean.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}')
}
