//! Reads the export of Nexis Uni and Lexis+: articles that end with `End of Document` and have their text behind a line `Body`.

use crate::read::bytes::sections::{Cut, Cutter};
use crate::read::formats::exports::Layout;
use crate::read::formats::exports::lines::{Block, blocks, is_copyright, joined, key, push, push_date, text};
use crate::read::formats::item::Item;

pub(super) const LAYOUT: Layout = Layout { name: "Nexis Uni", is_sure, cutter, article };

/// Lines that stand alone before the text, and those that stand behind it or end the article.
const BODY: [&str; 5] = ["Body", "Textkörper", "Corps", "Cuerpo", "Hauptteil"];
const END: [&str; 5] =
    ["End of Document", "Ende des Dokuments", "Fin du document", "Fin del documento", "Einde van document"];
const BEHIND: [&str; 5] = ["Classification", "Graphic", "Notes", "Klassifizierung", "Correction"];
const KEYS: [&str; 16] = [
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
];

fn is(line: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(line.trim()))
}

/// A line `Body`, and behind it the end of the document or the date on which it was loaded.
fn is_sure(lines: &[&str]) -> bool {
    let Some(body) = lines.iter().position(|line| is(line, &BODY)) else { return false };
    let (before, behind) = lines.split_at(body);
    let has_end = behind.iter().any(|line| is(line, &END));
    let has_key = |lines: &[&str]| lines.iter().any(|line| key(line, &KEYS).is_some());
    // Of a long article the end is not here.
    has_key(before)
        && (has_end || has_key(behind) && before.iter().any(|line| key(line, &["length"]).is_some()))
}

fn cutter() -> Cutter {
    Box::new(|line| {
        let is_end = line.len() < 40 && is(&String::from_utf8_lossy(line), &END);
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
        is_behind |= is(first, &BEHIND) || is(first, &END) || key(first, &["load-date"]).is_some();
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

/// The headline, the newspaper and the date, which stand in blocks of their own or on lines of one block.
fn plain_lines(head: &[Block<'_, '_>]) -> Vec<String> {
    match head {
        [only] => only.iter().map(|line| line.trim().to_owned()).collect(),
        blocks => blocks.iter().map(|block| joined(block)).collect(),
    }
}
