//! Reads the records of each format.

pub(crate) mod delimited;
pub(crate) mod html;
pub(crate) mod jsonl;
pub(crate) mod markdown;
mod nesting;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
#[cfg(feature = "spreadsheet")]
pub(crate) mod spreadsheet;
pub(crate) mod warc;

#[cfg(not(feature = "parquet"))]
pub(crate) use crate::read::detect::disabled_features::parquet;
#[cfg(not(feature = "spreadsheet"))]
pub(crate) use crate::read::detect::disabled_features::spreadsheet;
