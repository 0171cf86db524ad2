//! Reads the export of Factiva: articles that end with a line `Document` and a code, with or
//! without codes before their fields.

use crate::read::bytes::sections::{Cut, Cutter};
use crate::read::formats::exports::Layout;
use crate::read::formats::exports::lines::{blocks, is_copyright, joined, push, push_date, text};
use crate::read::formats::item::Item;

pub(super) const LAYOUT: Layout = Layout { name: "Factiva", is_sure, cutter, article };

/// Fields before the text, and the names of their values.
const CODES: [(&str, &str); 14] = [
    ("SE", "section"),
    ("HD", "headline"),
    ("BY", "byline"),
    ("CR", "credit"),
    ("WC", "length"),
    ("PD", "date"),
    ("ET", "time"),
    ("SN", "source"),
    ("SC", "source-code"),
    ("ED", "edition"),
    ("PG", "page"),
    ("VOL", "volume"),
    ("LA", "language"),
    ("CY", "copyright"),
];
/// Fields of the text, and fields behind it.
const TEXTS: [&str; 2] = ["LP", "TD"];
const BEHIND: [&str; 12] = ["CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "ART", "RF", "CT", "CX"];

/// Longest line before the text. The text may follow without a blank line.
const MAX_FIELD_BYTES: usize = 300;
/// Longest line behind the copyright that still belongs to it: `All rights reserved`.
const MAX_RIGHTS_BYTES: usize = 60;

/// Whether a line ends an article: `Document TIMES00020240517ek5h0002x`.
pub(super) fn is_end(line: &str) -> bool {
    let line = line.trim();
    let line = line.strip_prefix("AN ").map_or(line, str::trim_start);
    let Some(code) = line.strip_prefix("Document ") else { return false };
    let mut run = 0;
    let has_date = code.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run >= 8
    });
    code.len() >= 16
        && code.starts_with(|c: char| c.is_ascii_uppercase())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && has_date
}

/// `212 words`, in the languages of the database.
fn is_length(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number =
        words.next().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.'));
    let unit = words
        .next()
        .is_some_and(|word| ["words", "Wörter", "mots", "palabras", "parole", "woorden"].contains(&word));
    number && unit && words.next().is_none()
}

/// A length stands on a line of its own, and behind it a line that ends a document.
fn is_sure(lines: &[&str]) -> bool {
    let has_code = |line: &str| line.trim_start().strip_prefix("WC ").is_some_and(is_length);
    let length = lines.iter().position(|line| is_length(line) || has_code(line));
    length.is_some_and(|at| lines.get(at..).unwrap_or(&[]).iter().any(|line| is_end(line)))
}

fn cutter() -> Cutter {
    Box::new(
        |line| {
            if line.len() < 100 && is_end(&String::from_utf8_lossy(line)) { Cut::After } else { Cut::None }
        },
    )
}

fn article(lines: &[&str]) -> Option<Item> {
    let end = lines.iter().position(|line| is_end(line))?;
    let id = lines.get(end)?.split_whitespace().last().map(str::to_owned);
    let lines = lines.get(..end)?;
    let item = if lines.iter().any(|line| field(line).is_some_and(|(code, _)| code == "HD")) {
        with_codes(lines)
    } else {
        without_codes(lines)
    };
    Some(Item { id, ..item })
}

/// The code and the rest of a line such as `HD Nobody signs`; a line `LP` stands alone.
fn field(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim();
    let (code, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let known =
        CODES.iter().map(|(code, _)| *code).chain(TEXTS).chain(BEHIND).find(|known| *known == code)?;
    Some((known, rest))
}

fn with_codes(lines: &[&str]) -> Item {
    let mut item = Item::default();
    let (mut texts, mut last) = (Vec::new(), "");
    let mut value = String::new();
    for line in lines.iter().copied().chain(["AN end"]) {
        match field(line) {
            // Inside the text, only fields that come behind it are fields.
            Some((code, rest))
                if !TEXTS.contains(&last) || TEXTS.contains(&code) || BEHIND.contains(&code) =>
            {
                store(&mut item, last, &value);
                value = rest.to_owned();
                last = code;
                if TEXTS.contains(&code) {
                    texts.extend(["", rest]);
                }
            }
            _ if TEXTS.contains(&last) => texts.push(line),
            _ => {
                value.push(' ');
                value.push_str(line.trim());
            }
        }
    }
    item.text = text(&blocks(&texts).collect::<Vec<_>>());
    item
}

fn store(item: &mut Item, code: &str, value: &str) {
    match CODES.iter().find(|(known, _)| *known == code) {
        Some((_, "date")) => push_date(item, value),
        Some((_, name)) => push(item, name, value),
        None => {}
    }
}

/// The headline and the author stand before the length; behind it the date, the source and more,
/// one per line, up to the copyright.
fn without_codes(lines: &[&str]) -> Item {
    let mut item = Item::default();
    let Some(length) = lines.iter().position(|line| is_length(line)) else {
        item.text = text(&blocks(lines).collect::<Vec<_>>());
        return item;
    };
    let (before, behind) = lines.split_at(length);
    let mut head = before.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    item.title = head.next().map(str::to_owned);
    for line in head {
        push(
            &mut item,
            if line.starts_with("By ") || line.starts_with("Von ") { "byline" } else { "section" },
            line,
        );
    }
    let mut has_copyright = false;
    let is_field = |line: &&&str| {
        let line = line.trim();
        let most = if has_copyright { MAX_RIGHTS_BYTES } else { MAX_FIELD_BYTES };
        has_copyright |= is_copyright(&[line]);
        !line.is_empty() && line.len() <= most
    };
    let fields = behind.iter().take_while(is_field).count();
    let mut lines = behind.get(..fields).unwrap_or(&[]).iter().map(|line| line.trim());
    push(&mut item, "length", lines.next().unwrap_or(""));
    push_date(&mut item, lines.next().unwrap_or(""));
    let is_time = |line: &&str| line.contains(':') && line.starts_with(|c: char| c.is_ascii_digit());
    item.push("source", lines.find(|line| !is_time(line)).unwrap_or(""));
    let rest = behind.get(fields..).unwrap_or(&[]);
    // The copyright may stand behind a blank line.
    let kept: Vec<_> =
        blocks(rest).enumerate().filter(|(at, block)| *at > 0 || !is_short_copyright(block)).collect();
    item.text = text(&kept.into_iter().map(|(_, block)| block).collect::<Vec<_>>());
    item
}

fn is_short_copyright(block: &[&str]) -> bool {
    is_copyright(block) && joined(block).len() < 200
}
