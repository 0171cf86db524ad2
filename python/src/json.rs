//! Hands figures to Python as JSON, which the package turns into dictionaries, and says in Python's
//! words what is wrong with JSON from there.

use pyo3::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::error::exception;

/// A value as JSON.
pub fn written(py: Python<'_>, value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| exception(py, "InternalError", error.to_string()))
}

/// A value as Python writes it.
pub fn in_python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

/// Types of Rust, and what Python calls their values.
const TYPES: [(&str, &str); 11] = [
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u64", "a whole number of at least 0"),
    ("usize", "a whole number of at least 0"),
    ("i64", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("a boolean", "True or False"),
    ("a string", "a str"),
    ("a tuple of size 2", "a pair of numbers"),
];

/// What a value should have been, from the message of the error that it gave.
pub fn expected(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let expected = message.rsplit_once("expected ").map_or(message.as_str(), |(_, expected)| expected);
    let plain = TYPES.iter().find(|(rust, _)| *rust == expected).map_or(expected, |(_, python)| python);
    match message.contains("expected ") {
        true => format!("expected {}", plain.replace('`', "'")),
        false => message,
    }
}
