//! Decodes the values of one primitive column of a row group, some rows at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::basic::Type as Physical;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescPtr;

use crate::read::formats::parquet::pages::Pages;

/// One value as it is stored.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Boolean(bool),
    Int(i64),
    Julian { day: i32, nanoseconds: i64 },
    Float(f32),
    Double(f64),
    Bytes(&'a [u8]),
}

enum Decoder {
    Boolean(ColumnReaderImpl<BoolType>, Vec<bool>),
    Int32(ColumnReaderImpl<Int32Type>, Vec<i32>),
    Int64(ColumnReaderImpl<Int64Type>, Vec<i64>),
    Int96(ColumnReaderImpl<Int96Type>, Vec<Int96>),
    Float(ColumnReaderImpl<FloatType>, Vec<f32>),
    Double(ColumnReaderImpl<DoubleType>, Vec<f64>),
    Bytes(ColumnReaderImpl<ByteArrayType>, Vec<ByteArray>),
    Fixed(ColumnReaderImpl<FixedLenByteArrayType>, Vec<FixedLenByteArray>),
}

/// A place among the levels of a column and among its values, of which a null has none.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    level: usize,
    value: usize,
}

/// A primitive column.
pub(super) struct Leaf {
    decoder: Decoder,
    /// Rows that are decoded at a time.
    step: usize,
    is_repeated: bool,
    max_definition: i16,
    /// Levels that were decoded; the definition levels are left empty where no value can be null.
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    /// Number of levels that were decoded.
    levels: usize,
    row: Place,
    next_row: Place,
    /// Where the row is being read.
    at: Place,
    /// Bytes of the values in the pages of lists that were begun within this row, which may span
    /// pages.
    row_bytes: Arc<AtomicU64>,
}

impl Leaf {
    pub(super) fn new(column: ColumnDescPtr, pages: Pages, step: usize) -> Self {
        let is_repeated = column.max_rep_level() > 0;
        let max_definition = column.max_def_level();
        let row_bytes = pages.row_bytes();
        let pages = Box::new(pages);
        let decoder = match column.physical_type() {
            Physical::BOOLEAN => Decoder::Boolean(ColumnReaderImpl::new(column, pages), Vec::new()),
            Physical::INT32 => Decoder::Int32(ColumnReaderImpl::new(column, pages), Vec::new()),
            Physical::INT64 => Decoder::Int64(ColumnReaderImpl::new(column, pages), Vec::new()),
            Physical::INT96 => Decoder::Int96(ColumnReaderImpl::new(column, pages), Vec::new()),
            Physical::FLOAT => Decoder::Float(ColumnReaderImpl::new(column, pages), Vec::new()),
            Physical::DOUBLE => Decoder::Double(ColumnReaderImpl::new(column, pages), Vec::new()),
            Physical::BYTE_ARRAY => Decoder::Bytes(ColumnReaderImpl::new(column, pages), Vec::new()),
            Physical::FIXED_LEN_BYTE_ARRAY => {
                Decoder::Fixed(ColumnReaderImpl::new(column, pages), Vec::new())
            }
        };
        Leaf {
            decoder,
            // A row of a list may have any number of values.
            step: if is_repeated { 1 } else { step },
            is_repeated,
            max_definition,
            definitions: Vec::new(),
            repetitions: Vec::new(),
            levels: 0,
            row: Place::default(),
            next_row: Place::default(),
            at: Place::default(),
            row_bytes,
        }
    }

    /// Rows that are decoded at a time.
    #[cfg(test)]
    pub(super) fn step(&self) -> usize {
        self.step
    }

    /// Goes to the next row; false behind the last.
    pub(super) fn next_row(&mut self) -> Result<bool> {
        self.row = self.next_row;
        if self.row.level >= self.levels {
            self.row_bytes.store(0, Ordering::Relaxed);
            self.decode()?;
            if self.levels == 0 {
                return Ok(false);
            }
            self.row = Place::default();
        }
        self.rewind();
        self.pass();
        while self.repetition().is_some_and(|level| level > 0) {
            self.pass();
        }
        self.next_row = self.at;
        self.rewind();
        Ok(true)
    }

    /// Goes to the beginning of the row.
    pub(super) fn rewind(&mut self) {
        self.at = self.row;
    }

    /// Whether all of the row was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.at.level == self.next_row.level
    }

    /// The definition level at this place; `None` behind the row.
    pub(super) fn definition(&self) -> Option<i16> {
        if self.at.level >= self.levels {
            None
        } else if self.max_definition == 0 {
            Some(0)
        } else {
            self.definitions.get(self.at.level).copied()
        }
    }

    /// The repetition level at this place: 0 where a row begins, `None` behind all that was
    /// decoded.
    pub(super) fn repetition(&self) -> Option<i16> {
        if self.at.level >= self.levels {
            None
        } else if self.is_repeated {
            self.repetitions.get(self.at.level).copied()
        } else {
            Some(0)
        }
    }

    /// The value at this place; of a null, none.
    pub(super) fn value(&self) -> Option<Value<'_>> {
        if self.definition()? < self.max_definition {
            return None;
        }
        let at = self.at.value;
        Some(match &self.decoder {
            Decoder::Boolean(_, values) => Value::Boolean(*values.get(at)?),
            Decoder::Int32(_, values) => Value::Int(i64::from(*values.get(at)?)),
            Decoder::Int64(_, values) => Value::Int(*values.get(at)?),
            Decoder::Int96(_, values) => {
                let [low, high, day] = *values.get(at)?.data() else { return None };
                let nanoseconds = (u64::from(high) << 32 | u64::from(low)) as i64;
                Value::Julian { day: day as i32, nanoseconds }
            }
            Decoder::Float(_, values) => Value::Float(*values.get(at)?),
            Decoder::Double(_, values) => Value::Double(*values.get(at)?),
            Decoder::Bytes(_, values) => Value::Bytes(values.get(at)?.data()),
            Decoder::Fixed(_, values) => Value::Bytes(values.get(at)?.data()),
        })
    }

    /// Goes on to the next place.
    pub(super) fn pass(&mut self) {
        self.at.value += usize::from(self.definition() == Some(self.max_definition));
        self.at.level += 1;
    }

    /// Decodes the next rows.
    fn decode(&mut self) -> Result<()> {
        self.definitions.clear();
        self.repetitions.clear();
        let (definitions, repetitions) = (&mut self.definitions, &mut self.repetitions);
        macro_rules! decode {
            ($($kind:ident),*) => {
                match &mut self.decoder {
                    $(Decoder::$kind(reader, values) => {
                        values.clear();
                        let found =
                            reader.read_records(self.step, Some(definitions), Some(repetitions), values)?;
                        (values.len(), found)
                    })*
                }
            };
        }
        let (held, (_, values, levels)) = decode!(Boolean, Int32, Int64, Int96, Float, Double, Bytes, Fixed);
        let fits = |count: usize, is_written: bool| !is_written || count == levels;
        if held != values
            || !fits(self.definitions.len(), self.max_definition > 0)
            || !fits(self.repetitions.len(), self.is_repeated)
        {
            return Err(ParquetError::General("its levels and values do not fit each other".to_owned()));
        }
        self.levels = levels;
        Ok(())
    }
}
