//! Finds the leading left singular vectors of a sparse matrix by random projection.

// Rows and columns are numbered here, not read.
#![allow(clippy::indexing_slicing)]

use crate::error::Result;
use crate::progress::Progress;
use crate::random::Random;
use crate::vectors::association::{Association, Side};
use crate::vectors::dense::Dense;
use crate::vectors::eigen::Eigen;

/// Columns more than are asked for, which make the last ones exact.
const OVERSAMPLING: usize = 20;
/// Times that the matrix and its transpose are applied.
const ROUNDS: u64 = 4;
const SEED: u64 = 1;
/// Squared singular values that are smaller, as a share of the greatest, are rounding errors.
const NOTHING: f64 = 1e-12;

/// A word's row of left singular vectors times the roots of their singular values, up to
/// `dimensions` columns; fewer if the matrix has a lower rank (Halko, Martinsson and Tropp,
/// "Finding structure with randomness", 2011, algorithms 4.4 and 5.1).
pub(super) fn left_vectors(
    association: &Association,
    dimensions: usize,
    progress: &dyn Progress,
) -> Result<Dense> {
    progress.begin("singular vectors", Some(ROUNDS + 1));
    let words = association.words();
    let columns = (dimensions + OVERSAMPLING).min(words);
    let mut random = Random::new(SEED);
    let signs = (0..words * columns).map(|_| if random.next_u64() >> 63 == 0 { 1.0 } else { -1.0 });
    let mut base = orthonormal(&association.times(Side::Words, &Dense::new(columns, signs.collect())));
    for _ in 0..ROUNDS {
        progress.check()?;
        let other = orthonormal(&association.times(Side::Contexts, &base));
        progress.check()?;
        base = orthonormal(&association.times(Side::Words, &other));
        progress.advance(1);
    }
    let projected = association.times(Side::Contexts, &base);
    progress.advance(1);
    // The squares of the singular values.
    let Eigen { values, vectors } = Eigen::new(projected.gram());
    let columns = rank(&values).min(dimensions).max(1);
    let scaled = vectors.rows().flat_map(|row| {
        // The root of the singular value is the fourth root of its square.
        row.iter().zip(&values).take(columns).map(|(value, square)| value * square.max(0.0).sqrt().sqrt())
    });
    Ok(base.times(&Dense::new(columns, scaled.collect())))
}

/// How many of the values, which fall, are more than nothing.
fn rank(values: &[f64]) -> usize {
    let greatest = values.first().copied().unwrap_or(0.0);
    values.iter().take_while(|value| **value > NOTHING * greatest).count()
}

/// Columns of unit length, at right angles to each other, that span what the columns of the matrix
/// span.
fn orthonormal(matrix: &Dense) -> Dense {
    let Eigen { values, vectors } = Eigen::new(matrix.gram());
    let columns = rank(&values).max(1);
    let scaled = vectors.rows().flat_map(|row| {
        row.iter().zip(&values).take(columns).map(
            |(value, square)| {
                if *square > 0.0 { value / square.sqrt() } else { 0.0 }
            },
        )
    });
    matrix.times(&Dense::new(columns, scaled.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Threads;
    use crate::progress::Silent;
    use crate::vectors::association::tests::{association, paragraphs, plain};

    #[test]
    fn the_vectors_span_what_a_full_decomposition_finds() {
        let paragraphs = paragraphs();
        let (association, plain) = (association(&paragraphs, 24), plain(&paragraphs, 24));
        let found = left_vectors(&association, 6, &Silent).unwrap();
        assert_eq!(found.columns(), 6);
        // M M^T has the left singular vectors and the squares of the singular values.
        let transposed: Vec<f64> =
            (0..24).flat_map(|j| (0..24).map(move |i| (i, j))).map(|(i, j)| plain[i][j]).collect();
        let Eigen { values, vectors } = Eigen::new(Dense::new(24, transposed).gram());
        for i in 0..24 {
            for j in 0..24 {
                let of = |k: usize| values[k].sqrt() * vectors.row(i)[k] * vectors.row(j)[k];
                let expected: f64 = (0..6).map(of).sum();
                let product: f64 = found.row(i).iter().zip(found.row(j)).map(|(a, b)| a * b).sum();
                assert!((product - expected).abs() < 1e-5, "{i} {j}: {product} {expected}");
            }
        }
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        let association = association(&paragraphs(), 24);
        let on = |jobs| Threads::new(jobs).unwrap().run(|| left_vectors(&association, 6, &Silent).unwrap());
        assert_eq!(on(1), on(2));
        assert_eq!(on(1), on(3));
    }

    #[test]
    fn a_matrix_of_lower_rank_has_fewer_vectors() {
        let association = association(&[vec![0, 1, 0, 1], vec![2, 3, 2, 3]], 4);
        let found = left_vectors(&association, 3, &Silent).unwrap();
        assert!((1..=3).contains(&found.columns()));
        assert!(found.rows().flatten().all(|value| value.is_finite()));
    }
}
