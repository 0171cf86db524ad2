//! Reads the export of Nexis Uni and Lexis+: articles that end with `End of Document` and have
//! their text behind a line `Body`.

use crate::read::bytes::sections::{Cut, Cutter};
use crate::read::formats::exports::Layout;
use crate::read::formats::exports::lines::{Block, blocks, is_copyright, joined, key, push, push_date, text};
use crate::read::formats::item::Item;

pub(super) const LAYOUT: Layout = Layout { name: "Nexis Uni", is_sure, cutter, article };

/// Lines that stand alone before the text, and those that stand behind it or end the article.
const BODY: [&str; 7] = ["Body", "Textkörper", "Corps", "Cuerpo", "Hauptteil", "Tekst", "Corpo"];
const END: [&str; 7] = [
    "End of Document",
    "Ende des Dokuments",
    "Fin du document",
    "Fin del documento",
    "Einde van document",
    "Einde van het document",
    "Fine del documento",
];
/// Bytes of a line that is one of these.
const MAX_LINE: usize = 40;
const BEHIND: [&str; 7] =
    ["Classification", "Graphic", "Notes", "Klassifizierung", "Correction", "Clasificación", "Classificatie"];
const KEYS: [&str; 29] = [
    "section",
    "length",
    "byline",
    "highlight",
    "dateline",
    "load-date",
    "series",
    "headline",
    "rubrik",
    "länge",
    "autor",
    "language",
    "publication-type",
    "journal code",
    "distribution",
    "correction-date",
    "longueur",
    "longitud",
    "lengte",
    "rubrique",
    "sección",
    "sectie",
    "auteur",
    "update",
    "date-chargement",
    "fecha-carga",
    "laad-datum",
    "langue",
    "taal",
];

/// Names of lines that tell how long an article is, and when it was loaded.
const LENGTHS: [&str; 5] = ["length", "länge", "longueur", "longitud", "lengte"];
const LOADED: [&str; 4] = ["load-date", "date-chargement", "fecha-carga", "laad-datum"];

fn is(line: &str, words: &[&str]) -> bool {
    let line = line.trim();
    // Nearly all lines are longer than any of these.
    line.len() < MAX_LINE && words.iter().any(|word| word.to_lowercase() == line.to_lowercase())
}

/// Whether a line ends a document.
pub(super) fn is_end(line: &str) -> bool {
    is(line, &END)
}

/// A line `Body`, and behind it the end of the document or the date on which it was loaded.
fn is_sure(lines: &[&str]) -> bool {
    let Some(body) = lines.iter().position(|line| is(line, &BODY)) else { return false };
    let (before, behind) = lines.split_at(body);
    let has_end = behind.iter().any(|line| is(line, &END));
    let has_key = |lines: &[&str]| lines.iter().any(|line| key(line, &KEYS).is_some());
    // Of a long article the end is not here.
    has_key(before) && (has_end || has_key(behind) && before.iter().any(|line| key(line, &LENGTHS).is_some()))
}

fn cutter() -> Cutter {
    Box::new(|line| {
        let is_end = line.len() < MAX_LINE && is_end(&String::from_utf8_lossy(line));
        if is_end { Cut::After } else { Cut::None }
    })
}

fn article(lines: &[&str]) -> Option<Item> {
    let body = lines.iter().position(|line| is(line, &BODY))?;
    let (before, behind) = lines.split_at(body);
    let mut item = Item::default();
    let mut head: Vec<Block<'_, '_>> = Vec::new();
    // Lines with names follow each other without blank ones.
    for block in blocks(before) {
        let named = |line: &&str| key(line, &KEYS).is_some();
        if is_copyright(block) {
            continue;
        }
        if block.iter().any(named) {
            block
                .iter()
                .filter_map(|line| key(line, &KEYS))
                .for_each(|(name, value)| push(&mut item, name, value));
        } else {
            head.push(block);
        }
    }
    let parts = plain_lines(&head);
    let mut parts = parts.iter();
    if item.title.is_none() {
        item.title = parts.next().cloned();
    }
    item.push("source", parts.next().map_or("", String::as_str));
    if let Some(date) = parts.find(|line| line.contains(|c: char| c.is_ascii_digit())) {
        push_date(&mut item, date);
    }
    let mut kept = Vec::new();
    let mut is_behind = false;
    for block in blocks(behind.get(1..)?) {
        let first = block.first()?;
        is_behind |= is(first, &BEHIND) || is(first, &END) || key(first, &LOADED).is_some();
        if !is_behind {
            kept.push(block);
        }
        block
            .iter()
            .filter(|_| is_behind)
            .filter_map(|line| key(line, &KEYS))
            .for_each(|(name, value)| push(&mut item, name, value));
    }
    item.text = text(&kept);
    Some(item)
}

/// The headline, the newspaper and the date, which stand in blocks of their own or on lines of one
/// block.
fn plain_lines(head: &[Block<'_, '_>]) -> Vec<String> {
    match head {
        [only] => only.iter().map(|line| line.trim().to_owned()).collect(),
        blocks => blocks.iter().map(|block| joined(block)).collect(),
    }
}
