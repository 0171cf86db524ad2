//! Tells lines in which two columns of a page stand side by side, as `pdftotext -layout` writes
//! them, from lines of one text.

use memchr::memmem;

/// A page has so many such lines at least, and this share of all lines.
const MIN_LINES: usize = 10;
const MIN_PERCENT: usize = 60;
/// As many lines as are looked at.
const MAX_LINES: usize = 400;
/// Blanks between two columns, and words of a line of each. Tables have shorter cells.
const GAP: &str = "   ";
const MIN_WORDS: usize = 3;

/// Whether most lines of a text are made of two.
pub(crate) fn are_columns(text: &str) -> bool {
    // Most texts have no such blanks.
    if memmem::find(text.as_bytes(), GAP.as_bytes()).is_none() {
        return false;
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(MAX_LINES);
    let (all, double) =
        lines.fold((0, 0), |(all, double), line| (all + 1, double + usize::from(is_double(line))));
    double >= MIN_LINES && double * 100 >= all * MIN_PERCENT
}

fn is_double(line: &str) -> bool {
    let has_words = |part: &str| {
        let words = part.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
        words.take(MIN_WORDS).count() == MIN_WORDS
    };
    let parts = line.trim().split_once(GAP);
    parts.is_some_and(|(left, right)| has_words(left) && !right.trim().contains(GAP) && has_words(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_are_told() {
        let line = "It rained on the first day, and      the guests who had come by\n";
        assert!(are_columns(&line.repeat(MIN_LINES)));
        assert!(!are_columns(&line.repeat(MIN_LINES - 1)));
        assert!(are_columns(&format!("{}A last line of prose.\n", line.repeat(MIN_LINES))));
    }

    #[test]
    fn tables_and_prose_are_not() {
        for line in [
            "It rained on the first day, and the guests left.\n",
            "Rain on all days      14 mm\n",
            "The first of all      the second of all      the third of all\n",
            "      It rained on the first day, and the guests left.\n",
        ] {
            assert!(!are_columns(&line.repeat(40)), "{line}");
        }
    }
}
