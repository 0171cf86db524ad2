//! Finds the weights that `sample` keeps in a file of their own, so that coders do not see them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Message, Result};
use crate::read::{Column, InputOptions, Inputs, Requirement};
use crate::text::Preparation;
use crate::text::document::Document;

/// The column of a sheet that names the file with its weights. The file is in the folder of the
/// sheet.
pub const WEIGHTS_FILE_COLUMN: &str = "weights_file";

/// The columns by which a row of a sheet finds its weight: the file, then the text's path and
/// record.
pub(super) const SHEET_COLUMNS: [&str; 3] = [WEIGHTS_FILE_COLUMN, "path", "record"];

/// The cells of [`SHEET_COLUMNS`] in one row.
pub(super) type SheetCells<'a> = [Option<&'a str>; 3];

/// The path of a text and its record, as they are written.
type TextName = (String, String);

/// The weights of sheets, each file read when its first row asks for it.
#[derive(Debug, Default)]
pub(super) struct SampleWeights {
    files: HashMap<PathBuf, HashMap<TextName, f64>>,
}

impl SampleWeights {
    /// The weight of a row; `None` for a row that names no file.
    ///
    /// # Errors
    /// A file that cannot be read: an error about no record. A row that the file does not have: an
    /// error about that record.
    pub(super) fn find(&mut self, row: &Document, cells: SheetCells<'_>) -> Result<Option<f64>> {
        let [name, path, record] = cells.map(|cell| cell.unwrap_or_default().trim());
        // Only a name: a sheet does not choose a folder.
        let Some(name) = Path::new(name).file_name() else { return Ok(None) };
        let file = Path::new(&row.path).with_file_name(name);
        let weights = match self.files.get(&file) {
            Some(weights) => weights,
            None => {
                let weights = read_weights(&file).map_err(|error| without_weights(row, &file, &error))?;
                &*self.files.entry(file.clone()).or_insert(weights)
            }
        };
        match weights.get(&(path.to_owned(), record.to_owned())) {
            Some(weight) => Ok(Some(*weight)),
            None => {
                let missing = format!(
                    "{} has no weight for path `{path}`, record `{record}`; leave these two columns as `sample` wrote them",
                    file.display()
                );
                Err(Error::malformed(row.position(), "weight", missing))
            }
        }
    }
}

fn without_weights(row: &Document, file: &Path, error: &Error) -> Error {
    let found = format!(
        "{}: cannot read the weights of its rows ({error}); put {} beside it, ",
        row.path,
        file.display()
    );
    Error::data(Message::from(found).then(Message::naming("or name a column with `weight_column`")))
}

fn read_weights(file: &Path) -> Result<HashMap<TextName, f64>> {
    let column = |name: &str| Column { name: name.to_owned(), need: Requirement::Always };
    let options = InputOptions {
        preparation: Preparation::from_columns(["path"]),
        columns: ["record", "weight"].map(column).to_vec(),
        ..InputOptions::default()
    };
    let mut weights = HashMap::new();
    for raw in Inputs::new(vec![file.to_owned()], options.clone()) {
        let document = raw?.document(&options)?;
        let mut cells = document.columns.iter().map(|cell| cell.as_deref().unwrap_or_default().trim());
        let (record, weight) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let weight = super::cells::parse_weight(weight).map(|(weight, _)| weight).ok_or_else(|| {
            let message = format!("the weight is `{weight}`; expected a number of at least 0");
            Error::malformed(document.position(), "weight", message)
        })?;
        weights.insert((document.text.trim().to_owned(), record.to_owned()), weight);
    }
    Ok(weights)
}
