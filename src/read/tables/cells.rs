//! Tells what a cell means: missing values, labels in lists, numbers with decimal commas.

use std::collections::BTreeMap;

use crate::error::{Message, counted};

/// What R, pandas, spreadsheets and databases write where a value is missing. `NONE` and `none` are not among them: they are labels
/// in several well-known data sets. Nor is a dash, which codes may be made of.
pub const MISSING_VALUES: [&str; 13] =
    ["NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "-nan", "NaT", "None", "NULL", "null"];

/// Whether a cell says that its value is missing.
pub(crate) fn is_missing(cell: &str, missing: &[String]) -> bool {
    let cell = cell.trim();
    missing.iter().any(|value| value == cell)
}

/// The element of a list of one string, as tools write it that allow several labels: `a` of `["a"]` and `['a']`. An empty list
/// is a blank cell.
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
pub(crate) struct MissingCounts(BTreeMap<(String, String), u64>);

impl MissingCounts {
    pub(crate) fn add(&mut self, column: &str, cell: &str) {
        *self.0.entry((column.to_owned(), cell.trim().to_owned())).or_default() += 1;
    }

    /// One line for each column and spelling.
    pub(crate) fn notes(&self) -> impl Iterator<Item = Message> {
        self.0.iter().map(|((column, cell), count)| {
            Message::from(format!(
                "`{cell}` in column `{column}` counts as missing, in {}; ",
                counted(count, "row")
            ))
            .then(Message::naming("`missing` sets which values do"))
        })
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
