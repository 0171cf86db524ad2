//! Tells texts that look like several articles of which nobody knows where one ends.

use std::collections::HashMap;

use crate::read::formats::exports::lines::{is_copyright, key};
use crate::read::formats::exports::{factiva, nexis_uni, numbers};

/// Names of lines that stand once in an article, if at all.
#[rustfmt::skip]
const ONCE: [&str; 47] = [
    "title", "headline", "date", "published", "publication date", "source", "author", "byline", "author/byline", "section", "url",
    "link", "publication", "newspaper", "record", "length", "document id", "load-date", "titel", "überschrift", "datum", "quelle",
    "autor", "ressort", "dokumentnummer", "titre", "auteur", "date de publication", "título", "titular", "fecha", "fuente", "sección",
    "titolo", "data", "fonte", "autore", "tytuł", "źródło", "заголовок", "название", "дата", "источник", "автор", "джерело",
    "bron", "auteurs",
];
/// How many of these names occur more than once in a file of several articles.
const MIN_REPEATED: usize = 2;
/// Lines with words between two lines about rights that belong to different articles.
const MIN_BETWEEN: usize = 3;
/// Signs of a line that separates articles. Shorter ones separate parts of one.
const MIN_RULE: usize = 5;

/// What was found of several articles.
#[derive(Default)]
struct Found {
    ends: usize,
    rights: usize,
    since_rights: usize,
    names: HashMap<&'static str, usize>,
    /// Rules with a date in the line behind them.
    rules: usize,
    is_behind_rule: bool,
}

impl Found {
    fn look_at(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        if std::mem::replace(&mut self.is_behind_rule, is_rule(line)) {
            self.rules += usize::from(has_year(line));
        }
        self.ends += usize::from(is_end(line));
        self.since_rights += 1;
        if is_copyright(&[line]) {
            self.rights += usize::from(self.rights == 0 || self.since_rights > MIN_BETWEEN);
            self.since_rights = 0;
        }
        if let Some((name, _)) = key(line, &ONCE) {
            *self.names.entry(name).or_default() += 1;
        }
    }

    fn is_several(&self) -> bool {
        let repeated = self.names.values().filter(|count| **count > 1).count();
        self.ends > 1 || self.rights > 1 || self.rules > 1 || repeated >= MIN_REPEATED
    }
}

/// Whether a text looks like several articles.
pub(crate) fn may_hold_several(text: &str) -> bool {
    let mut found = Found::default();
    text.lines().for_each(|line| found.look_at(line));
    found.is_several()
}

/// The ends of articles, and the beginnings of numbered ones, in layouts that are not known, or not
/// here.
fn is_end(line: &str) -> bool {
    numbers::number(line).is_some()
        || factiva::is_end(line)
        || nexis_uni::is_end(line)
        || line.get(..10).is_some_and(|key| key.eq_ignore_ascii_case("load-date:"))
}

fn is_rule(line: &str) -> bool {
    let Some(sign) = line.chars().next().filter(|sign| "=-_*#~".contains(*sign)) else { return false };
    line.len() >= MIN_RULE && line.chars().all(|c| c == sign)
}

/// Whether a short line has a year of a newspaper.
pub(super) fn has_year(line: &str) -> bool {
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let mut numbers = line.split(|c: char| !c.is_ascii_digit());
    line.len() < 100 && !line.ends_with('.') && numbers.any(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str =
        "It rained on the first day.\n\nNobody came, and the minister left.\n\nHe wrote a note.\n\n";

    #[test]
    fn what_is_repeated_in_each_article_tells_that_there_are_several() {
        for article in [
            format!("Title: Ink\nDate: 2024-06-03\n\n{STORY}"),
            format!("Ink\nThe Dry Ink, Seite 2\n\n{STORY}Quelle: Dry Ink\nDokumentnummer: D_7\n\n"),
            format!("The Dry Ink\n3 juin 2024\n\n{STORY}© 2024 Dry Ink. Tous droits réservés.\n\n"),
            format!("=====\n\nThe Dry Ink, 3 June 2024, page 2\nInk\n\n{STORY}"),
            format!("{STORY}Ende des Dokuments\n\n"),
            format!("Документ 1 из 7\n\n{STORY}"),
        ] {
            assert!(may_hold_several(&article.repeat(2)), "{article}");
            assert!(!may_hold_several(&article), "{article}");
        }
    }

    #[test]
    fn one_article_is_one() {
        for text in [
            format!("{STORY}-----\n\n{STORY}-----\n\nIn 2024 it rained again.\n"),
            format!("{STORY}© 2024 Dry Ink\nAll Rights Reserved\n"),
            format!("Ann: Who pays?\n\nBen: Nobody.\n\nAnn: Why?\n\nBen: Ink.\n\n{STORY}"),
            format!("Source: Dry Ink\n\n{STORY}Source: Wet Ink\n\n{STORY}"),
        ] {
            assert!(!may_hold_several(&text), "{text}");
        }
    }
}
