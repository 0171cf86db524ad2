//! Reads texts that are Python objects, and says which one is none.

use pyo3::exceptions::{PyTypeError, PyUnicodeEncodeError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::error::input_error;
use crate::texts::names::name;

/// What the objects of a list must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `str` or `None`.
    Text,
    /// The same, or a number, a truth value or a date, which is taken as it is written.
    Name,
    /// A name, or anything else, which is taken for a missing value: nobody asked for this column.
    NameIfAny,
}

/// A place in a column, for messages.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub column: &'a str,
    pub row: usize,
}

/// Reads one object; `None` for `None`. The text is copied: to borrow it would make CPython keep a
/// second copy for as long as the string lives.
pub fn text(object: &Bound<'_, PyAny>, place: Place<'_>, wanted: Wanted) -> PyResult<Option<String>> {
    if object.is_none() {
        return Ok(None);
    }
    if let Ok(text) = object.cast::<PyString>() {
        return match text.to_cow() {
            Ok(text) => Ok(Some(text.into_owned())),
            Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(object.py()) => {
                Err(lone_surrogate(object.py(), place))
            }
            Err(error) => Err(error),
        };
    }
    if wanted != Wanted::Text
        && let Some(name) = name(object)?
    {
        return Ok(name);
    }
    if wanted == Wanted::NameIfAny { Ok(None) } else { Err(no_text(object, place)?) }
}

fn lone_surrogate(py: Python<'_>, Place { column, row }: Place<'_>) -> PyErr {
    input_error(
        py,
        format!(
            "{column}[{row}] has a lone surrogate, which stands for no character; decode the bytes with the right encoding, or with \
             errors=\"replace\""
        ),
    )
}

/// Says what was found in the place of a text.
fn no_text(object: &Bound<'_, PyAny>, Place { column, row }: Place<'_>) -> PyResult<PyErr> {
    let type_name = object.get_type().name()?;
    let type_name = type_name.to_cow()?;
    let is_nan = object.extract::<f64>().is_ok_and(f64::is_nan);
    let hint = match type_name.as_ref() {
        "bytes" | "bytearray" => {
            "; decode it first, or let standpoint_stance.read find its format and encoding"
        }
        "NAType" | "NaTType" => "; put None where a text is missing",
        _ if is_nan => "; put None where a text is missing",
        _ => "",
    };
    let shown = if is_nan { " (nan)" } else { "" };
    Ok(PyTypeError::new_err(format!("{column}[{row}] is {type_name}{shown}; expected str or None{hint}")))
}
