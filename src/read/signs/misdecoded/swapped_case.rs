//! Finds Cyrillic text of KOI8-R that was read as windows-1251, and the other way round: `нЙОЙУФТ`.
//! Small letters have become other capitals.

use crate::read::signs::misdecoded::charset::{CP1251, Charset, KOI8};
use crate::read::signs::misdecoded::letters::{Place, cyrillic_surprise};
use crate::text::TextSign;

/// An encoding, what it was read as, and the sign of that.
const MISTAKES: [(Charset, Charset, TextSign); 2] =
    [(KOI8, CP1251, TextSign::Koi8As1251), (CP1251, KOI8, TextSign::Windows1251AsKoi8)];
/// Letters that are looked at.
const LOOKED_AT: usize = 400;
/// Fewer letters tell nothing.
const MIN_LETTERS: usize = 10;
/// How much likelier the letters must become on the average, and all together, in tenths of natural
/// logarithms.
const MIN_GAIN: u32 = 4;
const MIN_GAINS: u32 = 160;

/// The sign of a text, if it shows one.
pub(super) fn find(places: &[Place]) -> Option<TextSign> {
    let is_letter = |c: &char| matches!(c, '\u{400}'..='\u{491}');
    let letters: Vec<char> = places.iter().map(|[_, c, _]| *c).filter(is_letter).take(LOOKED_AT).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    if letters.len() < MIN_LETTERS || 2 * capitals <= letters.len() {
        return None;
    }
    let now = cyrillic_surprise(letters.iter().copied())?;
    let gain = |written: Charset, read: Charset| {
        let as_written = letters.iter().filter_map(|c| written.char(read.byte(*c)?));
        Some(now.saturating_sub(cyrillic_surprise(as_written)?))
    };
    let gains = MISTAKES.iter().filter_map(|(written, read, sign)| Some((gain(*written, *read)?, *sign)));
    let count = u32::try_from(letters.len()).ok()?;
    gains
        .filter(|(gain, _)| *gain >= MIN_GAIN && gain * count >= MIN_GAINS)
        .max_by_key(|(gain, _)| *gain)
        .map(|(_, sign)| sign)
}
