//! Evaluates the convex function that training minimizes, its gradient, and products with its
//! Hessian.
//!
//! For rows x_i with class y_i and weight w_i, weights W, intercepts b and margins m_i = W x_i + b:
//!
//! ```text
//! f(W, b) = C * sum_i w_i * loss(m_i, y_i) + 1/2 * |W|^2      (intercepts are not penalized)
//! loss    = log(sum_k exp m_ik) - m_iy                         (two classes: log(1 + exp(-+m_i)))
//! ```
//!
//! as scikit-learn's `LogisticRegression(penalty="l2")`. With label smoothing e the class y_i has
//! the share 1 - e + e/K of its row and each of the K - 1 others e/K (Szegedy et al. 2016,
//! "Rethinking the Inception architecture", section 7): in the loss stands (1 - e) m_iy + e
//! mean(m_i) in place of m_iy.
//!
//! Weights that start at 0 are at every step a sum of rows, W = X' A (the representer theorem:
//! Kimeldorf and Wahba 1971). So a [`Vector`] holds A, `[rows, columns]`, and beside it X W = X X'
//! A, of which all scalar products can be had: it is as long as there are rows, not features. The
//! one thing that costs time is [`Gram::multiply`], A to X X' A.
//!
//! Of several columns the last is the others' sum with the other sign, in every vector that there
//! is: a row's probabilities add up to 1, so that its residuals, and what becomes of them in a
//! product with the Hessian, add up to 0. So it is not multiplied.
//!
//! Every sum has an order of its own that does not depend on the number of threads.

use rayon::prelude::*;

use crate::model::softmax;
use crate::train::solver::csc::Csc;
use crate::train::solver::gram::Gram;
use crate::train::solver::lanes::Real;

/// Rows that one task works on. Fixed, because partial sums are taken over such blocks.
const BLOCK: usize = 512;

/// The least tolerance for which rough products do.
const FINE: f64 = 1e-9;

/// The class of each row, and how much each row counts.
pub(crate) struct WeightedTargets<'d> {
    pub targets: &'d [usize],
    /// C x class weight x row weight.
    pub weights: Vec<f64>,
    /// Columns of weights: one for two classes, else as many as classes.
    pub columns: usize,
    /// Share of each row that all classes have alike, from 0, below 1.
    pub smoothing: f64,
}

pub(crate) struct Objective<'d> {
    gram: Gram<'d>,
    targets: &'d [usize],
    weights: Vec<f64>,
    columns: usize,
    smoothing: f64,
    /// Whether products with the Hessian are in f32.
    rough: bool,
}

/// A point or a direction: weights W = X' A and intercepts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vector {
    /// A, `[rows, columns]`; of several columns the sum is 0 in each row.
    pub dual: Vec<f64>,
    /// X W, `[rows, columns]`.
    products: Vec<f64>,
    /// One a column.
    pub intercepts: Vec<f64>,
}

impl Vector {
    /// The inner product, of the weights and the intercepts; as exact as the other one's products
    /// are.
    pub(crate) fn inner(&self, other: &Vector) -> f64 {
        dot(&self.dual, &other.products) + dot(&self.intercepts, &other.intercepts)
    }

    /// The square of its length, which rounding must not make negative.
    pub(crate) fn square(&self) -> f64 {
        self.inner(self).max(0.0)
    }

    /// Adds `factor` times another one.
    pub(crate) fn add(&mut self, factor: f64, other: &Vector) {
        self.each(other, |to, what| *to += factor * what);
    }

    /// Multiplies by a factor and adds another one.
    pub(crate) fn scale_and_add(&mut self, factor: f64, other: &Vector) {
        self.each(other, |to, what| *to = what + factor * *to);
    }

    fn each(&mut self, other: &Vector, change: impl Fn(&mut f64, f64)) {
        let Vector { dual, products, intercepts } = self;
        for (to, what) in [(dual, &other.dual), (products, &other.products), (intercepts, &other.intercepts)]
        {
            to.iter_mut().zip(what).for_each(|(to, what)| change(to, *what));
        }
    }
}

/// What a point's value leaves behind for its gradient and Hessian.
pub(crate) struct Evaluated {
    pub value: f64,
    /// Probabilities `[rows, columns]`; for two classes, of the second class.
    probabilities: Vec<f64>,
}

impl<'d> Objective<'d> {
    /// For a tolerance of the solver: where A is longer than the features are many, most of it adds
    /// up to nothing, and what f32 leaves of it stands in the way of tolerances under [`FINE`].
    pub(crate) fn new(rows: &'d Csc, targets: WeightedTargets<'d>, tolerance: f64) -> Self {
        let WeightedTargets { targets, weights, columns, smoothing } = targets;
        Objective {
            gram: Gram::new(rows, columns),
            targets,
            weights,
            columns,
            smoothing,
            rough: tolerance >= FINE,
        }
    }

    /// Where a search begins: at 0; of one column, at the intercept that is best without weights,
    /// the logarithm of the classes' odds (each with half a row more, since one may have none).
    /// Several columns were measured to take more steps from there.
    pub(crate) fn initial_point(&self) -> Vector {
        let mut initial_point = self.zero();
        if let [intercept] = initial_point.intercepts.as_mut_slice() {
            let half = 0.5 * self.weights.iter().sum::<f64>() / self.weights.len() as f64;
            let mut of_class = [half.max(f64::MIN_POSITIVE); 2];
            self.targets.iter().zip(&self.weights).for_each(|(target, weight)| of_class[*target] += weight);
            let [without, with] = of_class;
            *intercept = libm::log(with / without);
        }
        initial_point
    }

    /// The vector that is 0 everywhere.
    pub(crate) fn zero(&self) -> Vector {
        let length = self.gram.rows() * self.columns;
        Vector { dual: vec![0.0; length], products: vec![0.0; length], intercepts: vec![0.0; self.columns] }
    }

    /// The vector of A and intercepts.
    pub(crate) fn vector(&self, dual: &[f64], intercepts: &[f64]) -> Vector {
        self.complete::<f64>(dual.to_vec(), intercepts.to_vec())
    }

    /// The sum of a point and a rough direction, exactly: where a problem is badly conditioned,
    /// what is wrong with the products of many directions adds up to more than tolerances allow.
    pub(crate) fn step(&self, point: &Vector, direction: &Vector) -> Vector {
        let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect();
        self.complete::<f64>(add(&point.dual, &direction.dual), add(&point.intercepts, &direction.intercepts))
    }

    fn complete<T: Real>(&self, dual: Vec<f64>, intercepts: Vec<f64>) -> Vector {
        let products = self.gram.multiply::<T>(&dual);
        Vector { dual, products, intercepts }
    }

    /// The weights X' A, `[features, columns]`.
    pub(crate) fn primal(&self, dual: &[f64]) -> Vec<f64> {
        self.gram.primal(dual)
    }

    /// The margins at a vector go through `each` with their row's number, and into what is
    /// returned; the sum of what it gives.
    fn by_row(&self, at: &Vector, each: impl Fn(usize, &mut [f64]) -> f64 + Sync) -> (f64, Vec<f64>) {
        let columns = self.columns;
        let mut out = at.products.clone();
        let sums: Vec<f64> = out
            .par_chunks_mut(BLOCK * columns)
            .enumerate()
            .map(|(block, out)| {
                let rows = out.chunks_exact_mut(columns).zip(block * BLOCK..);
                rows.fold(0.0, |sum, (margins, row)| {
                    margins.iter_mut().zip(&at.intercepts).for_each(|(margin, b)| *margin += b);
                    sum + each(row, margins)
                })
            })
            .collect();
        (sums.iter().sum(), out)
    }

    /// The share of a row that its own class has, or another.
    fn share(&self, is_own: bool) -> f64 {
        let classes = self.columns.max(2) as f64;
        (1.0 - self.smoothing) * f64::from(u8::from(is_own)) + self.smoothing / classes
    }

    /// The value at a point.
    pub(crate) fn value(&self, point: &Vector) -> Evaluated {
        let (loss, probabilities) = self.by_row(point, |row, margins| {
            let (target, weight) = (self.targets[row], self.weights[row]);
            let smoothing = self.smoothing;
            weight
                * if self.columns == 1 {
                    binary_loss(margins, self.share(target == 1))
                } else {
                    loss(margins, target, smoothing)
                }
        });
        Evaluated { value: loss + 0.5 * dot(&point.dual, &point.products), probabilities }
    }

    /// The gradient at the point that `at` was evaluated at: A and each row's weighted residual.
    pub(crate) fn gradient(&self, point: &Vector, at: &Evaluated) -> Vector {
        let mut residuals = at.probabilities.clone();
        for (row, residuals) in residuals.chunks_exact_mut(self.columns).enumerate() {
            let (target, weight) = (self.targets[row], self.weights[row]);
            for (column, residual) in residuals.iter_mut().enumerate() {
                let is_own = if self.columns == 1 { target == 1 } else { target == column };
                *residual = weight * (*residual - self.share(is_own));
            }
        }
        self.penalized::<f64>(residuals, point)
    }

    /// The Hessian at the point that `at` was evaluated at, times `direction`. In f32 that is good
    /// enough for a step, which is tried by the exact value, and the next gradient is exact again.
    pub(crate) fn hessian_product(&self, direction: &Vector, at: &Evaluated) -> Vector {
        let columns = self.columns;
        let (_, products) = self.by_row(direction, |row, margins| {
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
        match self.rough {
            true => self.penalized::<f32>(products, direction),
            false => self.penalized::<f64>(products, direction),
        }
    }

    /// What rows give, and the penalty's part.
    fn penalized<T: Real>(&self, mut by_row: Vec<f64>, of: &Vector) -> Vector {
        let mut intercepts = vec![0.0; self.columns];
        for row in by_row.chunks_exact(self.columns) {
            intercepts.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        by_row.iter_mut().zip(&of.dual).for_each(|(value, dual)| *value += dual);
        self.complete::<T>(by_row, intercepts)
    }
}

/// Loss of one row; leaves its probabilities in `margins`.
fn loss(margins: &mut [f64], target: usize, smoothing: f64) -> f64 {
    let most = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut of_target = margins[target];
    if smoothing > 0.0 {
        let mean = margins.iter().sum::<f64>() / margins.len() as f64;
        of_target = (1.0 - smoothing) * of_target + smoothing * mean;
    }
    let sum: f64 = margins.iter().map(|margin| libm::exp(margin - most)).sum();
    softmax(margins);
    libm::log(sum) + most - of_target
}

/// Loss of one row of two classes, of which the second has this share; leaves the second class's
/// probability in `margins`.
fn binary_loss(margins: &mut [f64], share: f64) -> f64 {
    let z = margins[0];
    let small = libm::exp(-z.abs());
    margins[0] = if z >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
    z.max(0.0) - share * z + libm::log1p(small)
}

/// Sum of products, in blocks of fixed size.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.chunks(BLOCK).zip(b.chunks(BLOCK)).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::solver::csc::tests::sparse;

    /// `[rows, columns]` of waves; of several columns the sum is 0.
    fn waves(rows: usize, columns: usize, step: f64) -> Vec<f64> {
        let mut all: Vec<f64> = (1..=rows * columns).map(|n| (n as f64 * step).sin()).collect();
        for row in all.chunks_exact_mut(columns).filter(|row| row.len() > 1) {
            let (last, others) = row.split_last_mut().unwrap();
            *last = -others.iter().sum::<f64>();
        }
        all
    }

    fn check_derivatives(columns: usize, targets: &[usize], (tolerance, smoothing): (f64, f64)) {
        let rows = sparse(&[&[0.5, -1.0], &[2.0, 0.25], &[0.0, 1.5]]);
        let objective = Objective::new(
            &rows,
            WeightedTargets { targets, weights: vec![1.0, 0.5, 2.0], columns, smoothing },
            tolerance,
        );
        let vector = |step: f64| objective.vector(&waves(3, columns, step), &waves(1, columns, 2.0 * step));
        let (point, direction) = (vector(0.7), vector(1.3));
        let gradient_at = |t: f64| {
            let mut along = point.clone();
            along.add(t, &direction);
            let at = objective.value(&along);
            let gradient = objective.gradient(&along, &at);
            (at, gradient)
        };
        let step = 1e-5;
        let (at, gradient) = gradient_at(0.0);
        let slope = (gradient_at(step).0.value - gradient_at(-step).0.value) / (2.0 * step);
        assert!((slope - gradient.inner(&direction)).abs() < 1e-8);
        let product = objective.hessian_product(&direction, &at);
        let (before, after) = (gradient_at(-step).1, gradient_at(step).1);
        let within = if objective.rough { 1e-5 } else { 1e-7 };
        let close = |before: &[f64], after: &[f64], product: &[f64]| {
            for ((before, after), product) in before.iter().zip(after).zip(product) {
                assert!(((after - before) / (2.0 * step) - product).abs() < within);
            }
        };
        // The weights themselves, not A: A is not told by them.
        let primal = |vector: &Vector| objective.primal(&vector.dual);
        close(&primal(&before), &primal(&after), &primal(&product));
        close(&before.intercepts, &after.intercepts, &product.intercepts);
    }

    #[test]
    fn gradient_and_hessian_are_the_derivatives_of_the_value() {
        for way in [(FINE, 0.0), (FINE / 2.0, 0.0), (FINE / 2.0, 0.2)] {
            // As many columns as go into one, two and more registers.
            for columns in 3..=8 {
                check_derivatives(columns, &[0, 2, 1], way);
            }
            check_derivatives(2, &[0, 1, 1], way);
            check_derivatives(1, &[0, 1, 1], way);
        }
    }

    #[test]
    fn a_search_begins_at_the_odds_of_two_classes_and_at_0_for_more() {
        let rows = sparse(&[&[1.0], &[1.0], &[1.0]]);
        let initial_point = |targets: &[usize], columns| {
            let weighted = WeightedTargets { targets, weights: vec![0.5, 0.5, 2.0], columns, smoothing: 0.0 };
            Objective::new(&rows, weighted, FINE).initial_point().intercepts
        };
        // Half a row weighs 0.5.
        assert_eq!(initial_point(&[0, 1, 1], 1), [libm::log(3.0 / 1.0)]);
        assert_eq!(initial_point(&[1, 1, 1], 1), [libm::log(3.5 / 0.5)], "a class without rows");
        assert_eq!(initial_point(&[0, 1, 2], 3), [0.0; 3]);
    }

    #[test]
    fn scalar_products_are_those_of_the_weights() {
        let rows = sparse(&[&[0.5, -1.0, 0.0], &[2.0, 0.25, 1.0], &[0.0, 1.5, 0.0], &[1.0, 1.0, 1.0]]);
        for columns in 1..=8 {
            let weighted =
                WeightedTargets { targets: &[0, 1, 0, 1], weights: vec![1.0; 4], columns, smoothing: 0.0 };
            let objective = Objective::new(&rows, weighted, FINE);
            let (a, b) = (waves(4, columns, 0.3), waves(4, columns, 1.9));
            let zeros = vec![0.0; columns];
            let product = objective.vector(&a, &zeros).inner(&objective.vector(&b, &zeros));
            let expected = dot(&objective.primal(&a), &objective.primal(&b));
            assert!((product - expected).abs() < 1e-12, "{columns}: {product} and {expected}");
        }
    }

    #[test]
    fn far_margins_give_finite_losses() {
        let mut margins = [1e4, -1e4, 0.0];
        assert_eq!(loss(&mut margins, 1, 0.0), 2e4);
        let mut margin = [-1e4];
        assert_eq!(binary_loss(&mut margin, 1.0), 1e4);
        assert_eq!(margin, [0.0]);
    }

    #[test]
    fn a_smoothed_loss_is_the_mean_of_the_losses_of_all_classes() {
        let plain = |target| loss(&mut [0.3, -1.0, 2.0], target, 0.0);
        let expected = 0.7 * plain(1) + 0.3 / 3.0 * (plain(0) + plain(1) + plain(2));
        assert!((loss(&mut [0.3, -1.0, 2.0], 1, 0.3) - expected).abs() < 1e-12);
        let plain = |share| binary_loss(&mut [0.8], share);
        assert!((binary_loss(&mut [0.8], 0.9) - (0.9 * plain(1.0) + 0.1 * plain(0.0))).abs() < 1e-12);
    }
}
