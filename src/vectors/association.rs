//! Weighs pairs of words by positive pointwise mutual information, as a sparse matrix.

// Words are numbered here, not read.
#![allow(clippy::indexing_slicing)]

use rayon::prelude::*;

use crate::vectors::dense::{Dense, add_scaled};
use crate::vectors::pairs::CountedPairs;

/// The power of a context's share: without it rare contexts would weigh too much.
const SMOOTHING: f64 = 0.75;

/// How much more often each word stands near each context word than chance would have it:
/// `max(0, ln(p(word, context) / (p(word) x p'(context))))`, where p' is in proportion to the
/// context's count to the power of 0.75.
///
/// Only the logarithms of the counts are kept, which are the same both ways; what depends on word
/// and context is added when the matrix is multiplied.
#[derive(Debug)]
pub(super) struct Association {
    /// Where each word's row begins.
    starts: Vec<usize>,
    columns: Vec<u32>,
    logs: Vec<f32>,
    offsets: Offsets,
}

#[derive(Debug)]
struct Offsets {
    words: Vec<f64>,
    contexts: Vec<f64>,
}

impl Offsets {
    fn new(words: usize, pairs: &CountedPairs) -> Self {
        let mut counts = vec![0u64; words];
        for (low, high, count) in pairs.iter() {
            // A word that stands near itself is seen from both places.
            counts[low as usize] += count;
            counts[high as usize] += count;
        }
        let log = |&count: &u64| libm::log(count as f64);
        let total: f64 = counts.iter().map(|&count| libm::pow(count as f64, SMOOTHING)).sum();
        Offsets {
            words: counts.iter().map(|count| libm::log(total) - log(count)).collect(),
            contexts: counts.iter().map(|count| -SMOOTHING * log(count)).collect(),
        }
    }
}

/// Which way the matrix is multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// One row per word.
    Words,
    /// Transposed: a row a context.
    Contexts,
}

impl Association {
    pub(super) fn new(words: usize, pairs: CountedPairs) -> Self {
        let offsets = Offsets::new(words, &pairs);
        let count = |low: u32, high: u32, count: u64| {
            // Of a word with itself both halves stand in one place.
            libm::log(if low == high { 2 * count } else { count } as f64) as f32
        };
        let is_kept = |low: u32, high: u32, log: f32| {
            offsets.value(Side::Words, low, high, log) > 0.0
                || offsets.value(Side::Words, high, low, log) > 0.0
        };
        let kept = || {
            pairs.iter().filter_map(|(low, high, n)| {
                let log = count(low, high, n);
                is_kept(low, high, log).then_some((low, high, log))
            })
        };
        let mut starts = vec![0; words + 1];
        for (low, high, _) in kept() {
            starts[low as usize + 1] += 1;
            starts[high as usize + 1] += usize::from(low != high);
        }
        for word in 0..words {
            starts[word + 1] += starts[word];
        }
        let mut next = starts.clone();
        let (mut columns, mut logs) = (vec![0; starts[words]], vec![0.0; starts[words]]);
        let mut put = |row: u32, column: u32, log: f32| {
            let at = &mut next[row as usize];
            (columns[*at], logs[*at]) = (column, log);
            *at += 1;
        };
        for (low, high, log) in kept() {
            put(low, high, log);
            if low != high {
                put(high, low, log);
            }
        }
        Association { starts, columns, logs, offsets }
    }

    /// Number of words.
    pub(super) fn words(&self) -> usize {
        self.starts.len() - 1
    }

    /// The matrix times a dense one.
    pub(super) fn times(&self, side: Side, right: &Dense) -> Dense {
        let mut out = Dense::zeros(self.words(), right.columns());
        out.par_rows_mut().enumerate().for_each(|(row, out)| {
            let entries = self.starts[row]..self.starts[row + 1];
            for (&column, &log) in self.columns[entries.clone()].iter().zip(&self.logs[entries]) {
                let value = self.offsets.value(side, row as u32, column, log);
                if value > 0.0 {
                    add_scaled(out, value, right.row(column as usize));
                }
            }
        });
        out
    }
}

impl Offsets {
    /// The pointwise mutual information of row and column, negative or not.
    fn value(&self, side: Side, row: u32, column: u32, log: f32) -> f64 {
        let (row, column) = (row as usize, column as usize);
        f64::from(log)
            + match side {
                Side::Words => self.words[row] + self.contexts[column],
                Side::Contexts => self.contexts[row] + self.words[column],
            }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::vectors::pairs::{PairCounts, push_neighbors};

    pub(in crate::vectors) fn paragraphs() -> Vec<Vec<u32>> {
        let mut random = crate::random::Random::new(5);
        // Words of one paragraph are near each other in number, so that there is something to find.
        (0..200)
            .map(|_| {
                let from = random.below(24);
                (0..30).map(|_| ((from + random.below(6)) % 24) as u32).collect()
            })
            .collect()
    }

    pub(in crate::vectors) fn association(paragraphs: &[Vec<u32>], words: usize) -> Association {
        let mut counts = PairCounts::new(1000);
        for paragraph in paragraphs {
            let mut neighbors = Vec::new();
            push_neighbors(paragraph, &mut neighbors);
            counts.add(&neighbors);
        }
        Association::new(words, counts.finish())
    }

    /// The matrix by its definition.
    #[allow(clippy::needless_range_loop)]
    pub(in crate::vectors) fn plain(paragraphs: &[Vec<u32>], words: usize) -> Vec<Vec<f64>> {
        let mut counts = vec![vec![0.0; words]; words];
        for paragraph in paragraphs {
            for (at, &word) in paragraph.iter().enumerate() {
                for (other, &context) in paragraph.iter().enumerate() {
                    let distance = at.abs_diff(other);
                    if (1..=5).contains(&distance) {
                        counts[word as usize][context as usize] += 1.0 / distance as f64;
                    }
                }
            }
        }
        let sums: Vec<f64> = counts.iter().map(|row| row.iter().sum()).collect();
        let all: f64 = sums.iter().sum();
        let smoothed: f64 = sums.iter().map(|sum| sum.powf(0.75)).sum();
        let mut out = vec![vec![0.0; words]; words];
        for word in 0..words {
            for context in 0..words {
                let (joint, word_share) = (counts[word][context] / all, sums[word] / all);
                let information = (joint / (word_share * sums[context].powf(0.75) / smoothed)).ln();
                out[word][context] = if joint > 0.0 { information.max(0.0) } else { 0.0 };
            }
        }
        out
    }

    #[test]
    #[allow(clippy::needless_range_loop)]
    fn the_matrix_is_that_of_the_definition_both_ways() {
        let paragraphs = paragraphs();
        // The last word never occurs.
        let (association, plain) = (association(&paragraphs, 25), plain(&paragraphs, 25));
        let unit = Dense::new(25, (0..625).map(|at| f64::from(u8::from(at % 26 == 0))).collect());
        let (words, contexts) =
            (association.times(Side::Words, &unit), association.times(Side::Contexts, &unit));
        let mut positive = 0;
        for i in 0..25 {
            for j in 0..25 {
                assert!((words.row(i)[j] - plain[i][j]).abs() < 1e-6, "{i} {j}");
                assert_eq!(words.row(i)[j], contexts.row(j)[i]);
                positive += usize::from(plain[i][j] > 0.0);
            }
        }
        assert!((100..400).contains(&positive), "{positive}");
    }
}
