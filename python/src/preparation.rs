//! Takes what a call says of the preparation of texts.

use pyo3::prelude::*;
use standpoint::text::{Markup, Preparation};
use standpoint::{Error, Named, Result};

use crate::error::raise;

/// The preparation with the markup that a call asks for, if it asks for one.
pub fn preparation_with(
    py: Python<'_>,
    preparation: &Preparation,
    name: Option<&str>,
) -> PyResult<Preparation> {
    let markup = name.map_or(Ok(preparation.markup), markup).map_err(|error| raise(py, &error))?;
    Ok(Preparation { markup, ..preparation.clone() })
}

/// The markup of this name.
pub fn markup(name: &str) -> Result<Markup> {
    Markup::from_name(name).ok_or_else(|| {
        let names = Markup::ALL.map(Markup::name).join(", ");
        Error::invalid_parameter("markup", format!("'{name}'"), format!("one of {names}"))
    })
}
