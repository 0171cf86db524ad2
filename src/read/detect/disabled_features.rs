//! What is said of formats that this program was built without.

/// Rows that cannot be opened.
macro_rules! refuse {
    ($format:literal, $message:literal) => {
        use std::sync::Arc;

        use crate::error::{Error, Position, Result};
        use crate::read::{InputOptions, RawRecord};

        pub(crate) struct Rows;

        impl Rows {
            pub(crate) fn open(
                path: Arc<str>,
                _: std::fs::File,
                _: &InputOptions,
            ) -> Result<std::iter::Empty<Result<RawRecord>>> {
                Err(Error::malformed(Position::of_path(path.to_string()), $format, $message))
            }
        }
    };
}
use refuse;

/// In the place of the module of that name.
#[cfg(not(feature = "parquet"))]
pub(crate) mod parquet {
    super::refuse!("parquet", "this program was built without Parquet");
}

/// In the place of the module of that name.
#[cfg(not(feature = "spreadsheet"))]
pub(crate) mod spreadsheet {
    super::refuse!("spreadsheet", "this program was built without spreadsheets; export the sheet as CSV");

    /// What a zip archive holds is not known.
    pub(crate) enum Kind {
        #[expect(dead_code)]
        Xlsx,
        #[expect(dead_code)]
        Ods,
        Other(&'static str),
    }

    pub(crate) fn kind(_: std::fs::File) -> Kind {
        Kind::Other("zip")
    }
}
