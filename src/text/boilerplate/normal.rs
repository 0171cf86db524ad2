//! Makes the normal form of a paragraph, in which phrases are looked for.

use crate::scan::find_pair;

/// Makes the normal form of paragraphs: lower case, one space between words, plain apostrophes. Of
/// most only the beginning is asked for.
#[derive(Default)]
pub(super) struct Normal(String);

impl Normal {
    /// All of it.
    pub(super) fn whole(&mut self, paragraph: &str) -> &str {
        self.beginning(paragraph, usize::MAX)
    }

    /// At least so many bytes of it, if there are so many.
    pub(super) fn beginning(&mut self, paragraph: &str, least: usize) -> &str {
        let out = &mut self.0;
        out.clear();
        let mut rest = paragraph.trim();
        while out.len() < least && !rest.is_empty() {
            if out.ends_with(' ') {
                rest = rest.trim_start();
            }
            // What changes by its case alone is taken as a whole.
            let head = rest.get(..least - out.len()).unwrap_or(rest);
            let plain = find_pair(head.as_bytes(), 0, is_changed).unwrap_or(head.len());
            let (start, (plain, behind)) = (out.len(), rest.split_at_checked(plain).unwrap_or((rest, "")));
            out.push_str(plain);
            out.get_mut(start..).into_iter().for_each(str::make_ascii_lowercase);
            rest = behind;
            if plain.len() < head.len() {
                let mut characters = behind.chars();
                characters.next().into_iter().for_each(|c| push(out, c));
                rest = characters.as_str();
            }
        }
        out
    }
}

/// Adds the normal form of a character.
fn push(out: &mut String, c: char) {
    if c.is_ascii_graphic() {
        out.push(c.to_ascii_lowercase());
    } else if c.is_whitespace() {
        if out.as_bytes().last() != Some(&b' ') {
            out.push(' ');
        }
    } else if c == '’' {
        out.push('\'');
    } else if c == 'ς' {
        // As the capital is: its small letter does not go by the word's end here.
        out.push('σ');
    } else {
        out.extend(c.to_lowercase());
    }
}

/// Whether a byte, by itself or with the next one, has another normal form than its letter in lower
/// case.
#[inline]
fn is_changed(byte: u8, next: u8) -> bool {
    !byte.is_ascii() | (byte.wrapping_sub(b'\t') < 5) | ((byte == b' ') & (next == b' '))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_taken_as_a_whole_has_the_form_of_its_characters(
            text in "([ A-Za-z.]{0,30}|  | \t|\n|’|É|ς|İ|\u{a0}|\u{1})*", least in 0usize..200,
        ) {
            let mut expected = String::new();
            text.trim().chars().for_each(|c| push(&mut expected, c));
            let mut normal = Normal::default();
            prop_assert_eq!(normal.whole(&text), &expected);
            let found = normal.beginning(&text, least);
            prop_assert!(expected.starts_with(found) && found.len() >= least.min(expected.len()), "{:?}", found);
        }
    }
}
