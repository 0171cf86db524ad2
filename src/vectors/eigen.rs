//! Finds the eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations.

// Rows and columns are numbered here, not read.
#![allow(clippy::indexing_slicing)]

use crate::vectors::dense::Dense;

/// Rounds over all pairs, at most. Fewer than ten are needed, for the error falls quadratically.
const MAX_ROUNDS: usize = 50;
/// What is left beside the diagonal is nothing, as a share of the whole.
const NOTHING: f64 = 1e-16;

/// Eigenvalues, the greatest first, with their eigenvectors.
pub(super) struct Eigen {
    pub values: Vec<f64>,
    /// A column each.
    pub vectors: Dense,
}

impl Eigen {
    /// Decomposes a symmetric matrix (Golub and Van Loan, "Matrix Computations", section 8.5).
    pub(super) fn new(symmetric: Dense) -> Self {
        let size = symmetric.columns();
        let mut matrix: Vec<Vec<f64>> = symmetric.rows().map(<[f64]>::to_vec).collect();
        // Row by row what becomes the eigenvectors.
        let mut vectors: Vec<Vec<f64>> =
            (0..size).map(|at| (0..size).map(|other| f64::from(u8::from(at == other))).collect()).collect();
        let norm: f64 = symmetric.rows().flatten().map(|value| value * value).sum::<f64>().sqrt();
        for _ in 0..MAX_ROUNDS {
            let mut is_diagonal = true;
            for p in 0..size {
                for q in p + 1..size {
                    if matrix[p][q].abs() > NOTHING * norm {
                        is_diagonal = false;
                        let (cosine, sine) = rotation(matrix[p][p], matrix[q][q], matrix[p][q]);
                        rotate(&mut matrix, (p, q), (cosine, sine));
                        for row in &mut matrix {
                            (row[p], row[q]) =
                                (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                        }
                        rotate(&mut vectors, (p, q), (cosine, sine));
                    }
                }
            }
            if is_diagonal {
                break;
            }
        }
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|&a, &b| matrix[b][b].total_cmp(&matrix[a][a]));
        let columns = (0..size).flat_map(|row| order.iter().map(move |&at| (at, row)));
        Eigen {
            vectors: Dense::new(size, columns.map(|(at, row)| vectors[at][row]).collect()),
            values: order.iter().map(|&at| matrix[at][at]).collect(),
        }
    }
}

/// Cosine and sine of the rotation that makes the element beside the diagonal zero.
fn rotation(pp: f64, qq: f64, pq: f64) -> (f64, f64) {
    let tau = (qq - pp) / (2.0 * pq);
    let root = (1.0 + tau * tau).sqrt();
    let tangent = if tau >= 0.0 { 1.0 / (tau + root) } else { 1.0 / (tau - root) };
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    (cosine, tangent * cosine)
}

/// Rotates two rows.
fn rotate(matrix: &mut [Vec<f64>], (p, q): (usize, usize), (cosine, sine): (f64, f64)) {
    let (above, below) = matrix.split_at_mut(q);
    for (p, q) in above[p].iter_mut().zip(&mut below[0]) {
        (*p, *q) = (cosine * *p - sine * *q, sine * *p + cosine * *q);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_known_by_hand() {
        let found = Eigen::new(Dense::new(2, vec![2.0, 1.0, 1.0, 2.0]));
        assert!((found.values[0] - 3.0).abs() < 1e-15 && (found.values[1] - 1.0).abs() < 1e-15);
        assert!((found.vectors.row(0)[0] - found.vectors.row(1)[0]).abs() < 1e-15);
    }

    #[test]
    fn vectors_are_orthonormal_and_rebuild_the_matrix() {
        let size = 40;
        let tall =
            Dense::new(size, (0..size * 60).map(|at| ((at * 7919) % 101) as f64 / 50.0 - 1.0).collect());
        let gram = tall.gram();
        let Eigen { values, vectors } = Eigen::new(gram.clone());
        assert!(values.is_sorted_by(|a, b| a >= b));
        for i in 0..size {
            for j in 0..size {
                let rebuilt: f64 = (0..size).map(|k| values[k] * vectors.row(i)[k] * vectors.row(j)[k]).sum();
                assert!((rebuilt - gram.row(i)[j]).abs() < 1e-11 * values[0]);
                let product: f64 = (0..size).map(|k| vectors.row(k)[i] * vectors.row(k)[j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
        assert_eq!(Eigen::new(Dense::zeros(3, 3)).values, [0.0; 3]);
    }
}
