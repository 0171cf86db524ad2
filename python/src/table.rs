//! Collects rows of results as an Arrow table with the columns, types and order of the command
//! line's Parquet.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema};
use standpoint::write::{Cell, CellType, Row, Schema};

/// Most rows that room is made for at once: a column of nulls claims as many rows as it likes.
const MAX_RESERVED: usize = 1 << 16;

/// Rows in the making.
pub struct TableBuilder {
    columns: Vec<(Place, Builder)>,
    schema: Arc<ArrowSchema>,
}

/// Where the cells of a column come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The id that the call gives, if it gives one.
    Id,
    /// Texts in memory have no path.
    Path,
    Result,
}

enum Builder {
    Text(StringBuilder),
    Whole(Int64Builder),
    Real(Float64Builder),
}

impl Builder {
    fn append(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Builder::Text(builder), Cell::Text(text)) => builder.append_value(text),
            (Builder::Whole(builder), Cell::Whole(number)) => {
                builder.append_option(i64::try_from(*number).ok())
            }
            (Builder::Real(builder), Cell::Real(number)) => builder.append_value(*number),
            (Builder::Text(builder), _) => builder.append_null(),
            (Builder::Whole(builder), _) => builder.append_null(),
            (Builder::Real(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(builder) => Arc::new(builder.finish()),
            Builder::Whole(builder) => Arc::new(builder.finish()),
            Builder::Real(builder) => Arc::new(builder.finish()),
        }
    }
}

/// The names and types of the columns.
pub fn arrow_schema(schema: &Schema) -> ArrowSchema {
    let field = |column: &standpoint::write::Column| {
        let data_type = match column.cell_type() {
            CellType::Whole => DataType::Int64,
            CellType::Real => DataType::Float64,
            _ => DataType::Utf8,
        };
        Field::new(column.name(), data_type, true)
    };
    ArrowSchema::new(schema.columns().iter().map(field).collect::<Vec<_>>())
}

impl TableBuilder {
    /// A table without rows, and with room for so many.
    pub fn with_capacity(schema: &Schema, rows: usize) -> Self {
        let rows = rows.min(MAX_RESERVED);
        let arrow_schema = Arc::new(arrow_schema(schema));
        let column = |field: &Arc<Field>| {
            let place = match field.name().as_str() {
                "id" => Place::Id,
                "path" => Place::Path,
                _ => Place::Result,
            };
            let builder = match field.data_type() {
                DataType::Int64 => Builder::Whole(Int64Builder::with_capacity(rows)),
                DataType::Float64 => Builder::Real(Float64Builder::with_capacity(rows)),
                _ => Builder::Text(StringBuilder::with_capacity(rows, 0)),
            };
            (place, builder)
        };
        TableBuilder { columns: arrow_schema.fields().iter().map(column).collect(), schema: arrow_schema }
    }

    /// Appends a result; `id` stands in place of its own.
    pub fn append(&mut self, id: Option<&str>, row: Row<'_>) {
        for ((place, builder), cell) in self.columns.iter_mut().zip(row.cells()) {
            match place {
                Place::Id => builder.append(&id.into()),
                Place::Path => builder.append(&Cell::Empty),
                Place::Result => builder.append(&cell),
            }
        }
    }

    /// Appends a result of a file with all that it says of itself.
    pub fn append_as_read(&mut self, row: Row<'_>) {
        self.columns.iter_mut().zip(row.cells()).for_each(|((_, builder), cell)| builder.append(&cell));
    }

    /// Appends a row of nothing but an id, for a text that is missing.
    pub fn append_missing(&mut self, id: Option<&str>) {
        for (place, builder) in &mut self.columns {
            builder.append(&if *place == Place::Id { id.into() } else { Cell::Empty });
        }
    }

    /// Ends the table.
    pub fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let columns = self.columns.iter_mut().map(|(_, builder)| builder.finish()).collect();
        RecordBatch::try_new(self.schema, columns)
    }
}
