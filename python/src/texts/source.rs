//! Finds out what was given as texts: one column, or a table of columns with names.

use arrow_array::ArrayRef;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyList, PyString};

use crate::arrow::{Imported, import, is_arrow};
use crate::error::input_error;
use crate::texts::column::Column;
use crate::texts::names::is_single;
use crate::texts::objects::Wanted;

/// What was given.
pub enum Source<'py> {
    Objects(Bound<'py, PyList>),
    Chunks(Vec<ArrayRef>),
    Table(Vec<(String, Source<'py>)>),
    /// A table of pandas or Polars, whose columns are taken when they are asked for: one that is
    /// not may hold anything.
    Frame(Bound<'py, PyAny>),
}

impl<'py> Source<'py> {
    /// Looks at an object that stands under `name` in the call.
    pub fn new(name: &str, object: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(list) = object.cast::<PyList>() {
            return Ok(Source::Objects(list.clone()));
        }
        if object.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err(format!(
                "{name} is one str; expected a list of them: pass [text]"
            )));
        }
        if object.is_instance_of::<PyBytes>() || object.is_instance_of::<PyByteArray>() {
            return Err(PyTypeError::new_err(format!(
                "{name} is bytes; expected a list of str: standpoint_stance.read reads bytes"
            )));
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            let columns = dict.iter().map(|(column, values)| {
                let column = column.str()?.to_cow()?.into_owned();
                let source = Source::new(&format!("{name}[\"{column}\"]"), &values)?;
                Ok((column, source))
            });
            return Ok(Source::Table(columns.collect::<PyResult<_>>()?));
        }
        if let Some(list) = pandas_objects(object)? {
            return Ok(Source::Objects(list));
        }
        if object.hasattr("columns")? && (object.hasattr("iloc")? || object.hasattr("get_columns")?) {
            return Ok(Source::Frame(object.clone()));
        }
        if is_arrow(object)? {
            return Ok(match import(object)? {
                Imported::Column(chunks) => Source::Chunks(chunks),
                Imported::Table(columns) => Source::Table(
                    columns.into_iter().map(|(name, chunks)| (name, Source::Chunks(chunks))).collect(),
                ),
            });
        }
        if let Ok(dimensions) = object.getattr("ndim").and_then(|ndim| ndim.extract::<usize>()) {
            if dimensions != 1 {
                return Err(PyValueError::new_err(format!(
                    "{name} has {dimensions} dimensions; expected one column of texts: pick it, or call ravel()"
                )));
            }
            return Ok(Source::Objects(match is_single(object) {
                true => singles(object)?,
                false => dates(object)?.call_method0("tolist")?.cast_into::<PyList>()?,
            }));
        }
        match object.try_iter() {
            Ok(items) => Ok(Source::Objects(PyList::new(object.py(), items.collect::<PyResult<Vec<_>>>()?)?)),
            Err(_) => Err(PyTypeError::new_err(format!(
                "{name} is {}; expected a list of str, an array, or a column or table of pandas, Polars or Arrow",
                object.get_type().name()?
            ))),
        }
    }

    /// The column of this name.
    ///
    /// A source without names is the column itself. A table has the column, or the error names
    /// those that it has.
    pub fn column(&self, py: Python<'_>, name: &str, wanted: Wanted) -> PyResult<Column> {
        match self {
            Source::Objects(list) => Ok(Column::from_objects(name, wanted, list.clone())),
            Source::Chunks(chunks) => Column::from_chunks(name, wanted, chunks.clone()),
            Source::Table(columns) => match columns.iter().find(|(found, _)| found == name) {
                Some((_, column)) => column.as_column(py, name, wanted),
                None => {
                    let found: Vec<String> = columns.iter().map(|(found, _)| found.clone()).collect();
                    Err(input_error(py, missing(name, &found)))
                }
            },
            Source::Frame(frame) => {
                let columns = frame.getattr("columns")?;
                if !columns.contains(name)? {
                    let found: Vec<String> = columns
                        .try_iter()?
                        .map(|name| Ok(name?.str()?.to_cow()?.into_owned()))
                        .collect::<PyResult<_>>()?;
                    return Err(input_error(py, missing(name, &found)));
                }
                Source::new(name, &frame.get_item(name)?)?.as_column(py, name, wanted)
            }
        }
    }

    /// The column that it is; a table is none.
    pub fn as_column(&self, py: Python<'_>, name: &str, wanted: Wanted) -> PyResult<Column> {
        if self.is_table() {
            return Err(PyTypeError::new_err(format!(
                "{name} is a table, or several columns of that name; expected one column of texts"
            )));
        }
        self.column(py, name, wanted)
    }

    /// A column that goes with the texts: one of this table, where `given` is its name, or one of
    /// its own.
    pub fn beside(&self, name: &str, given: &Bound<'py, PyAny>, wanted: Wanted) -> PyResult<Column> {
        match given.extract::<String>() {
            Ok(column) if self.is_table() => self.column(given.py(), &column, wanted),
            Ok(_) => Err(PyValueError::new_err(format!(
                "{name} names a column, and texts is no table; expected a list as long as texts"
            ))),
            Err(_) => Source::new(name, given)?.as_column(given.py(), name, wanted),
        }
    }

    /// Whether it is a table that has a column of this name.
    pub fn has_column(&self, name: &str) -> PyResult<bool> {
        match self {
            Source::Objects(_) | Source::Chunks(_) => Ok(false),
            Source::Table(columns) => Ok(columns.iter().any(|(found, _)| found == name)),
            Source::Frame(frame) => frame.getattr("columns")?.contains(name),
        }
    }

    /// Whether its columns have names.
    pub fn is_table(&self) -> bool {
        matches!(self, Source::Table(_) | Source::Frame(_))
    }
}

fn missing(name: &str, found: &[String]) -> String {
    let hint = match standpoint::error::nearest(name, found) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => String::new(),
    };
    format!("no column `{name}`; found {}{hint}", standpoint::error::list(found))
}

/// The objects of a pandas Series that holds objects, and of one that cannot hand over an Arrow
/// column. Missing values become `None`.
fn pandas_objects<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyList>>> {
    if !(object.hasattr("isna")? && object.hasattr("tolist")?) {
        return Ok(None);
    }
    let is_of_objects = object.getattr("dtype")?.str()?.to_cow()? == "object";
    if !is_of_objects && object.hasattr("__arrow_c_stream__")? && object.py().import("pyarrow").is_ok() {
        return Ok(None);
    }
    if is_single(object) {
        let options = PyDict::new(object.py());
        options.set_item("dtype", "float32")?;
        options.set_item("na_value", f64::NAN)?;
        return singles(&object.call_method("to_numpy", (), Some(&options))?).map(Some);
    }
    let values = object.call_method1("astype", ("object",))?;
    if !object.hasattr("where")? {
        // An array of pandas, outside of a column.
        let values = values.call_method0("copy")?;
        values.set_item(object.call_method0("isna")?, object.py().None())?;
        return Ok(Some(values.call_method0("tolist")?.cast_into::<PyList>()?));
    }
    let values = values.call_method1("where", (object.call_method0("notna")?, object.py().None()))?;
    Ok(Some(values.call_method0("tolist")?.cast_into::<PyList>()?))
}

/// The 32-bit floats of an array as NumPy's scalars: Python has 64-bit floats alone.
fn singles<'py>(array: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    PyList::new(array.py(), array.try_iter()?.collect::<PyResult<Vec<_>>>()?)
}

/// NumPy's dates in microseconds, which Python has dates for: of finer ones NumPy gives whole
/// numbers.
pub fn dates<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let kind = object.getattr("dtype").and_then(|dtype| dtype.getattr("kind")?.extract::<String>());
    match kind.as_deref() {
        Ok("M") => object.call_method1("astype", ("datetime64[us]",)),
        _ => Ok(object.clone()),
    }
}
