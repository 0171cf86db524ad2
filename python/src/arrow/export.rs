//! Exports a batch of rows as capsules.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator, StructArray};
use arrow_data::ffi::FFI_ArrowArray;
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, Schema};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::arrow::capsules::{array_to_capsule, schema_to_capsule, stream_to_capsule};

/// The columns' names and types.
pub fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    schema_to_capsule(py, FFI_ArrowSchema::try_from(schema).map_err(failed)?)
}

/// The rows as one array of structures, with its type.
pub fn array_capsules<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
    let data = StructArray::from(batch.clone()).into_data();
    Ok((schema_capsule(py, batch.schema_ref())?, array_to_capsule(py, FFI_ArrowArray::new(&data))?))
}

/// The rows as a stream of one batch.
pub fn stream_capsule<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    stream_to_capsule(py, FFI_ArrowArrayStream::new(Box::new(reader)))
}

fn failed(error: ArrowError) -> PyErr {
    PyRuntimeError::new_err(format!("the results cannot be handed over: {error}"))
}
