//! Breaks sentences between words, and lines of a name and a value so that what follows is indented
//! to where the value begins.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Lines of a width, each in as many lines as it needs: those after the first are indented to where
/// the value of the line begins, behind its name and the first blanks after it. A word that has no
/// room in a line is broken.
pub fn hanging(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| hang(line, value_of(line).min(width / 2), width)).collect()
}

/// A sentence in lines of a width, broken between words; a word that has no room in a line is
/// broken.
pub fn wrap(sentence: &str, width: usize) -> Vec<String> {
    hang(sentence, 0, width)
}

/// Where the value of a line begins: behind its first word and two blanks or more, or two columns
/// from where the line begins.
fn value_of(line: &str) -> usize {
    let trimmed = line.trim_start_matches(' ');
    let indent = line.width() - trimmed.width();
    let value = trimmed.split_once("  ").map(|(_, rest)| rest.trim_start_matches(' '));
    value.map_or(indent + 2, |value| line.width() - value.width())
}

/// A list joined by commas in lines of a width, broken between its members; those after the first
/// are indented.
pub(crate) fn hanging_list(list: &str, width: usize) -> Vec<String> {
    fill(list.split_inclusive(", ").map(str::trim_end), 2.min(width / 2), width)
}

fn hang(line: &str, indent: usize, width: usize) -> Vec<String> {
    fill(line.split(' '), indent, width)
}

/// Words in lines of a width, all but the first indented.
fn fill<'w>(words: impl Iterator<Item = &'w str>, indent: usize, width: usize) -> Vec<String> {
    let room = width.saturating_sub(indent).max(1);
    let indented = |word: &str| pieces(word, room).into_iter().map(move |piece| " ".repeat(indent) + &piece);
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            None => {
                let mut first = pieces(word, width.max(1)).into_iter();
                lines.extend(first.next());
                let rest: String = first.collect();
                lines.extend(indented(&rest).filter(|_| !rest.is_empty()));
            }
            Some(_) if word.is_empty() => {}
            Some(_) => lines.extend(indented(word)),
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

    #[test]
    fn sentences_are_wrapped_between_words() {
        assert_eq!(wrap("a long sentence", 6), ["a long", "senten", "ce"]);
        assert_eq!(wrap("a long sentence", 8), ["a long", "sentence"]);
        assert_eq!(wrap("short", 80), ["short"]);
        assert_eq!(hanging("news/of/a/folder", 10), ["news/of/a/", "  folder"]);
        assert!(wrap("", 10).iter().all(String::is_empty));
    }

    #[test]
    fn lists_are_broken_between_their_members() {
        assert_eq!(hanging_list("words 1-2, C 10, chars", 12), ["words 1-2,", "  C 10,", "  chars"]);
        assert_eq!(hanging_list("words 1-2, C 10, chars", 80), ["words 1-2, C 10, chars"]);
        assert_eq!(hanging_list("a,b=1,c=2", 6), ["a,b=1,", "  c=2"]);
    }
}
