//! Detects the format of a file by its name and by its first bytes.

#[cfg(not(all(feature = "parquet", feature = "spreadsheet")))]
pub(crate) mod disabled_features;
pub(crate) mod format;
pub(crate) mod magic;
pub(crate) mod unsupported;
