//! Plans from a footer which columns are decoded, and takes the text out of decoded cells.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field, Fields};
use parquet::arrow::{FieldLevels, ProjectionMask, parquet_to_arrow_field_levels, parquet_to_arrow_schema};
use parquet::basic::Type as Physical;
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{
    ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use crate::error::{Error, Position, Result};
use crate::read::InputOptions;
use crate::read::formats::parquet::guarded;
use crate::read::tables::fields::Columns;

/// Which columns of a file are decoded, and as what.
pub(super) struct Layout {
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) levels: FieldLevels,
    pub(super) columns: Columns,
    /// Names of the file's columns.
    pub(super) names: Vec<String>,
    /// Places of the columns that are decoded, in their order.
    pub(super) needed: Vec<usize>,
    /// The same, counted in parts of nested columns.
    pub(super) leaves: Vec<usize>,
}

impl Layout {
    pub(super) fn read(footer: &[u8], options: &InputOptions, position: &Position) -> Result<Self> {
        let malformed = |message: String| Error::malformed(position.clone(), "parquet", message);
        // The schema in Arrow's own words, which a file may hold besides, is left alone: Parquet's says enough, and says it alike
        // for all writers.
        let (schema, types) = guarded(|| {
            let schema = ParquetMetaDataReader::decode_schema(footer)?;
            let types = parquet_to_arrow_schema(&schema, None)?;
            Ok((schema, types.fields))
        })
        .map_err(|cause| malformed(format!("its columns cannot be read: {cause}")))?;
        let names: Vec<String> =
            schema.root_schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
        let columns = Columns::find(&names, options, position)?;
        for (place, name) in columns.texts().zip(&options.preparation.text_columns) {
            let kind = types.get(place).map(|field| field.data_type());
            if !kind.is_some_and(is_text) {
                let kind = kind.map_or_else(String::new, ToString::to_string);
                return Err(malformed(format!("the column `{name}` is no text: its type is {kind}")));
            }
        }
        let mut needed: Vec<usize> = columns.places().flatten().collect();
        needed.sort_unstable();
        needed.dedup();
        let leaf_of = |leaf: &usize| needed.binary_search(&schema.get_column_root_idx(*leaf)).is_ok();
        let leaves = (0..schema.num_columns()).filter(leaf_of).collect();
        let (metadata, levels) = guarded(|| decoded(footer, &schema, &types, &needed))
            .map_err(|cause| malformed(format!("its footer cannot be read: {cause}")))?;
        if let Some(group) = metadata.row_groups().iter().find(|group| group.num_rows() < 0) {
            return Err(malformed(format!("it is damaged: a row group claims {} rows", group.num_rows())));
        }
        Ok(Layout { metadata: Arc::new(metadata), levels, columns, names, needed, leaves })
    }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::Binary)
}

/// The footer, read as if texts were bytes: the parquet crate then leaves it to us to say which of them are no UTF-8, and
/// shares the bytes of a page among its rows.
fn decoded(
    footer: &[u8],
    schema: &SchemaDescriptor,
    types: &Fields,
    needed: &[usize],
) -> ParquetResult<(ParquetMetaData, FieldLevels)> {
    let root = schema.root_schema();
    let (mut columns, mut hints): (Vec<TypePtr>, Vec<Field>) = (Vec::new(), Vec::new());
    for (place, (column, field)) in root.get_fields().iter().zip(types).enumerate() {
        let (mut column, mut hint) = (column.clone(), Field::clone(field));
        let is_needed = needed.binary_search(&place).is_ok();
        match field.data_type() {
            kind if is_needed && is_text(kind) => {
                let bytes = Type::primitive_type_builder(column.name(), Physical::BYTE_ARRAY);
                column = Arc::new(bytes.with_repetition(column.get_basic_info().repetition()).build()?);
                hint = hint.with_data_type(DataType::BinaryView);
            }
            // The name of this zone would need tables of all zones.
            DataType::Timestamp(unit, Some(zone)) if zone.as_ref() == "UTC" => {
                hint = hint.with_data_type(DataType::Timestamp(*unit, Some("+00:00".into())));
            }
            _ => {}
        }
        columns.push(column);
        hints.push(hint);
    }
    let schema = Type::group_type_builder(root.name()).with_fields(columns).build()?;
    let schema = Arc::new(SchemaDescriptor::new(Arc::new(schema)));
    let options = ParquetMetaDataOptions::new()
        .with_schema(schema.clone())
        .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    let metadata = ParquetMetaDataReader::decode_metadata_with_options(footer, Some(&options))?;
    let mask = ProjectionMask::roots(&schema, needed.iter().copied());
    let levels = parquet_to_arrow_field_levels(&schema, mask, Some(&Fields::from(hints)))?;
    Ok((metadata, levels))
}

/// The text of a cell; of a null, none.
pub(super) fn value(array: &ArrayRef, row: usize) -> std::result::Result<Cow<'_, [u8]>, String> {
    if row >= array.len() || array.is_null(row) {
        return Ok(Cow::Borrowed(&[]));
    }
    if let Some(bytes) = array.as_binary_view_opt() {
        return Ok(Cow::Borrowed(bytes.value(row)));
    }
    let shown = guarded(|| {
        let options = FormatOptions::default();
        let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
        Ok(formatter.value(row).try_to_string()?)
    });
    shown.map(|shown| Cow::Owned(shown.into_bytes()))
}
