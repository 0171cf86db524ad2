//! Holds the term counts of the training rows, and selects terms by document frequency.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::train::dataset::compact_row::{CompactRow, Entries};
use crate::train::dataset::terms::Terms;

/// Which terms become features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pruning {
    /// Least number of rows that hold the term.
    pub min_df: u32,
    /// Greatest share of rows that hold the term, in (0, 1].
    pub max_df: f64,
    /// At most so many features: those that occur most often in all; ties go to the first by bytes.
    pub max_features: Option<usize>,
    /// Which terms stand for one group of rows, as bylines stand for an outlet; `None` keeps them.
    pub strip: Option<OneGroup>,
}

/// When a term stands for one group of rows rather than for what they say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneGroup {
    /// Greatest share of its rows that may be of one group, in (0, 1].
    pub max_share: f64,
    /// Least number of groups that it must occur in.
    pub min_groups: u32,
}

impl Default for OneGroup {
    fn default() -> Self {
        OneGroup { max_share: 0.8, min_groups: 3 }
    }
}

impl Default for Pruning {
    fn default() -> Self {
        Pruning { min_df: 2, max_df: 1.0, max_features: None, strip: None }
    }
}

/// The terms of many rows, counted once and used for every fold.
#[derive(Debug, Default)]
pub struct DocumentTermMatrix {
    terms: Terms,
    rows: Vec<CompactRow>,
    /// Terms by their bytes, once somebody asked.
    sorted: OnceLock<Vec<u32>>,
}

/// A term that was kept, and what the rows said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelectedTerm {
    /// Its number.
    pub term: u32,
    /// Rows that hold it.
    pub documents: u32,
    /// Rows that hold it once.
    pub once: u32,
}

/// The groups that a term occurs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many.
    pub groups: u32,
    /// Rows that hold it, in the group that has most of them.
    pub most: u32,
    /// That group.
    pub group: usize,
    /// Rows that hold it.
    pub documents: u32,
}

impl Spread {
    /// The share of its rows that are of one group; 0 without rows.
    pub fn share(&self) -> f64 {
        if self.documents == 0 { 0.0 } else { f64::from(self.most) / f64::from(self.documents) }
    }
}

impl DocumentTermMatrix {
    /// Rows of distinct term numbers with their counts, in the order of first occurrence. Not every
    /// term has to occur.
    pub fn new(terms: Terms, rows: Vec<CompactRow>) -> Self {
        DocumentTermMatrix { terms, rows, sorted: OnceLock::new() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Pairs of a row and one of its terms.
    pub fn entries(&self) -> usize {
        self.rows.iter().map(CompactRow::len).sum()
    }

    /// All distinct terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Term numbers and counts of one row, in the order of first occurrence.
    pub fn row(&self, row: usize) -> Entries<'_> {
        self.rows.get(row).map(CompactRow::iter).unwrap_or_default()
    }

    /// For each term, the groups that it occurs in among `rows`; `groups` has the group of every
    /// row. Terms that are not `wanted` are left out: nothing is found of them.
    pub fn spread(&self, rows: &[usize], groups: &[usize], wanted: impl Fn(u32) -> bool) -> Vec<Spread> {
        let group_of = |row: &usize| groups.get(*row).copied().unwrap_or(usize::MAX);
        let mut by_group = rows.to_vec();
        by_group.sort_by_key(group_of);
        let mut found = vec![Spread::default(); self.terms.len()];
        // Rows of the group that is being counted.
        let mut now = vec![(usize::MAX, 0u32); self.terms.len()];
        for row in by_group {
            let group = group_of(&row);
            for (term, _) in self.row(row).filter(|(term, _)| wanted(*term)) {
                let (Some(spread), Some((last, count))) =
                    (found.get_mut(term as usize), now.get_mut(term as usize))
                else {
                    continue;
                };
                if *last != group {
                    (*last, *count) = (group, 0);
                    spread.groups += 1;
                }
                *count += 1;
                spread.documents += 1;
                if *count > spread.most {
                    (spread.most, spread.group) = (*count, group);
                }
            }
        }
        found
    }

    /// The terms that survive pruning, sorted by their bytes. `groups` has the group of every row.
    pub(crate) fn select(&self, rows: &[usize], groups: &[usize], pruning: &Pruning) -> Vec<SelectedTerm> {
        // How many rows hold each term, how many of them once, and how often it occurs in all.
        let mut found = vec![(0u32, 0u32, 0u64); self.terms.len()];
        for (term, count) in rows.iter().flat_map(|&row| self.row(row)) {
            if let Some((documents, once, occurrences)) = found.get_mut(term as usize) {
                *documents += 1;
                *once += u32::from(count == 1);
                *occurrences += u64::from(count);
            }
        }
        let spread = pruning.strip.map(|limit| (limit, self.spread(rows, groups, |_| true)));
        let spread_enough = |term: u32| {
            spread.as_ref().is_none_or(|(limit, spread)| {
                spread
                    .get(term as usize)
                    .is_some_and(|found| found.groups >= limit.min_groups && found.share() <= limit.max_share)
            })
        };
        let most = pruning.max_df * rows.len() as f64;
        let mut kept: Vec<SelectedTerm> = self
            .sorted()
            .iter()
            .filter_map(|&term| {
                let &(documents, once, _) = found.get(term as usize)?;
                let frequent = documents >= pruning.min_df.max(1) && f64::from(documents) <= most;
                (frequent && spread_enough(term)).then_some(SelectedTerm { term, documents, once })
            })
            .collect();
        if let Some(limit) = pruning.max_features.filter(|&limit| limit < kept.len()) {
            let mut places: Vec<usize> = (0..kept.len()).collect();
            let of = |place: &usize| Some(found.get(kept.get(*place)?.term as usize)?.2);
            // Of equally frequent terms the first by their bytes.
            places.select_nth_unstable_by_key(limit, |place| (std::cmp::Reverse(of(place)), *place));
            places.truncate(limit);
            places.sort_unstable();
            kept = places.into_iter().filter_map(|place| kept.get(place).copied()).collect();
        }
        kept
    }

    /// The terms by their bytes: made when somebody first asks.
    pub fn sorted(&self) -> &[u32] {
        self.sorted.get_or_init(|| self.terms.sorted())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::features::{Interner, TermCounts};

    /// The words of texts, numbered as they come.
    pub(crate) fn words(texts: &[&str]) -> DocumentTermMatrix {
        let (mut singles, mut counts) = (Interner::default(), TermCounts::default());
        let row = |text: &&str| {
            counts.clear(text.len());
            text.split(' ').for_each(|word| counts.add(singles.insert(word)));
            CompactRow::pack(counts.all())
        };
        let rows = texts.iter().map(row).collect();
        DocumentTermMatrix::new(Terms::new(singles), rows)
    }

    fn kept(pruning: Pruning) -> Vec<(String, u32)> {
        let counted = words(&["b a a a", "c b", "b d", "b a"]);
        // The first two rows are of one group.
        let selected = counted.select(&[0, 1, 2, 3], &[0, 0, 1, 2], &pruning);
        selected.into_iter().map(|kept| (counted.terms().text(kept.term), kept.documents)).collect()
    }

    #[test]
    fn rare_and_common_terms_are_pruned() {
        let named =
            |pairs: &[(&str, u32)]| pairs.iter().map(|(t, n)| ((*t).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(kept(Pruning { min_df: 2, ..Pruning::default() }), named(&[("a", 2), ("b", 4)]));
        assert_eq!(
            kept(Pruning { min_df: 1, max_df: 0.5, ..Pruning::default() }),
            named(&[("a", 2), ("c", 1), ("d", 1)])
        );
    }

    #[test]
    fn terms_that_stand_for_one_group_are_stripped() {
        let names = |max_share, min_groups| {
            kept(Pruning { min_df: 1, strip: Some(OneGroup { max_share, min_groups }), ..Pruning::default() })
                .into_iter()
                .map(|(term, _)| term)
                .collect::<Vec<_>>()
        };
        // `b` is in all four rows, two of one group; `a` in two groups, `c` and `d` in one.
        assert_eq!(names(1.0, 1), ["a", "b", "c", "d"]);
        assert_eq!(names(0.5, 1), ["a", "b"]);
        assert_eq!(names(1.0, 3), ["b"]);
        let counted = words(&["x y", "x", "x"]);
        let spread = counted.spread(&[0, 1, 2], &[4, 7, 7], |term| term == 0);
        assert_eq!(spread[0], Spread { groups: 2, most: 2, group: 7, documents: 3 });
        assert!((spread[0].share() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(spread[1], Spread::default(), "it was not wanted");
    }

    #[test]
    fn the_most_frequent_terms_survive_a_limit_and_ties_go_by_bytes() {
        let names = |limit| {
            kept(Pruning { min_df: 1, max_features: Some(limit), ..Pruning::default() })
                .into_iter()
                .map(|(t, _)| t)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(2), ["a", "b"]);
        assert_eq!(names(3), ["a", "b", "c"]);
    }
}
