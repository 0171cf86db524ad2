//! Multiplies the training rows X: X' A, and X X' A with the Gram matrix. Nothing else in training
//! takes as long.
//!
//! A product with the Gram matrix goes through the entries once, feature by feature: nothing as
//! long as the vocabulary is ever written. Every sum has an order of its own that does not depend
//! on the number of threads.

use linfa::dataset::Records;
use rayon::prelude::*;

use crate::train::solver::csc::{Block, Csc, Entries};
use crate::train::solver::lanes::{Four, Lanes, One, Real, Two};

/// Blocks of features at most; each has sums of its own for every row, ...
const MAX_BLOCKS: usize = 8;
/// ... and at least so many times the entries that it has sums.
const ENTRIES_A_SUM: usize = 4;

/// The Gram matrix of training rows, as it is multiplied with.
pub(crate) struct Gram<'d> {
    rows: &'d Csc,
    columns: usize,
    /// Features that one task works on: fixed by the rows, for partial sums are taken over them.
    blocks: Vec<Block<'d>>,
}

impl<'d> Gram<'d> {
    /// For so many columns. Of several the last must be the others' sum with the other sign.
    pub(crate) fn new(rows: &'d Csc, columns: usize) -> Self {
        let sums = (rows.nsamples() * columns).max(1);
        let blocks = rows.blocks((rows.len() / (ENTRIES_A_SUM * sums)).clamp(1, MAX_BLOCKS));
        Gram { rows, columns, blocks }
    }

    /// How many rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows.nsamples()
    }

    /// X X' A, in sums of `T`.
    pub(crate) fn multiply<T: Real>(&self, dual: &[f64]) -> Vec<f64> {
        let by_row = self.by_row_factor(dual.to_vec());
        let mut sum = vec![0.0; dual.len()];
        let told = (self.columns - 1).max(1);
        for first in (0..told).step_by(4) {
            match told - first {
                1 => self.multiply_lanes::<T, One<T>>(&by_row, first, &mut sum),
                2 => self.multiply_lanes::<T, Two<T>>(&by_row, first, &mut sum),
                _ => self.multiply_lanes::<T, Four<T>>(&by_row, first, &mut sum),
            }
        }
        if self.columns > 1 {
            sum.par_chunks_exact_mut(self.columns).for_each(|sums| {
                if let Some((last, others)) = sums.split_last_mut() {
                    *last = -others.iter().sum::<f64>();
                }
            });
        }
        self.by_row_factor(sum)
    }

    /// Numbers `[rows, columns]`, each multiplied by its row's factor.
    fn by_row_factor(&self, mut numbers: Vec<f64>) -> Vec<f64> {
        for (row, factor) in numbers.chunks_exact_mut(self.columns).zip(self.rows.row_factors()) {
            row.iter_mut().for_each(|number| *number *= factor);
        }
        numbers
    }

    /// Adds to `sum` the columns from `first` on, as many as there are lanes; without the rows'
    /// factors.
    fn multiply_lanes<T: Real, L: Lanes<T>>(&self, dual: &[f64], first: usize, sum: &mut [f64]) {
        let columns = self.columns;
        let dual: Vec<L> = dual.chunks_exact(columns).map(|row| L::of(&row[first..])).collect();
        let part = |block: &Block<'_>| {
            // Else its place is read again at every entry.
            let dual = dual.as_slice();
            let mut out = vec![L::default(); dual.len()];
            for Entries { factor, unit_entries, valued_entries, .. } in block.entries() {
                let mut sums = L::default();
                for &row in unit_entries {
                    sums = sums.and(dual[row as usize]);
                }
                for &(row, level) in valued_entries {
                    sums = sums.plus(T::from(level), dual[row as usize]);
                }
                let factor = T::from(factor);
                let sums = L::default().plus(factor * factor, sums);
                for &row in unit_entries {
                    let out = &mut out[row as usize];
                    *out = out.and(sums);
                }
                for &(row, level) in valued_entries {
                    let out = &mut out[row as usize];
                    *out = out.plus(T::from(level), sums);
                }
            }
            out
        };
        // One by one: those of rare features take longer than the others.
        let parts: Vec<Vec<L>> = self.blocks.par_iter().with_max_len(1).map(part).collect();
        sum.par_chunks_exact_mut(columns).enumerate().for_each(|(row, sums)| {
            for part in &parts {
                part[row].add_to(&mut sums[first..]);
            }
        });
    }

    /// The weights X' A, `[features, columns]`.
    pub(crate) fn primal(&self, dual: &[f64]) -> Vec<f64> {
        let columns = self.columns;
        let dual = self.by_row_factor(dual.to_vec());
        let mut weights = vec![0.0; self.rows.nfeatures() * columns];
        let part = |block: &Block<'_>| {
            let mut weights = vec![0.0; block.len() * columns];
            for (entries, weights) in block.entries().zip(weights.chunks_exact_mut(columns)) {
                for (row, level) in entries.levels() {
                    let dual = &dual[row as usize * columns..][..columns];
                    weights.iter_mut().zip(dual).for_each(|(sum, dual)| *sum += f64::from(level) * dual);
                }
                weights.iter_mut().for_each(|weight| *weight *= f64::from(entries.factor));
            }
            weights
        };
        let parts: Vec<Vec<f64>> = self.blocks.par_iter().map(part).collect();
        let score_in_order = parts.iter().flat_map(|part| part.chunks_exact(columns));
        for (entries, found) in self.rows.entries().zip(score_in_order) {
            weights[entries.feature as usize * columns..][..columns].copy_from_slice(found);
        }
        weights
    }
}
