//! Finds the names of all columns of tables, for whoever writes them again.

use std::path::PathBuf;

use crate::error::{ErrorKind, Result};
use crate::read::{Column, InputOptions, Inputs, Requirement};

/// A name that no column has: who asks for it is told those that are there.
const NO_COLUMN: &str = "\u{0}";

/// The names of the columns that tables and objects of JSON have, in the order in which they are found; none for other files. A
/// table is read no further than to its header, JSON to its end.
///
/// # Errors
/// A file that cannot be read.
pub fn column_names(files: &[PathBuf], options: &InputOptions) -> Result<Vec<String>> {
    let wanted = Column { name: NO_COLUMN.to_owned(), need: Requirement::Always };
    let options = InputOptions { columns: vec![wanted], ..options.clone() };
    let mut names: Vec<String> = Vec::new();
    for raw in Inputs::new(files.to_vec(), options.clone()) {
        let Err(error) = raw.and_then(|raw| raw.document(&options)) else { continue };
        match error.kind() {
            ErrorKind::MissingColumn { found, .. } => {
                let new: Vec<String> = found.iter().filter(|name| !names.contains(name)).cloned().collect();
                names.extend(new);
            }
            // Records that cannot be read are no rows of a table.
            _ if error.position().is_some_and(|position| position.record.is_some()) => {}
            _ => return Err(error),
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_columns_are_named_once_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            path
        };
        let files = [
            write("a.csv", "outlet;text;Id\nGazette;One.;1\n"),
            write(
                "b.jsonl",
                "{\"text\": \"Two.\", \"outlet\": \"Echo\"}\n{\"text\": \"Three.\", \"rank\": 3}\n",
            ),
            write("c.txt", "Four."),
        ];
        assert_eq!(column_names(&files, &InputOptions::default()).unwrap(), ["outlet", "text", "Id", "rank"]);
        assert!(column_names(&[folder.path().join("none.csv")], &InputOptions::default()).is_err());
    }
}
