//! Runs the command line program inside of Python.

use std::ffi::OsString;

use pyo3::prelude::*;

use crate::guard::detached;

/// Runs `standpoint` with these arguments, of which the first is its name, and gives the exit code.
#[pyfunction]
pub fn run_command(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
    detached(py, || Ok(standpoint::cli::run(arguments) as u8))
}
