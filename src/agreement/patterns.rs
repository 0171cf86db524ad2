//! Groups rows by the labels that they got, and draws bootstrap samples of them.

use std::collections::BTreeMap;

use crate::evaluate::bootstrap::{Drawing, by_times, column, percentiles};
use crate::statistics::{Estimate, Interval};

/// Rows grouped by their labels. A bootstrap sample is then a count for each pattern, and no list
/// of rows.
pub(super) struct Patterns<T> {
    pub(super) patterns: Vec<T>,
    /// The pattern of each row.
    pub(super) of_row: Vec<usize>,
    /// How many rows are of each pattern.
    pub(super) times: Vec<u64>,
}

impl<T: Ord + Copy> Patterns<T> {
    /// Groups rows.
    pub(super) fn new(rows: impl Iterator<Item = T>) -> Self {
        let mut numbers: BTreeMap<T, usize> = BTreeMap::new();
        let mut found = Patterns { patterns: Vec::new(), of_row: Vec::new(), times: Vec::new() };
        for row in rows {
            let pattern = *numbers.entry(row).or_insert_with(|| {
                found.patterns.push(row);
                found.times.push(0);
                found.patterns.len() - 1
            });
            found.of_row.push(pattern);
            if let Some(count) = found.times.get_mut(pattern) {
                *count += 1;
            }
        }
        found
    }
}

/// Pairs a value with its interval.
pub(super) fn estimate(value: Option<f64>, interval: Option<Interval>) -> Option<Estimate> {
    value.map(|value| Estimate { value, interval })
}

/// Computes the intervals of figures by a bootstrap over rows; none with fewer than two rows.
/// `patterns` holds the pattern of each row, and `figures` gets how often each pattern was drawn.
pub(super) fn intervals<const N: usize>(
    patterns: &[usize],
    drawing: Drawing<'_>,
    figures: impl Fn(&[u64]) -> [Option<f64>; N] + Sync,
) -> [Option<Interval>; N] {
    let count = patterns.iter().max().map_or(0, |most| most + 1);
    let of_patterns = |times: &[u32]| {
        let mut sums = vec![0; count];
        for (&pattern, &times) in patterns.iter().zip(times) {
            if let Some(sum) = sums.get_mut(pattern) {
                *sum += u64::from(times);
            }
        }
        figures(&sums).to_vec()
    };
    let drawn = if patterns.len() < 2 { Vec::new() } else { by_times(patterns.len(), drawing, &of_patterns) };
    std::array::from_fn(|at| percentiles(&column(&drawn, at)))
}
