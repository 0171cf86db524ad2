//! Cuts texts to the columns that there is room for, and breaks lists into lines.

use std::collections::BTreeMap;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::write::printable::printable;

/// The columns that a text takes on a terminal.
pub(crate) fn columns_of(text: &str) -> usize {
    text.width()
}

/// A text cut to a width, its beginning kept.
pub(crate) fn fit_start(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return text;
    }
    let mut kept = take(text.chars(), width);
    kept.extend((width > 0).then_some('…'));
    kept
}

/// The beginning of a text on one line, cut behind a word where the text goes on. A first word that
/// has no room is cut itself.
#[cfg(any(test, all(feature = "cli", feature = "train")))]
pub(crate) fn first_words(text: &str, width: usize) -> String {
    let mut kept = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let gap = if kept.is_empty() { "" } else { " " };
        // Where the text goes on, a column stays free for the mark.
        let mark = usize::from(words.peek().is_some());
        if kept.width() + gap.len() + word.width() + mark > width {
            return match kept.is_empty() {
                true => fit_start(word, width),
                false => kept + "…",
            };
        }
        kept += gap;
        kept += word;
    }
    kept
}

/// Names cut to a width by their beginnings. Where that would make different names alike, a cut
/// name goes on with the word in which it differs: `The Lo…North`, `The Lo…South`. Where there is
/// no room for that, names stay alike.
pub(crate) fn fit_apart<'a>(
    names: impl IntoIterator<Item = &'a str>,
    width: usize,
) -> BTreeMap<&'a str, String> {
    let mut cuts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut sorted: Vec<&str> = names.into_iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    for name in sorted {
        cuts.entry(fit_start(name, width)).or_default().push(name);
    }
    let groups: Vec<Vec<&str>> = cuts.into_values().collect();
    let apart = |alike: &Vec<&'a str>| match alike.as_slice() {
        [name] => vec![(*name, fit_start(name, width))],
        alike => cut_middle(alike, width),
    };
    let found: BTreeMap<&str, String> = groups.iter().flat_map(apart).collect();
    // Two groups may end in the same words, so that their names look alike: cut them as one group.
    let mut uses: BTreeMap<&String, usize> = BTreeMap::new();
    found.values().for_each(|cut| *uses.entry(cut).or_default() += 1);
    let is_twice = |name: &&str| found.get(*name).and_then(|cut| uses.get(cut)).is_some_and(|uses| *uses > 1);
    let (twice, mut once): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| group.iter().any(is_twice));
    if twice.len() > 1 {
        let mut together: Vec<&str> = twice.into_iter().flatten().collect();
        together.sort_unstable();
        once.push(together);
        return once.iter().flat_map(apart).collect();
    }
    found
}

/// Sorted names, each cut between its beginning and the word in which it differs from another.
fn cut_middle<'a>(alike: &[&'a str], width: usize) -> Vec<(&'a str, String)> {
    let head = width / 4;
    let shared = shared_words(alike, width / 3);
    let tails = alike.iter().filter_map(|name| name.get(shared..));
    // The mark takes a column.
    let room = width.saturating_sub(head + 1);
    let tails = if room < head + 2 { BTreeMap::new() } else { fit_apart(tails, room) };
    let widest = tails.values().map(|tail| tail.width()).max().unwrap_or(0);
    let cut = |name: &&'a str| {
        let tail = name.get(shared..).and_then(|tail| tails.get(tail));
        let head = fit_start(name, width.saturating_sub(widest));
        (*name, head + tail.map_or("", String::as_str))
    };
    alike.iter().map(cut).collect()
}

/// The bytes that sorted names share, back to the beginning of a word if that is near enough.
fn shared_words(sorted: &[&str], near: usize) -> usize {
    let (first, last) = (sorted.first().unwrap_or(&""), sorted.last().unwrap_or(&""));
    let differing = first.char_indices().zip(last.chars()).find(|((_, a), b)| a != b);
    let shared = differing.map_or(first.len().min(last.len()), |((at, _), _)| at);
    let before = first.get(..shared).unwrap_or("");
    let word = before.trim_end_matches(char::is_alphanumeric).len();
    if before.get(word..).is_some_and(|part| part.width() <= near) { word } else { shared }
}

/// A text cut to a width, its end kept: the end of a path tells more than its beginning.
pub(crate) fn fit_end(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return text;
    }
    let kept = take(text.chars().rev(), width);
    (width > 0).then_some('…').into_iter().chain(kept.chars().rev()).collect()
}

/// The first characters that leave one column of a width free.
fn take(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    characters.take_while(fits).collect()
}

/// Texts joined by commas, in lines of a width, each behind an indent.
pub(crate) fn wrapped(texts: &[String], indent: usize, width: usize) -> Vec<String> {
    let blank = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let comma = if number + 1 < texts.len() { "," } else { "" };
        let piece = format!("{text}{comma}");
        match lines.last_mut() {
            Some(line) if line.width() + 1 + piece.width() <= width => {
                line.push(' ');
                line.push_str(&piece);
            }
            _ => lines.push(format!("{blank}{}", fit_start(&piece, width.saturating_sub(indent)))),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_columns_not_bytes() {
        assert_eq!(fit_start("abcdef", 4), "abc…");
        assert_eq!(fit_end("abcdef", 4), "…def");
        assert_eq!(fit_end("日本語", 4), "…語");
        assert_eq!(
            (fit_start("ab", 4), fit_start("ab", 1), fit_end("ab", 0)),
            ("ab".into(), "…".into(), "".into())
        );
    }

    #[test]
    fn a_text_is_cut_behind_a_word() {
        assert_eq!(first_words("one\n two three", 80), "one two three");
        assert_eq!(first_words("one two three", 9), "one two…");
        assert_eq!(first_words("one two three", 7), "one…");
        assert_eq!((first_words("seventeen", 5), first_words("", 5)), ("seve…".into(), "".into()));
    }

    #[test]
    fn names_that_begin_alike_are_cut_where_they_differ() {
        let cut = |names: &[&str], width| {
            let cut = fit_apart(names.iter().copied(), width);
            names.iter().map(|name| cut[name].clone()).collect::<Vec<_>>()
        };
        let papers = ["The Morning Post North", "The Morning Post South", "Gazette"];
        assert_eq!(cut(&papers, 12), ["The Mo…North", "The Mo…South", "Gazette"]);
        assert_eq!(cut(&papers, 22), papers);
        // A word that differs in its middle is shown from its beginning.
        let numbered = ["Outlet of number 1 in town", "Outlet of number 10 in town"];
        assert_eq!(cut(&numbered, 14), ["Out…1 in town", "Out…10 in town"]);
        // Names that share words after the first one in which they differ.
        let twice = ["Front page, red", "Front page, blue", "Front side, red", "Front side, blue"];
        let cuts = cut(&twice, 8);
        assert_eq!(cuts.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{cuts:?}");
        let cuts = cut(&["日本語の新聞", "日本語の雑誌"], 8);
        assert_eq!(cuts, ["日…新聞", "日…雑誌"]);
        for width in 0..30 {
            for name in cut(&[&papers[..], &numbered, &twice].concat(), width) {
                assert!(name.width() <= width, "{name} in {width}");
            }
        }
        assert_eq!(cut(&["abc", "abd"], 2), ["a…", "a…"]);
    }

    #[test]
    fn lists_are_wrapped_between_texts() {
        let texts = ["one", "two", "three"].map(str::to_owned);
        assert_eq!(wrapped(&texts, 2, 12), ["  one, two,", "  three"]);
        assert_eq!(wrapped(&texts, 0, 4), ["one,", "two,", "thr…"]);
    }
}
