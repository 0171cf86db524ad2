//! Says what becomes of each character: the one table of characters that readers do not see or do
//! not tell apart.

use unicode_normalization::char::decompose_compatible;

use crate::scan::places;

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// It stays.
    Same,
    /// It goes: readers do not see it.
    Nothing,
    /// One ASCII mark or blank stands for it.
    Mark(&'static str),
    /// The letters and digits of its compatibility decomposition stand for it.
    Letters,
}

impl Form {
    /// The form of a character.
    ///
    /// Default ignorable code points go, also between Persian or Indic letters and in emoji: they
    /// join or part the shapes of letters, and texts leave them out at will. So do superscript
    /// digits, which are footnote marks or powers and no part of the word before. Hyphens,
    /// apostrophes and blanks become those on the keyboard; dashes and double quotation marks stay,
    /// because they differ for readers.
    #[rustfmt::skip]
    pub(crate) fn new(c: char) -> Form {
        match c {
            '`' => Form::Mark("'"),
            // TAB, LF, FF and CR part words and lines; other control characters are seen by no
            // reader.
            '\t'..='\r' => Form::Same,
            // Windows-1252 that was read as ISO 8859-1: quotation marks and dashes.
            '\u{91}' | '\u{92}' => Form::Mark("'"),
            '\u{93}' | '\u{94}' => Form::Mark("\""),
            '\u{96}' | '\u{97}' => Form::Mark(" "),
            ..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' => Form::Nothing,
            ..='\u{7e}' => Form::Same,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => Form::Nothing,
            '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}' | '\u{2074}'..='\u{2079}' => Form::Nothing,
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Form::Mark(" "),
            '\u{85}' | '\u{2028}' => Form::Mark("\n"),
            '\u{2029}' => Form::Mark("\n\n"),
            '\u{b4}' | '\u{2b9}' | '\u{2bb}'..='\u{2bd}' | '\u{2c8}' | '\u{2ca}' | '\u{2cb}' | '\u{374}' | '\u{55a}'
            | '\u{5f3}' | '\u{1fbd}' | '\u{1fbf}' | '\u{1fef}' | '\u{1ffd}' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2035}' | '\u{a78b}'
            | '\u{a78c}' | '\u{ff07}' | '\u{ff40}' => Form::Mark("'"),
            '\u{2d7}' | '\u{58a}' | '\u{2010}'..='\u{2012}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => Form::Mark("-"),
            '\u{ff01}'..='\u{ff5e}' => Form::Letters,
            '\u{aa}' | '\u{b5}' | '\u{ba}' | '\u{132}' | '\u{133}' | '\u{13f}' | '\u{140}' | '\u{149}' | '\u{17f}'
            | '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}' | '\u{2b0}'..='\u{2b8}' | '\u{2e0}'..='\u{2e4}'
            | '\u{3d0}'..='\u{3d6}' | '\u{3f0}'..='\u{3f9}' | '\u{1d2c}'..='\u{1dbf}' | '\u{1e9a}' | '\u{1e9b}'
            | '\u{2071}'..='\u{209c}' | '\u{2100}'..='\u{214f}' | '\u{2160}'..='\u{217f}' | '\u{2460}'..='\u{24ff}'
            | '\u{2c7c}' | '\u{2c7d}' | '\u{3131}'..='\u{318e}' | '\u{fb00}'..='\u{fdfc}' | '\u{fe70}'..='\u{fefc}'
            | '\u{ff66}'..='\u{ffdc}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1ee00}'..='\u{1eebb}'
            | '\u{1fbf0}'..='\u{1fbf9}' => compatible(c),
            _ => Form::Same,
        }
    }
}

/// Letters and digits have a compatibility form; signs stay as they are.
#[cold]
fn compatible(c: char) -> Form {
    let mut first = None;
    decompose_compatible(c, |part| first = first.or(Some(part)));
    if c.is_alphanumeric() && first != Some(c) { Form::Letters } else { Form::Same }
}

/// Calls `found` with each character that stands for `c`.
pub(crate) fn normal_characters(c: char, found: &mut impl FnMut(char)) {
    match Form::new(c) {
        Form::Same => found(c),
        Form::Nothing => {}
        Form::Mark(mark) => mark.chars().for_each(found),
        // A part may have a form of its own: an apostrophe, a mark that is not seen.
        Form::Letters => decompose_compatible(c, |part| match Form::new(part) {
            Form::Nothing => {}
            Form::Mark(mark) => mark.chars().for_each(&mut *found),
            Form::Same | Form::Letters => found(part),
        }),
    }
}

/// The first character from `from` on that does not stay, with its place and its form.
pub(super) fn next_change(text: &str, from: usize) -> Option<(usize, char, Form)> {
    let bytes = text.as_bytes();
    // Of ASCII, nearly all is passed over.
    let may_change = places(bytes.get(from..)?, |byte| (byte >= 0x7f) | (byte == b'`') | is_control(byte));
    may_change.map(|at| from + at).find_map(|at| {
        let byte = bytes.get(at).copied()?;
        if !may_begin_change(byte) || stays(bytes, at) {
            return None;
        }
        let c = text.get(at..)?.chars().next()?;
        Some(Form::new(c)).filter(|form| *form != Form::Same).map(|form| (at, c, form))
    })
}

/// Whether a character is one of the most frequent that stay: quotation marks, dashes and letters
/// of Latin Extended-A.
#[inline]
fn stays(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at..).unwrap_or(&[]) {
        [0xe2, 0x80, third, ..] => matches!(third, 0x93 | 0x94 | 0x9c..=0x9e | 0xa2 | 0xa6),
        [0xc4, second, ..] => !matches!(second, 0xb2 | 0xb3 | 0xbf),
        // Hebrew letters.
        [0xd7, second, ..] => *second != 0xb3,
        [0xc5, second, ..] => !matches!(second, 0x80 | 0x89 | 0xbf),
        _ => false,
    }
}

/// Whether a byte is a control character that does not part words or lines.
#[inline]
fn is_control(byte: u8) -> bool {
    (byte < b' ') & (byte.wrapping_sub(b'\t') > b'\r' - b'\t')
}

/// Whether a byte is the first of a character that may not stay. No byte inside a character is.
#[inline]
fn may_begin_change(byte: u8) -> bool {
    matches!(
        byte,
        0..=0x08 | 0x0e..=0x1f | b'`' | 0x7f | 0xc2 | 0xc4 | 0xc5 | 0xc7 | 0xca | 0xcb | 0xcd | 0xcf | 0xd5 | 0xd6 | 0xd7 | 0xd8 | 0xe1
            ..=0xe3 | 0xea | 0xef | 0xf0 | 0xf3
    )
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::decompose_canonical;

    use super::*;

    fn normal(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| normal_characters(c, &mut |c| out.push(c)));
        out
    }

    #[test]
    fn every_character_that_does_not_stay_is_found_by_its_first_byte() {
        for c in '\0'..=char::MAX {
            let found = next_change(&format!("x{c}x"), 0).map(|(at, found, _)| (at, found));
            assert_eq!(found, (Form::new(c) != Form::Same).then_some((1, c)), "{:x}", c as u32);
        }
    }

    #[test]
    fn another_code_of_a_mark_is_the_same_mark() {
        for c in '\0'..=char::MAX {
            let mut parts = Vec::new();
            decompose_canonical(c, |part| parts.push(part));
            if let [other] = parts.as_slice()
                && matches!(Form::new(*other), Form::Mark(_))
            {
                assert_eq!(Form::new(c), Form::new(*other), "{:x}", c as u32);
            }
        }
    }

    #[test]
    fn a_normal_character_stays() {
        for c in '\0'..=char::MAX {
            let once = normal(&c.to_string());
            assert_eq!(normal(&once), once, "{:x}", c as u32);
        }
    }

    #[test]
    fn letters_of_another_shape_are_the_letters() {
        for (text, expected) in [
            ("ﬁne ﬂow oﬀer", "fine flow offer"),
            ("ＮＡＴＯ－１２！", "NATO-12!"),
            ("𝗡𝗔𝗧𝗢 𝒑𝒆𝒂𝒄𝒆 𝟚𝟘", "NATO peace 20"),
            ("Ⅳ ⓐ ﾌｪﾘｰ CO₂ ŉ", "IV a フェリー CO2 'n"),
            ("treaty¹ 5 km²", "treaty 5 km"),
            ("½ ™ № … – — “ ” « »", "½ ™ № … – — “ ” « »"),
        ] {
            assert_eq!(normal(text), expected);
        }
    }

    #[test]
    fn control_characters_are_nothing_but_those_that_part() {
        assert_eq!(
            normal("guar\u{1}an\u{7}t\u{1b}e\u{7f}e\u{9f} a\tb\u{c}c\r\nd"),
            "guarantee a\tb\u{c}c\r\nd"
        );
        assert_eq!(normal("don\u{92}t \u{93}yes\u{94}\u{97}no"), "don't \"yes\" no");
        assert_eq!(normal("tre\u{fff9}a\u{fffb}ty \u{5d2}\u{5f3}"), "treaty \u{5d2}'");
    }

    #[test]
    fn common_letters_and_marks_stay() {
        for text in ["Übergrößenträger", "Україна й ї", "ไม่มีน้ำ", "渡轮谈判", "한국어", "👍🏽", "Եվ և", "שָׁלוֹם"]
        {
            assert_eq!(normal(text), text);
        }
    }
}
