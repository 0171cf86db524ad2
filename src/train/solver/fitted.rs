//! Predicts the classes of sparse rows with a fitted logistic regression.

use linfa::dataset::Records;
use linfa::traits::PredictInplace;
use ndarray::Array1;

use crate::error::Result;
use crate::label::argmax;
use crate::model::Linear;
use crate::train::solver::csc::Csc;

/// A fitted model in f64, with how the solver came to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FittedLogistic {
    pub(super) weights: Vec<f64>,
    pub(super) intercepts: Vec<f64>,
    /// The weights as a sum of rows: a factor for each row and column.
    pub(super) dual: Vec<f64>,
    pub(super) classes: usize,
    pub(super) objective: f64,
    pub(super) iterations: u32,
    pub(super) converged: bool,
}

impl FittedLogistic {
    /// Weights `[features, columns]`, row-major; one column for two classes.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// One a column.
    pub fn intercepts(&self) -> &[f64] {
        &self.intercepts
    }

    /// What one unit of a feature adds to a class's margin.
    pub(crate) fn weight(&self, feature: usize, class: usize) -> f64 {
        let columns = self.intercepts.len();
        let of = |column: usize| self.weights.get(feature * columns + column).copied().unwrap_or(0.0);
        match (self.classes, class) {
            (2, 0) => -0.5 * of(0),
            (2, _) => 0.5 * of(0),
            _ => of(class),
        }
    }

    /// The objective's value.
    pub fn objective(&self) -> f64 {
        self.objective
    }

    /// Newton steps taken.
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Whether the tolerance was reached.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// The model to save: weights rounded to f32.
    ///
    /// # Errors
    /// A weight too large for f32.
    pub fn to_linear(&self) -> Result<Linear> {
        self.linear_of(self.weights.len() / self.intercepts.len().max(1), |_| 1.0)
    }

    /// The same of so many features, the first, each with its weights multiplied by its scale.
    pub(crate) fn linear_of(&self, features: usize, scale: impl Fn(u32) -> f64) -> Result<Linear> {
        let first = self.weights.get(..features * self.intercepts.len()).unwrap_or(&self.weights);
        Linear::from_scaled(first, &self.intercepts, self.classes, scale)
    }

    /// Adds a share of the margins of another model, whose features are the first of these.
    pub(crate) fn add(&mut self, share: f64, other: &FittedLogistic) {
        let add = |to: &mut [f64], what: &[f64]| {
            to.iter_mut().zip(what).for_each(|(to, what)| *to += share * what);
        };
        add(&mut self.weights, &other.weights);
        add(&mut self.intercepts, &other.intercepts);
    }

    /// Takes from every margin of a class so much.
    pub(crate) fn shift(&mut self, by_class: &[f64]) {
        match (self.intercepts.as_mut_slice(), by_class) {
            ([intercept], [first, second]) => *intercept -= second - first,
            (intercepts, _) => {
                intercepts.iter_mut().zip(by_class).for_each(|(intercept, by)| *intercept -= by);
            }
        }
    }

    /// Number of classes.
    pub(crate) fn classes(&self) -> usize {
        self.classes
    }

    /// Margins of one row of (feature, value) pairs, one per class; see [`Linear`] for two classes.
    pub fn margins(&self, row: impl Iterator<Item = (u32, f64)>) -> Vec<f64> {
        let columns = self.intercepts.len();
        let mut margins = self.intercepts.clone();
        for (feature, value) in row {
            let start = feature as usize * columns;
            let weights = self.weights.get(start..start + columns).unwrap_or(&[]);
            margins.iter_mut().zip(weights).for_each(|(margin, weight)| *margin += value * weight);
        }
        self.by_class(margins)
    }

    /// A class each where there are columns.
    fn by_class(&self, margins: Vec<f64>) -> Vec<f64> {
        match margins.as_slice() {
            [z] if self.classes == 2 => vec![-0.5 * z, 0.5 * z],
            _ => margins,
        }
    }
}

impl PredictInplace<Csc, Array1<usize>> for FittedLogistic {
    fn predict_inplace<'a>(&'a self, rows: &'a Csc, targets: &mut Array1<usize>) {
        let columns = self.intercepts.len();
        let mut margins = self.intercepts.repeat(rows.nsamples());
        for entries in rows.entries() {
            let weights =
                self.weights.chunks_exact(columns.max(1)).nth(entries.feature as usize).unwrap_or(&[]);
            for (row, level) in entries.levels() {
                let of_row = rows.row_factors().get(row as usize).copied().unwrap_or(0.0);
                let value = of_row * f64::from(level) * f64::from(entries.factor);
                let own = margins.get_mut(row as usize * columns..).unwrap_or(&mut []);
                own.iter_mut().zip(weights).for_each(|(margin, weight)| *margin += value * weight);
            }
        }
        for (margins, target) in margins.chunks_exact(columns.max(1)).zip(targets) {
            *target = argmax(&self.by_class(margins.to_vec())).index();
        }
    }

    fn default_target(&self, rows: &Csc) -> Array1<usize> {
        Array1::zeros(rows.nsamples())
    }
}
