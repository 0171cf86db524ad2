//! The compiled part of the Python package `standpoint-stance`: the library's models, readers and
//! trainings under Python's protocols. What users call is in `python/standpoint_stance/`.

#![deny(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod abandoned;
mod adapting;
mod arrow;
mod command;
mod error;
mod evaluation;
mod files;
mod guard;
mod json;
mod labeled;
mod model;
mod preparation;
mod reading;
mod scores;
mod suggestion;
mod table;
mod texts;
mod training;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<model::NativeModel>()?;
    module.add_class::<scores::Table>()?;
    module.add_class::<texts::Rows>()?;
    module.add_class::<files::BatchScorer>()?;
    module.add_class::<adapting::Corpus>()?;
    module.add_function(wrap_pyfunction!(reading::read, module)?)?;
    module.add_function(wrap_pyfunction!(training::train, module)?)?;
    module.add_function(wrap_pyfunction!(evaluation::agreement, module)?)?;
    module.add_function(wrap_pyfunction!(command::run_command, module)?)?;
    module.add_function(wrap_pyfunction!(guard::_panic, module)?)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}
