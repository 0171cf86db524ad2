//! Counts formulas whose results a workbook does not hold, as where a program has written it that
//! does not calculate.

use std::collections::BTreeMap;

use crate::error::counted;

/// Formulas by their columns: how many there are, and the row of the first.
#[derive(Default)]
pub(super) struct UnstoredResults(BTreeMap<u64, (usize, u64)>);

impl UnstoredResults {
    /// Counts the formula in a row, from 1, and a column, from 0.
    pub(super) fn add(&mut self, row: u64, column: u64) {
        self.0.entry(column).or_insert((0, row)).0 += 1;
    }

    /// What there is to say of some columns.
    pub(super) fn describe(&self, columns: &[u64]) -> Option<String> {
        let found = self.0.iter().filter(|(column, _)| columns.contains(column));
        let (column, (_, row)) = found.clone().min_by_key(|(_, (_, row))| *row)?;
        let count: usize = found.map(|(_, (count, _))| count).sum();
        Some(format!(
            "{} of the needed columns without a stored result, the first at {}{row}, read as empty; open the file in a \
             spreadsheet program and save it there",
            counted(count, "formula"),
            letters(*column)
        ))
    }
}

/// The letters of a column, counted from 0: A to Z, AA and so on.
fn letters(column: u64) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    match column / 26 {
        0 => last.to_string(),
        before => letters(before - 1) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_of_some_columns_are_counted() {
        let mut found = UnstoredResults::default();
        for (row, column) in [(2, 0), (2, 27), (3, 27), (9, 1)] {
            found.add(row, column);
        }
        let said = found.describe(&[27, 1]).unwrap();
        assert!(said.starts_with("3 formulas of the needed columns"), "{said}");
        assert!(said.contains("the first at AB2, read as empty"), "{said}");
        assert_eq!(found.describe(&[2]), None);
    }

    #[test]
    fn columns_have_letters() {
        let columns = [0, 25, 26, 51, 52, 701, 702, 16_383].map(letters);
        assert_eq!(columns, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }
}
