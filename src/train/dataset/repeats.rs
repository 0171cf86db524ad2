//! Joins rows that repeat a text or share an id, so that they are held out together.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::near_duplicates::content_hash;
use crate::train::dataset::row::{Row, Rows};

/// Joins rows that repeat a text or share an id, whatever their groups, and near-duplicates where
/// rows are held out by groups. The groups stay apart: two that were joined by every text that both
/// printed would soon be one.
pub(crate) fn hold_together(rows: &mut Rows<'_>, near_duplicates: impl Iterator<Item = [usize; 2]>) {
    let mut sets = repeats(&rows.rows);
    rows.repeats = sets.all();
    near_duplicates.for_each(|[row, earlier]| sets.join(row, earlier));
    rows.families = sets.all().iter().map(|&first| rows.groups[first]).collect();
}

/// Sets of numbers, each named by its least.
struct Sets(Vec<usize>);

impl Sets {
    /// A set for each number below `count`.
    fn new(count: usize) -> Self {
        Sets((0..count).collect())
    }

    /// The least number of the set that holds `number`.
    fn least(&mut self, mut number: usize) -> usize {
        while self.0[number] != number {
            self.0[number] = self.0[self.0[number]];
            number = self.0[number];
        }
        number
    }

    /// For each number the least of its set.
    fn all(&mut self) -> Vec<usize> {
        (0..self.0.len()).map(|number| self.least(number)).collect()
    }

    /// Makes the sets of two numbers one.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.least(a), self.least(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// The sets of rows that have the same words or the same id; rows for training only stand alone.
fn repeats(rows: &[Row]) -> Sets {
    let hashes: Vec<Option<u64>> = rows.par_iter().map(|row| content_hash(&row.text)).collect();
    let mut sets = Sets::new(rows.len());
    let (mut by_hash, mut by_id) = (HashMap::new(), HashMap::new());
    for (number, (row, hash)) in rows.iter().zip(hashes).enumerate().filter(|(_, (row, _))| !row.train_only) {
        if let Some(hash) = hash {
            sets.join(number, *by_hash.entry(hash).or_insert(number));
        }
        if let Some(id) = &row.id {
            sets.join(number, *by_id.entry(id.as_str()).or_insert(number));
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_joined_by_words_and_by_ids() {
        let row = |id: Option<&str>, text: &str| Row { id: id.map(str::to_owned), ..Row::new("a", text) };
        let rows = [
            row(None, "one text"),
            row(Some("1"), "another"),
            row(None, "One  text!"),
            row(Some("1"), "one text"),
            row(None, "!"),
            row(None, "?"),
            Row { train_only: true, ..row(None, "one text") },
        ];
        assert_eq!(repeats(&rows).all(), [0, 0, 0, 0, 4, 5, 6]);
    }
}
