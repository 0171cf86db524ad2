//! Refuses formats that this program was built without.

/// Makes a reader of rows that refuses every file.
macro_rules! refuse {
    ($reader:ident, $format:literal, $message:literal) => {
        use std::sync::Arc;

        use crate::error::{Error, Position, Result};
        use crate::read::bytes::seekable::Seekable;
        use crate::read::{InputOptions, RawRecord};

        pub(crate) struct $reader;

        impl $reader {
            pub(crate) fn open(
                path: Arc<str>,
                _: Seekable,
                _: &InputOptions,
            ) -> Result<std::iter::Empty<Result<RawRecord>>> {
                Err(Error::malformed(Position::from_path(path.to_string()), $format, $message))
            }
        }
    };
}
use refuse;

/// Stands in for the module of that name.
#[cfg(not(feature = "parquet"))]
pub(crate) mod parquet {
    super::refuse!(ParquetRows, "parquet", "this program was built without Parquet");
}

/// Stands in for the module of that name.
#[cfg(not(feature = "spreadsheet"))]
pub(crate) mod spreadsheet {
    use crate::read::formats::Sniffed;
    use crate::read::formats::unsupported;

    super::refuse!(
        SheetRows,
        "spreadsheet",
        "this program was built without spreadsheets; export the sheet as CSV"
    );

    /// Refuses all zip archives: this program cannot look into them.
    pub(crate) fn sniff(_: Seekable) -> Sniffed {
        unsupported::by_extension("zip").into()
    }
}
