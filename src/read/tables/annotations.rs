//! Reads rows that several coders have labeled, from CSV, JSON lines, Parquet or spreadsheets.

use crate::error::{Error, Message, Result};
use crate::read::{Column, InputOptions, Inputs, Requirement};
use crate::text::document::Document;

/// A row, with the label of each coder; none where the cell is blank.
#[derive(Clone, Debug, PartialEq)]
pub struct Coded {
    /// The text and its name.
    pub document: Document,
    /// The labels as they are written, in the order of the columns.
    pub labels: Vec<Option<String>>,
}

/// The rows of files whose columns `coders` hold labels, one after the other.
///
/// An item is an error where a row or a file cannot be read, as with [`Inputs`].
pub fn read_annotations(
    files: Vec<std::path::PathBuf>,
    options: &InputOptions,
    coders: &[String],
) -> impl Iterator<Item = Result<Coded>> {
    let need = |name: &String| Column { name: name.clone(), need: Requirement::InHeader };
    let options = InputOptions { columns: coders.iter().map(need).collect(), ..options.clone() };
    Inputs::new(files, options.clone()).map(move |raw| {
        let mut document = raw?.document(&options)?;
        let labels = std::mem::take(&mut document.columns);
        let coded = |label: Option<String>| label.filter(|label| !label.trim().is_empty());
        Ok(Coded { labels: labels.into_iter().map(coded).collect(), document })
    })
}

/// Columns of coders, as they are named in one list.
///
/// # Errors
/// Less than two, or one that is named twice.
pub fn check_coders(coders: &[String]) -> Result<()> {
    if let Some(twice) =
        coders.iter().enumerate().find_map(|(at, name)| coders.get(..at)?.contains(name).then_some(name))
    {
        return Err(Error::invalid_parameter("coders", format!("`{twice}` twice"), "each column once")
            .with_message(Message::naming("`coders` names ").then(format!("`{twice}` twice")))
            .with_hint("name each coder's column once"));
    }
    match coders {
        [_, _, ..] => Ok(()),
        _ => {
            let expected = "two columns or more, one a coder: coder_a,coder_b";
            Err(Error::invalid_parameter("coders", coders.len(), expected)
                .with_message(Message::naming("`coders`").then(format!(": expected {expected}"))))
        }
    }
}
