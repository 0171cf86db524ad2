//! Finds the names of all columns of tables, for whoever writes them again.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::error::{ErrorKind, Result};
use crate::read::{Column, Input, InputOptions, Inputs, Requirement};

/// What columns of results begin with that scoring has kept from its input.
pub(crate) const KEPT: &str = "meta_";
/// A name that no column has: the error about it lists the columns there are.
const NO_COLUMN: &str = "\u{0}";

/// The names of all columns of tables and objects of JSON, in the order in which they are found;
/// none for other files. A table is read no further than to its header, JSON to its end. A name
/// that stands twice in one header is left out: nobody can tell which column is meant.
///
/// # Errors
/// A file that cannot be read.
pub fn column_names(files: &[PathBuf], options: &InputOptions) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    let mut ambiguous: BTreeSet<String> = BTreeSet::new();
    for columns in columns_of_records(files.iter().map(Input::from_path).collect(), options) {
        let mut of_record = BTreeSet::new();
        for name in columns? {
            if !of_record.insert(name.clone()) {
                ambiguous.insert(name);
            } else if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.retain(|name| !ambiguous.contains(name));
    Ok(names)
}

/// The columns of each table, and of each object of JSON; none for other files. An item is an error
/// where a file cannot be read.
pub(super) fn columns_of_records(
    inputs: Vec<Input>,
    options: &InputOptions,
) -> impl Iterator<Item = Result<Vec<String>>> + use<> {
    let wanted = Column { name: NO_COLUMN.to_owned(), need: Requirement::Always };
    let options = InputOptions { columns: vec![wanted], ..options.clone() };
    Inputs::new(inputs, options.clone()).filter_map(move |raw| {
        let error = raw.and_then(|raw| raw.document(&options)).err()?;
        match error.kind() {
            ErrorKind::MissingColumn { found, .. } => Some(Ok(found.clone())),
            // Records that cannot be read are no rows of a table.
            _ if error.position().is_some_and(|position| position.record.is_some()) => None,
            _ => Some(Err(error)),
        }
    })
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
        // Nobody can tell which of two columns is meant that have one name, or none.
        let files = [write("d.csv", "text,,rank,,rank,outlet\nFive.,a,1,b,2,Echo\n")];
        assert_eq!(column_names(&files, &InputOptions::default()).unwrap(), ["text", "outlet"]);
        assert!(column_names(&[folder.path().join("none.csv")], &InputOptions::default()).is_err());
    }
}
