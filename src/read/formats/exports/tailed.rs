//! Reads the exports of Europresse, wiso and NewsBank: articles that begin with a dated line and
//! end with lines that the database adds.

use crate::read::bytes::sections::{Cut, Cutter};
use crate::read::formats::exports::Layout;
use crate::read::formats::exports::lines::{key, push, push_date, text};
use crate::read::formats::exports::several::has_year;
use crate::read::formats::item::Item;

/// How a database begins and ends its articles.
struct Marks {
    /// How the lines behind an article begin, in small letters.
    tail: &'static [&'static str],
    /// How the last of them begins. The line before it is one of the others.
    last: &'static [&'static str],
    /// Whether the headline stands before the line with the date.
    is_title_first: bool,
}

static EUROPRESSE: Marks = Marks {
    tail: &["©", "(c)", "tous droits réservés", "certificat émis le", "certificate issued on"],
    last: &["certificat émis le", "certificate issued on"],
    is_title_first: false,
};
static WISO: Marks = Marks {
    tail: &[
        "quelle:",
        "ressort:",
        "rubrik:",
        "ausgabe:",
        "dokumentnummer:",
        "dauerhafte adresse des dokuments:",
        "alle rechte vorbehalten",
    ],
    last: &["alle rechte vorbehalten"],
    is_title_first: false,
};
static NEWSBANK: Marks = Marks {
    tail: &[
        "memo:",
        "caption:",
        "correction:",
        "record:",
        "record number:",
        "openurl link",
        "index terms:",
        "copyright",
        "©",
        "(c)",
    ],
    last: &["copyright", "©", "(c)"],
    is_title_first: true,
};

pub(super) const LAYOUTS: [Layout; 3] = [
    Layout {
        name: "Europresse",
        is_sure: |lines| is_sure(&EUROPRESSE, lines),
        cutter: || cutter(&EUROPRESSE),
        article: |lines| article(&EUROPRESSE, lines),
    },
    Layout {
        name: "wiso",
        is_sure: |lines| {
            lines.iter().any(|line| begins(line, &["dauerhafte adresse des dokuments:"]))
                && is_sure(&WISO, lines)
        },
        cutter: || cutter(&WISO),
        article: |lines| article(&WISO, lines),
    },
    Layout {
        name: "NewsBank",
        is_sure: |lines| {
            lines.iter().any(|line| begins(line, &["record:", "record number:"])) && is_sure(&NEWSBANK, lines)
        },
        cutter: || cutter(&NEWSBANK),
        article: |lines| article(&NEWSBANK, lines),
    },
];

/// Words that stand in each of these exports, in small letters.
pub(super) const WORDS: [&str; 3] = ["certifica", "dauerhafte adresse", "record"];

/// Names of lines before and behind the text.
const KEYS: [&str; 22] = [
    "readability",
    "memo",
    "caption",
    "correction",
    "series",
    "author/byline",
    "author",
    "byline",
    "section",
    "edition",
    "page",
    "column",
    "dateline",
    "record",
    "record number",
    "quelle",
    "ressort",
    "rubrik",
    "ausgabe",
    "dokumentnummer",
    "dauerhafte adresse des dokuments",
    "index terms",
];
/// Lines in which the date stands.
const HEAD: usize = 4;
/// Lines behind an article, at most.
const MAX_TAIL: usize = 12;
/// Words of an article without a date and an end.
const MIN_WORDS: usize = 8;
/// Bytes of a line that is looked at.
const MAX_LINE: usize = 400;

fn begins(line: &str, beginnings: &[&str]) -> bool {
    let line = line.trim_start();
    beginnings.iter().any(|beginning| {
        let head: String =
            line.chars().take(beginning.chars().count()).flat_map(char::to_lowercase).collect();
        head == *beginning
    })
}

/// An article ends as this database ends it, and the first one begins so.
fn is_sure(marks: &'static Marks, lines: &[&str]) -> bool {
    let mut ends = End::new(marks);
    lines.iter().any(|line| ends.is_end(line)) && date_line(lines).is_some()
}

/// Looks for the ends of articles, line by line.
struct End {
    marks: &'static Marks,
    /// Whether the last line that is not blank follows an article.
    is_behind: bool,
}

impl End {
    fn new(marks: &'static Marks) -> Self {
        End { marks, is_behind: false }
    }

    fn is_end(&mut self, line: &str) -> bool {
        if line.trim().is_empty() {
            return false;
        }
        let is_end = self.is_behind && begins(line, self.marks.last);
        self.is_behind = begins(line, self.marks.tail);
        is_end
    }
}

fn cutter(marks: &'static Marks) -> Cutter {
    let mut ends = End::new(marks);
    Box::new(move |line| {
        let line = String::from_utf8_lossy(line.get(..MAX_LINE).unwrap_or(line));
        if ends.is_end(&line) { Cut::After } else { Cut::None }
    })
}

/// The place of the line with the date, among the first that are not blank.
fn date_line(lines: &[&str]) -> Option<usize> {
    let filled = lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled.take(HEAD).find(|(_, line)| has_year(line.trim())).map(|(at, _)| at)
}

fn article(marks: &'static Marks, lines: &[&str]) -> Option<Item> {
    let tail = tail(marks, lines);
    let words = || lines.iter().flat_map(|line| line.split_whitespace());
    // A line of the database behind its last article.
    if date_line(lines).is_none() && tail == lines.len() && words().nth(MIN_WORDS - 1).is_none() {
        return None;
    }
    let mut item = Item::default();
    let (lines, tail) = lines.split_at(tail);
    let mut rest = lines;
    if let Some(at) = date_line(lines) {
        let (before, behind) = lines.split_at(at);
        let mut before = before.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let dated = behind.first().map_or("", |line| line.trim());
        let (source, date) = source_and_date(dated);
        rest = behind.get(1..).unwrap_or(&[]);
        let first = before.next();
        let above = before.next_back().or(first);
        item.push("source", if marks.is_title_first { source } else { above.unwrap_or(source) });
        push_date(&mut item, up_to_year(date));
        if marks.is_title_first {
            item.title = first.map(str::to_owned);
        } else {
            let title = rest.iter().position(|line| !line.trim().is_empty());
            item.title = title.and_then(|at| rest.get(at)).map(|line| line.trim().to_owned());
            rest = title.and_then(|at| rest.get(at + 1..)).unwrap_or(&[]);
        }
    }
    let is_named = |line: &&&str| line.trim().is_empty() || key(line, &KEYS).is_some();
    let named = rest.iter().take_while(is_named).count();
    let (head, body) = rest.split_at(named);
    head.iter().chain(tail).filter_map(|line| key(line, &KEYS)).for_each(|(name, value)| {
        push(&mut item, if name == "author/byline" { "author" } else { name }, value)
    });
    let blocks: Vec<&[&str]> =
        body.split(|line| line.trim().is_empty()).filter(|block| !block.is_empty()).collect();
    item.text = text(&blocks);
    Some(item)
}

/// Where the lines behind an article begin: the last ones, if they end as its database ends them.
fn tail(marks: &'static Marks, lines: &[&str]) -> usize {
    let mut ends = End::new(marks);
    if !lines.iter().any(|line| ends.is_end(line)) {
        return lines.len();
    }
    let is_behind = |line: &&&str| line.trim().is_empty() || begins(line, marks.tail);
    lines.len() - lines.iter().rev().take(MAX_TAIL).take_while(is_behind).count()
}

/// A line up to its year, without the pages and words that follow.
fn up_to_year(line: &str) -> &str {
    let is_year = |word: &str| word.len() == 4 && has_year(word);
    let mut ends = line.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.find(|end| {
        let number = line
            .get(..*end)
            .map_or("", |before| before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or(""));
        is_year(number)
            && !line.get(*end..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    end.and_then(|end| line.get(..end)).unwrap_or(line)
}

/// `The Dry Ink vom 17.05.2024, Nr. 4`, `The Dry Ink - May 17, 2024`, `The Dry Ink, 17 mai 2024`.
fn source_and_date(line: &str) -> (&str, &str) {
    if let Some((source, date)) = line.split_once(" vom ") {
        return (source, date.split(',').next().unwrap_or(date));
    }
    if let Some((source, date)) = line.split_once(" - ") {
        return (source, date);
    }
    match line.split_once(", ") {
        Some((source, date)) if !source.contains(|c: char| c.is_ascii_digit()) => (source, date),
        _ => (line, line),
    }
}
