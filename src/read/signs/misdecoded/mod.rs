//! Tells texts that were decoded wrongly before they came here, and how.

mod alien;
mod charset;
mod letters;
mod single_byte;
mod swapped_case;
mod utf8;

use crate::read::signs::misdecoded::letters::places;
use crate::text::TextSigns;

/// Bytes at the beginning of a text that are looked at, where the whole would tell no more.
const WINDOW: usize = 8 << 10;

/// The signs of a text that is not all ASCII.
pub(super) fn find(text: &str) -> TextSigns {
    let utf8::Found { mut signs, is_doubtful } = utf8::find(text);
    let is_found = signs != TextSigns::default();
    if is_found && !is_doubtful {
        return signs;
    }
    let window = beginning(text);
    let places = places(window);
    let other = alien::find(window, &places);
    let other = match is_found {
        true => other,
        false => single_byte::find(window, &places).or(other).or_else(|| swapped_case::find(&places)),
    };
    if let Some(sign) = other {
        signs = TextSigns::default();
        signs.insert(sign);
    }
    signs
}

/// The window, cut between two characters.
fn beginning(text: &str) -> &str {
    if text.len() <= WINDOW {
        return text;
    }
    (0..=WINDOW).rev().find_map(|end| text.get(..end)).unwrap_or("")
}

#[cfg(test)]
mod tests;
