//! Takes the columns that were asked for from the rows of a table.

use crate::error::{Error, ErrorKind, Message, Position, Result};
use crate::read::bytes::decode::lossy;
use crate::read::signs::is_cut_by_excel;
use crate::read::tables::added_columns::Prefixed;
use crate::read::tables::text_column;
use crate::read::{InputOptions, Requirement};
use crate::text::document::{Document, Replaced};
use crate::text::{Preparation, TextSign};

/// Most columns that a table may have. A row of millions of empty ones is no table.
const MAX_COLUMNS: usize = 100_000;

/// Refuses a header of too many columns, before their names are taken.
pub(crate) fn check_width(columns: usize, position: &Position) -> Result<()> {
    if columns <= MAX_COLUMNS {
        return Ok(());
    }
    let message = format!(
        "it has {columns} columns; expected at most {MAX_COLUMNS}; leave out columns that are not needed"
    );
    Err(Error::malformed(position.clone(), "csv", message))
}

/// The places in the header of the columns that were asked for: the text columns, then the id, then
/// the carried ones. `None` where the header lacks one.
#[derive(Debug)]
pub(crate) struct Columns {
    places: Vec<Option<usize>>,
    texts: usize,
    /// What is said of the file where its text column was guessed.
    note: Option<Message>,
}

impl Columns {
    /// Takes no columns at all, while the header is read.
    pub(crate) fn none() -> Self {
        Columns { places: Vec::new(), texts: 0, note: None }
    }

    pub(crate) fn find(header: &[String], options: &InputOptions, position: &Position) -> Result<Self> {
        check_width(header.len(), position)?;
        let find = |name: &str, required: bool| match place(header, name, position)? {
            None if required => Err(Error::new(ErrorKind::MissingColumn {
                position: position.clone(),
                column: name.to_owned(),
                found: header.to_vec(),
            })),
            place => Ok(place),
        };
        let named = &options.preparation.text_columns;
        let guessed = text_column::guess(header.iter().map(String::as_str), options);
        let texts =
            named.iter().map(|name| find(guessed.unwrap_or(name), true).map_err(text_column::suggest));
        let prefixed = options.unprefix_exports.then(|| Prefixed::find(header)).flatten();
        let name = |name: &'_ str| prefixed.as_ref().and_then(|prefixed| prefixed.name(name));
        let id = std::iter::once(find(&options.id.name, options.id.need != Requirement::Optional));
        let others = options
            .columns
            .iter()
            .map(|c| find(name(&c.name).unwrap_or(&c.name), c.need != Requirement::Optional));
        Ok(Columns {
            places: texts.chain(id).chain(others).collect::<Result<_>>()?,
            texts: named.len(),
            note: guessed
                .zip(named.first())
                .map(|(guessed, usual)| text_column::note(position, usual, guessed)),
        })
    }

    /// As [`find`](Self::find), for a header that may stand elsewhere in its file.
    pub(crate) fn find_in_header(
        header: &[String],
        options: &InputOptions,
        position: &Position,
        line_below: impl FnOnce() -> Option<u64>,
    ) -> Result<Self> {
        Columns::find(header, options, position).map_err(|error| {
            if !matches!(error.kind(), ErrorKind::MissingColumn { .. }) || options.header_row.is_some() {
                return error;
            }
            if error.hint().is_some() {
                return error;
            }
            let is_of_texts = is_of_texts(&error, options);
            error.with_hint(match line_below() {
                Some(line) => {
                    Message::from(format!("line {line} has it; if the column names are there, give "))
                        .then(Message::setting("header_row", line.to_string()))
                }
                None if is_of_texts => Message::naming(
                    "name the column of the texts with `text_column`, or, if the column names are on a later line, give `header_row`",
                ),
                None => Message::naming("if the column names are on a later line, give `header_row`"),
            })
        })
    }

    /// What there is to say of the file, once.
    pub(crate) fn take_note(&mut self) -> Option<Message> {
        self.note.take()
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = Option<usize>> {
        self.places.iter().copied()
    }

    /// The places of the text columns.
    #[cfg(feature = "parquet")]
    pub(crate) fn texts(&self) -> impl Iterator<Item = usize> {
        self.places.iter().take(self.texts).flatten().copied()
    }

    /// A row without fields yet; one for each place is to be pushed.
    pub(crate) fn row(&self) -> Fields {
        Fields {
            bytes: Vec::new(),
            ends: Vec::with_capacity(self.places.len()),
            texts: self.texts,
            nulls: Vec::new(),
            replaced: None,
            file_notes: Vec::new(),
        }
    }
}

/// Whether the column that is missing is one of the text columns.
fn is_of_texts(error: &Error, options: &InputOptions) -> bool {
    let ErrorKind::MissingColumn { column, .. } = error.kind() else { return false };
    options.preparation.text_columns.contains(column)
}

/// The unquoted fields of one row that were asked for, one after the other. A column that the file
/// lacks is empty.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    texts: usize,
    /// The places of the fields that are null, in a format that has nulls.
    nulls: Vec<usize>,
    pub(crate) replaced: Option<Replaced>,
    /// What there is to say of the file, with one of its rows.
    pub(crate) file_notes: Vec<Message>,
}

/// The place of a name in a header.
///
/// # Errors
/// It stands there twice, and nobody can tell which column is meant.
fn place(header: &[String], name: &str, position: &Position) -> Result<Option<usize>> {
    let mut places = header.iter().enumerate().filter(|(_, found)| *found == name).map(|(place, _)| place);
    let first = places.next();
    match (first, places.next()) {
        (Some(first), Some(second)) => {
            let found = format!(
                "two columns are called `{name}` (columns {} and {}); rename one of them",
                first + 1,
                second + 1
            );
            Err(Error::malformed(position.clone(), "columns", found))
        }
        _ => Ok(first),
    }
}

impl Fields {
    pub(crate) fn push(&mut self, field: &[u8]) {
        self.bytes.extend_from_slice(field);
        self.ends.push(self.bytes.len());
    }

    /// Says that the field which was pushed last is null.
    #[cfg(feature = "parquet")]
    pub(crate) fn set_null(&mut self) {
        self.nulls.extend(self.ends.len().checked_sub(1));
    }

    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        split(&self.bytes, &self.ends)
    }

    pub(crate) fn fill(self, preparation: &Preparation, document: &mut Document) {
        let mut fields = split(&self.bytes, &self.ends).map(lossy);
        let texts: Vec<_> = fields.by_ref().take(self.texts).collect();
        if texts.iter().any(|text| is_cut_by_excel(text)) {
            document.signs.insert(TextSign::CutByExcel);
        }
        let joined = preparation.join(texts.iter().map(AsRef::as_ref));
        (document.text, document.extraction) = (joined.text, joined.extraction);
        if let Some(id) = fields.next().filter(|id| !id.is_empty()) {
            document.id = id.into_owned();
        }
        for (slot, value) in document.columns.iter_mut().zip(fields) {
            *slot = (!value.is_empty()).then(|| value.into_owned());
        }
        // The extra columns follow the texts and the id.
        document.nulls = self.nulls.iter().filter_map(|place| place.checked_sub(self.texts + 1)).collect();
        document.replaced = self.replaced;
        document.file_notes = self.file_notes;
    }
}

/// Cuts fields that stand one after the other at their ends.
pub(crate) fn split<'b>(bytes: &'b [u8], ends: &'b [usize]) -> impl Iterator<Item = &'b [u8]> {
    let mut start = 0;
    ends.iter().map(move |&end| {
        let field = bytes.get(start..end).unwrap_or(&[]);
        start = end;
        field
    })
}
