//! Replaces characters of the input that could drive a terminal or hide in it: control characters,
//! marks that turn the direction of writing, characters without width.
//!
//! Whatever people read goes through one place a stream: messages through [`printable`], tables and
//! everything else on standard output through a [`Screen`]. Files keep the input's characters.

use std::io::{self, Write};
use std::str;

use crate::write::style::Style;

/// The character itself, or U+FFFD for one that no reader sees.
fn printable_char(c: char) -> char {
    if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }
}

/// A text with U+FFFD for each character that no reader sees, line ends too.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(printable_char).collect()
}

/// Whether a character drives the terminal, turns the direction of writing, ends a line or has no
/// width. Selectors of variants and accents that join the character before them are seen.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character turns the direction of writing for what follows it.
pub(super) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A stream that people look at. Of what is written, line ends and tabs and all that a reader sees
/// pass; the marks of [`Style`] become escape sequences where the style has them.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    style: Style,
    /// The beginning of a character whose end is not written yet.
    begun: Vec<u8>,
}

impl<W: Write> Screen<W> {
    /// A screen before `out`.
    pub fn new(out: W, style: Style) -> Self {
        Screen { out, style, begun: Vec::new() }
    }

    fn show(&mut self, bytes: &[u8]) -> io::Result<()> {
        for chunk in bytes.utf8_chunks() {
            self.out.write_all(shown(chunk.valid(), self.style).as_bytes())?;
            if !chunk.invalid().is_empty() {
                self.out.write_all("\u{fffd}".as_bytes())?;
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = std::mem::take(&mut self.begun);
        all.extend_from_slice(bytes);
        // An error without a length is a character that is cut off by the end of what is written.
        let whole = match str::from_utf8(&all) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => all.len(),
        };
        self.begun = all.split_off(whole);
        self.show(&all)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Drop for Screen<W> {
    /// Shows what is left of a character that was never ended.
    fn drop(&mut self) {
        let begun = std::mem::take(&mut self.begun);
        let _ = self.show(&begun);
    }
}

/// What people see of a text of several lines.
pub(super) fn shown(text: &str, style: Style) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match style.sequence(c) {
            Some(sequence) => shown.push_str(sequence),
            None if matches!(c, '\n' | '\t') => shown.push(c),
            None => shown.push(printable_char(c)),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on_screen(pieces: &[&[u8]], style: Style) -> String {
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out, style);
        pieces.iter().for_each(|piece| screen.write_all(piece).unwrap());
        drop(screen);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_escape_sequence_of_the_input_is_printed() {
        assert_eq!(printable("a\x1b[31m\nb"), "a\u{fffd}[31m\u{fffd}b");
    }

    #[test]
    fn what_no_reader_sees_is_replaced_and_what_joins_a_character_stays() {
        for hidden in
            "\u{9b}\u{7f}\u{202e}\u{2066}\u{2069}\u{200b}\u{200d}\u{2028}\u{feff}\u{ad}\u{e0041}".chars()
        {
            assert_eq!(printable_char(hidden), '\u{fffd}', "{hidden:?}");
        }
        let seen = "naïve й\u{301} עברית العربية 日本 ❤\u{fe0f} 𝔘";
        assert_eq!(printable(seen), seen);
    }

    #[test]
    fn a_screen_keeps_lines_and_paints_what_the_program_marks() {
        let painted = format!("{}\t{}\n", Style::Colored.bold("a"), Style::Colored.dim("b"));
        assert_eq!(on_screen(&[painted.as_bytes()], Style::Colored), "\x1b[1ma\x1b[0m\t\x1b[2mb\x1b[0m\n");
        assert_eq!(on_screen(&[b"\x1b[1ma\r\n"], Style::Colored), "\u{fffd}[1ma\u{fffd}\n");
        assert_eq!(on_screen(&["\u{fdd0}a".as_bytes()], Style::Plain), "\u{fffd}a");
        assert_eq!(on_screen(&[b"a\xff", b"b\xe2\x80"], Style::Plain), "a\u{fffd}b\u{fffd}");
    }

    proptest! {
        #[test]
        fn characters_may_be_written_in_pieces(text in any::<String>(), cut in 0..40usize) {
            let (first, second) = text.as_bytes().split_at(cut.min(text.len()));
            prop_assert_eq!(on_screen(&[first, second], Style::Plain), shown(&text, Style::Plain));
        }

        #[test]
        fn nothing_hidden_is_shown(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let shown = on_screen(&[&bytes], Style::Plain);
            prop_assert!(!shown.contains(|c| is_hidden(c) && !['\n', '\t'].contains(&c)), "{:?}", shown);
        }
    }
}
