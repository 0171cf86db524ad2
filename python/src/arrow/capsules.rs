//! Moves the C structures of Arrow into capsules and out of them. All unsafe code of the package is
//! here.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};

use arrow_data::ArrayData;
use arrow_data::ffi::FFI_ArrowArray;
use arrow_schema::DataType;
use arrow_schema::ffi::FFI_ArrowSchema;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// `struct ArrowArrayStream` of the C stream interface. That of the arrow crate reads tables only,
/// and a column streams plain arrays.
#[repr(C)]
pub struct CStream {
    get_schema: Option<unsafe extern "C" fn(*mut CStream, *mut FFI_ArrowSchema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut CStream, *mut FFI_ArrowArray) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut CStream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut CStream)>,
    private_data: *mut c_void,
}

impl Drop for CStream {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the stream is ours, and a released stream has no `release`.
            unsafe { release(self) }
        }
    }
}

impl CStream {
    /// Takes the stream out of a capsule, which keeps a released one.
    pub fn from_capsule(capsule: &Bound<'_, PyCapsule>) -> PyResult<Self> {
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<CStream>();
        let released = CStream {
            get_schema: None,
            get_next: None,
            get_last_error: None,
            release: None,
            private_data: std::ptr::null_mut(),
        };
        // SAFETY: the capsule has the name that the Arrow PyCapsule interface gives a pointer to
        // such a structure; moving it out is how that interface hands it on.
        let stream = unsafe { std::ptr::replace(pointer.as_ptr(), released) };
        if stream.release.is_none() {
            return Err(PyValueError::new_err("the Arrow stream has been read already; make another"));
        }
        Ok(stream)
    }

    /// The type of all arrays.
    pub fn schema(&mut self) -> PyResult<FFI_ArrowSchema> {
        let mut schema = FFI_ArrowSchema::empty();
        let get = self.get_schema.ok_or_else(broken)?;
        // SAFETY: both structures are valid and ours.
        let code = unsafe { get(self, &mut schema) };
        self.checked(code)?;
        Ok(schema)
    }

    /// The next array; `None` at the end.
    pub fn next(&mut self, schema: &FFI_ArrowSchema) -> PyResult<Option<ArrayData>> {
        let mut array = FFI_ArrowArray::empty();
        let get = self.get_next.ok_or_else(broken)?;
        // SAFETY: both structures are valid and ours.
        let code = unsafe { get(self, &mut array) };
        self.checked(code)?;
        if array.is_released() { Ok(None) } else { array_data(array, schema).map(Some) }
    }

    fn checked(&mut self, code: c_int) -> PyResult<()> {
        if code == 0 {
            return Ok(());
        }
        let message = self.get_last_error.and_then(|get| {
            // SAFETY: the stream is valid, and its message lives until the next call.
            let message = unsafe { get(self) };
            (!message.is_null()).then(|| unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned())
        });
        let message = message.unwrap_or_else(|| format!("error {code}"));
        Err(PyRuntimeError::new_err(format!("the Arrow stream cannot be read: {message}")))
    }
}

fn broken() -> PyErr {
    PyValueError::new_err("the Arrow stream lacks a function that every stream has")
}

/// Takes an array and its type out of the two capsules that `__arrow_c_array__` gives.
pub fn array_from_capsules(
    schema: &Bound<'_, PyCapsule>,
    array: &Bound<'_, PyCapsule>,
) -> PyResult<(FFI_ArrowSchema, ArrayData)> {
    let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
    // SAFETY: the capsules have the names that the Arrow PyCapsule interface gives pointers to such
    // structures, and `from_raw` moves them out and leaves released ones.
    let (schema, array) =
        unsafe { (FFI_ArrowSchema::from_raw(schema.as_ptr()), FFI_ArrowArray::from_raw(array.as_ptr())) };
    if array.is_released() {
        return Err(PyValueError::new_err("the Arrow array has been taken already; ask for it again"));
    }
    let data = array_data(array, &schema)?;
    Ok((schema, data))
}

/// The beginning of `struct ArrowArray` of the C interface.
#[repr(C)]
struct CArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut CArray,
}

/// Takes the validity buffer off arrays of nothing but nulls, which have none by the C interface:
/// Polars claims one.
///
/// # Safety
/// `array` is a valid array of this type, and so are its children.
unsafe fn drop_buffers_of_nulls(array: *mut CArray, data_type: &DataType) {
    let fields: Vec<&DataType> = match data_type {
        DataType::Null => {
            // SAFETY: the caller promises it.
            unsafe { (*array).n_buffers = 0 };
            return;
        }
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            vec![field.data_type()]
        }
        _ => return,
    };
    // SAFETY: the caller promises it; an array has as many children as it says.
    let (children, count) = unsafe { ((*array).children, (*array).n_children) };
    for (place, data_type) in (0..usize::try_from(count).unwrap_or(0)).zip(fields) {
        // SAFETY: as above.
        unsafe { drop_buffers_of_nulls(*children.add(place), data_type) };
    }
}

/// Shares an array's buffers, and checks what they hold: offsets in bounds, UTF-8.
fn array_data(mut array: FFI_ArrowArray, schema: &FFI_ArrowSchema) -> PyResult<ArrayData> {
    let wrong = |error: arrow_schema::ArrowError| {
        PyValueError::new_err(format!("the Arrow array is damaged: {error}"))
    };
    let data_type = DataType::try_from(schema).map_err(wrong)?;
    // SAFETY: the producer promises by the C interface that the array is of this type, and it is
    // ours.
    unsafe { drop_buffers_of_nulls((&raw mut array).cast(), &data_type) };
    // SAFETY: as above.
    let data = unsafe { arrow_array::ffi::from_ffi(array, schema) }.map_err(wrong)?;
    data.validate_full().map_err(wrong)?;
    Ok(data)
}

/// Puts a type into a capsule.
pub fn schema_to_capsule(py: Python<'_>, schema: FFI_ArrowSchema) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// Puts an array into a capsule.
pub fn array_to_capsule(py: Python<'_>, array: FFI_ArrowArray) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, array, ARRAY)
}

/// Puts a stream into a capsule.
pub fn stream_to_capsule(
    py: Python<'_>,
    stream: arrow_array::ffi_stream::FFI_ArrowArrayStream,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, stream, STREAM)
}
