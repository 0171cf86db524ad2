//! Imports the arrays of any object that speaks the Arrow PyCapsule interface.

use arrow_array::{Array, ArrayRef, StructArray, make_array};
use arrow_schema::DataType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::arrow::capsules::{CStream, array_from_capsules};

/// What an object gave.
pub enum Imported {
    /// The chunks of one column.
    Column(Vec<ArrayRef>),
    /// Columns by name, each in chunks.
    Table(Vec<(String, Vec<ArrayRef>)>),
}

/// Whether an object speaks the interface.
pub fn is_arrow(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?)
}

/// Takes what an object gives, without copying a text.
pub fn import(object: &Bound<'_, PyAny>) -> PyResult<Imported> {
    let chunks = if object.hasattr("__arrow_c_stream__")? {
        let capsule = object.call_method0("__arrow_c_stream__")?;
        let mut stream = CStream::from_capsule(capsule.cast::<PyCapsule>()?)?;
        let schema = stream.schema()?;
        let data_type = DataType::try_from(&schema).map_err(unknown)?;
        let mut chunks = Vec::new();
        while let Some(data) = stream.next(&schema)? {
            chunks.push(make_array(data));
        }
        if chunks.is_empty() {
            chunks.push(arrow_array::new_empty_array(&data_type));
        }
        chunks
    } else {
        let pair = object.call_method0("__arrow_c_array__")?;
        let pair = pair.cast::<PyTuple>()?;
        let (schema, array) = (pair.get_item(0)?, pair.get_item(1)?);
        let (_, data) = array_from_capsules(schema.cast::<PyCapsule>()?, array.cast::<PyCapsule>()?)?;
        vec![make_array(data)]
    };
    Ok(columns_of(chunks))
}

/// A table's chunks, column by column.
fn columns_of(chunks: Vec<ArrayRef>) -> Imported {
    let tables: Option<Vec<&StructArray>> =
        chunks.iter().map(|chunk| chunk.as_any().downcast_ref::<StructArray>()).collect();
    let Some(tables) = tables else { return Imported::Column(chunks) };
    let names: Vec<String> = tables
        .first()
        .map_or_else(Vec::new, |table| table.column_names().into_iter().map(str::to_owned).collect());
    let column = |(place, name): (usize, String)| {
        let chunks = tables.iter().filter_map(|table| table.columns().get(place).cloned()).collect();
        (name, chunks)
    };
    Imported::Table(names.into_iter().enumerate().map(column).collect())
}

fn unknown(error: arrow_schema::ArrowError) -> PyErr {
    PyTypeError::new_err(format!("an Arrow type that is not known here: {error}"))
}
