//! Reads texts that are Python objects, and says which one is none.

use pyo3::exceptions::{PyTypeError, PyUnicodeEncodeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use crate::error::input_error;

/// What the objects of a list must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `str` or `None`.
    Text,
    /// The same, or an integer, which is taken as it is written.
    Name,
}

/// Reads one object; `None` for `None`. The text is copied: to borrow it would make CPython keep a
/// second copy for as long as the string lives.
pub fn text(object: &Bound<'_, PyAny>, place: (&str, usize), wanted: Wanted) -> PyResult<Option<String>> {
    let (name, index) = place;
    if object.is_none() {
        return Ok(None);
    }
    if let Ok(text) = object.cast::<PyString>() {
        return match text.to_cow() {
            Ok(text) => Ok(Some(text.into_owned())),
            Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(object.py()) => Err(input_error(
                object.py(),
                format!(
                    "{name}[{index}] has a lone surrogate, which stands for no character; decode the bytes with the right encoding, or with errors=\"replace\""
                ),
            )),
            Err(error) => Err(error),
        };
    }
    if wanted == Wanted::Name && object.is_instance_of::<PyInt>() && !object.is_instance_of::<PyBool>() {
        return object.str().and_then(|written| Ok(Some(written.to_cow()?.into_owned())));
    }
    let type_name = object.get_type().name()?;
    let is_missing = object.extract::<f64>().is_ok_and(f64::is_nan);
    let hint = match type_name.to_cow()?.as_ref() {
        "bytes" | "bytearray" => {
            "; decode it first, or let standpoint_stance.read find its format and encoding"
        }
        _ if is_missing => "; put None where a text is missing",
        _ => "",
    };
    let shown = if is_missing { " (nan)" } else { "" };
    Err(PyTypeError::new_err(format!("{name}[{index}] is {type_name}{shown}; expected str or None{hint}")))
}
