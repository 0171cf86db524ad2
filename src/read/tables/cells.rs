//! Tells what a cell means: missing values, labels in lists, numbers with decimal commas.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde_json::Value;

use crate::error::{Error, Message, Result, counted, quoted};
use crate::label::looks_missing;

/// What R, pandas, spreadsheets (with their errors) and databases write where a value is missing.
/// `NONE` and `none` are not among them: they are labels in several well-known data sets. Nor is a
/// dash, which codes may be made of.
pub const MISSING_VALUES: [&str; 24] = [
    "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "-nan", "NaT", "None", "NULL", "null", "\\N",
    "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#ERROR!",
];

/// Whether a cell says that its value is missing.
pub(crate) fn is_missing(cell: &str, missing: &[String]) -> bool {
    let cell = cell.trim();
    missing.iter().any(|value| value == cell)
}

/// What a cell for a label holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelCell<'c> {
    /// A label, or what stands for a missing one.
    Label(&'c str),
    Blank,
    /// An empty list or object.
    EmptyList,
    Null,
}

impl<'c> LabelCell<'c> {
    /// `is_null` says that the cell is null, in a format that tells a null from a blank.
    pub(crate) fn new(cell: Option<&'c str>, is_null: bool) -> Self {
        match cell {
            None if is_null => LabelCell::Null,
            Some(cell) if is_empty_list(cell) => LabelCell::EmptyList,
            cell => {
                let label = cell.map(without_list).filter(|label| !label.trim().is_empty());
                label.map_or(LabelCell::Blank, LabelCell::Label)
            }
        }
    }
}

/// Whether a cell is an empty list or object, or a list of nothing but a null.
fn is_empty_list(cell: &str) -> bool {
    let cell = cell.trim();
    let inner = cell.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map(str::trim);
    cell == "{}"
        || inner.is_some_and(|inner| matches!(inner, "" | "null" | "None" | "NaN" | "nan" | "\"\"" | "''"))
}

/// Members that hold a label in what coding tools export, the likeliest first.
const LABEL_MEMBERS: [&str; 8] =
    ["choices", "choice", "label", "labels", "value", "class", "category", "answer"];

/// The path of the member that may be the label, of a cell that holds an object or a list of
/// objects: `value` of `{"value": "pro"}`. It is the first one that has the name of a label and
/// holds text, or else the first that holds text, or else the first.
pub(crate) fn member_of_object(cell: &str) -> Option<String> {
    let first = first_member(cell)?;
    let found = serde_json::from_str::<Value>(cell).ok().and_then(|value| {
        let mut texts = Vec::new();
        text_members(&value, &mut Vec::new(), &mut texts);
        let rank = |path: &Vec<&str>| LABEL_MEMBERS.iter().position(|name| path.last() == Some(name));
        let best = texts.iter().filter_map(|path| Some((rank(path)?, path))).min_by_key(|(rank, _)| *rank);
        best.map(|(_, path)| path).or(texts.first()).map(|path| path.join("."))
    });
    Some(found.unwrap_or(first))
}

/// The paths of the members that hold text, or a list of nothing but text. Lists of objects take no
/// part of a path.
fn text_members<'v>(value: &'v Value, path: &mut Vec<&'v str>, found: &mut Vec<Vec<&'v str>>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| is_member_name(name)) {
                path.push(name);
                text_members(member, path, found);
                path.pop();
            }
        }
        Value::Array(elements) if elements.iter().all(Value::is_string) && !elements.is_empty() => {
            found.push(path.clone());
        }
        Value::Array(elements) => elements.iter().for_each(|element| text_members(element, path, found)),
        Value::String(_) => found.push(path.clone()),
        _ => {}
    }
}

fn is_member_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '@' | '-' | ' '))
}

/// The path of the first member, as it is written: also of what is no JSON, such as what Python
/// prints.
fn first_member(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let (place, object) = match cell.strip_prefix('[') {
        Some(list) => ("0.", list.strip_suffix(']')?.trim()),
        None => ("", cell),
    };
    let (name, _) = object.strip_prefix('{').filter(|_| object.ends_with('}'))?.split_once(':')?;
    let name = name.trim().trim_matches(['"', '\'']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '@' | '-' | '.' | ' ');
    (!name.is_empty() && name.chars().all(is_name)).then(|| format!("{place}{name}"))
}

/// Refuses a label that is an object: its text is no label, but one of its members is.
///
/// # Errors
/// Such a cell, with the column that would hold the label.
pub(crate) fn check_is_no_object(
    place: impl Display,
    column: &str,
    named_by: &'static str,
    cell: &str,
) -> Result<()> {
    let Some(member) = member_of_object(cell) else { return Ok(()) };
    let message =
        format!("{place}: the label in `{column}` is an object, `{}`; expected a text.", quoted(cell));
    let hint = Message::from("In JSON and Parquet, take a member of it: ").then(Message::naming(named_by));
    Err(Error::data(message).with_hint(hint.then(format!(" {column}.{member}"))))
}

/// The element of a list of one string, as tools write it that allow several labels: `a` of `["a"]`
/// and `['a']`. An empty list is a blank cell.
pub(crate) fn without_list(cell: &str) -> &str {
    let Some(inner) = cell.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return cell;
    };
    let inner = inner.trim();
    if inner.is_empty() {
        return "";
    }
    for quote in ['"', '\''] {
        let unquoted = inner.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(element) = unquoted.filter(|element| !element.contains([quote, '\\'])) {
            return element;
        }
    }
    cell
}

/// A weight, and whether it was written with a decimal comma.
pub(crate) fn parse_weight(written: &str) -> Option<(f64, bool)> {
    let written = written.trim();
    let (number, has_comma) = match written.split_once(',') {
        // 1,000 is a thousand in one country and one in another.
        Some((whole, fraction)) if fraction.len() == 3 && !matches!(whole, "0" | "") => return None,
        Some((whole, fraction)) => {
            let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if !is_digits(whole) || !is_digits(fraction) {
                return None;
            }
            (format!("{whole}.{fraction}").parse::<f64>(), true)
        }
        None => (written.parse::<f64>(), false),
    };
    let number = number.ok().filter(|weight| (*weight as f32).is_finite() && *weight >= 0.0)?;
    Some((number, has_comma))
}

/// Counts missing values by column and spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MissingCounts {
    found: BTreeMap<(String, String), u64>,
    /// By column, cells that hold an empty list or object.
    empty: BTreeMap<String, u64>,
    /// By column, values that are null.
    nulls: BTreeMap<String, u64>,
    /// Labels that look like missing values, and are none.
    doubtful: BTreeMap<(String, String), u64>,
}

impl MissingCounts {
    pub(crate) fn add(&mut self, column: &str, cell: &str) {
        *self.found.entry((column.to_owned(), cell.trim().to_owned())).or_default() += 1;
    }

    /// Counts a cell for a label that holds none; a blank one is not counted.
    pub(crate) fn add_label(&mut self, column: &str, cell: LabelCell<'_>) {
        let counts = match cell {
            LabelCell::Label(cell) => return self.add(column, cell),
            LabelCell::Blank => return,
            LabelCell::EmptyList => &mut self.empty,
            LabelCell::Null => &mut self.nulls,
        };
        *counts.entry(column.to_owned()).or_default() += 1;
    }

    /// Counts a label, if it looks like a missing value.
    pub(crate) fn doubt(&mut self, column: &str, label: &str, missing: &[String]) {
        if looks_missing(label, missing) {
            *self.doubtful.entry((column.to_owned(), label.trim().to_owned())).or_default() += 1;
        }
    }

    /// One line for each column and spelling.
    pub(crate) fn notes(&self) -> impl Iterator<Item = Message> {
        let found = self.found.iter().map(|((column, cell), count)| {
            Message::from(format!(
                "`{cell}` in column `{column}` counts as missing, in {}; ",
                counted(count, "row")
            ))
            .then(Message::naming("`missing` sets which values do"))
        });
        let empty = self.empty.iter().map(|(column, count)| {
            format!("column `{column}` is an empty list or object in {}", counted(count, "row")).into()
        });
        let nulls = self
            .nulls
            .iter()
            .map(|(column, count)| format!("column `{column}` is null in {}", counted(count, "row")).into());
        let doubtful = self.doubtful.iter().map(|((column, label), count)| {
            Message::from(format!(
                "`{label}` in column `{column}` counts as a label, in {}; ",
                counted(count, "row")
            ))
            .then(Message::naming("name it in `missing` if it says that a label is missing"))
        });
        found.chain(empty).chain(nulls).chain(doubtful)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_one_label_is_the_label() {
        for (cell, label) in [
            ("[\"a\"]", "a"),
            ("[ 'a b' ]", "a b"),
            ("[]", ""),
            ("[a]", "[a]"),
            ("[\"a\",\"b\"]", "[\"a\",\"b\"]"),
            ("a", "a"),
            ("[", "["),
        ] {
            assert_eq!(without_list(cell), label, "{cell}");
        }
    }

    #[test]
    fn a_label_that_is_an_object_names_its_member() {
        for (cell, member) in [
            ("{\"value\": \"pro\"}", "value"),
            ("{value: pro}", "value"),
            ("{'choice': 'pro', 'by': 2}", "choice"),
            ("[{\"from_name\":\"x\"}]", "from_name"),
            ("{\"id\": 1, \"note\": \"a\", \"value\": \"pro\"}", "value"),
            (
                "[{\"id\": 0, \"result\": [{\"value\": {\"choices\": [\"pro\"]}, \"from_name\": \"stance\"}]}]",
                "result.value.choices",
            ),
            ("{\"id\": 1, \"by\": {\"n\": 2}}", "id"),
        ] {
            assert_eq!(member_of_object(cell).as_deref(), Some(member), "{cell}");
            let error =
                check_is_no_object("a.jsonl", "label", "`label_column`", cell).unwrap_err().to_string();
            assert!(error.contains(&format!("`label_column` label.{member}")), "{error}");
        }
        for cell in ["pro", "{pro}", "{'pro'}", "a: b", "{: x}", "[1, 2]"] {
            assert_eq!(member_of_object(cell), None, "{cell}");
        }
    }

    #[test]
    fn decimal_commas_are_read_and_thousands_are_not_guessed() {
        for (written, number) in
            [("0,5", 0.5), ("1,25", 1.25), ("0,125", 0.125), ("10,5", 10.5), ("2", 2.0), (" 1.5 ", 1.5)]
        {
            assert_eq!(parse_weight(written).map(|found| found.0), Some(number), "{written}");
        }
        for written in [
            "1,000", "12,500", "1.000,5", "1,000.5", "1 000", ",5", "0,", "-1", "-0,5", "nan", "inf", "1e39",
            "", "1,2,3",
        ] {
            assert_eq!(parse_weight(written), None, "{written}");
        }
        assert_eq!(parse_weight("0,5").map(|found| found.1), Some(true));
    }
}
