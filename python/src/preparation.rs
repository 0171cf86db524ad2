//! Takes what a call says of the preparation of texts.

use pyo3::prelude::*;
use standpoint::Named;
use standpoint::text::{Markup, Preparation};

use crate::error::parameter_error;

/// The preparation with the markup that a call asks for, if it asks for one.
pub fn preparation_with(
    py: Python<'_>,
    preparation: &Preparation,
    markup: Option<&str>,
) -> PyResult<Preparation> {
    let of_name = |name: &str| {
        Markup::from_name(name).ok_or_else(|| {
            let names = Markup::ALL.map(Markup::name).join(", ");
            parameter_error(py, format!("markup='{name}': expected one of {names}"))
        })
    };
    let markup = markup.map_or(Ok(preparation.markup), of_name)?;
    Ok(Preparation { markup, ..preparation.clone() })
}
