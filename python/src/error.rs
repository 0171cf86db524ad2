//! Raises errors of the library as the exceptions that `standpoint_stance` defines.

use pyo3::prelude::*;
use standpoint::error::Message;
use standpoint::{Error, ErrorKind};

/// The module that defines the exceptions.
const MODULE: &str = "standpoint_stance._errors";

/// An exception of that name, defined in Python, where it can be pickled and has a place in the
/// documentation.
pub fn exception(py: Python<'_>, name: &str, message: impl Into<String>) -> PyErr {
    let make = || -> PyResult<PyErr> {
        let class = py.import(MODULE)?.getattr(name)?;
        Ok(PyErr::from_value(class.call1((message.into(),))?))
    };
    make().unwrap_or_else(|error| error)
}

/// A text or column that cannot be used.
pub fn input_error(py: Python<'_>, message: impl Into<String>) -> PyErr {
    exception(py, "InputError", message)
}

/// A parameter outside its range.
pub fn parameter_error(py: Python<'_>, message: impl Into<String>) -> PyErr {
    exception(py, "ParameterError", message)
}

/// An error of the library, with parameters spelled as keywords: `folds=`.
pub fn raise(py: Python<'_>, error: &Error) -> PyErr {
    let name = match error.kind() {
        ErrorKind::Parameter { .. } => "ParameterError",
        ErrorKind::Model(_) => "ModelError",
        ErrorKind::Data(_) => "DataError",
        ErrorKind::Stopped => return pyo3::exceptions::PyKeyboardInterrupt::new_err(()),
        ErrorKind::Io { .. } | ErrorKind::Run { .. } => "RunError",
        _ => "InputError",
    };
    exception(py, name, in_python(error))
}

/// The error's text. A value stands right behind its keyword, as Python writes it: `folds=1`.
fn in_python(error: &Error) -> String {
    let text = with_values(error.display_with(keyword));
    match error.kind() {
        ErrorKind::Parameter { name, found, .. } => {
            let keyword = keyword(name);
            text.replacen(&format!("{keyword} {found}:"), &format!("{keyword}{found}:"), 1)
        }
        _ => text,
    }
}

/// A parameter as Python writes it: most have the name that they have in the library.
pub fn keyword(name: &str) -> String {
    let name = match name {
        "jobs" => "n_jobs",
        "words" => "ngrams",
        "text_column" | "text_columns" => "text",
        "id_column" => "id",
        "group_column" => "group",
        "weight_column" => "weight",
        "label_column" => "labels",
        "label_variants" => "merge_spellings",
        "resume" | "restart" => return format!("unfinished='{name}'"),
        // No parameter: a table is filtered before it is handed over.
        "ignored_labels" | "ignore_label" => return "a filter".to_owned(),
        "header_row" | "encoding" | "sheet" | "delimiter" | "quote" | "escape" | "zstd_window_log"
        | "missing" | "date_format" => {
            return format!("--{} of the command", name.replace('_', "-"));
        }
        other => other,
    };
    format!("{name}=")
}

/// A message with parameters and values as Python writes them.
pub fn spelled(message: &Message) -> String {
    with_values(message.with_names(keyword))
}

/// Values that messages name behind their parameter, as the command line has them, and in Python.
const VALUES: [(&str, &str); 7] = [
    ("axis= LABEL=1", "axis={LABEL: 1}"),
    ("calibration= vector", "calibration='vector'"),
    ("markup= html", "markup='html'"),
    ("markup= markdown", "markup='markdown'"),
    ("merge_spellings= merge", "merge_spellings=True"),
    ("ngrams= 1-1 or 1-2", "ngrams=(1, 1) or (1, 2)"),
    ("unit= document", "unit='document'"),
];

fn with_values(text: String) -> String {
    VALUES.iter().fold(text, |text, (command, python)| text.replace(command, python))
}
