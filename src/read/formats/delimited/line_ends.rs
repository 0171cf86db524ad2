//! Decodes line ends as spreadsheets escape them in their files, which programs that read such
//! files copy into tables: `_x000D_`.

use std::borrow::Cow;

use crate::scan::find_pair;

const LENGTH: usize = 7;

/// A field with its escaped line ends as characters.
pub(super) fn with_line_ends(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = next_escape(field, 0) else { return Cow::Borrowed(field) };
    let mut decoded = Vec::with_capacity(field.len());
    let (mut from, mut next) = (0, Some(first));
    while let Some((at, character)) = next {
        decoded.extend_from_slice(field.get(from..at).unwrap_or(&[]));
        decoded.push(character);
        from = at + LENGTH;
        next = next_escape(field, from);
    }
    decoded.extend_from_slice(field.get(from..).unwrap_or(&[]));
    Cow::Owned(decoded)
}

/// The place of the first escape from a place on, and the line end that it stands for.
fn next_escape(field: &[u8], from: usize) -> Option<(usize, u8)> {
    let mut from = from;
    loop {
        let at = find_pair(field, from, |first, second| (first == b'_') & (second == b'x'))?;
        match field.get(at..at + LENGTH)? {
            b"_x000D_" | b"_x000d_" => return Some((at, b'\r')),
            b"_x000A_" | b"_x000a_" => return Some((at, b'\n')),
            _ => from = at + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_line_ends_are_decoded_and_nothing_else() {
        let decoded = |field: &str| String::from_utf8(with_line_ends(field.as_bytes()).into_owned()).unwrap();
        assert_eq!(decoded("It rained._x000D_\nIt snowed._x000d_"), "It rained.\r\nIt snowed.\r");
        assert_eq!(decoded("_x000A__x000A_é_x000D_x"), "\n\né\rx");
        for plain in ["", "_", "_x000D", "_x0041_", "__x000_D_", "max_x0009_", "snake_case_x000"] {
            assert_eq!(decoded(plain), plain);
            assert!(matches!(with_line_ends(plain.as_bytes()), Cow::Borrowed(_)), "{plain}");
        }
    }
}
