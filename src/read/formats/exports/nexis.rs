//! Reads the classic export of LexisNexis: articles behind `1 of 2 DOCUMENTS`, with lines such as `LENGTH: 212 words`.

use crate::read::bytes::sections::{Cut, Cutter};
use crate::read::formats::exports::Layout;
use crate::read::formats::exports::lines::{Block, blocks, is_copyright, joined, key, push, push_date, text};
use crate::read::formats::item::Item;

pub(super) const LAYOUT: Layout = Layout { name: "Nexis", is_sure, cutter, article };

/// Names of lines before the text.
const BEFORE: [&str; 20] = [
    "byline",
    "section",
    "length",
    "dateline",
    "highlight",
    "headline",
    "source",
    "series",
    "column",
    "distribution",
    "category",
    "autor",
    "rubrik",
    "länge",
    "ressort",
    "longueur",
    "auteur",
    "rubrique",
    "url",
    "body",
];
/// Names of lines behind it.
const BEHIND: [&str; 29] = [
    "load-date",
    "language",
    "publication-type",
    "document-type",
    "journal-code",
    "graphic",
    "subject",
    "company",
    "ticker",
    "industry",
    "person",
    "city",
    "state",
    "country",
    "geographic",
    "organization",
    "correction-date",
    "correction",
    "acc-no",
    "type",
    "update",
    "sprache",
    "publication",
    "copyright",
    "disclaimer",
    "cutline",
    "notes",
    "doc-id",
    "pub-type",
];
/// Names of which an article has one at least.
const SURE: [&str; 7] = ["length", "load-date", "byline", "section", "länge", "longueur", "publication-type"];

/// The number and the total of a line such as `1 of 2 DOCUMENTS` or `Dokument 1 von 2`.
pub(super) fn number(line: &str) -> Option<(u32, u32)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_document = |word: &str| {
        let word = word.to_lowercase();
        word.starts_with("document") || word.starts_with("dokument")
    };
    let is_of = |word: &str| {
        ["of", "von", "de", "sur", "van", "di", "of the"].contains(&word.to_lowercase().as_str())
    };
    let (number, total) = match words.as_slice() {
        [number, of, total, document] if is_of(of) && is_document(document) => (number, total),
        [document, number, of, total] if is_of(of) && is_document(document) => (number, total),
        _ => return None,
    };
    let parse = |word: &str| word.replace([',', '.'], "").parse().ok();
    Some((parse(number)?, parse(total)?)).filter(|(number, total)| *number >= 1 && number <= total)
}

/// The first line that is not blank numbers a document, and one of the next names what a document has.
fn is_sure(lines: &[&str]) -> bool {
    let mut lines = lines
        .iter()
        .map(|line| line.trim_start_matches('\u{feff}'))
        .skip_while(|line| line.trim().is_empty());
    let begins = lines.next().and_then(number).is_some();
    begins && lines.any(|line| key(line, &SURE).is_some())
}

/// Documents follow each other by their numbers, so that no line of an article begins one.
fn cutter() -> Cutter {
    let mut last: Option<(u32, u32)> = None;
    Box::new(move |line| {
        // Such lines are short.
        let line = line.get(..200).unwrap_or(line);
        let Some((at, total)) = number(&String::from_utf8_lossy(line)) else { return Cut::None };
        let follows = last.is_none_or(|(before, all)| at > before && total == all);
        if follows {
            last = Some((at, total));
            Cut::Before
        } else {
            Cut::None
        }
    })
}

fn article(lines: &[&str]) -> Option<Item> {
    let begin = lines.iter().position(|line| !line.trim().is_empty())?;
    number(lines.get(begin)?)?;
    let mut item = Item::default();
    let (mut head, mut body): (Vec<Block<'_, '_>>, Vec<Block<'_, '_>>) = (Vec::new(), Vec::new());
    let (mut has_keys, mut is_behind) = (false, false);
    for block in blocks(lines.get(begin + 1..)?) {
        if is_behind
            && (is_copyright(block)
                || key(block.first()?, &BEFORE).is_none() && key(block.first()?, &BEHIND).is_none())
        {
            // What stands behind the last of such lines is about rights.
            continue;
        }
        let Some((name, _)) = key(block.first()?, &BEFORE).or_else(|| key(block.first()?, &BEHIND)) else {
            match (has_keys, is_copyright(block)) {
                (_, true) => {}
                (false, false) => head.push(block),
                (true, false) => body.push(block),
            }
            continue;
        };
        let line = joined(block);
        push(&mut item, name, line.split_once(':').map_or("", |(_, value)| value));
        has_keys = true;
        is_behind |= ["load-date", "language", "publication-type"].contains(&name);
    }
    // Before the lines with names: the newspaper, the date, perhaps the edition, and the headline.
    let is_date = |block: &&Block<'_, '_>| joined(block).contains(|c: char| c.is_ascii_digit());
    let date = head.iter().position(|block| is_date(&block));
    let source = head.first().filter(|_| date != Some(0)).map(|block| joined(block));
    if let Some(block) = date.and_then(|at| head.get(at)) {
        push_date(&mut item, &joined(block));
    }
    if item.title.is_none() {
        let behind = date.map_or(1, |at| at + 1);
        item.title = head.get(behind..).and_then(<[_]>::last).map(|block| joined(block));
    }
    item.push("source", &source.unwrap_or_default());
    item.text = text(&body);
    Some(item)
}
