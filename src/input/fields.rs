//! A row to the fields that were asked for.

use super::decode::lossy;
use super::{InputOptions, Need, join_text};
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
        let others = std::iter::once(&options.id)
            .chain(&options.columns)
            .map(|c| find(&c.name, c.need != Need::Optional));
        Ok(Columns { places: texts.chain(others).collect::<Result<_>>()?, texts: options.text.len() })
    }

    pub(super) fn places(&self) -> impl Iterator<Item = Option<usize>> {
        self.places.iter().copied()
    }

    /// The places of the text columns.
    #[cfg(feature = "parquet")]
    pub(super) fn texts(&self) -> impl Iterator<Item = usize> {
        self.places.iter().take(self.texts).flatten().copied()
    }

    /// A row without fields as yet: one for each place is to come.
    pub(super) fn row(&self) -> Fields {
        Fields {
            bytes: Vec::new(),
            ends: Vec::with_capacity(self.places.len()),
            texts: self.texts,
            replaced: None,
        }
    }
}

/// The unquoted fields of one row that were asked for, one after the other; a column that is not there is empty.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    texts: usize,
    pub(super) replaced: Option<Replaced>,
}

impl Fields {
    pub(super) fn push(&mut self, field: &[u8]) {
        self.bytes.extend_from_slice(field);
        self.ends.push(self.bytes.len());
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        split(&self.bytes, &self.ends)
    }

    pub(super) fn fill(&self, markup: Markup, document: &mut Document) {
        let mut fields = split(&self.bytes, &self.ends).map(lossy);
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

/// Fields that stand one after the other, by their ends.
pub(super) fn split<'b>(bytes: &'b [u8], ends: &'b [usize]) -> impl Iterator<Item = &'b [u8]> {
    let mut start = 0;
    ends.iter().map(move |&end| {
        let field = bytes.get(start..end).unwrap_or(&[]);
        start = end;
        field
    })
}
