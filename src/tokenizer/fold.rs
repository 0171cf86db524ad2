//! Brings words of normal text to one form: NFC, lower case if asked for, no accents on Latin
//! letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends `word` to `out` in NFC and, with `case`, in lower case, and without the plural of a
/// designator ("F-16s" is "f-16").
pub(super) fn fold(word: &str, case: bool, out: &mut String) {
    let start = out.len();
    match (word.is_ascii(), case) {
        (true, true) => {
            out.push_str(word);
            out.get_mut(start..).into_iter().for_each(str::make_ascii_lowercase);
        }
        (true, false) => out.push_str(word),
        // Lower case can leave letters that compose again; NFC once more gives the one form.
        (false, true) => out.extend(word.nfc().flat_map(char::to_lowercase).nfc()),
        (false, false) => out.extend(word.nfc()),
    }
    let is_plural = out.get(start..).is_some_and(|normal| {
        normal.contains('-')
            && normal.strip_suffix('s').is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
    });
    if is_plural {
        out.pop();
    }
}

/// Takes the accents off Latin letters in `text[start..]`. Other scripts keep their marks: й, ї and
/// ё are letters.
pub(super) fn strip_accents_from(text: &mut String, start: usize) {
    let Some(tail) = text.get(start..).filter(|tail| !tail.is_ascii()) else { return };
    let mut latin = false;
    let stripped: String = tail
        .nfd()
        .filter(|&c| {
            if is_combining_mark(c) {
                return !latin;
            }
            latin = c.is_ascii_alphabetic();
            true
        })
        .nfc()
        .collect();
    text.truncate(start);
    text.push_str(&stripped);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::normalization::Normalized;

    fn folded(word: &str) -> String {
        let mut out = String::from("before ");
        fold(Normalized::new(word).text(), true, &mut out);
        strip_accents_from(&mut out, 7);
        out.split_off(7)
    }

    #[test]
    fn accents_leave_latin_letters_only() {
        assert_eq!(folded("Übergrößenträger"), "ubergroßentrager");
        assert_eq!(folded("Україна"), "україна");
        assert_eq!(folded("Йод"), "йод");
        assert_eq!(folded("didn’t"), "didn't");
    }

    #[test]
    fn only_designators_lose_their_plural() {
        assert_eq!(folded("F-16s"), "f-16");
        assert_eq!(folded("1990s"), "1990s");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(word in "[a-zA-ZÀ-žА-я’']{0,12}") {
            let once = folded(&word);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
