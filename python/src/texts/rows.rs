//! Puts the columns of a call together, row by row and batch by batch.

use std::borrow::Cow;
use std::num::NonZero;
use std::thread::available_parallelism;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use standpoint::classifier::BatchSize;
use standpoint::error::Position;
use standpoint::read::GROUP_COLUMNS;
use standpoint::text::Record;

use crate::texts::column::Column;
use crate::texts::objects::Wanted;
use crate::texts::source::Source;

/// So many rows, or so many bytes of text for each thread, are taken at a time: little enough that
/// Ctrl-C is seen soon.
const SHARE: BatchSize = BatchSize { items: 1024, bytes: 4 << 20 };
/// For more threads no more is taken.
const MAX_SHARES: usize = 8;

/// The rows of one call.
#[pyclass(frozen, module = "standpoint_stance._native")]
pub struct Rows {
    texts: Vec<Column>,
    title: Option<Column>,
    id: Option<Column>,
    pub keep: Vec<String>,
    kept: Vec<Column>,
    /// The last of the columns that are kept, which nobody named but which have the name that
    /// groups or dates usually have.
    pub usual: Vec<&'static str>,
    is_table: bool,
    len: usize,
}

/// The column that dates are taken from where none is named, as in files.
pub const DATE_COLUMN: &str = "date";

/// What a call says of the columns beside the texts.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Beside<'py> {
    title: Option<Bound<'py, PyAny>>,
    id: Option<Bound<'py, PyAny>>,
    keep: Vec<String>,
    /// Columns that are kept behind those, under names for messages: labels, groups, dates.
    extra: Vec<(String, Bound<'py, PyAny>)>,
    /// Whether groups and dates are taken from the columns that usually have them.
    usual_groups: bool,
    usual_dates: bool,
}

/// One row, with its columns in the order of the call.
pub struct TextRow<'a> {
    /// Its number, from 0.
    pub number: usize,
    pub texts: Vec<Option<Cow<'a, str>>>,
    pub title: Option<Cow<'a, str>>,
    pub id: Option<Cow<'a, str>>,
    pub kept: Vec<Option<Cow<'a, str>>>,
}

impl TextRow<'_> {
    /// Where it stands, for messages.
    pub fn place(&self) -> Position {
        Position { record: Some(self.number as u64 + 1), ..Position::from_path("texts") }
    }

    /// Whether all that would be scored is missing.
    pub fn is_missing(&self) -> bool {
        self.texts.iter().all(Option::is_none) && self.title.is_none()
    }

    /// Whether a text contains a zero byte, which no text does.
    pub fn holds_zero(&self) -> bool {
        let parts = self.texts.iter().flatten().chain(&self.title);
        parts.into_iter().any(|part| part.as_bytes().contains(&0))
    }

    /// The record as the library scores it.
    pub fn record(&self) -> Record {
        let record = Record::from_columns(self.texts.iter().flatten().map(|text| text.as_ref()));
        match &self.title {
            Some(title) => record.with_title(title.as_ref()),
            None => record,
        }
    }

    /// Bytes of text.
    pub fn bytes(&self) -> usize {
        self.texts.iter().flatten().chain(&self.title).map(|text| text.len()).sum()
    }

    /// The row with texts of its own.
    pub fn to_owned_row(&self) -> TextRow<'static> {
        let owned = |text: &Option<Cow<'_, str>>| text.as_deref().map(|text| Cow::Owned(text.to_owned()));
        TextRow {
            number: self.number,
            texts: self.texts.iter().map(owned).collect(),
            title: owned(&self.title),
            id: owned(&self.id),
            kept: self.kept.iter().map(owned).collect(),
        }
    }
}

#[pymethods]
impl Rows {
    /// Number of columns that the texts are made of.
    pub fn text_columns(&self) -> usize {
        self.texts.len()
    }

    /// Takes `texts`, of which the columns called `columns` are read where it is a table.
    #[new]
    fn new(texts: &Bound<'_, PyAny>, columns: Vec<String>, beside: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = texts.py();
        let source = Source::new("texts", texts)?;
        if !source.is_table() {
            check_one_column(&columns)?;
        }
        let text =
            |name: &String| source.column(py, if source.is_table() { name } else { "texts" }, Wanted::Text);
        let texts: Vec<Column> = columns.iter().map(text).collect::<PyResult<_>>()?;
        let Beside { title, id, keep, extra, usual_groups, usual_dates } = beside.extract()?;
        // A column that is named for something else is no group.
        let mut named = columns.clone();
        let given = title.iter().chain(&id).chain(extra.iter().map(|(_, given)| given));
        named.extend(given.filter_map(|given| given.extract::<String>().ok()));
        let title = title.map(|given| source.beside("title", &given, Wanted::Text)).transpose()?;
        let id = id.map(|given| source.beside("id", &given, Wanted::Name)).transpose()?;
        if !source.is_table() && !keep.is_empty() {
            return Err(PyValueError::new_err("keep names columns, and texts is no table; pass a table"));
        }
        let mut kept: Vec<Column> =
            keep.iter().map(|name| source.column(py, name, Wanted::Name)).collect::<PyResult<_>>()?;
        for (name, given) in extra {
            kept.push(source.beside(&name, &given, Wanted::Name)?);
        }
        let candidates = GROUP_COLUMNS.into_iter().filter(|_| usual_groups);
        let candidates = candidates.chain(usual_dates.then_some(DATE_COLUMN));
        let mut usual = Vec::new();
        for name in candidates.filter(|name| named.iter().all(|other| other != name)) {
            if source.has_column(name)? {
                usual.push(name);
                kept.push(source.column(py, name, Wanted::NameIfAny)?);
            }
        }
        let (len, is_table) = (texts.first().map_or(0, |column| column.len(py)), source.is_table());
        let rows = Rows { texts, title, id, keep, kept, usual, is_table, len };
        rows.check_lengths(py)?;
        Ok(rows)
    }

    fn __len__(&self) -> usize {
        self.len
    }
}

/// How many threads work at the same time: there may be fewer processors than threads.
fn shares(jobs: usize) -> usize {
    match jobs {
        1 => 1,
        _ => jobs.min(available_parallelism().map_or(1, NonZero::get)).clamp(1, MAX_SHARES),
    }
}

/// Refuses a model of several columns where there is one without a name.
fn check_one_column(columns: &[String]) -> PyResult<()> {
    if columns.len() > 1 {
        return Err(PyValueError::new_err(format!(
            "the model reads the columns {}; expected a table that has them, or a dict of lists",
            standpoint::error::list(columns)
        )));
    }
    Ok(())
}

impl Rows {
    /// The rows of a list of texts, for a model that reads `columns`.
    pub fn from_list(texts: &Bound<'_, PyList>, columns: &[String]) -> PyResult<Self> {
        check_one_column(columns)?;
        let texts_column = Column::from_objects("texts", Wanted::Text, texts.clone());
        Ok(Rows {
            texts: vec![texts_column],
            title: None,
            id: None,
            keep: Vec::new(),
            kept: Vec::new(),
            usual: Vec::new(),
            is_table: false,
            len: texts.len(),
        })
    }

    fn columns(&self) -> impl Iterator<Item = &Column> {
        self.texts.iter().chain(&self.title).chain(&self.id).chain(&self.kept)
    }

    fn check_lengths(&self, py: Python<'_>) -> PyResult<()> {
        match self.columns().find(|column| column.len(py) != self.len) {
            Some(other) => Err(PyValueError::new_err(format!(
                "{} has length {}, and {} has length {}; expected columns of one length",
                other.name(),
                other.len(py),
                self.texts.first().map_or("texts", Column::name),
                self.len
            ))),
            None => Ok(()),
        }
    }

    /// Whether they come from a table, whose columns have names.
    pub fn is_table(&self) -> bool {
        self.is_table
    }

    /// Whether rows have ids.
    pub fn has_ids(&self) -> bool {
        self.id.is_some()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The next rows from `start` on; none at the end.
    pub fn batch(&self, py: Python<'_>, start: usize) -> PyResult<Vec<TextRow<'_>>> {
        self.batch_for(py, start, 1)
    }

    /// The next rows from `start` on, for so many threads: each finds work in them even where texts
    /// are large.
    pub fn batch_for(&self, py: Python<'_>, start: usize, jobs: usize) -> PyResult<Vec<TextRow<'_>>> {
        let size = BatchSize { bytes: SHARE.bytes * shares(jobs), ..SHARE };
        let mut batch = Vec::with_capacity(size.items.min(self.len - start.min(self.len)));
        let mut bytes = 0;
        while start + batch.len() < self.len && !size.is_full(batch.len(), bytes, jobs) {
            let row = self.row(py, start + batch.len())?;
            bytes += row.bytes();
            batch.push(row);
        }
        Ok(batch)
    }

    fn row(&self, py: Python<'_>, number: usize) -> PyResult<TextRow<'_>> {
        Ok(TextRow {
            number,
            texts: self.texts.iter().map(|column| column.get(py, number)).collect::<PyResult<_>>()?,
            title: match &self.title {
                Some(column) => column.get(py, number)?,
                None => None,
            },
            id: match &self.id {
                Some(column) => column.get(py, number)?,
                None => None,
            },
            kept: self.kept.iter().map(|column| column.get(py, number)).collect::<PyResult<_>>()?,
        })
    }
}
