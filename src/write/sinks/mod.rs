//! Writes results in each format, to a file that is there whole or not at all.

pub(crate) mod column_table;
pub(crate) mod compressed;
pub(crate) mod csv;
pub(crate) mod destination;
pub(crate) mod file;
pub(crate) mod json;
pub(crate) mod jsonl;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod published;
pub(crate) mod streamed_table;
pub(crate) mod table;
pub(crate) mod temporary;
#[cfg(feature = "spreadsheet")]
pub(crate) mod xlsx;
