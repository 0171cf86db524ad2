//! Holds one column of texts: a list of objects, or the chunks of an Arrow column.

use std::borrow::Cow;

use arrow_array::{Array, ArrayRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::arrow::StringChunk;
use crate::texts::objects::{Place, Wanted, text};

/// One column.
pub struct Column {
    /// For messages.
    name: String,
    wanted: Wanted,
    values: Values,
}

enum Values {
    Objects(Py<PyList>),
    /// Chunks, and the row behind the last of each.
    Chunks(Vec<StringChunk>, Vec<usize>),
}

impl Column {
    /// A list of objects, which are looked at when they are read.
    pub fn from_objects(name: &str, wanted: Wanted, objects: Bound<'_, PyList>) -> Self {
        Column { name: name.to_owned(), wanted, values: Values::Objects(objects.unbind()) }
    }

    /// The chunks of an Arrow column, which must hold text.
    pub fn from_chunks(name: &str, wanted: Wanted, chunks: Vec<ArrayRef>) -> PyResult<Self> {
        let read = |chunk: ArrayRef| match wanted {
            Wanted::Text => StringChunk::new(chunk),
            Wanted::Name => StringChunk::from_names(chunk),
            Wanted::NameIfAny => {
                let rows = chunk.len();
                StringChunk::from_names(chunk).or(Ok(StringChunk::Null(rows)))
            }
        };
        let chunks: Vec<StringChunk> =
            chunks.into_iter().map(read).collect::<Result<_, _>>().map_err(|found| {
                PyTypeError::new_err(format!(
                    "{name} has the Arrow type {found}; expected a type of text: cast it"
                ))
            })?;
        let mut rows = 0;
        let end = |chunk: &StringChunk| {
            rows += chunk.len();
            rows
        };
        let ends = chunks.iter().map(end).collect();
        Ok(Column { name: name.to_owned(), wanted, values: Values::Chunks(chunks, ends) })
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of rows.
    pub fn len(&self, py: Python<'_>) -> usize {
        match &self.values {
            Values::Objects(list) => list.bind(py).len(),
            Values::Chunks(_, ends) => ends.last().copied().unwrap_or(0),
        }
    }

    /// The text of a row; `None` where it is missing.
    pub fn get(&self, py: Python<'_>, row: usize) -> PyResult<Option<Cow<'_, str>>> {
        match &self.values {
            Values::Objects(list) => {
                let object = list.bind(py).get_item(row)?;
                Ok(text(&object, Place { column: &self.name, row }, self.wanted)?.map(Cow::Owned))
            }
            Values::Chunks(chunks, ends) => {
                let chunk = ends.partition_point(|end| *end <= row);
                let before = chunk.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                Ok(chunks.get(chunk).and_then(|chunk| chunk.get(row - before)).map(Cow::Borrowed))
            }
        }
    }
}
