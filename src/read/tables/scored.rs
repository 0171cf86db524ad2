//! Reads results of `score`: the names of what was scored, and the stratum of each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Message, Result};
use crate::read::tables::column_names::KEPT;
use crate::read::{Column, InputOptions, Inputs, Requirement, find_files};
use crate::text::Preparation;
use crate::text::document::Document;

/// What strata are made by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stratify {
    /// All rows are one stratum.
    None,
    /// The likeliest label.
    Top,
    /// The label; rows without one are a stratum.
    Label,
    /// A column that was kept from the input, by its name there; rows without a value are a
    /// stratum.
    Kept(String),
}

impl Stratify {
    /// `none`, `top`, `label` or the name of a kept column. After `meta_`, every name is that of a
    /// kept column.
    ///
    /// # Errors
    /// No name.
    pub fn parse(written: &str) -> Result<Self> {
        match written {
            "none" => Ok(Stratify::None),
            "top" => Ok(Stratify::Top),
            "label" => Ok(Stratify::Label),
            _ => match written.strip_prefix(KEPT).unwrap_or(written) {
                "" => {
                    let expected = "top, label, none, or a column that scoring has kept";
                    Err(Error::invalid_parameter("stratify", written, expected)
                        .with_message(format!("cannot stratify by `{written}`; expected {expected}")))
                }
                kept => Ok(Stratify::Kept(kept.to_owned())),
            },
        }
    }
}

/// A document that was scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredName {
    /// Its id, as it stands in the results: in those for Excel perhaps behind an apostrophe.
    pub id: String,
    /// Its path as it was given to `score`.
    pub path: String,
    /// Its number in the file; `None` where the file is one document.
    pub record: Option<u64>,
    /// The id of the model that scored it; empty where the results do not tell.
    pub model: String,
}

/// What a cell begins with that a spreadsheet takes for a formula; results for Excel have an
/// apostrophe before it.
pub(crate) const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell without the apostrophe that results for Excel have before what looks like a formula;
/// `None` where there is none.
pub(crate) fn without_apostrophe(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA_STARTS))
}

/// The columns that are asked of results, in this order; then the stratum's. The id stands among
/// them as it is written, blank or not.
const COLUMNS: [(&str, Requirement); 7] = [
    ("id", Requirement::InHeader),
    ("record", Requirement::InHeader),
    ("top", Requirement::InHeader),
    ("error_kind", Requirement::Optional),
    ("error", Requirement::Optional),
    ("paragraph", Requirement::Optional),
    ("model", Requirement::Optional),
];

/// The documents of result files with their strata, one after the other; `None` for a record that
/// could not be scored.
///
/// An item is an error where a row or a file cannot be read, or is no result of `score`.
pub fn read_scored(
    files: Vec<PathBuf>,
    stratify: Stratify,
    max_record: usize,
) -> impl Iterator<Item = Result<Option<(ScoredName, String)>>> {
    let column = |name: &str, need| Column { name: name.to_owned(), need };
    let mut columns = COLUMNS.map(|(name, need)| column(name, need)).to_vec();
    match &stratify {
        Stratify::None | Stratify::Top => {}
        Stratify::Label => columns.push(column("label", Requirement::InHeader)),
        Stratify::Kept(name) => {
            columns.push(column(&format!("meta_{name}"), Requirement::InHeader));
            columns.push(column("meta", Requirement::Optional));
        }
    }
    let options = InputOptions {
        preparation: Preparation::from_columns(["path"]),
        columns,
        max_record,
        ..InputOptions::default()
    };
    let found = find_files(&files, &[]);
    let unreadable = found.errors.into_iter().map(Err);
    Inputs::new(found.files, options.clone())
        .chain(unreadable)
        .map(move |raw| scored(raw?.document(&options)?, &stratify))
}

fn scored(document: Document, stratify: &Stratify) -> Result<Option<(ScoredName, String)>> {
    let position = document.position();
    let malformed = |message: Message| Err(Error::malformed(position.clone(), "csv", message));
    let mut columns = document.columns.into_iter();
    let mut next = || columns.next().flatten();
    let id = next().unwrap_or_default();
    let (record, top, error_kind, error, paragraph) = (next(), next(), next(), next(), next());
    let model = next().unwrap_or_default();
    if error_kind.or(error).is_some() {
        return Ok(None);
    }
    let Some(top) = top else {
        return malformed("it has no `top`; expected a result of `standpoint score`".into());
    };
    if paragraph.is_some() {
        return malformed(Message::naming(
            "it is about a paragraph; score without `paragraphs` to sample documents",
        ));
    }
    let record = match record.map(|record| (record.parse(), record)) {
        None => None,
        Some((Ok(number), _)) => Some(number),
        Some((Err(_), written)) => {
            return malformed(format!("its `record` is `{written}`; expected a whole number").into());
        }
    };
    let stratum = match stratify {
        Stratify::None => String::new(),
        Stratify::Top => top,
        Stratify::Label => next().unwrap_or_default(),
        Stratify::Kept(name) => match (next(), next()) {
            (None, Some(meta)) => match kept(&meta, name) {
                Some(value) => value,
                None => {
                    let message = Message::from(format!("its `meta` has no `{name}`; score with "));
                    return malformed(message.then(Message::setting("keep", name.clone())));
                }
            },
            (value, _) => value.unwrap_or_default(),
        },
    };
    let plain = |cell: String| without_apostrophe(&cell).map(str::to_owned).unwrap_or(cell);
    Ok(Some((ScoredName { id, path: plain(document.text), record, model: plain(model) }, plain(stratum))))
}

/// The value of a kept column in the `meta` of a JSON line; blank for null, `None` where it was not
/// kept.
fn kept(meta: &str, name: &str) -> Option<String> {
    let mut meta: BTreeMap<String, Option<String>> = serde_json::from_str(meta).ok()?;
    meta.remove(name).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strata_are_named_as_the_columns_of_results() {
        assert_eq!(Stratify::parse("none").unwrap(), Stratify::None);
        assert_eq!(Stratify::parse("label").unwrap(), Stratify::Label);
        assert_eq!(Stratify::parse("meta_label").unwrap(), Stratify::Kept("label".into()));
        for source in ["source", "meta_source"] {
            assert_eq!(Stratify::parse(source).unwrap(), Stratify::Kept("source".into()));
        }
        for wrong in ["", "meta_"] {
            let error = Stratify::parse(wrong).unwrap_err().to_string();
            assert!(error.contains("expected top, label, none"), "{wrong}: {error}");
        }
    }

    #[test]
    fn an_apostrophe_is_taken_away_where_excel_got_one() {
        assert_eq!(without_apostrophe("'@a"), Some("@a"));
        assert_eq!(without_apostrophe("'-1"), Some("-1"));
        for own in ["@a", "'a", "''", "'", "", "'tis"] {
            assert_eq!(without_apostrophe(own), None, "{own}");
        }
    }

    #[test]
    fn a_kept_value_is_taken_out_of_meta() {
        let meta = r#"{"source":"a","date":null}"#;
        assert_eq!(kept(meta, "source").as_deref(), Some("a"));
        assert_eq!(kept(meta, "date").as_deref(), Some(""));
        assert_eq!(kept(meta, "url"), None);
        assert_eq!(kept("7", "url"), None);
    }
}
