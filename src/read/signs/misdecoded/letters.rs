//! Knows which letters are common in writing, and where letters and signs stand in words.

use crate::scan;

/// The least first byte of a character that is not ASCII.
const MIN_FIRST: u8 = 0xc2;

/// Letters and marks of western Europe.
pub(super) const WESTERN: &str =
    "àâäáãåæçéèêëíìîïñóòôöõøúùûüÿœßÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØÚÙÛÜŒ’‘“”–—…«»‹›„‚€£°§©®™•¿¡\u{a0}ºª";
/// Letters and marks of middle Europe.
pub(super) const EASTERN: &str =
    "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽäôľŕöőüűÖŐÜŰÄăâîşţĂÂÎŞŢđĐß’‘“”–—…«»‹›„‚€°§©®™•\u{a0}";

/// The natural logarithms of how often each letter stands in Russian, from а to я, times -10.
const RUSSIAN: [u8; 32] = [
    25, 41, 31, 41, 35, 25, 47, 41, 26, 44, 34, 31, 34, 27, 22, 36, 30, 29, 28, 36, 60, 46, 53, 42, 49, 56,
    78, 40, 41, 57, 51, 39,
];
/// The same of letters of other languages, roughly.
const OTHER: [(char, u8); 14] = [
    ('і', 28),
    ('ї', 50),
    ('є', 52),
    ('ґ', 80),
    ('ё', 60),
    ('ў', 45),
    ('ј', 30),
    ('љ', 50),
    ('њ', 50),
    ('ћ', 50),
    ('ђ', 55),
    ('џ', 60),
    ('ѓ', 60),
    ('ќ', 60),
];
/// The same of what no Russian word has.
const STRANGE: u8 = 90;

/// How unlikely the Cyrillic letters of a text are on the average, in tenths of natural logarithms:
/// about 30 in Russian, far more in letters at random. `None` without letters.
pub(super) fn cyrillic_surprise(text: impl Iterator<Item = char>) -> Option<u32> {
    let (mut sum, mut count) = (0, 0);
    for letter in text.filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase) {
        sum += u32::from(surprise(letter));
        count += 1;
    }
    sum.checked_div(count)
}

fn surprise(letter: char) -> u8 {
    let at = u32::from(letter).checked_sub(u32::from('а')).and_then(|at| usize::try_from(at).ok());
    let russian = at.and_then(|at| RUSSIAN.get(at)).copied();
    russian
        .or_else(|| OTHER.iter().find(|(other, _)| *other == letter).map(|(_, surprise)| *surprise))
        .unwrap_or(STRANGE)
}

/// A character that is not ASCII, with those before and behind it.
pub(super) type Place = [char; 3];

/// The characters of a text that are not ASCII.
pub(super) fn places(text: &str) -> Vec<Place> {
    let place = |at: usize| {
        let (before, rest) = text.split_at_checked(at)?;
        let mut rest = rest.chars();
        Some([before.chars().next_back().unwrap_or(' '), rest.next()?, rest.next().unwrap_or(' ')])
    };
    scan::places(text.as_bytes(), |byte| byte >= MIN_FIRST).filter_map(place).collect()
}

/// How a character that is not ASCII stands between two others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Usual,
    /// As hardly ever in writing: a capital behind a small letter, a sign inside of a word, a
    /// foreign letter in a Latin word.
    Odd,
}

/// How a character stands between two others. Of letters that are odd, words of programs and tags
/// are the exception.
pub(super) fn standing(before: char, c: char, behind: char) -> Standing {
    let is_odd = match c {
        '\u{80}'..='\u{84}' | '\u{86}'..='\u{90}' | '\u{98}'..='\u{9f}' => true,
        // Marks of windows-1252 that was read as ISO 8859-1.
        '\u{91}'..='\u{97}' => before.is_alphabetic() && behind.is_alphabetic() && c != '\u{92}',
        _ if c.is_ascii() => false,
        // It opens quotations.
        '„' if before.is_lowercase() && behind.is_lowercase() => true,
        _ if is_joint(c) => false,
        _ if c.is_uppercase() && before.is_lowercase() => true,
        _ if c > '\u{36f}' && c.is_alphabetic() => {
            before.is_ascii_lowercase() && (behind.is_ascii_lowercase() || !behind.is_alphanumeric())
        }
        _ if c.is_alphabetic() => false,
        _ => before.is_alphabetic() && behind.is_alphabetic(),
    };
    if is_odd { Standing::Odd } else { Standing::Usual }
}

/// Signs that join the parts of words, or part words where a blank is forgotten, and marks that
/// nobody sees.
fn is_joint(c: char) -> bool {
    matches!(c, '’' | '‘' | 'ʼ' | '´' | '·' | '•' | '–' | '—' | '…' | '‐' | '‑' | '−' | '\u{ad}' | '\u{a0}' | '“' | '”'
        | '„' | '«' | '»' | '‹' | '›' | '/' | '°' | '™' | '®' | '№' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        | '\u{300}'..='\u{36f}' | '\u{2028}'..='\u{202f}' | '\u{fe00}'..='\u{fe0f}')
        || c > '\u{25ff}' && !c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_is_likelier_than_its_letters_in_disorder() {
        let of = |text: &str| cyrillic_surprise(text.chars()).unwrap();
        for text in [
            "Министр сказал, что гарантии нужны",
            "Переговоры пройдут весной",
            "Президент України підписав угоду",
        ] {
            assert!(of(text) < 36, "{text} {}", of(text));
        }
        for text in ["нЙОЙУФТ УЛБЪБМ, ЮФП ЗБТБОФЙЙ ОХЦОЩ", "лХМХЯРП ЯЙЮГЮК, ВРН ЦЮПЮМРХХ МСФМШ"]
        {
            assert!(of(text) > 38, "{text} {}", of(text));
        }
        assert_eq!(cyrillic_surprise("12, 13".chars()), None);
    }

    #[test]
    fn capitals_and_signs_inside_of_words_are_odd() {
        for [before, c, behind] in
            [['f', 'Ž', ' '], ['n', 'Õ', 't'], ['y', '³', 'a'], ['f', 'й', ' '], ['п', 'Ч', 'е']]
        {
            assert_eq!(standing(before, c, behind), Standing::Odd, "{before}{c}{behind}");
        }
        for [before, c, behind] in [
            [' ', 'É', 't'],
            ['J', 'À', ' '],
            ['m', '²', ' '],
            ['l', '·', 'l'],
            ['t', '’', 's'],
            [' ', 'й', 'о'],
            ['t', '—', 'a'],
        ] {
            assert_eq!(standing(before, c, behind), Standing::Usual, "{before}{c}{behind}");
        }
    }
}
