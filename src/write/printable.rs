//! Replaces control characters, so that no input can drive a terminal.

/// The character itself, or U+FFFD for a control character.
pub(crate) fn printable_char(c: char) -> char {
    if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }
}

/// A text with U+FFFD for each control character, line ends too.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(printable_char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_sequence_of_the_input_is_printed() {
        assert_eq!(printable("a\x1b[31m\nb"), "a\u{fffd}[31m\u{fffd}b");
    }
}
