//! Labels that differ only in case or blanks: nobody but the user knows whether they are one.

use std::collections::BTreeMap;

use clap::ValueEnum;

use crate::train::Row;

/// What to do with them.
#[derive(Clone, Copy, ValueEnum)]
pub enum VariantsArg {
    /// They are one label: the spelling that most rows have
    Merge,
    /// They are labels of their own
    Keep,
}

/// Merges spellings of one label, or leaves them, as was asked; an error where it was not asked and there are some.
pub fn settle(rows: &mut [Row], asked: Option<VariantsArg>) -> anyhow::Result<()> {
    let mut spellings: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for row in rows.iter() {
        *spellings.entry(key(&row.label)).or_default().entry(row.label.clone()).or_default() += 1;
    }
    spellings.retain(|_, of_key| of_key.len() > 1);
    match asked {
        _ if spellings.is_empty() => Ok(()),
        Some(VariantsArg::Keep) => Ok(()),
        Some(VariantsArg::Merge) => {
            // Of equally frequent spellings, the first by its bytes.
            let chosen: BTreeMap<&String, &String> = spellings
                .iter()
                .filter_map(|(key, of_key)| {
                    let most = of_key.iter().rev().max_by_key(|(_, count)| **count)?;
                    Some((key, most.0))
                })
                .collect();
            for row in rows {
                if let Some(name) = chosen.get(&key(&row.label)) {
                    row.label = (*name).clone();
                }
            }
            Ok(())
        }
        None => {
            let shown: Vec<String> = spellings
                .values()
                .map(|of_key| {
                    let each = of_key.iter().map(|(name, count)| format!("`{name}` ({count} rows)"));
                    each.collect::<Vec<_>>().join(" and ")
                })
                .collect();
            anyhow::bail!(
                "labels differ only in case or blanks: {}. Are they one? Give --label-variants merge, or keep for \
                 labels of their own",
                shown.join("; ")
            )
        }
    }
}

fn key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_merged_into_the_commonest_only_if_that_was_asked() {
        let rows =
            || ["For", "for", "for", "on  hold", "On hold", "no"].map(|label| Row::new(label, "x")).to_vec();
        let mut asked = rows();
        settle(&mut asked, Some(VariantsArg::Merge)).unwrap();
        let labels: Vec<&str> = asked.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["for", "for", "for", "On hold", "On hold", "no"]);
        let message = settle(&mut rows(), None).unwrap_err().to_string();
        assert!(message.contains("`For` (1 rows) and `for` (2 rows)"), "{message}");
        let mut kept = rows();
        settle(&mut kept, Some(VariantsArg::Keep)).unwrap();
        assert_eq!(kept, rows());
    }
}
