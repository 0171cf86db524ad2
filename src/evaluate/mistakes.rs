//! Finds the wrong answers that gave the gold label the least probability.

use serde::Serialize;

use crate::classifier::verdict::Verdict;
use crate::label::ClassId;

/// A row that was answered wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WrongRow {
    /// Its place among the rows, from 0.
    pub row: usize,
    /// The probability of its gold label.
    pub gold_probability: f64,
}

/// Keeps the worst of the wrong answers that it is shown.
#[derive(Debug)]
pub(super) struct WorstRows {
    count: usize,
    kept: Vec<WrongRow>,
}

impl WorstRows {
    /// Keeps at most `count` rows.
    pub(super) fn new(count: usize) -> Self {
        WorstRows { count, kept: Vec::new() }
    }

    /// Looks at the answer on a row.
    pub(super) fn add(&mut self, row: usize, gold: ClassId, verdict: &Verdict) {
        if verdict.top_class() != gold {
            let gold_probability = verdict.class_probability(gold);
            self.kept.push(WrongRow { row, gold_probability });
            // What cannot be among the worst any more need not be kept.
            if self.kept.len() >= self.count.saturating_mul(100).max(1) {
                self.trim();
            }
        }
    }

    fn trim(&mut self) {
        self.kept.sort_by(|a, b| a.gold_probability.total_cmp(&b.gold_probability).then(a.row.cmp(&b.row)));
        self.kept.truncate(self.count);
    }

    /// Returns the rows, the least probability of the gold label first; ties go to the earlier row.
    pub(super) fn finish(mut self) -> Vec<WrongRow> {
        self.trim();
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_probable_gold_labels_come_first() {
        let labels = crate::label::LabelSet::new(["a", "b"]).unwrap();
        let rows = |count| {
            let mut worst = WorstRows::new(count);
            for (row, p) in [0.4, 0.9, 0.1, 0.4, 0.2].into_iter().enumerate() {
                worst.add(
                    row,
                    ClassId::new(0),
                    &Verdict::from_probabilities(labels.clone(), vec![p, 1.0 - p]),
                );
            }
            worst.finish().iter().map(|wrong| wrong.row).collect::<Vec<_>>()
        };
        assert_eq!((rows(3), rows(9), rows(0)), (vec![2, 4, 0], vec![2, 4, 0, 3], vec![]));
    }
}
