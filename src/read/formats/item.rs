//! Turns items into documents: what feeds, mailboxes and exports of articles have in common is a
//! text with named values.

use std::borrow::Cow;
use std::fmt;

use crate::error::Message;
use crate::read::InputOptions;
use crate::read::bytes::decode::{Decoded, utf8};
use crate::text::document::{Document, Replaced};

/// An item as it was cut out of its file. The scoring threads read it.
pub(crate) trait RawItem: fmt::Debug + Send + Sync {
    /// The format's short name, as errors have it.
    fn format(&self) -> &'static str;

    /// What is told of a file whose name does not tell its format.
    fn note(&self) -> &'static str;

    /// Its bytes, and what else it was made from.
    fn parts(&self) -> Vec<&[u8]>;

    /// Reads it. What is wrong with it is an error of this item alone.
    fn read(&self, place: &Place, options: &InputOptions) -> Result<Item, Message>;
}

/// Where an item stands in its file, and how the file's bytes have become UTF-8.
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) offset: u64,
    pub(crate) decoded: Decoded,
}

impl Place {
    /// The text of the item's bytes, and what was replaced in it.
    pub(crate) fn decode(&self, bytes: &[u8]) -> (String, Option<Replaced>) {
        utf8(bytes, self.line, self.offset, self.decoded)
    }
}

/// What an item holds.
#[derive(Debug, Default)]
pub(crate) struct Item {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) text: String,
    /// Values by the names that carried columns may have. Of several of one name the first counts.
    pub(crate) values: Vec<(Cow<'static, str>, String)>,
    pub(crate) replaced: Option<Replaced>,
}

impl Item {
    /// Adds a value, unless it is blank.
    pub(crate) fn push(&mut self, name: impl Into<Cow<'static, str>>, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.values.push((name.into(), value.to_owned()));
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.values.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).or_else(|| self.title.as_deref().filter(|_| name == "title"))
    }

    /// Fills a document. The id is the value that is named as the id column, else the item's own.
    pub(crate) fn fill(self, options: &InputOptions, document: &mut Document) {
        for (column, slot) in options.columns.iter().zip(&mut document.columns) {
            *slot = self.get(&column.name).map(str::to_owned);
        }
        if let Some(id) = self.get(&options.id.name).or(self.id.as_deref()) {
            document.id = id.to_owned();
        }
        document.title = self.title.filter(|title| !title.trim().is_empty());
        document.text = self.text;
        document.replaced = self.replaced;
    }
}
