//! Merges or keeps labels that differ only in case or blanks.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::named::named;
use crate::train::dataset::row::Row;

/// What becomes of labels that differ only in case or blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelVariants {
    /// They become one label: the spelling that most rows have; ties go to the first by its bytes.
    Merge,
    /// They stay labels of their own.
    Keep,
}

named!(LabelVariants { Merge: "merge", Keep: "keep" });

impl LabelVariants {
    /// Rewrites the labels of `rows`; with [`LabelVariants::Keep`] there is nothing to rewrite.
    pub fn apply(self, rows: &mut [Row]) {
        if self == LabelVariants::Keep {
            return;
        }
        let spellings = Spellings::new(rows);
        let chosen: BTreeMap<&String, &String> = spellings
            .0
            .iter()
            .filter_map(|(key, counts)| {
                let most = counts.iter().rev().max_by_key(|(_, count)| **count)?;
                Some((key, most.0))
            })
            .collect();
        for row in rows {
            if let Some(name) = chosen.get(&key(&row.label)) {
                row.label = (*name).clone();
            }
        }
    }

    /// Checks that no two labels differ only in case or blanks.
    ///
    /// # Errors
    /// Labels that do: each spelling with the number of its rows.
    pub fn check(rows: &[Row]) -> Result<()> {
        let Spellings(found) = Spellings::new(rows);
        if found.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> = found
            .values()
            .map(|counts| {
                let each = counts.iter().map(|(name, count)| format!("`{name}` ({count} rows)"));
                each.collect::<Vec<_>>().join(" and ")
            })
            .collect();
        Err(Error::data(format!("labels differ only in case or blanks: {}", shown.join("; "))))
    }
}

/// The labels of more than one spelling: for each the rows of every spelling.
struct Spellings(BTreeMap<String, BTreeMap<String, usize>>);

impl Spellings {
    fn new(rows: &[Row]) -> Self {
        let mut found: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for row in rows {
            *found.entry(key(&row.label)).or_default().entry(row.label.clone()).or_default() += 1;
        }
        found.retain(|_, counts| counts.len() > 1);
        Spellings(found)
    }
}

/// What all spellings of a label have in common.
fn key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_merged_into_the_most_frequent_one() {
        let labels = ["For", "for", "for", "on  hold", "On hold", "no"];
        let rows = || labels.map(|label| Row::new(label, "x")).to_vec();
        let mut merged = rows();
        LabelVariants::Merge.apply(&mut merged);
        let labels: Vec<&str> = merged.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["for", "for", "for", "On hold", "On hold", "no"]);
        assert!(LabelVariants::check(&merged).is_ok());
        let message = LabelVariants::check(&rows()).unwrap_err().to_string();
        assert!(message.contains("`For` (1 rows) and `for` (2 rows)"), "{message}");
        let mut kept = rows();
        LabelVariants::Keep.apply(&mut kept);
        assert_eq!(kept, rows());
    }
}
