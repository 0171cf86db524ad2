//! Term counts of the training rows, and the choice of terms by document frequency.

use super::{TermTable, Vocabulary};

/// Which terms become features.
#[derive(Clone, Debug, PartialEq)]
pub struct Pruning {
    /// Least number of rows that hold the term.
    pub min_df: u32,
    /// Greatest share of rows that hold the term, in (0, 1].
    pub max_df: f64,
    /// At most so many features: those that occur most often in all; ties go to the first by bytes.
    pub max_features: Option<usize>,
}

impl Default for Pruning {
    fn default() -> Self {
        Pruning { min_df: 2, max_df: 1.0, max_features: None }
    }
}

/// The terms of many rows, counted once and used for every fold: two integers for each distinct term of
/// a row, and each distinct term's bytes once.
#[derive(Debug, Default)]
pub struct Counted {
    terms: TermTable,
    ends: Vec<usize>,
    entries: Vec<(u32, u32)>,
}

impl Counted {
    /// Adds a row of terms in the order of the text. Terms too long for a vocabulary are left out.
    pub fn push_row<'t>(&mut self, terms: impl Iterator<Item = &'t str>) {
        // Rows are short: a buffer as wide as the row's own distinct terms, not as the vocabulary.
        let mut local = TermTable::default();
        let mut counts: Vec<u32> = Vec::new();
        for term in terms.filter(|term| !term.is_empty() && term.len() <= Vocabulary::LONGEST_TERM) {
            let number = local.insert(term) as usize;
            match counts.get_mut(number) {
                Some(count) => *count = count.saturating_add(1),
                None => counts.push(1),
            }
        }
        self.push_counted(local.iter().zip(counts));
    }

    /// Adds a row of distinct terms with their counts, in the order of first occurrence.
    pub fn push_counted<'t>(&mut self, row: impl Iterator<Item = (&'t str, u32)>) {
        for (term, count) in row {
            let number = self.terms.insert(term);
            self.entries.push((number, count));
        }
        self.ends.push(self.entries.len());
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All distinct terms.
    pub fn terms(&self) -> &TermTable {
        &self.terms
    }

    /// Term numbers and counts of one row, in the order of first occurrence.
    pub fn row(&self, row: usize) -> &[(u32, u32)] {
        let end = self.ends.get(row).copied().unwrap_or(0);
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.entries.get(start..end).unwrap_or(&[])
    }

    /// Replaces `out` by the features of one row with their counts, in the order of first occurrence.
    pub fn features_of(&self, row: usize, term_to_feature: &[Option<u32>], out: &mut Vec<(u32, u32)>) {
        out.clear();
        out.extend(self.row(row).iter().filter_map(|&(term, count)| {
            term_to_feature.get(term as usize).copied().flatten().map(|feature| (feature, count))
        }));
    }

    /// The terms that survive pruning with their document frequencies among `rows`, sorted by their bytes.
    pub(super) fn select(&self, rows: &[usize], pruning: &Pruning) -> Vec<(u32, u32)> {
        let mut frequency = vec![(0u32, 0u64); self.terms.len()];
        for &row in rows {
            for &(term, count) in self.row(row) {
                if let Some((documents, occurrences)) = frequency.get_mut(term as usize) {
                    *documents += 1;
                    *occurrences += u64::from(count);
                }
            }
        }
        let most = pruning.max_df * rows.len() as f64;
        let mut kept: Vec<(u32, u32, u64)> = (0u32..)
            .zip(frequency)
            .filter(|(_, (documents, _))| {
                *documents >= pruning.min_df.max(1) && f64::from(*documents) <= most
            })
            .map(|(term, (documents, occurrences))| (term, documents, occurrences))
            .collect();
        let by_bytes =
            |a: &(u32, u32, u64), b: &(u32, u32, u64)| self.terms.get(a.0).cmp(&self.terms.get(b.0));
        if let Some(limit) = pruning.max_features.filter(|&limit| limit < kept.len()) {
            kept.sort_unstable_by(|a, b| b.2.cmp(&a.2).then_with(|| by_bytes(a, b)));
            kept.truncate(limit);
        }
        kept.sort_unstable_by(by_bytes);
        kept.into_iter().map(|(term, documents, _)| (term, documents)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(pruning: Pruning) -> Vec<(String, u32)> {
        let mut counted = Counted::default();
        for text in ["b a a a", "c b", "b d", "b a"] {
            counted.push_row(text.split(' '));
        }
        let selected = counted.select(&[0, 1, 2, 3], &pruning);
        selected.into_iter().map(|(term, df)| (counted.terms().get(term).unwrap().to_owned(), df)).collect()
    }

    #[test]
    fn rare_and_common_terms_are_pruned() {
        let named =
            |pairs: &[(&str, u32)]| pairs.iter().map(|(t, n)| ((*t).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(kept(Pruning { min_df: 2, ..Pruning::default() }), named(&[("a", 2), ("b", 4)]));
        assert_eq!(
            kept(Pruning { min_df: 1, max_df: 0.5, max_features: None }),
            named(&[("a", 2), ("c", 1), ("d", 1)])
        );
    }

    #[test]
    fn the_most_frequent_terms_survive_a_limit_and_ties_go_by_bytes() {
        let names = |limit| {
            kept(Pruning { min_df: 1, max_df: 1.0, max_features: Some(limit) })
                .into_iter()
                .map(|(t, _)| t)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(2), ["a", "b"]);
        assert_eq!(names(3), ["a", "b", "c"]);
    }
}
