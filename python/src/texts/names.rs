//! Writes names as text: ids, labels, groups, and columns that are kept. Numbers, truth values and
//! dates are written as the command line writes them from Parquet.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt};

use crate::texts::source::dates;

/// The name that an object stands for; `None` for one that is none. The name is `None` where the
/// object says that a value is missing.
pub fn name(object: &Bound<'_, PyAny>) -> PyResult<Option<Option<String>>> {
    if let Ok(truth) = object.cast::<PyBool>() {
        return Ok(Some(Some(truth.is_true().to_string())));
    }
    if object.is_instance_of::<PyInt>() {
        return Ok(Some(Some(written(object)?)));
    }
    if let Ok(number) = object.cast::<PyFloat>() {
        let number = number.value();
        return Ok(Some((!number.is_nan()).then(|| float(number))));
    }
    let type_name = object.get_type().name()?;
    match type_name.to_cow()?.as_ref() {
        "NAType" | "NaTType" => return Ok(Some(None)),
        "Decimal" | "UUID" => return Ok(Some(Some(written(object)?))),
        _ => {}
    }
    if object.hasattr("isoformat")? {
        return date(object).map(|date| Some(Some(date)));
    }
    if is_single(object) {
        let number: f64 = object.extract()?;
        // The shortest number that stands for it, which is shorter than that of its 64-bit float.
        return Ok(Some((!number.is_nan()).then(|| format!("{:?}", number as f32))));
    }
    // A scalar of NumPy is what Python has for it; one that is not, is no name.
    if object.hasattr("dtype")? && object.hasattr("item")? {
        let plain = dates(object)?.call_method0("item")?;
        if plain.is_none() {
            return Ok(Some(None));
        }
        if !plain.get_type().is(object.get_type()) {
            return name(&plain);
        }
    }
    Ok(None)
}

/// Whether something of NumPy is a 32-bit float, or is made of them.
pub fn is_single(object: &Bound<'_, PyAny>) -> bool {
    let name = object.getattr("dtype").and_then(|dtype| dtype.getattr("name")?.extract::<String>());
    name.is_ok_and(|name| name.eq_ignore_ascii_case("float32"))
}

/// A number as it is written in JSON: with a point or an exponent.
pub fn float(number: f64) -> String {
    format!("{number:?}")
}

fn written(object: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(object.str()?.to_cow()?.into_owned())
}

/// A date or a time in ISO 8601; that of a time zone in UTC.
fn date(object: &Bound<'_, PyAny>) -> PyResult<String> {
    let has_zone = object.getattr("tzinfo").is_ok_and(|zone| !zone.is_none());
    let object = if has_zone && object.hasattr("astimezone")? {
        let utc = object.py().import("datetime")?.getattr("timezone")?.getattr("utc")?;
        object.call_method1("astimezone", (utc,))?
    } else {
        object.clone()
    };
    let text: String = object.call_method0("isoformat")?.extract()?;
    let (text, zone) = match text.strip_suffix("+00:00") {
        Some(text) => (text, "Z"),
        None => (text.as_str(), ""),
    };
    // Python writes no thousandths without millionths.
    let text = match text.rsplit_once('.') {
        Some((_, part)) if part.len() == 6 => text.strip_suffix("000").unwrap_or(text),
        _ => text,
    };
    Ok(format!("{text}{zone}"))
}
