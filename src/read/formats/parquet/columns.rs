//! Plans from a footer which columns are decoded.

use std::ops::Range;
use std::sync::Arc;

use parquet::file::metadata::{
    ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
};

use crate::error::{Error, Position, Result};
use crate::read::InputOptions;
use crate::read::formats::parquet::guarded;
use crate::read::formats::parquet::leaves::{Leaf, Value};
use crate::read::formats::parquet::nested::{Fault, Node};
use crate::read::tables::fields::Columns;

/// Which columns of a file are decoded, and as what.
pub(super) struct Layout {
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) columns: Columns,
    /// Names of the file's columns.
    pub(super) names: Vec<String>,
    /// The columns that are decoded, in the order of their places.
    pub(super) needed: Vec<Needed>,
    /// The primitive columns of which they consist, by their places in the file.
    pub(super) leaves: Vec<usize>,
}

/// A column that is decoded.
pub(super) struct Needed {
    place: usize,
    pub(super) node: Node,
    /// Where its primitive columns stand in [`Layout::leaves`].
    pub(super) leaves: Range<usize>,
}

impl Layout {
    pub(super) fn read(footer: &[u8], options: &InputOptions, position: &Position) -> Result<Self> {
        let malformed = |message: String| Error::malformed(position.clone(), "parquet", message);
        // The schema in Arrow's own words, which a file may hold besides, is left alone: Parquet's
        // says enough, and says it alike for all writers.
        let unreadable = |cause| malformed(format!("its columns cannot be read: {cause}"));
        let schema = guarded(|| ParquetMetaDataReader::decode_schema(footer)).map_err(unreadable)?;
        let fields = schema.root_schema().get_fields();
        let names: Vec<String> = fields.iter().map(|field| field.name().to_owned()).collect();
        let columns = Columns::find(&names, options, position)?;
        let mut places: Vec<usize> = columns.places().flatten().collect();
        places.sort_unstable();
        places.dedup();
        let (mut needed, mut leaves) = (Vec::new(), Vec::new());
        for place in places {
            let Some(field) = fields.get(place) else { continue };
            let node = Node::from_parquet(field).map_err(unreadable)?;
            let start = leaves.len();
            leaves
                .extend((0..schema.num_columns()).filter(|leaf| schema.get_column_root_idx(*leaf) == place));
            needed.push(Needed { place, node, leaves: start..leaves.len() });
        }
        let node_at =
            |place: usize| needed.iter().find(|needed| needed.place == place).map(|needed| &needed.node);
        for place in columns.texts() {
            let name = names.get(place).map_or("", String::as_str);
            let node = node_at(place);
            if !node.is_some_and(Node::is_text) {
                let kind = node.map_or_else(String::new, Node::type_name);
                return Err(malformed(format!("the column `{name}` is not text: its type is {kind}")));
            }
        }
        let options = ParquetMetaDataOptions::new()
            .with_schema(schema.clone())
            .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
        let metadata =
            guarded(|| ParquetMetaDataReader::decode_metadata_with_options(footer, Some(&options)))
                .map_err(|cause| malformed(format!("its footer cannot be read: {cause}")))?;
        if let Some(group) = metadata.row_groups().iter().find(|group| group.num_rows() < 0) {
            return Err(malformed(format!("it is damaged: a row group claims {} rows", group.num_rows())));
        }
        Ok(Layout { metadata: Arc::new(metadata), columns, names, needed, leaves })
    }

    /// The column at a place of the file, if it is decoded.
    pub(super) fn needed(&self, place: usize) -> Option<&Needed> {
        self.needed.iter().find(|needed| needed.place == place)
    }
}

impl Needed {
    /// Whether the value is null in the row at which `leaves`, all of the layout, stand.
    pub(super) fn is_null(&self, leaves: &[Leaf]) -> bool {
        let definition = leaves.get(self.leaves.start).and_then(Leaf::definition);
        definition.is_some_and(|definition| self.node.is_null_at(definition))
    }

    /// Writes the value of the row that `leaves`, all of the layout, stand at.
    pub(super) fn write(
        &self,
        leaves: &mut [Leaf],
        out: &mut Vec<u8>,
        limit: usize,
    ) -> std::result::Result<(), Fault> {
        let leaves = leaves.get_mut(self.leaves.clone()).unwrap_or_default();
        match (self.node.is_text(), &mut *leaves) {
            (true, [leaf]) => {
                // Texts are copied as they are, whether or not the column says that they are UTF-8.
                if let Some(Value::Bytes(bytes)) = leaf.value() {
                    if bytes.len() > limit {
                        return Err(Fault::TooLarge);
                    }
                    out.extend_from_slice(bytes);
                }
                Ok(())
            }
            _ => self.node.write(leaves, out, limit),
        }
    }
}
