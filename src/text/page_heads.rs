//! Finds the heads and numbers of pages, which stand between the paragraphs of a PDF's text.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::paragraph::Paragraph;

/// Longer paragraphs, in words, are no page heads.
const MAX_HEAD_WORDS: usize = 12;
/// A head without a number is one where it stands so often beside a page number.
const MIN_HEADS: usize = 2;
/// A head on one line with its number is one where it stands on so many pages in a row.
const MIN_PAGES: usize = 3;
/// Longer numbers are years.
const MAX_DIGITS: usize = 3;

/// Words before the number of a page.
const PAGE: &[&str] = &[
    "page",
    "p.",
    "pg.",
    "seite",
    "página",
    "pág.",
    "pagina",
    "pag.",
    "strona",
    "str.",
    "страница",
    "стр.",
    "сторінка",
    "стор.",
    "sayfa",
    "sida",
    "side",
    "sivu",
];

/// Whether each paragraph of a text is the head or the number of a page. A number is one where the
/// page before or after it has one too, and a head where it stands beside such numbers more than
/// once.
pub(super) fn page_heads(text: &str, paragraphs: &[Paragraph]) -> Vec<bool> {
    let numbers_of = |paragraph: &Paragraph| {
        let may_be = paragraph.words <= MAX_HEAD_WORDS;
        let short = may_be.then(|| paragraph.span.of(text)).filter(|text| has_digit(text));
        short.map(page_numbers).unwrap_or_default()
    };
    let numbers: Vec<Vec<u32>> = paragraphs.iter().map(numbers_of).collect();
    let all: BTreeSet<u32> = numbers.iter().flatten().copied().collect();
    let has_neighbor = |number: &u32| {
        all.contains(&(number + 1)) || number.checked_sub(1).is_some_and(|before| all.contains(&before))
    };
    let mut found: Vec<bool> = numbers.iter().map(|numbers| numbers.iter().any(has_neighbor)).collect();
    heads_with_numbers(text, paragraphs, &mut found);
    if !found.contains(&true) {
        return found;
    }
    let is_found = |at: usize| found.get(at) == Some(&true);
    let mut beside: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let is_beside = is_found(at + 1) || at.checked_sub(1).is_some_and(is_found);
        if is_beside && !is_found(at) && paragraph.words <= MAX_HEAD_WORDS {
            beside.entry(paragraph.span.of(text).to_lowercase()).or_default().push(at);
        }
    }
    for at in beside.into_values().filter(|places| places.len() >= MIN_HEADS).flatten() {
        found.iter_mut().skip(at).take(1).for_each(|found| *found = true);
    }
    found
}

/// Finds lines that are one head with the numbers of successive pages, apart at one end. Each page
/// has prose, and there are [`MIN_PAGES`]: tables and lists have such lines, too.
fn heads_with_numbers(text: &str, paragraphs: &[Paragraph], found: &mut [bool]) {
    let head_of = |paragraph: &Paragraph| {
        let may_be = (2..=MAX_HEAD_WORDS).contains(&paragraph.words);
        let short = may_be.then(|| paragraph.span.of(text)).filter(|text| has_digit(text));
        short.and_then(head_and_number)
    };
    let mut pages: BTreeMap<&str, Vec<(usize, u32)>> = BTreeMap::new();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if let Some((head, number)) = head_of(paragraph) {
            pages.entry(head).or_default().push((at, number));
        }
    }
    let has_prose = |from: usize, to: usize| {
        paragraphs
            .get(from + 1..to)
            .is_some_and(|page| page.iter().any(|paragraph| is_prose(text, paragraph)))
    };
    for pages in pages.values().filter(|pages| pages.len() >= MIN_PAGES) {
        let follows =
            |a: &(usize, u32), b: &(usize, u32)| b.1.checked_sub(1) == Some(a.1) && has_prose(a.0, b.0);
        for run in pages.chunk_by(follows).filter(|run| run.len() >= MIN_PAGES) {
            for (at, _) in run {
                found.get_mut(*at).into_iter().for_each(|found| *found = true);
            }
        }
    }
}

/// Whether a paragraph is a sentence, or longer than heads and lines of tables.
fn is_prose(text: &str, paragraph: &Paragraph) -> bool {
    let end = paragraph.span.of(text).trim_end_matches(['"', '”', '»', '’', ')']);
    paragraph.words > MAX_HEAD_WORDS || end.ends_with(['.', '!', '?', '…'])
}

/// The head and the number of `The Ledger        12` and `12 | The Ledger`, between which stands a
/// bar, a tab or more than two blanks.
fn head_and_number(line: &str) -> Option<(&str, u32)> {
    const BETWEEN: [&str; 3] = ["   ", "\t", "|"];
    let line = line.trim();
    BETWEEN.iter().find_map(|between| {
        let behind = line.rsplit_once(between).and_then(|(head, last)| Some((head, number(last.trim())?)));
        let before =
            || line.split_once(between).and_then(|(first, head)| Some((head, number(first.trim())?)));
        let (head, number) = behind.or_else(before)?;
        let head = head.trim_matches(|c: char| c.is_whitespace() || c == '|');
        (head.contains(char::is_alphabetic) && !head.contains('\n')).then_some((head, number))
    })
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The numbers of pages, if a paragraph is the head or foot of one, or the foot of one above the
/// head of the next.
fn page_numbers(paragraph: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    for line in paragraph.lines() {
        match lone_number(line).or_else(|| named_number(line)) {
            Some(number) => numbers.push(number),
            // A line of an article.
            None if line.trim_end().ends_with(['.', '!', '?']) => return Vec::new(),
            None => {}
        }
    }
    numbers
}

/// Whether a line may be the number of a page, or its head with a number at one end.
pub(super) fn is_head_with_number(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (first, last) = (words.next(), words.next_back());
    let is_short = line.split_whitespace().nth(MAX_HEAD_WORDS).is_none();
    let has_end = [first, last].into_iter().flatten().any(|word| number(word).is_some());
    is_short && (lone_number(line).is_some() || named_number(line).is_some() || has_end)
}

/// Whether a line may be the head of a page: a few words that begin with a capital, and no
/// sentence.
pub(super) fn is_head(line: &str) -> bool {
    let line = line.trim();
    let is_short = line.split_whitespace().nth(MAX_HEAD_WORDS).is_none();
    is_short && line.starts_with(char::is_uppercase) && !line.ends_with(['.', '!', '?', ',', ';', ':', '-'])
}

/// `12`, `- 12 -`, `[12]`.
fn lone_number(line: &str) -> Option<u32> {
    number(line.trim_matches(|c: char| c.is_whitespace() || "-–—[]()|·•".contains(c)))
}

/// "The Ledger Page 2 of 7", "Seite 2".
fn named_number(line: &str) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_page = |word: &str| PAGE.contains(&word.to_lowercase().as_str());
    let named = words.iter().zip(words.iter().skip(1)).find(|(word, _)| is_page(word))?.1;
    let named = named.split('/').next()?.trim_end_matches([',', '.', ')', ']', '|']);
    number(named)
}

fn number(text: &str) -> Option<u32> {
    let is_short = (1..=MAX_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraph::paragraphs;

    fn left_out(text: &str) -> Vec<&str> {
        let all = paragraphs(text);
        let found = page_heads(text, &all);
        all.iter()
            .zip(found)
            .filter(|(_, found)| *found)
            .map(|(paragraph, _)| paragraph.span.of(text))
            .collect()
    }

    #[test]
    fn heads_and_numbers_of_pages_are_found() {
        let text = "The Ledger\n\nThe talks went on\nfor days.\n\n- 7 -\n\nThe Ledger\n\nNobody signed.\n\n- 8 -\n\nThe Ledger\n\nAn end.";
        assert_eq!(left_out(text), ["- 7 -", "The Ledger", "- 8 -", "The Ledger"]);
        let text = "Daily News Page 1 of 2\n\nOne text.\n\n12\nDaily News Page 2 of 2\n\nAnother.";
        assert_eq!(left_out(text), ["Daily News Page 1 of 2", "12\nDaily News Page 2 of 2"]);
        let text =
            "The Ledger      1\n\nOne text.\n\nThe Ledger      2\n\nAnother.\n\n3 | The Ledger\n\nAn end.";
        assert_eq!(left_out(text), ["The Ledger      1", "The Ledger      2", "3 | The Ledger"]);
        assert_eq!(left_out("Eins.\n\nSeite 3\n\nZwei.\n\nSeite 4"), ["Seite 3", "Seite 4"]);
    }

    #[test]
    fn numbers_of_an_article_stay() {
        for text in [
            "41",
            "Ends here.\n3\n\u{c}Begins here.\n\n4",
            "What it cost:\n\n41\n\nThat was all, and\n\n97",
            "2014\n\nIt began.\n\n2015\n\nIt went on.",
            "Chapter 1\n\nOne.\n\nChapter 2\n\nTwo.",
            "On page 3 of the report it says so, and all of the ministers knew it well.\n\nOn page 4 of the report it says so, and all of the ministers knew it well.",
            "Labour    41\n\nTories    42\n\nOthers    43",
            "The Ledger    1\n\nIt began.\n\nThe Ledger    7",
            "Kyiv    12\n\nKyiv    13\n\nKyiv    14\n\nKyiv    15",
            "Polls of May:\n\nLabour    41\n\nTories    38\n\nThen it rained.\n\nLabour    42\n\nTories    37",
            "Round | 1\n\nLeeds 2 Hull 1\n\nRound | 2\n\nHull 0 Leeds 0\n\nRound | 3\n\nLeeds 1 Hull 4",
            "1\tLeeds\n\n2\tLeeds\n\n3\tLeeds\n\nIt ended.",
            "The ledger 1\n\nIt began.\n\nThe ledger 2",
            "We lost by 3.\n\nWe won by 4.",
        ] {
            assert!(left_out(text).is_empty(), "{text}: {:?}", left_out(text));
        }
    }
}
