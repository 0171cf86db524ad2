//! Reads exports of newspaper databases that put many articles into one .txt: Nexis, Nexis Uni,
//! Factiva, ProQuest, Europresse, wiso, NewsBank, and others that number their articles. One
//! article is one text. A page of HTML is read by the lines that it shows.

mod factiva;
mod lines;
mod nexis;
mod nexis_fields;
mod nexis_uni;
mod numbers;
mod page;
mod proquest;
mod several;
mod tailed;

pub(crate) use page::{REFUSAL as SEVERAL_ON_A_PAGE, holds_several};
pub(crate) use several::may_hold_several;

use std::io::Cursor;

use crate::error::{Error, Message, Position, Result};
use crate::read::InputOptions;
use crate::read::bytes::sections::{Cutter, Sections};
use crate::read::bytes::source::Source;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::formats::item_reader::ItemReader;
use crate::scan::holds_in_any_case;

/// How one database lays its exports out.
struct Layout {
    /// What it is called.
    name: &'static str,
    /// Whether a file has this layout, by its first lines. Words that an article may quote are no
    /// reason: they have to stand where the layout has them.
    is_sure: fn(&[&str]) -> bool,
    /// Where articles are cut. A cutter sees each line once.
    cutter: fn() -> Cutter,
    /// The article of a section; none where a section holds none.
    article: fn(&[&str]) -> Option<Item>,
}

static LAYOUTS: [Layout; 7] = {
    let [europresse, wiso, newsbank] = tailed::LAYOUTS;
    [nexis::LAYOUT, nexis_uni::LAYOUT, factiva::LAYOUT, proquest::LAYOUT, europresse, wiso, newsbank]
};

/// The layout that the beginning of a file has.
fn layout(head: &[u8]) -> Option<&'static Layout> {
    // Words that stand in each of them; nearly all texts have none.
    let mut words = ["docu", "doku", "proquest"].into_iter().chain(tailed::WORDS);
    let is_known = words.any(|word| holds_in_any_case(head, word.as_bytes()));
    let first = head.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or(&[]);
    if !is_known && numbers::number(&String::from_utf8_lossy(first)).is_none() {
        return None;
    }
    let head = String::from_utf8_lossy(head);
    let lines: Vec<&str> = head.lines().collect();
    LAYOUTS.iter().find(|layout| (layout.is_sure)(&lines))
}

/// Whether a text begins like an export.
pub(crate) fn begins(head: &[u8]) -> bool {
    layout(head).is_some() || page::begins(head)
}

/// Reads the articles of an export.
pub(crate) fn open(mut source: Source, options: &InputOptions) -> Result<ItemReader> {
    let mut page = None;
    if page::begins(source.beginning()?) {
        let lines = page::lines(&source.read_whole(options.max_record)?).unwrap_or_default();
        page = Some(source.decoded());
        source = Source::new(source.path().clone(), Box::new(Cursor::new(lines.into_bytes())));
    }
    let Some(layout) = layout(source.beginning()?) else {
        let position = Position::from_path(source.path().to_string());
        let names: Vec<&str> = LAYOUTS.iter().map(|layout| layout.name).collect();
        let message = format!("it is not an export of {}", names.join(", "));
        return Err(Error::malformed(position, "export", message));
    };
    let sections = Sections::new(source, options.max_record, (layout.cutter)());
    let article = move |bytes: Vec<u8>| -> Option<Box<dyn RawItem>> {
        // The remaining sections are a cover page and the end of the file.
        (layout.article)(&String::from_utf8_lossy(&bytes).lines().collect::<Vec<_>>())?;
        Some(Box::new(Article { layout, bytes }))
    };
    Ok(ItemReader::new(sections, Box::new(article)).made_from(page))
}

struct Article {
    layout: &'static Layout,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Article {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Article").field(&self.layout.name).finish()
    }
}

impl RawItem for Article {
    fn format(&self) -> &'static str {
        "export"
    }

    fn note(&self) -> &'static str {
        "read as an export of many articles, by its content (`format` sets another format)"
    }

    fn parts(&self) -> Vec<&[u8]> {
        vec![&self.bytes]
    }

    fn read(&self, place: &Place, _: &InputOptions) -> std::result::Result<Item, Message> {
        let (text, replaced) = place.decode(&self.bytes);
        let lines: Vec<&str> = text.lines().collect();
        let item = (self.layout.article)(&lines).unwrap_or_default();
        Ok(Item { replaced, ..item })
    }
}

#[cfg(test)]
mod tests;
