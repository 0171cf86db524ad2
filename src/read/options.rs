//! Holds the options of reading.

use serde::{Deserialize, Serialize};

#[cfg(any(feature = "parquet", feature = "spreadsheet"))]
use crate::read::bytes::budget::Budget;
use crate::read::bytes::compression::DEFAULT_WINDOW_LOG;
use crate::read::{Format, TextEncoding, character};
use crate::text::Preparation;

/// A column to carry along with each document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in the header, or the key in a JSON object.
    pub name: String,
    /// Where it must be.
    pub need: Requirement,
}

/// Where a column must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// A file may lack it.
    Optional,
    /// A header must have it; pages and JSON objects, which have no header, may lack it.
    InHeader,
    /// A header and every object of JSON must have it.
    Always,
}

/// The quotation mark around fields of CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quote {
    /// `"`, unless what is found shows that such marks are characters of the texts, or are escaped.
    #[default]
    Detect,
    /// None: all quotation marks are characters.
    None,
    /// This one, whatever is found.
    Character(#[serde(with = "character")] u8),
}

/// The options of reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InputOptions {
    /// Which columns hold the text, and how they become the text that is scored. For scoring, take
    /// that of the model.
    pub preparation: Preparation,
    /// Whether the text may be taken from the one column that is likely to hold it (`content`,
    /// `body`), where the usual column `text` is missing; a note says so.
    pub guess_text_column: bool,
    /// Column that holds the id, and whether a file without it is an error.
    pub id: Column,
    /// Further columns to carry along.
    pub columns: Vec<Column>,
    /// Whether columns of a table that a work folder of labels exported with prefixed names are
    /// taken for those of the names without the prefix: `coded_label` for `label`.
    pub unprefix_exports: bool,
    /// Encoding of the files; `None` detects it.
    pub encoding: Option<TextEncoding>,
    /// Delimiter of CSV; `None` detects it.
    #[serde(with = "character::optional")]
    pub delimiter: Option<u8>,
    /// The quotation mark of CSV.
    pub quote: Quote,
    /// The character that takes the meaning of a quotation mark in CSV away; `None` detects a
    /// backslash.
    #[serde(with = "character::optional")]
    pub escape: Option<u8>,
    /// The line of CSV, or row of a sheet, that holds the column names, from 1; `None` detects it.
    pub header_row: Option<u64>,
    /// The largest window of zstd that is made room for, as a power of two.
    pub zstd_window_log: u32,
    /// Sheet of a spreadsheet; `None` takes the first visible one.
    pub sheet: Option<String>,
    /// The most bytes that one record may have.
    pub max_record: usize,
    /// Format of all files; `None` detects it by extension, then by content.
    pub format: Option<Format>,
}

impl InputOptions {
    /// What the reader of a file may hold of it at once.
    #[cfg(any(feature = "parquet", feature = "spreadsheet"))]
    pub(crate) fn budget(&self) -> Budget {
        Budget::for_records_of(self.max_record)
    }
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions {
            preparation: Preparation::default(),
            guess_text_column: false,
            id: Column { name: "id".to_owned(), need: Requirement::Optional },
            columns: Vec::new(),
            unprefix_exports: false,
            encoding: None,
            delimiter: None,
            quote: Quote::Detect,
            escape: None,
            header_row: None,
            zstd_window_log: DEFAULT_WINDOW_LOG,
            sheet: None,
            max_record: 16 << 20,
            format: None,
        }
    }
}

impl InputOptions {
    /// The columns that a header must have.
    pub(crate) fn required_columns(&self) -> impl Iterator<Item = &String> {
        let others = std::iter::once(&self.id).chain(&self.columns);
        let required = others.filter(|column| column.need != Requirement::Optional);
        self.preparation.text_columns.iter().chain(required.map(|column| &column.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_options_are_those_that_were_saved() {
        let options = InputOptions {
            encoding: TextEncoding::from_label("latin1"),
            delimiter: Some(b'\t'),
            quote: Quote::Character(b'\''),
            escape: Some(b'\\'),
            format: Some(Format::Spreadsheet),
            columns: vec![Column { name: "source".to_owned(), need: Requirement::InHeader }],
            ..InputOptions::default()
        };
        for options in [options, InputOptions::default()] {
            let saved = serde_json::to_string(&options).unwrap();
            assert_eq!(serde_json::from_str::<InputOptions>(&saved).unwrap(), options, "{saved}");
        }
        assert_eq!(serde_json::from_str::<InputOptions>("{}").unwrap(), InputOptions::default());
    }

    #[test]
    fn options_that_cannot_be_are_refused_with_what_is_expected() {
        for (saved, expected) in [
            (r#"{"delimiter":"é"}"#, "a character of ASCII"),
            (r#"{"encoding":"utf-9"}"#, "such as windows-1251"),
            (r#"{"format":"docx"}"#, "text, markdown"),
            (r#"{"delimeter":";"}"#, "`delimiter`"),
        ] {
            let error = serde_json::from_str::<InputOptions>(saved).unwrap_err().to_string();
            assert!(error.contains(expected), "{saved}: {error}");
        }
    }
}
