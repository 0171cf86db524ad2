//! Turns the bytes of a file into UTF-8: decompression, decoding, a window that grows with a
//! record. Opens what is read from any place, and bounds what is held.

#[cfg(any(feature = "parquet", feature = "spreadsheet"))]
pub(crate) mod budget;
pub(crate) mod compression;
pub(crate) mod decode;
pub(crate) mod encoding;
pub(crate) mod guess;
mod iso_2022_jp;
pub(crate) mod peek;
pub(crate) mod sections;
pub(crate) mod seekable;
pub(crate) mod source;
