//! Writes results as Parquet: the columns of the CSV, typed, compressed by zstd.
//!
//! Each segment is made as a Parquet file of one row group in memory; its row group goes to the
//! output, and what the file's end must say of it is kept until then. So an unfinished output can
//! be continued, though Parquet's end is written last.

use std::io;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::{
    FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter, RowGroupMetaData,
};
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::{Type, TypePtr};

use crate::model::hexadecimal;
use crate::write::{Cell, CellType, Column, Mark, Outcome, Output, RunContext, Schema, Sink};

const MAGIC: &[u8; 4] = b"PAR1";
/// After the description of a file: its length in four bytes, and the magic bytes.
const TAIL: usize = 8;
/// A row group is closed when it holds so many bytes, whether or not a segment ends: memory is
/// bounded by bytes.
const MAX_GROUP: usize = 16 << 20;

/// One row per document, or one per paragraph.
pub struct ParquetSink<W: Output> {
    out: W,
    schema: Schema,
    builders: Vec<Builder>,
    /// Bytes in the builders, about.
    held: usize,
    /// Bytes written.
    position: u64,
    groups: Vec<RowGroupMetaData>,
    /// What the file's end will say of the groups since the last checkpoint.
    footers: Vec<String>,
}

/// The cells of a column. A level is 1 where there is a value, and 0 where there is none.
struct Builder {
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    /// Texts one behind the other, and where each ends.
    Text(Vec<u8>, Vec<usize>),
    Whole(Vec<i64>),
    Real(Vec<f64>),
}

impl Builder {
    fn new(cell_type: CellType) -> Self {
        let values = match cell_type {
            CellType::Text => Values::Text(Vec::new(), Vec::new()),
            CellType::Whole => Values::Whole(Vec::new()),
            CellType::Real => Values::Real(Vec::new()),
        };
        Builder { values, levels: Vec::new() }
    }

    /// Gives the bytes that the cell takes, about.
    fn append(&mut self, cell: &Cell<'_>) -> usize {
        let mut size = 8;
        let is_value = match (&mut self.values, cell) {
            (Values::Text(bytes, ends), Cell::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
                size = text.len() + 4;
                true
            }
            (Values::Whole(values), Cell::Whole(number)) => {
                let number = i64::try_from(*number).ok();
                values.extend(number);
                number.is_some()
            }
            (Values::Real(values), Cell::Real(number)) => {
                values.push(*number);
                true
            }
            _ => false,
        };
        self.levels.push(i16::from(is_value));
        size
    }

    /// Writes the cells that were appended.
    fn write(&mut self, mut column: SerializedColumnWriter<'_>) -> ParquetResult<()> {
        let levels = Some(std::mem::take(&mut self.levels));
        match &mut self.values {
            Values::Text(bytes, ends) => {
                let bytes = ::bytes::Bytes::from(std::mem::take(bytes));
                let mut start = 0;
                let text = |end| ByteArray::from(bytes.slice(std::mem::replace(&mut start, end)..end));
                let texts: Vec<ByteArray> = ends.drain(..).map(text).collect();
                column.typed::<ByteArrayType>().write_batch(&texts, levels.as_deref(), None)?;
            }
            Values::Whole(values) => {
                let values = std::mem::take(values);
                column.typed::<Int64Type>().write_batch(&values, levels.as_deref(), None)?;
            }
            Values::Real(values) => {
                let values = std::mem::take(values);
                column.typed::<DoubleType>().write_batch(&values, levels.as_deref(), None)?;
            }
        }
        column.close()
    }
}

/// The schema of the file: every column may be null.
fn file_schema(columns: &[Column]) -> ParquetResult<TypePtr> {
    let field = |column: &Column| {
        let (physical, logical) = match column.cell_type() {
            CellType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            CellType::Whole => (Physical::INT64, None),
            CellType::Real => (Physical::DOUBLE, None),
        };
        let field = Type::primitive_type_builder(column.name(), physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        Ok(Arc::new(field))
    };
    let fields = columns.iter().map(field).collect::<ParquetResult<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

impl<W: Output> ParquetSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, context: RunContext) -> Self {
        let schema = Schema::new(context);
        ParquetSink {
            out,
            builders: schema.columns().iter().map(|column| Builder::new(column.cell_type())).collect(),
            schema,
            held: 0,
            position: 0,
            groups: Vec::new(),
            footers: Vec::new(),
        }
    }

    /// Goes on with an output of which `marks` speak.
    ///
    /// # Errors
    /// Marks that were not made by a sink of this kind.
    pub fn resume(out: W, context: RunContext, marks: &[Mark]) -> io::Result<Self> {
        let mut sink = ParquetSink::new(out, context);
        for mark in marks {
            for footer in &mark.footers {
                sink.groups.extend(decode(footer)?.row_groups().iter().cloned());
            }
            sink.position = mark.bytes;
        }
        Ok(sink)
    }

    /// A file of the rows that are held; without a row group if there are none.
    fn file(&mut self) -> ParquetResult<(Vec<u8>, ParquetMetaData)> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("standpoint version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .build();
        let schema = file_schema(self.schema.columns())?;
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
        if std::mem::take(&mut self.held) > 0 {
            let mut group = writer.next_row_group()?;
            for builder in &mut self.builders {
                if let Some(column) = group.next_column()? {
                    builder.write(column)?;
                }
            }
            group.close()?;
        }
        let metadata = writer.close()?;
        Ok((bytes, metadata))
    }

    /// Writes the rows that are held as one row group.
    fn end_group(&mut self) -> io::Result<()> {
        if self.held == 0 {
            return Ok(());
        }
        let (bytes, metadata) = self.file().map_err(other)?;
        for group in metadata.row_groups() {
            let (start, end) = extent(group);
            let pages =
                bytes.get(start..end).ok_or_else(|| io::Error::other("a row group lies outside its file"))?;
            let moved = moved(group, self.position as i64 - start as i64, self.groups.len())?;
            // The footer goes through its bytes in every run, so that one which was continued
            // writes the same.
            let footer = encode(metadata.file_metadata(), moved)?;
            self.groups.extend(decode(&footer)?.row_groups().iter().cloned());
            self.footers.push(footer);
            self.out.write_all(pages)?;
            self.position += pages.len() as u64;
        }
        Ok(())
    }
}

impl<W: Output> std::fmt::Debug for ParquetSink<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetSink").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl<W: Output> Sink for ParquetSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.position += MAGIC.len() as u64;
        self.out.write_all(MAGIC)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        for row in self.schema.rows(outcome.as_ref()) {
            let cells = self.builders.iter_mut().zip(row.cells());
            self.held += cells.map(|(builder, cell)| builder.append(&cell)).sum::<usize>();
        }
        if self.held > MAX_GROUP { self.end_group() } else { Ok(()) }
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.end_group()?;
        Ok(Mark { footers: std::mem::take(&mut self.footers), ..self.out.end_segment()? })
    }

    fn finish(&mut self) -> io::Result<Mark> {
        self.end_group()?;
        let (_, empty) = self.file().map_err(other)?;
        let rows = self.groups.iter().map(RowGroupMetaData::num_rows).sum();
        let file = with_rows(empty.file_metadata(), rows);
        let metadata = ParquetMetaData::new(file, std::mem::take(&mut self.groups));
        ParquetMetaDataWriter::new(&mut self.out, &metadata).finish().map_err(other)?;
        self.out.finish()
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}

/// From the first byte of a row group's pages to behind the last.
fn extent(group: &RowGroupMetaData) -> (usize, usize) {
    let ranges = || group.columns().iter().map(|column| column.byte_range());
    let start = ranges().map(|(start, _)| start).min().unwrap_or(0);
    let end = ranges().map(|(start, length)| start + length).max().unwrap_or(0);
    (start as usize, end as usize)
}

/// A row group as its description reads `by` bytes further down a file, as the one of that
/// `number`.
fn moved(group: &RowGroupMetaData, by: i64, number: usize) -> io::Result<RowGroupMetaData> {
    let columns = group
        .columns()
        .iter()
        .map(|column| {
            column
                .clone()
                .into_builder()
                .set_data_page_offset(column.data_page_offset() + by)
                .set_dictionary_page_offset(column.dictionary_page_offset().map(|offset| offset + by))
                .build()
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(other)?;
    let mut builder = group.clone().into_builder().set_column_metadata(columns);
    if let Some(offset) = group.file_offset() {
        builder = builder.set_file_offset(offset + by);
    }
    if let Ok(number) = i32::try_from(number) {
        builder = builder.set_ordinal(number);
    }
    builder.build().map_err(other)
}

fn with_rows(file: &FileMetaData, rows: i64) -> FileMetaData {
    FileMetaData::new(
        file.version(),
        rows,
        file.created_by().map(str::to_owned),
        file.key_value_metadata().cloned(),
        file.schema_descr_ptr(),
        file.column_orders().cloned(),
    )
}

/// The description of a file of one row group, in hexadecimal digits.
fn encode(file: &FileMetaData, group: RowGroupMetaData) -> io::Result<String> {
    let metadata = ParquetMetaData::new(with_rows(file, group.num_rows()), vec![group]);
    let mut bytes = Vec::new();
    ParquetMetaDataWriter::new(&mut bytes, &metadata).finish().map_err(other)?;
    bytes.truncate(bytes.len().saturating_sub(TAIL));
    Ok(hexadecimal(&bytes))
}

fn decode(footer: &str) -> io::Result<ParquetMetaData> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the journal's Parquet footer is damaged");
    let byte = |pair: &[u8]| {
        std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(damaged)
    };
    let bytes = footer.as_bytes().chunks(2).map(byte).collect::<io::Result<Vec<u8>>>()?;
    ParquetMetaDataReader::decode_metadata(&bytes).map_err(|_| damaged())
}

fn other(error: ParquetError) -> io::Error {
    match error {
        // What the system answered to writing keeps its kind: a closed pipe is known as one.
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        error => io::Error::other(error),
    }
}
