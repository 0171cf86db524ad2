//! Holds the options of reading.

use crate::read::{Format, TextEncoding};
use crate::text::Preparation;

/// A column to carry along with each document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header, or the key in a JSON object.
    pub name: String,
    /// Where it must be.
    pub need: Requirement,
}

/// Where a column must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// A file may lack it.
    Optional,
    /// A header must have it; pages and JSON objects, which have no header, may lack it.
    InHeader,
    /// A header and every object of JSON must have it.
    Always,
}

/// The options of reading.
#[derive(Clone, Debug)]
pub struct InputOptions {
    /// Which columns hold the text, and how they become the text that is scored. For scoring, take that
    /// of the model.
    pub preparation: Preparation,
    /// Column that holds the id, and whether a file without it is an error.
    pub id: Column,
    /// Further columns to carry along.
    pub columns: Vec<Column>,
    /// Encoding of the files; `None` detects it.
    pub encoding: Option<TextEncoding>,
    /// Delimiter of CSV; `None` detects it.
    pub delimiter: Option<u8>,
    /// Sheet of a spreadsheet; `None` takes the first visible one.
    pub sheet: Option<String>,
    /// The most bytes that one record may have.
    pub max_record: usize,
    /// Format of all files; `None` detects it by extension, then by content.
    pub format: Option<Format>,
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions {
            preparation: Preparation::default(),
            id: Column { name: "id".to_owned(), need: Requirement::Optional },
            columns: Vec::new(),
            encoding: None,
            delimiter: None,
            sheet: None,
            max_record: 16 << 20,
            format: None,
        }
    }
}
