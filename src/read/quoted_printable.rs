//! Tells and decodes quoted-printable text, as mail carries it: `=E2=80=99` for an apostrophe, and
//! `=` at the ends of lines that go on.

/// What was found of it.
#[derive(Default)]
struct Found {
    /// Characters of UTF-8 beyond ASCII.
    characters: usize,
    /// Other bytes beyond ASCII.
    bytes: usize,
    /// Lines that go on.
    line_ends: usize,
    /// `=` with anything else behind it.
    others: usize,
}

impl Found {
    fn count(text: &[u8]) -> Self {
        let (mut found, mut is_inside) = (Found::default(), 0);
        for at in memchr::memchr_iter(b'=', text) {
            // The other bytes of a character.
            if at < is_inside {
                continue;
            }
            let rest = text.get(at..).unwrap_or(&[]);
            match rest.get(1..).and_then(escape) {
                Some(lead @ 0xc2..=0xf4) => match character(rest, lead) {
                    Some(length) => {
                        found.characters += 1;
                        is_inside = at + length;
                    }
                    None => found.bytes += 1,
                },
                Some(0x80..) => found.bytes += 1,
                // Numbers in addresses look like other signs: `?id=42`.
                Some(byte)
                    if byte.is_ascii_alphanumeric() || byte < b'\t' || (0x0e..b' ').contains(&byte) =>
                {
                    found.others += 1;
                }
                Some(_) => {}
                None if line_end(rest.get(1..).unwrap_or(&[])).is_some() => found.line_ends += 1,
                None => found.others += 1,
            }
        }
        found
    }
}

/// The byte of two capital digits.
fn escape(rest: &[u8]) -> Option<u8> {
    let digit = |at: usize| match rest.get(at)? {
        digit @ b'0'..=b'9' => Some(digit - b'0'),
        digit @ b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    Some(digit(0)? << 4 | digit(1)?)
}

/// How many bytes the character takes whose first byte is `lead`.
fn character(rest: &[u8], lead: u8) -> Option<usize> {
    const ESCAPE: usize = 3;
    let count = match lead {
        0xf0.. => 4,
        0xe0.. => 3,
        _ => 2,
    };
    let is_next = |at: usize| {
        let next = rest.get(at * ESCAPE..).and_then(|rest| rest.strip_prefix(b"="));
        next.and_then(escape).is_some_and(|byte| byte & 0xc0 == 0x80)
    };
    (1..count).all(is_next).then_some(count * ESCAPE)
}

/// What follows behind the end of a line that goes on.
fn line_end(rest: &[u8]) -> Option<&[u8]> {
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let rest = rest.get(blanks..)?;
    rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))
}

/// Whether a text has characters in this form.
pub(crate) fn has_characters(text: &str) -> bool {
    memchr::memchr(b'=', text.as_bytes()).is_some() && Found::count(text.as_bytes()).characters > 0
}

/// The decoded text, if all of a text is in this form.
pub(crate) fn decode(text: &str) -> Option<String> {
    const MIN_SIGNS: usize = 2;
    memchr::memchr(b'=', text.as_bytes())?;
    let found = Found::count(text.as_bytes());
    // Addresses have bytes behind this sign, too.
    let bytes = if text.contains("://") { 0 } else { found.bytes };
    let signs = found.line_ends + bytes;
    if found.others > 0 || found.characters == 0 && signs < MIN_SIGNS {
        return None;
    }
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or(&[]));
        rest = rest.get(at + 1..).unwrap_or(&[]);
        match (escape(rest), line_end(rest)) {
            (Some(byte), _) => {
                out.push(byte);
                rest = rest.get(2..).unwrap_or(&[]);
            }
            (None, Some(after)) => rest = after,
            (None, None) => out.push(b'='),
        }
    }
    out.extend_from_slice(rest);
    Some(String::from_utf8(out).unwrap_or_else(|error| {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned()
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_in_this_form_are_decoded() {
        for (text, expected) in [
            ("It=E2=80=99s wet =3D ink, and=\n paper", "It’s wet = ink, and paper"),
            ("It rained, =\r\nand nobody =\r\ncame.", "It rained, and nobody came."),
            ("Caf=E9 and fianc=E9", "Café and fiancé"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(expected));
        }
        assert!(has_characters("caf=C3=A9, and a = b"));
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "E=MC2",
            "a = b",
            "https://example.org/?a=E2&b=80",
            "example.org/?id=42&n=12",
            "=====\nIt rained.\n=====\n",
            "x=AB",
            "It=E2=80=99s a = b",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert!(!has_characters("a=C3 and b=A9"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|=|E2|80|99|\r|\n| ){0,40}") {
            decode(&text);
            has_characters(&text);
        }
    }
}
