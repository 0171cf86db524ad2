//! Computes one margin for each class from a row: a linear classifier.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::features::SparseRow;

/// Weights and intercepts, stored as f32, summed in f64.
///
/// Two classes share one weight vector, as in scikit-learn: the vector's value z is split evenly
/// into the margins -z/2 and +z/2, whose softmax is the logistic function of z.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Row-major `[features, columns]`: the weights of all classes for one feature stand side by
    /// side.
    weights: Cow<'static, [f32]>,
    /// One a column.
    intercepts: Vec<f32>,
    features: usize,
    classes: usize,
}

impl Linear {
    /// Number of weight columns for a number of classes: one for two classes, else one for each
    /// class.
    pub(crate) fn columns(classes: usize) -> usize {
        if classes == 2 { 1 } else { classes }
    }

    /// Takes `weights` of shape `[features, columns]`, row-major, and one intercept a column.
    ///
    /// # Errors
    /// Lengths that do not fit, fewer than two classes, or a value that is not finite.
    pub fn new(
        weights: impl Into<Cow<'static, [f32]>>,
        intercepts: Vec<f32>,
        classes: usize,
    ) -> Result<Self> {
        let weights = weights.into();
        let columns = Self::columns(classes);
        if classes < 2 || intercepts.len() != columns || !weights.len().is_multiple_of(columns) {
            return Err(Error::model(format!(
                "{} weights and {} intercepts do not fit {classes} classes",
                weights.len(),
                intercepts.len()
            )));
        }
        if let Some(at) = weights.iter().chain(&intercepts).position(|v| !v.is_finite()) {
            return Err(Error::model(format!("weight {at} is not a finite number")));
        }
        Ok(Linear { features: weights.len() / columns, weights, intercepts, classes })
    }

    /// Takes learned weights of shape `[features, columns]`, row-major, and one intercept a column.
    /// Each feature's weights are multiplied by its scale, and then rounded to f32.
    ///
    /// # Errors
    /// As [`Linear::new`]; a weight too large for f32 is not finite.
    #[cfg(feature = "train")]
    pub(crate) fn from_scaled(
        weights: &[f64],
        intercepts: &[f64],
        classes: usize,
        scale: impl Fn(u32) -> f64,
    ) -> Result<Self> {
        let of_feature = |(weights, feature): (&[f64], u32)| {
            let scale = scale(feature);
            weights.iter().map(move |&weight| (weight * scale) as f32).collect::<Vec<f32>>()
        };
        let weights: Vec<f32> =
            weights.chunks_exact(Self::columns(classes)).zip(0..).flat_map(of_feature).collect();
        Linear::new(weights, intercepts.iter().map(|&value| value as f32).collect(), classes)
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// All weights, `[features, columns]`.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// Intercepts as stored, one per column.
    pub fn intercepts(&self) -> &[f32] {
        &self.intercepts
    }

    /// The intercept in a class's margin.
    pub fn intercept(&self, class: usize) -> f64 {
        self.class_value(&self.intercepts, class)
    }

    /// What one unit of a feature adds to a class's margin; 0 for features outside the model.
    pub fn weight(&self, feature: u32, class: usize) -> f64 {
        let columns = self.intercepts.len();
        let start = feature as usize * columns;
        self.weights.get(start..start + columns).map_or(0.0, |weights| self.class_value(weights, class))
    }

    fn class_value(&self, columns: &[f32], class: usize) -> f64 {
        if self.classes == 2 {
            let half = 0.5 * f64::from(columns.first().copied().unwrap_or(0.0));
            if class == 0 { -half } else { half }
        } else {
            columns.get(class).copied().map_or(0.0, f64::from)
        }
    }

    /// Computes one margin per class into `margins`: the intercept plus weight x value, summed in
    /// the row's order.
    pub fn margins(&self, row: &SparseRow, margins: &mut Vec<f64>) {
        self.begin(margins);
        row.iter().for_each(|entry| self.add(entry, margins));
        self.split(margins);
    }

    /// Replaces `sums` by one per column: its intercept.
    #[inline]
    pub(crate) fn begin(&self, sums: &mut Vec<f64>) {
        sums.clear();
        self.intercepts.iter().for_each(|&intercept| sums.push(f64::from(intercept)));
    }

    /// Adds weight x value of a feature to the sum of each column.
    pub(crate) fn add(&self, (feature, value): (u32, f64), sums: &mut [f64]) {
        let start = feature as usize * sums.len();
        let weights = self.weights.get(start..start + sums.len()).unwrap_or(&[]);
        sums.iter_mut().zip(weights).for_each(|(sum, &weight)| *sum += value * f64::from(weight));
    }

    /// Replaces one sum a column by one margin a class.
    #[inline]
    pub(crate) fn split(&self, sums: &mut Vec<f64>) {
        if self.classes == 2 {
            let half = 0.5 * sums.first().copied().unwrap_or(0.0);
            sums.clear();
            sums.push(-half);
            sums.push(half);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{Featurizer, Vocabulary, Weighting};

    fn row() -> SparseRow {
        let featurizer = Featurizer::new(
            Weighting::TfIdf,
            Vocabulary::from_terms(["a", "b"].into_iter()).unwrap(),
            vec![3.0, 4.0],
        )
        .unwrap();
        let mut row = SparseRow::default();
        featurizer.vectorize(&[(0, 1), (1, 1)], &mut row);
        row // 0.6 and 0.8
    }

    #[test]
    fn margins_are_intercept_plus_weighted_values() {
        let linear = Linear::new(vec![1.0, 0.0, -1.0, 2.0, 0.5, 0.0], vec![0.25, 0.0, 0.0], 3).unwrap();
        let mut margins = Vec::new();
        linear.margins(&row(), &mut margins);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(margins[0], 0.25 + 0.6 + 1.6) && close(margins[1], 0.4) && close(margins[2], -0.6));
        assert_eq!(linear.weight(1, 0), 2.0);
        assert_eq!(linear.weight(7, 0), 0.0);
    }

    #[test]
    fn two_classes_share_one_vector() {
        let linear = Linear::new(vec![1.0, 2.0], vec![1.0], 2).unwrap();
        let mut margins = Vec::new();
        linear.margins(&row(), &mut margins);
        assert_eq!(margins[0], -margins[1]);
        let z = 1.0 + 0.6 + 1.6;
        assert!((margins[1] - z / 2.0).abs() < 1e-12);
        assert_eq!(linear.intercept(0) + linear.intercept(1), 0.0);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Linear::new(vec![1.0; 4], vec![0.0; 3], 3).is_err());
        assert!(Linear::new(vec![f32::NAN; 3], vec![0.0; 3], 3).is_err());
        assert!(Linear::new(Vec::new(), vec![0.0], 1).is_err());
    }
}
