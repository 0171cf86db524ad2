//! Raises errors of the library as the exceptions that `standpoint_stance` defines.

use pyo3::prelude::*;
use standpoint::error::{Message, Spelling};
use standpoint::label::LabelVariants;
use standpoint::{Error, ErrorKind, Named};

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
    let text = error.spelled(SPELLING);
    match error.kind() {
        ErrorKind::Parameter { name, found, .. } => {
            let keyword = keyword(name);
            text.replacen(&format!("{keyword} {found}:"), &format!("{keyword}{found}:"), 1)
        }
        _ => text,
    }
}

/// Parameters and values as Python writes them.
pub const SPELLING: Spelling = Spelling { name: keyword, setting };

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
        name => match flag(name) {
            Some(flag) => return format!("{flag} of the command"),
            None => name,
        },
    };
    format!("{name}=")
}

/// The flag of a parameter that only the command has.
fn flag(name: &str) -> Option<String> {
    const OF_COMMAND: [&str; 9] = [
        "header_row",
        "encoding",
        "sheet",
        "delimiter",
        "quote",
        "escape",
        "zstd_window_log",
        "missing",
        "date_format",
    ];
    OF_COMMAND.contains(&name).then(|| format!("--{}", name.replace('_', "-")))
}

/// A parameter with its value as Python writes both: `unit='document'`.
fn setting(name: &str, value: &str) -> String {
    if let Some(flag) = flag(name) {
        return format!("{flag} {value} of the command");
    }
    let keyword = keyword(name);
    let value = match name {
        "ignored_labels" | "ignore_label" => return keyword,
        "label_variants" => if value == LabelVariants::Merge.name() { "True" } else { "False" }.to_owned(),
        "axis" => value.split_once('=').map_or(value.to_owned(), |(label, on)| format!("{{{label}: {on}}}")),
        // Ranges: 1-1 or 1-2.
        "words" => {
            let range = |range: &str| format!("({})", range.replace('-', ", "));
            value.split(" or ").map(range).collect::<Vec<_>>().join(" or ")
        }
        _ => format!("'{value}'"),
    };
    format!("{keyword}{value}")
}

/// A message with parameters and values as Python writes them.
pub fn spelled(message: &Message) -> String {
    message.spelled(SPELLING)
}
