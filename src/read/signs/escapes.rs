//! Tells escapes of programming languages that were written out (`\n`, `\u2019`, `<U+2019>`) from
//! paths, formulas and tags.

/// Whether a backslash and these bytes are an escaped line end behind a word or a sentence. Paths
/// and formulas have the same signs elsewhere.
pub(super) fn is_line_end(before: &[u8], rest: &[u8]) -> bool {
    let rest = rest.strip_prefix(b"r\\").unwrap_or(rest);
    let Some(behind) = rest.strip_prefix(b"n") else { return false };
    let follows = |last: &u8| last.is_ascii_alphanumeric() || b".!?,;) ".contains(last) || !last.is_ascii();
    let goes_on = |first: &u8| first.is_ascii_uppercase() || b" \\".contains(first) || !first.is_ascii();
    before.last().is_some_and(follows) && behind.first().is_some_and(goes_on)
}

/// Whether a backslash and these bytes are a character: `\u2019`, `\xe2\x80`, or a quotation mark
/// inside a word or around one.
pub(super) fn is_character(before: &[u8], rest: &[u8]) -> bool {
    is_number(rest) || is_bytes(rest) || is_quote(before, rest)
}

/// A path may have a word there, such as `\ufeed`.
fn is_number(rest: &[u8]) -> bool {
    const DIGITS: usize = 4;
    let digits = rest.strip_prefix(b"u").and_then(|rest| rest.get(..DIGITS));
    digits.is_some_and(|digits| {
        digits.first().is_some_and(|first| !first.is_ascii_lowercase())
            && digits.iter().all(u8::is_ascii_hexdigit)
    })
}

/// Two bytes beyond ASCII, as every character beyond ASCII has them: `\xe2\x80`.
fn is_bytes(rest: &[u8]) -> bool {
    let byte = |rest: &[u8]| matches!(rest, [b'x', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', low, ..] if low.is_ascii_hexdigit());
    let next = rest.get(3..).and_then(|rest| rest.strip_prefix(b"\\"));
    byte(rest) && next.is_some_and(byte)
}

/// `It\'s`, or `\"No` behind a blank.
fn is_quote(before: &[u8], rest: &[u8]) -> bool {
    let is_letter =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
    match rest.first() {
        Some(b'\'') => is_letter(before.last()) && is_letter(rest.get(1)),
        Some(b'"') => before.last().is_none_or(|byte| *byte == b' ') && is_letter(rest.get(1)),
        _ => false,
    }
}

/// Whether `<` and these bytes are a character as R writes it on Windows, `<U+2019>`, or two bytes
/// of one, `<e2><80>`.
pub(super) fn is_of_r(rest: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f' | b'A'..=b'F');
    if let Some(digits) = rest.strip_prefix(b"U+") {
        let count = digits.iter().take_while(|byte| is_digit(byte)).count();
        return (4..=8).contains(&count) && digits.get(count) == Some(&b'>');
    }
    let byte = |rest: &[u8]| matches!(rest, [b'8'..=b'9' | b'a'..=b'f', low, b'>', ..] if is_digit(low));
    byte(rest) && rest.get(3..).and_then(|rest| rest.strip_prefix(b"<")).is_some_and(byte)
}
