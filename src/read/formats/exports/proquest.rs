//! Reads the export of ProQuest: articles between ruled lines, with fields such as `Full text:` and
//! `Publication title:`.

use crate::read::bytes::sections::{Cut, Cutter};
use crate::read::formats::exports::Layout;
use crate::read::formats::exports::lines::{blocks, key, push, push_date, text};
use crate::read::formats::item::Item;

pub(super) const LAYOUT: Layout = Layout { name: "ProQuest", is_sure, cutter, article };

const FULL_TEXT: &[&str] = &["full text"];
/// Names of the fields of an article.
const KEYS: [&str; 46] = [
    "author",
    "publication info",
    "abstract",
    "links",
    "full text",
    "subject",
    "location",
    "people",
    "company / organization",
    "title",
    "publication title",
    "pages",
    "publication year",
    "publication date",
    "year",
    "section",
    "publisher",
    "place of publication",
    "country of publication",
    "publication subject",
    "issn",
    "e-issn",
    "source type",
    "language of publication",
    "document type",
    "document url",
    "proquest document id",
    "copyright",
    "last updated",
    "database",
    "dateline",
    "column",
    "first page",
    "volume",
    "issue",
    "accession number",
    "doi",
    "identifier / keyword",
    "classification",
    "credit",
    "illustration",
    "publication-type",
    "http",
    "https",
    "edition",
    "number of pages",
];

/// A ruled line between articles.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 40 && line.bytes().all(|byte| byte == b'_')
}

/// A ruled line, and behind it both fields that each article has.
fn is_sure(lines: &[&str]) -> bool {
    let Some(rule) = lines.iter().position(|line| is_rule(line)) else { return false };
    let has =
        |name: &'static str| lines.get(rule..).unwrap_or(&[]).iter().any(|line| key(line, &[name]).is_some());
    has("full text") && (has("publication title") || has("publication info"))
}

fn cutter() -> Cutter {
    Box::new(|line| {
        if is_rule(&String::from_utf8_lossy(line.get(..200).unwrap_or(line))) {
            Cut::Before
        } else {
            Cut::None
        }
    })
}

fn article(lines: &[&str]) -> Option<Item> {
    let full = lines.iter().position(|line| key(line, FULL_TEXT).is_some())?;
    let mut item = Item::default();
    let mut current: Option<(&'static str, String)> = None;
    let mut texts = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let begins = key(line, &KEYS).filter(|(name, _)| at <= full || !["http", "https"].contains(name));
        match begins {
            Some((name, value)) => {
                store(&mut item, current.take());
                current = Some((name, value.trim().to_owned()));
                if at == full {
                    texts.push(value);
                }
            }
            None if current.as_ref().is_some_and(|(name, _)| *name == "full text") => texts.push(line),
            None => {
                if let Some((_, value)) = current.as_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    store(&mut item, current);
    item.text = text(&blocks(&texts).collect::<Vec<_>>());
    Some(item)
}

fn store(item: &mut Item, field: Option<(&'static str, String)>) {
    match field {
        None | Some(("full text", _)) => {}
        Some(("publication title", value)) => item.push("source", &value),
        Some(("publication date", value)) => push_date(item, &value),
        Some(("proquest document id", value)) => item.id = Some(value.trim().to_owned()),
        Some(("document url", value)) => item.push("url", &value),
        Some((name, value)) => push(item, name, &value),
    }
}
