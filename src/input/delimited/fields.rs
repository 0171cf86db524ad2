//! A row to the fields that were asked for.

use super::super::{InputOptions, join_text};
use super::parser::{Parser, split};
use crate::document::{Document, Replaced};
use crate::error::{Error, ErrorKind, Position, Result};
use crate::model::Markup;

/// Where the columns that were asked for stand in the header: the text columns, then the id, then the carried ones.
#[derive(Debug)]
pub(super) struct Columns {
    places: Vec<Option<usize>>,
    texts: usize,
}

impl Columns {
    /// Of no columns at all, for reading the header.
    pub(super) fn none() -> Self {
        Columns { places: Vec::new(), texts: 0 }
    }

    pub(super) fn find(header: &[String], options: &InputOptions, position: &Position) -> Result<Self> {
        let find = |name: &str, required: bool| match header.iter().position(|found| found == name) {
            None if required => Err(Error::new(ErrorKind::MissingColumn {
                position: position.clone(),
                column: name.to_owned(),
                found: header.to_vec(),
            })),
            place => Ok(place),
        };
        let texts = options.text.iter().map(|name| find(name, true));
        let others = std::iter::once(&options.id).chain(&options.columns).map(|c| find(&c.name, c.required));
        Ok(Columns { places: texts.chain(others).collect::<Result<_>>()?, texts: options.text.len() })
    }
}

/// The unquoted fields of one row that were asked for, one after the other; a column that is not there is empty.
#[derive(Debug)]
pub(in crate::input) struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    texts: usize,
    replaced: Option<Replaced>,
}

impl Fields {
    pub(super) fn of(parser: &Parser, columns: &Columns, replaced: Option<Replaced>) -> Self {
        let (bytes, ends) = parser.parts();
        let mut fields = Fields {
            bytes: Vec::new(),
            ends: Vec::with_capacity(columns.places.len()),
            texts: columns.texts,
            replaced,
        };
        for place in &columns.places {
            let field = place.and_then(|place| {
                let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                bytes.get(start..*ends.get(place)?)
            });
            fields.bytes.extend_from_slice(field.unwrap_or(&[]));
            fields.ends.push(fields.bytes.len());
        }
        fields
    }

    pub(in crate::input) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(in crate::input) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        split(&self.bytes, &self.ends)
    }

    pub(in crate::input) fn fill(&self, markup: Markup, document: &mut Document) {
        let mut fields = split(&self.bytes, &self.ends).map(String::from_utf8_lossy);
        let texts: Vec<_> = fields.by_ref().take(self.texts).collect();
        document.text = join_text(texts.iter().map(AsRef::as_ref), markup);
        if let Some(id) = fields.next().filter(|id| !id.is_empty()) {
            document.id = id.into_owned();
        }
        for (slot, value) in document.columns.iter_mut().zip(fields) {
            *slot = (!value.is_empty()).then(|| value.into_owned());
        }
        document.replaced = self.replaced;
    }
}
