//! Reads characters that were written out in a plain text: references of HTML (`&#8217;`), numbers
//! as R writes them (`<U+2019>`) and quoted-printable bytes (`=E2=80=99`).

use crate::read::quoted_printable;
use crate::read::signs::{has_reference, has_tags};
use crate::text::markup::unescape;

/// What is said of a text with tags.
const TAGS: &str = "it has tags of HTML, which are scored as words; `format=html` reads it as a page";
/// What is said of a text whose characters were written out.
const REFERENCES: &str =
    "its character references (&#8217;, &amp;) are read as characters (`format=text` keeps them)";
const NUMBERS: &str = "its numbers of characters (<U+2019>), as R writes them, are read as characters (`format=text` keeps them)";
const BYTES: &str =
    "read as quoted-printable text (=E2=80=99), by its content (`format=text` keeps it as it is)";

/// The number of times that references were escaped, at most: `&amp;amp;#8217;`.
const MAX_LEVELS: usize = 3;

/// A plain text with the characters that it means, and what is said of it.
pub(crate) fn read(mut text: String) -> (String, Option<&'static str>) {
    let mut said = None;
    if let Some(decoded) = quoted_printable::decode(&text) {
        (text, said) = (decoded, Some(BYTES));
    }
    if let Some(decoded) = numbers(&text) {
        (text, said) = (decoded, said.or(Some(NUMBERS)));
    }
    // The reader of pages reads references, too.
    for _ in 0..MAX_LEVELS {
        if has_tags(&text) || !has_reference(&text) {
            break;
        }
        (text, said) = (unescape(&text), said.or(Some(REFERENCES)));
    }
    let said = if has_tags(&text) { Some(TAGS) } else { said };
    (text, said)
}

/// A text with `<U+2019>` as an apostrophe; `None` where it has no such number.
fn numbers(text: &str) -> Option<String> {
    const OPEN: &str = "<U+";
    memchr::memmem::find(text.as_bytes(), OPEN.as_bytes())?;
    let (mut out, mut rest, mut is_found) = (String::with_capacity(text.len()), text, false);
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        let number = after.split_once('>').filter(|(digits, _)| (4..=8).contains(&digits.len()));
        let read = number.and_then(|(digits, behind)| {
            let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            character.filter(|c| !c.is_control()).map(|c| (c, behind))
        });
        rest = match read {
            Some((character, behind)) => {
                is_found = true;
                out.push(character);
                behind
            }
            None => {
                out.push_str(OPEN);
                after
            }
        };
    }
    out.push_str(rest);
    is_found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_were_written_out_are_read() {
        for (text, expected, said) in [
            ("It&#8217;s R&amp;D&nbsp;ink", "It’s R&D\u{a0}ink", REFERENCES),
            ("It&amp;#8217;s wet", "It’s wet", REFERENCES),
            ("It<U+2019>s wet <U+0414><U+043e><U+>", "It’s wet До<U+>", NUMBERS),
            ("It=E2=80=99s R&amp;D", "It’s R&D", BYTES),
            ("Ink\n<p>It&#8217;s wet.</p>", "Ink\n<p>It&#8217;s wet.</p>", TAGS),
            ("Ink\n&lt;p&gt;It&#8217;s wet.&lt;/p&gt;", "Ink\n<p>It’s wet.</p>", TAGS),
        ] {
            assert_eq!(read(text.to_owned()), (expected.to_owned(), Some(said)));
        }
    }

    #[test]
    fn other_texts_are_kept() {
        for text in ["", "AT&T; R&D; a < b & c = d <U+> <U+D800> <3", "See <Ann> & <b or not"] {
            assert_eq!(read(text.to_owned()), (text.to_owned(), None), "{text}");
        }
    }
}
