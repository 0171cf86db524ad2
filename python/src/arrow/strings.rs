//! Reads the texts of one Arrow array, whatever its layout.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowTemporalType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, StringArray};
use arrow_schema::{DataType, TimeUnit};

/// A chunk of a column of text.
pub enum StringChunk {
    /// 32-bit offsets.
    Small(ArrayRef),
    /// 64-bit offsets.
    Large(ArrayRef),
    /// Views, as Polars and DataFusion have them.
    View(ArrayRef),
    /// Numbers of texts, and the texts.
    Dictionary { keys: Vec<Option<usize>>, texts: Box<StringChunk> },
    /// Nulls alone.
    Null(usize),
}

impl StringChunk {
    /// A chunk of text; the type's name if it holds something else.
    pub fn new(array: ArrayRef) -> Result<Self, String> {
        match array.data_type() {
            DataType::Utf8 => Ok(StringChunk::Small(array)),
            DataType::LargeUtf8 => Ok(StringChunk::Large(array)),
            DataType::Utf8View => Ok(StringChunk::View(array)),
            DataType::Null => Ok(StringChunk::Null(array.len())),
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary();
                let texts = Box::new(StringChunk::new(dictionary.values().clone())?);
                let numbers =
                    if texts.len() == 0 { vec![0; array.len()] } else { dictionary.normalized_keys() };
                let keys = dictionary.keys();
                let key = |(row, number): (usize, usize)| keys.is_valid(row).then_some(number);
                Ok(StringChunk::Dictionary {
                    keys: numbers.into_iter().enumerate().map(key).collect(),
                    texts,
                })
            }
            // An empty column of pandas has the type of numbers.
            _ if array.null_count() == array.len() => Ok(StringChunk::Null(array.len())),
            other => Err(other.to_string()),
        }
    }

    /// A chunk of names: texts as they are, numbers, truth values and dates as the command line
    /// writes them from Parquet.
    pub fn from_names(array: ArrayRef) -> Result<Self, String> {
        let written = match array.data_type() {
            DataType::Boolean => {
                let truths = array.as_boolean();
                texts(truths.iter().map(|truth| truth.map(|truth| truth.to_string())))
            }
            DataType::Int8 => written::<Int8Type>(&array),
            DataType::Int16 => written::<Int16Type>(&array),
            DataType::Int32 => written::<Int32Type>(&array),
            DataType::Int64 => written::<Int64Type>(&array),
            DataType::UInt8 => written::<UInt8Type>(&array),
            DataType::UInt16 => written::<UInt16Type>(&array),
            DataType::UInt32 => written::<UInt32Type>(&array),
            DataType::UInt64 => written::<UInt64Type>(&array),
            DataType::Float32 => floats::<Float32Type>(&array, f32::is_nan),
            DataType::Float64 => floats::<Float64Type>(&array, f64::is_nan),
            DataType::Decimal128(_, _) => {
                let numbers = array.as_primitive::<Decimal128Type>();
                rows(&array, |row| Some(numbers.value_as_string(row)))
            }
            DataType::Date32 => dates::<Date32Type>(&array),
            DataType::Date64 => dates::<Date64Type>(&array),
            DataType::Timestamp(unit, zone) => {
                let zone = if zone.is_some() { "Z" } else { "" };
                match unit {
                    TimeUnit::Second => times::<TimestampSecondType>(&array, zone),
                    TimeUnit::Millisecond => times::<TimestampMillisecondType>(&array, zone),
                    TimeUnit::Microsecond => times::<TimestampMicrosecondType>(&array, zone),
                    TimeUnit::Nanosecond => times::<TimestampNanosecondType>(&array, zone),
                }
            }
            _ => return StringChunk::new(array),
        };
        Ok(StringChunk::Small(written))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            StringChunk::Small(array) | StringChunk::Large(array) | StringChunk::View(array) => array.len(),
            StringChunk::Dictionary { keys, .. } => keys.len(),
            StringChunk::Null(rows) => *rows,
        }
    }

    /// The text of a row; `None` for null, and behind the end.
    pub fn get(&self, row: usize) -> Option<&str> {
        if row >= self.len() {
            return None;
        }
        match self {
            StringChunk::Small(array) => array.is_valid(row).then(|| array.as_string::<i32>().value(row)),
            StringChunk::Large(array) => array.is_valid(row).then(|| array.as_string::<i64>().value(row)),
            StringChunk::View(array) => array.is_valid(row).then(|| array.as_string_view().value(row)),
            StringChunk::Dictionary { keys, texts } => texts.get((*keys.get(row)?)?),
            StringChunk::Null(_) => None,
        }
    }
}

fn texts(texts: impl Iterator<Item = Option<String>>) -> ArrayRef {
    std::sync::Arc::new(texts.collect::<StringArray>())
}

/// What `text` makes of each row that is not null.
fn rows(array: &ArrayRef, text: impl Fn(usize) -> Option<String>) -> ArrayRef {
    texts((0..array.len()).map(|row| array.is_valid(row).then(|| text(row)).flatten()))
}

fn written<T: ArrowPrimitiveType<Native: ToString>>(array: &ArrayRef) -> ArrayRef {
    let numbers = array.as_primitive::<T>();
    texts(numbers.iter().map(|number| number.map(|number| number.to_string())))
}

/// Numbers with a point or an exponent; those that are none are missing.
fn floats<T: ArrowPrimitiveType<Native: std::fmt::Debug>>(
    array: &ArrayRef,
    is_nan: impl Fn(T::Native) -> bool,
) -> ArrayRef {
    let numbers = array.as_primitive::<T>();
    texts(
        numbers
            .iter()
            .map(|number| number.filter(|number| !is_nan(*number)).map(|number| format!("{number:?}"))),
    )
}

fn dates<T: ArrowTemporalType>(array: &ArrayRef) -> ArrayRef
where
    i64: From<T::Native>,
{
    let dates = array.as_primitive::<T>();
    rows(array, |row| dates.value_as_date(row).map(|date| date.to_string()))
}

fn times<T: ArrowTemporalType>(array: &ArrayRef, zone: &str) -> ArrayRef
where
    i64: From<T::Native>,
{
    let times = array.as_primitive::<T>();
    rows(array, |row| times.value_as_datetime(row).map(|time| format!("{time:?}{zone}")))
}
