//! How files are read.

use crate::model::Markup;
use crate::read::{Format, TextEncoding};

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
    /// A header must have it; what has no header, as a page or an object of JSON, may lack it.
    InHeader,
    /// A header and every object of JSON must have it.
    Always,
}

/// How to read.
#[derive(Clone, Debug)]
pub struct InputOptions {
    /// Columns that hold the text; joined by a blank line where there are several.
    pub text: Vec<String>,
    /// What those columns are written in.
    pub markup: Markup,
    /// Whether the title of a page or of front matter is put before its text.
    pub with_title: bool,
    /// Column that holds the id, and whether a file without it is an error.
    pub id: Column,
    /// Further columns to carry along.
    pub columns: Vec<Column>,
    /// Encoding of the files; `None` finds it out.
    pub encoding: Option<TextEncoding>,
    /// Delimiter of CSV; `None` finds it out.
    pub delimiter: Option<u8>,
    /// Sheet of a spreadsheet; `None` takes the first that can be seen.
    pub sheet: Option<String>,
    /// Most bytes of one record.
    pub max_record: usize,
    /// Format of all files; `None` goes by extension, then by content.
    pub format: Option<Format>,
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions {
            text: vec!["text".to_owned()],
            markup: Markup::Plain,
            with_title: false,
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
