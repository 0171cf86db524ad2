//! Reads exports that number their articles, such as the classic one of LexisNexis: articles behind
//! `1 of 2 DOCUMENTS`, with lines such as `LENGTH: 212 words`.

use crate::read::bytes::sections::{Cut, Cutter};
use crate::read::formats::dates;
use crate::read::formats::exports::Layout;
use crate::read::formats::exports::lines::{Block, blocks, is_copyright, joined, push, push_date, text};
use crate::read::formats::exports::nexis_fields::{Field, Place, unknown};
use crate::read::formats::exports::numbers::{Number, number};
use crate::read::formats::item::Item;

pub(super) const LAYOUT: Layout = Layout { name: "Nexis", is_sure, cutter, article };

/// Blocks in which the date stands.
const DATE_BLOCKS: usize = 4;
/// Words of a date, and of a line of the head; longer ones are sentences.
const MAX_DATE_WORDS: usize = 10;
const MAX_HEAD_WORDS: usize = 30;
/// Blanks before a line that stands in the middle.
const MIDDLE: usize = 10;

/// The first line that is not blank numbers a document. A later one numbers the next, or names what
/// a document has, or a date stands below the number.
fn is_sure(lines: &[&str]) -> bool {
    let Some(begin) = lines.iter().position(|line| !is_blank(line)) else { return false };
    let Some(first) = lines.get(begin).and_then(|line| number(line)) else { return false };
    let rest = lines.get(begin + 1..).unwrap_or(&[]);
    let follows = |next: Number| next.at > first.at && next.total == first.total;
    if rest.iter().any(|line| number(line).is_some_and(follows)) {
        return true;
    }
    let has_field = || rest.iter().any(|line| Field::find(line).is_some_and(|(field, _)| field.is_sure()));
    let has_date =
        || head_blocks(rest).take(DATE_BLOCKS).any(|block| dates::to_iso(&joined(block)).is_some());
    first.is_document && (has_field() || has_date())
}

fn is_blank(line: &str) -> bool {
    line.trim_start_matches('\u{feff}').trim().is_empty()
}

/// Documents follow each other by their numbers, so that no line of an article begins one.
fn cutter() -> Cutter {
    let mut last: Option<Number> = None;
    Box::new(move |line| {
        // Such lines are short.
        let line = line.get(..200).unwrap_or(line);
        let Some(next) = number(&String::from_utf8_lossy(line)) else { return Cut::None };
        let follows = last.is_none_or(|last| next.at > last.at && next.total == last.total);
        if follows {
            last = Some(next);
            Cut::Before
        } else {
            Cut::None
        }
    })
}

fn is_short(line: &str) -> bool {
    line.split_whitespace().nth(MAX_DATE_WORDS).is_none()
}

/// The blocks of an article, the first of them line by line if it is the whole head.
fn head_blocks<'l, 't>(lines: &'l [&'t str]) -> impl Iterator<Item = Block<'l, 't>> {
    blocks(lines).enumerate().flat_map(move |(at, block)| {
        let is_head = at == 0 && block.len() > 2 && block.iter().all(|line| is_short(line));
        block.chunks(if is_head { 1 } else { block.len() })
    })
}

/// Where in an article a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    Text,
    /// Behind the text, where nothing but fields and rights stand.
    Tail,
}

/// The blocks of an article that are no fields.
struct Parts<'l, 't> {
    stage: Stage,
    has_fields: bool,
    head: Vec<Block<'l, 't>>,
    body: Vec<Block<'l, 't>>,
}

impl<'l, 't> Parts<'l, 't> {
    fn add(&mut self, block: Block<'l, 't>, item: &mut Item) {
        let Some(first) = block.first() else { return };
        let value = || joined(block).split_once(':').map_or(String::new(), |(_, value)| value.to_owned());
        if let Some((field, written)) = Field::find(first) {
            if field.name == "body" {
                (self.has_fields, self.stage) = (true, Stage::Text);
                let behind = if written.trim().is_empty() { block.get(1..) } else { Some(block) };
                self.body.extend(behind.filter(|behind| !behind.is_empty()));
                return;
            }
            push(item, field.name, &value());
            field.other_name().into_iter().for_each(|name| item.push(name, &value()));
            self.has_fields |= field.place == Place::Before;
            if field.place == Place::End {
                self.stage = Stage::Tail;
            }
            return;
        }
        let unknown = unknown(first).filter(|(name, _)| match self.stage {
            Stage::Head => self.has_fields,
            // In capitals an article may say who speaks.
            Stage::Text => name.contains('-'),
            Stage::Tail => true,
        });
        if let Some((name, _)) = unknown {
            item.push(name, &value());
            if self.stage == Stage::Text {
                self.stage = Stage::Tail;
            }
            return;
        }
        if is_copyright(block) || self.stage == Stage::Tail {
            return;
        }
        if self.has_fields {
            self.stage = Stage::Text;
            self.body.push(block);
        } else {
            self.head.push(block);
        }
    }

    fn date(&self) -> Option<usize> {
        let is_date = |block: &Block<'_, '_>| {
            let line = joined(block);
            line.contains(|c: char| c.is_ascii_digit()) && is_short(&line)
        };
        self.head.iter().take(DATE_BLOCKS).position(is_date)
    }

    /// Takes the text out of the head, where no field stands between them: it begins behind the
    /// headline.
    fn split_head(&mut self) {
        let mut at = self.date().map_or(1, |date| date + 1);
        let left = |at: usize, least: usize| self.head.len() > at + least;
        let is_edition = |block: &&Block<'_, '_>| {
            let indent = block.first().map_or(0, |line| line.len() - line.trim_start().len());
            block.len() == 1 && indent >= MIDDLE
        };
        if left(at, 2) && self.head.get(at).filter(is_edition).is_some() {
            at += 1;
        }
        let is_headline = |block: &&Block<'_, '_>| {
            let line = joined(block);
            !line.ends_with('.') && line.split_whitespace().nth(MAX_HEAD_WORDS).is_none()
        };
        if left(at, 1) && self.head.get(at).filter(is_headline).is_some() {
            at += 1;
        }
        self.body = self.head.split_off(at.min(self.head.len()));
    }
}

fn article(lines: &[&str]) -> Option<Item> {
    let begin = lines.iter().position(|line| !is_blank(line))?;
    number(lines.get(begin)?)?;
    let mut item = Item::default();
    let mut parts = Parts { stage: Stage::Head, has_fields: false, head: Vec::new(), body: Vec::new() };
    head_blocks(lines.get(begin + 1..)?).for_each(|block| parts.add(block, &mut item));
    if parts.body.is_empty() {
        parts.split_head();
    }
    // The newspaper, the date, perhaps the edition, and the headline.
    let date = parts.date();
    if let Some(block) = date.and_then(|at| parts.head.get(at)) {
        push_date(&mut item, &joined(block));
    }
    if item.title.is_none() {
        let behind = date.map_or(1, |at| at + 1);
        item.title = parts.head.get(behind..).and_then(<[_]>::last).map(|block| joined(block));
    }
    let source = parts.head.first().filter(|_| date != Some(0)).map(|block| joined(block));
    item.push("source", &source.unwrap_or_default());
    item.text = text(&parts.body);
    Some(item)
}
