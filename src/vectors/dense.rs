//! Multiplies tall dense matrices. Sums are taken over blocks of fixed size, in order, on any
//! number of threads.

// Rows and columns are numbered here, not read.
#![allow(clippy::indexing_slicing)]

use rayon::prelude::*;

/// Rows whose sums are taken together.
const BLOCK: usize = 256;

/// A matrix of many rows and few columns, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dense {
    columns: usize,
    values: Vec<f64>,
}

impl Dense {
    /// The matrix of these values, row by row.
    pub(super) fn new(columns: usize, values: Vec<f64>) -> Self {
        debug_assert!(columns > 0 && values.len().is_multiple_of(columns), "all rows are whole");
        Dense { columns, values }
    }

    pub(super) fn zeros(rows: usize, columns: usize) -> Self {
        Dense::new(columns, vec![0.0; rows * columns])
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.columns)
    }

    pub(super) fn rows_mut(&mut self) -> std::slice::ChunksExactMut<'_, f64> {
        self.values.chunks_exact_mut(self.columns)
    }

    pub(super) fn par_rows_mut(&mut self) -> rayon::slice::ChunksExactMut<'_, f64> {
        self.values.par_chunks_exact_mut(self.columns)
    }

    /// The products of all columns with each other: the transposed matrix times the matrix.
    pub(super) fn gram(&self) -> Dense {
        let columns = self.columns;
        let parts: Vec<Dense> = self
            .values
            .par_chunks(BLOCK * columns)
            .map(|block| {
                let mut part = Dense::zeros(columns, columns);
                for row in block.chunks_exact(columns) {
                    for (out, &value) in part.rows_mut().zip(row) {
                        add_scaled(out, value, row);
                    }
                }
                part
            })
            .collect();
        let mut gram = Dense::zeros(columns, columns);
        for part in &parts {
            add_scaled(&mut gram.values, 1.0, &part.values);
        }
        gram
    }

    /// The matrix times one of as many rows as this one has columns.
    pub(super) fn times(&self, right: &Dense) -> Dense {
        let mut out = Dense::zeros(self.values.len() / self.columns, right.columns);
        out.par_rows_mut().zip(self.values.par_chunks_exact(self.columns)).for_each(|(out, row)| {
            for (&value, right) in row.iter().zip(right.rows()) {
                add_scaled(out, value, right);
            }
        });
        out
    }
}

/// Adds `factor` times the values to those of `out`.
#[inline]
pub(super) fn add_scaled(out: &mut [f64], factor: f64, values: &[f64]) {
    out.iter_mut().zip(values).for_each(|(out, value)| *out += factor * value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Threads;

    #[test]
    fn products_are_those_of_a_plain_loop_on_any_number_of_threads() {
        let value = |at: usize| ((at * 7919) % 101) as f64 / 13.0 - 3.0;
        let tall = Dense::new(3, (0..3 * 1000).map(value).collect());
        let small = Dense::new(2, (0..6).map(value).collect());
        for jobs in [1, 2, 3] {
            let threads = Threads::new(jobs).unwrap();
            let (gram, product) = threads.run(|| (tall.gram(), tall.times(&small)));
            for (i, j) in [(0, 0), (0, 2), (2, 1)] {
                let plain: f64 = tall.rows().map(|row| row[i] * row[j]).sum();
                assert!((gram.row(i)[j] - plain).abs() < 1e-9 * plain.abs(), "{i} {j}");
            }
            let plain: f64 = (0..3).map(|k| tall.row(500)[k] * small.row(k)[1]).sum();
            assert!((product.row(500)[1] - plain).abs() < 1e-12);
            let alone = Threads::new(1).unwrap().run(|| tall.gram());
            assert_eq!(gram, alone);
        }
    }
}
