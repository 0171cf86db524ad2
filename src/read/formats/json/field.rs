//! Turns a value as it is written into the text of a field.

use serde_json::value::RawValue;

use crate::read::formats::json::object::Object;

/// A string's characters, `None` for null, and anything else exactly as it is written.
pub(super) fn field(value: &RawValue) -> std::result::Result<Option<String>, &'static str> {
    match value.get() {
        "null" => Ok(None),
        // The record is valid JSON: nothing else can be wrong with a string.
        written if written.starts_with('"') => serde_json::from_str(written).map_err(|_| {
            "it contains half of a surrogate pair (\\ud800 to \\udfff alone), which is not a character; remove it"
        }),
        written if written.starts_with('{') => Ok(Some(extended(written).unwrap_or(written.to_owned()))),
        written => Ok(Some(written.to_owned())),
    }
}

/// What stands in an object by which MongoDB writes a value that JSON has no type for:
/// `{"$oid": "65f0"}`.
fn extended(written: &str) -> Option<String> {
    let (key, value) = only_member(written)?;
    match key.as_str() {
        // A number of milliseconds, in an object of its own, or a date as text.
        "$date" => match only_member(value.get()) {
            Some((_, number)) => field_of_scalar(number),
            None => field_of_scalar(value),
        },
        "$oid" | "$numberInt" | "$numberLong" | "$numberDouble" | "$numberDecimal" => field_of_scalar(value),
        _ => None,
    }
}

fn only_member(written: &str) -> Option<(String, &RawValue)> {
    let object: Object<'_> = serde_json::from_str(written).ok()?;
    if object.values.len() > 1 {
        return None;
    }
    object.values.into_iter().next()
}

fn field_of_scalar(value: &RawValue) -> Option<String> {
    if value.get().starts_with(['{', '[']) { None } else { field(value).ok().flatten() }
}
