//! Hands figures to Python as JSON, which the package turns into dictionaries.

use pyo3::prelude::*;
use serde::Serialize;

use crate::error::exception;

/// A value as JSON.
pub fn written(py: Python<'_>, value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| exception(py, "InternalError", error.to_string()))
}
