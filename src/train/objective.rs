//! The convex function that training makes small, its gradient, and products with its Hessian.
//!
//! For rows x_i with class y_i and weight w_i, weights W, intercepts b and margins m_i = W x_i + b:
//!
//! ```text
//! f(W, b) = C * sum_i w_i * loss(m_i, y_i) + 1/2 * |W|^2      (intercepts are not penalised)
//! loss    = log(sum_k exp m_ik) - m_iy                         (two classes: log(1 + exp(-+m_i)))
//! ```
//!
//! as scikit-learn's `LogisticRegression(penalty="l2")`. A point is one vector: weights `[features, columns]`, row-major,
//! then the intercepts. Every sum has an order of its own that does not depend on the number of threads.

use linfa::dataset::Records;
use rayon::prelude::*;

use super::csr::Csr;
use crate::model::softmax;

/// Rows or features that one task works on. Fixed, because partial sums are taken over such blocks.
const BLOCK: usize = 512;

pub(super) struct Objective<'d> {
    rows: &'d Csr,
    targets: &'d [usize],
    /// C x class weight x row weight.
    weights: Vec<f64>,
    columns: usize,
}

/// What a point's value leaves behind for its gradient and Hessian.
pub(super) struct Evaluated {
    pub value: f64,
    /// Probabilities `[rows, columns]`; for two classes, of the second class.
    probabilities: Vec<f64>,
}

impl<'d> Objective<'d> {
    pub(super) fn new(rows: &'d Csr, targets: &'d [usize], weights: Vec<f64>, columns: usize) -> Self {
        Objective { rows, targets, weights, columns }
    }

    /// Length of a point.
    pub(super) fn len(&self) -> usize {
        (self.rows.nfeatures() + 1) * self.columns
    }

    /// Calls `each` with every row's number and margins at `point`; `out` takes what each row leaves.
    fn forward(&self, point: &[f64], out: &mut [f64], each: impl Fn(usize, &mut [f64]) -> f64 + Sync) -> f64 {
        let columns = self.columns;
        let (weights, intercepts) = point.split_at(self.rows.nfeatures() * columns);
        let sums: Vec<f64> = out
            .par_chunks_mut(BLOCK * columns)
            .enumerate()
            .map(|(block, out)| {
                let mut sum = 0.0;
                for (offset, margins) in out.chunks_exact_mut(columns).enumerate() {
                    let row = block * BLOCK + offset;
                    margins.copy_from_slice(intercepts);
                    add_products(self.rows.row_parts(row), weights, margins);
                    sum += each(row, margins);
                }
                sum
            })
            .collect();
        sums.iter().sum()
    }

    /// `penalised + sum over rows of value x residual` for each feature; for the intercepts, the residuals' sums.
    fn backward(&self, penalised: &[f64], residuals: &[f64], out: &mut [f64]) {
        let columns = self.columns;
        let (weights, intercepts) = out.split_at_mut(self.rows.nfeatures() * columns);
        weights
            .par_chunks_mut(BLOCK * columns)
            .zip(penalised.par_chunks(BLOCK * columns))
            .enumerate()
            .for_each(|(block, (out, penalised))| {
                let pairs = out.chunks_exact_mut(columns).zip(penalised.chunks_exact(columns));
                for (offset, (sums, start)) in pairs.enumerate() {
                    sums.copy_from_slice(start);
                    add_products(self.rows.column_parts(block * BLOCK + offset), residuals, sums);
                }
            });
        intercepts.fill(0.0);
        for residuals in residuals.chunks_exact(columns) {
            intercepts.iter_mut().zip(residuals).for_each(|(sum, residual)| *sum += residual);
        }
    }

    /// The value at a point.
    pub(super) fn value(&self, point: &[f64]) -> Evaluated {
        let mut probabilities = vec![0.0; self.targets.len() * self.columns];
        let loss = self.forward(point, &mut probabilities, |row, margins| {
            let (target, weight) = (self.targets[row], self.weights[row]);
            weight * if self.columns == 1 { binary_loss(margins, target) } else { loss(margins, target) }
        });
        let weights = &point[..self.rows.nfeatures() * self.columns];
        Evaluated { value: loss + 0.5 * dot(weights, weights), probabilities }
    }

    /// The gradient at the point that `at` was evaluated at.
    pub(super) fn gradient(&self, point: &[f64], at: &Evaluated, out: &mut [f64]) {
        let mut residuals = at.probabilities.clone();
        for (row, residuals) in residuals.chunks_exact_mut(self.columns).enumerate() {
            let (target, weight) = (self.targets[row], self.weights[row]);
            for (column, residual) in residuals.iter_mut().enumerate() {
                let hit = if self.columns == 1 { target == 1 } else { target == column };
                *residual = weight * (*residual - f64::from(u8::from(hit)));
            }
        }
        self.backward(point, &residuals, out);
    }

    /// The Hessian at the point that `at` was evaluated at, times `direction`.
    pub(super) fn hessian_product(&self, direction: &[f64], at: &Evaluated, out: &mut [f64]) {
        let columns = self.columns;
        let mut products = vec![0.0; at.probabilities.len()];
        self.forward(direction, &mut products, |row, margins| {
            let p = &at.probabilities[row * columns..(row + 1) * columns];
            let weight = self.weights[row];
            if columns == 1 {
                margins[0] *= weight * p[0] * (1.0 - p[0]);
            } else {
                let mean: f64 = p.iter().zip(margins.iter()).map(|(p, margin)| p * margin).sum();
                margins.iter_mut().zip(p).for_each(|(margin, p)| *margin = weight * p * (*margin - mean));
            }
            0.0
        });
        self.backward(direction, &products, out);
    }
}

/// Adds to `sums` the products of a sparse list with a matrix `[indices, columns]`, in the order of the list.
fn add_products((indices, values): (&[u32], &[f32]), matrix: &[f64], sums: &mut [f64]) {
    let pairs = indices.iter().zip(values).map(|(&index, &value)| (index as usize, f64::from(value)));
    match sums {
        // The usual numbers of columns, held in registers.
        [sum] => pairs.for_each(|(index, value)| *sum += value * matrix[index]),
        [one, two, three] => {
            let (rows, _) = matrix.as_chunks::<3>();
            let (mut x, mut y, mut z) = (*one, *two, *three);
            for (index, value) in pairs {
                let [a, b, c] = rows[index];
                x += value * a;
                y += value * b;
                z += value * c;
            }
            (*one, *two, *three) = (x, y, z);
        }
        sums => {
            let columns = sums.len();
            for (index, value) in pairs {
                let row = &matrix[index * columns..(index + 1) * columns];
                sums.iter_mut().zip(row).for_each(|(sum, cell)| *sum += value * cell);
            }
        }
    }
}

/// Loss of one row; leaves its probabilities in `margins`.
fn loss(margins: &mut [f64], target: usize) -> f64 {
    let most = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let of_target = margins[target];
    let sum: f64 = margins.iter().map(|margin| libm::exp(margin - most)).sum();
    softmax(margins);
    libm::log(sum) + most - of_target
}

/// Loss of one row of two classes; leaves the second class's probability in `margins`.
fn binary_loss(margins: &mut [f64], target: usize) -> f64 {
    let z = margins[0];
    let small = libm::exp(-z.abs());
    margins[0] = if z >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
    let against = if (target == 1) == (z >= 0.0) { 0.0 } else { z.abs() };
    against + libm::log1p(small)
}

/// Sum of products, in blocks of fixed size.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const BLOCK: usize = 4096;
    let sums: Vec<f64> = a
        .par_chunks(BLOCK)
        .zip(b.par_chunks(BLOCK))
        .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum())
        .collect();
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::logistic::tests::dense;

    fn check_derivatives(columns: usize, targets: &[usize]) {
        let rows = dense(&[&[0.5, -1.0], &[2.0, 0.25], &[0.0, 1.5]]);
        let objective = Objective::new(&rows, targets, vec![1.0, 0.5, 2.0], columns);
        let point: Vec<f64> = (0..objective.len()).map(|n| (n as f64 * 0.7).sin()).collect();
        let direction: Vec<f64> = (0..objective.len()).map(|n| (n as f64 * 1.3).cos()).collect();
        let along = |t: f64| point.iter().zip(&direction).map(|(p, d)| p + t * d).collect::<Vec<f64>>();
        let gradient_at = |t: f64| {
            let (point, mut gradient) = (along(t), vec![0.0; objective.len()]);
            let at = objective.value(&point);
            objective.gradient(&point, &at, &mut gradient);
            (at, gradient)
        };
        let step = 1e-5;
        let (at, gradient) = gradient_at(0.0);
        let slope = (gradient_at(step).0.value - gradient_at(-step).0.value) / (2.0 * step);
        assert!((slope - dot(&gradient, &direction)).abs() < 1e-8);
        let mut product = vec![0.0; objective.len()];
        objective.hessian_product(&direction, &at, &mut product);
        for ((after, before), product) in gradient_at(step).1.iter().zip(&gradient_at(-step).1).zip(&product)
        {
            assert!(((after - before) / (2.0 * step) - product).abs() < 1e-7);
        }
    }

    #[test]
    fn gradient_and_hessian_are_the_derivatives_of_the_value() {
        check_derivatives(3, &[0, 2, 1]);
        check_derivatives(1, &[0, 1, 1]);
    }

    #[test]
    fn far_margins_give_finite_losses() {
        let mut margins = [1e4, -1e4, 0.0];
        assert_eq!(loss(&mut margins, 1), 2e4);
        let mut margin = [-1e4];
        assert_eq!(binary_loss(&mut margin, 1), 1e4);
        assert_eq!(margin, [0.0]);
    }
}
