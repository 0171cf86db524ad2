//! Breaks lines of a name and a value, and indents what follows to where the value begins.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Lines of a width, each in as many lines as it needs: those after the first are indented to where the value of the line begins, behind
/// its name and the first blanks after it. A word that has no room in a line is broken.
pub fn hanging(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| hang(line, value_of(line).min(width / 2), width)).collect()
}

/// Where the value of a line begins: behind its first word and two blanks or more, or two columns from where the line begins.
fn value_of(line: &str) -> usize {
    let trimmed = line.trim_start_matches(' ');
    let indent = line.width() - trimmed.width();
    let value = trimmed.split_once("  ").map(|(_, rest)| rest.trim_start_matches(' '));
    value.map_or(indent + 2, |value| line.width() - value.width())
}

fn hang(line: &str, indent: usize, width: usize) -> Vec<String> {
    let room = width.saturating_sub(indent).max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
            Some(_) if word.is_empty() => {}
            Some(_) => lines.extend(pieces(word, room).into_iter().map(|piece| " ".repeat(indent) + &piece)),
        }
    }
    lines.into_iter().map(|line| line.trim_end_matches(' ').to_owned()).collect()
}

/// A word in pieces of at most so many columns.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in word.chars() {
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() || piece.width() + c.width().unwrap_or(0) <= room => {
                piece.push(c)
            }
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_hang_below_the_beginning_of_their_value() {
        let text = "  settings   C 20, class weights none, min df 2\nshort  line\n  data  sha 0123456789abcdef0123456789";
        assert_eq!(
            hanging(text, 30),
            [
                "  settings   C 20, class",
                "             weights none, min",
                "             df 2",
                "short  line",
                "  data  sha",
                "        0123456789abcdef012345",
                "        6789"
            ]
        );
        for width in 1..40 {
            assert!(hanging(text, width.max(16)).iter().all(|line| line.width() <= width.max(16)), "{width}");
        }
        assert!(hanging("", 10).is_empty());
    }
}
