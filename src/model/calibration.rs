//! Turns margins into calibrated probabilities.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How margins become probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Calibration {
    /// Softmax of margin / temperature (Guo et al. 2017, "On calibration of modern neural
    /// networks", section 4.2).
    Temperature(f64),
    /// Softmax of scale x margin + shift, with one scale and one shift a class (vector scaling, the
    /// same, section 4.2).
    Vector {
        /// One a class.
        scales: Vec<f64>,
        /// One a class.
        shifts: Vec<f64>,
    },
}

impl Default for Calibration {
    fn default() -> Self {
        Calibration::Temperature(1.0)
    }
}

impl Calibration {
    /// Lowest and highest temperature that fitting may choose and a model may hold.
    pub const RANGE: (f64, f64) = (0.01, 100.0);

    /// The greatest scale or shift, either way, that a model may hold.
    const MAX: f64 = 1000.0;

    /// Checks the ranges.
    ///
    /// # Errors
    /// A temperature outside [`Calibration::RANGE`]; scales and shifts of another number of
    /// classes, or that are too large.
    pub(crate) fn check(&self, classes: usize) -> Result<()> {
        let (low, high) = Self::RANGE;
        match self {
            Calibration::Temperature(temperature) if (low..=high).contains(temperature) => Ok(()),
            Calibration::Temperature(temperature) => {
                Err(Error::model(format!("temperature {temperature}; expected {low} to {high}")))
            }
            Calibration::Vector { scales, shifts } => {
                let sound = |values: &[f64]| {
                    values.len() == classes && values.iter().all(|value| value.abs() <= Self::MAX)
                };
                if sound(scales) && sound(shifts) {
                    Ok(())
                } else {
                    Err(Error::model(format!(
                        "{} scales and {} shifts; expected {classes} of each, at most {} either way",
                        scales.len(),
                        shifts.len(),
                        Self::MAX
                    )))
                }
            }
        }
    }

    /// Turns margins into probabilities in place.
    #[inline]
    pub fn apply(&self, margins: &mut [f64]) {
        match self {
            Calibration::Temperature(temperature) => {
                margins.iter_mut().for_each(|margin| *margin /= temperature);
            }
            Calibration::Vector { scales, shifts } => {
                for ((margin, scale), shift) in margins.iter_mut().zip(scales).zip(shifts) {
                    *margin = scale * *margin + shift;
                }
            }
        }
        softmax(margins);
    }

    /// Describes the calibration in a few words; `fixed` is whether its temperature was given and
    /// not fitted.
    #[cfg(feature = "cli")]
    pub(crate) fn describe_as(&self, fixed: bool) -> String {
        format!("{}{}", self.describe(), if fixed { ", fixed" } else { "" })
    }

    /// Describes the calibration in a few words.
    pub fn describe(&self) -> String {
        match self {
            Calibration::Temperature(temperature) => format!("temperature {temperature:.4}"),
            Calibration::Vector { scales, shifts } => {
                let list = |values: &[f64]| {
                    values.iter().map(|value| format!("{value:.3}")).collect::<Vec<_>>().join(" ")
                };
                format!("vector scaling, scales {}, shifts {}", list(scales), list(shifts))
            }
        }
    }

    /// Fits the temperature that gives the least weighted log loss on held-out margins.
    ///
    /// `margins` holds one row of class margins after the other; `targets` and `weights` one value
    /// per row. Targets are smoothed by Laplace's rule, (n + 1) / (n + classes) for the right class
    /// and the rest shared, where n is all weight: without that, rows that are all right would make
    /// the model certain of everything (Platt 1999, "Probabilistic outputs for support vector
    /// machines", section 2.2). The log loss is convex in the inverse temperature, so its
    /// derivative is bisected. Without any weight the temperature is 1.
    #[cfg(any(feature = "train", test))]
    pub(crate) fn fit_temperature(margins: &[f64], targets: &[usize], weights: &[f64]) -> Calibration {
        let Some(classes) = margins.len().checked_div(targets.len()).filter(|&classes| classes > 0) else {
            return Calibration::default();
        };
        let all: f64 = weights.iter().sum();
        if all <= 0.0 {
            return Calibration::default();
        }
        let of_right = (all + 1.0) / (all + classes as f64);
        let of_wrong = 1.0 / (all + classes as f64);
        let (low, high) = Self::RANGE;
        let (mut least, mut most) = (1.0 / high, 1.0 / low);
        let mut probabilities = Vec::with_capacity(classes);
        for _ in 0..100 {
            let inverse = 0.5 * (least + most);
            let mut slope = 0.0;
            for ((row, &target), &weight) in margins.chunks_exact(classes).zip(targets).zip(weights) {
                probabilities.clear();
                probabilities.extend(row.iter().map(|margin| margin * inverse));
                softmax(&mut probabilities);
                let expected: f64 = row.iter().zip(&probabilities).map(|(margin, p)| margin * p).sum();
                let right = row.get(target).copied().unwrap_or(expected);
                let smoothed = of_right * right + of_wrong * (row.iter().sum::<f64>() - right);
                slope += weight * (expected - smoothed);
            }
            if slope > 0.0 {
                most = inverse;
            } else {
                least = inverse;
            }
        }
        Calibration::Temperature((2.0 / (least + most)).clamp(low, high))
    }
}

/// Replaces scores by `exp(score) / sum of exp`, with the greatest score taken off first.
#[inline]
pub(crate) fn softmax(scores: &mut [f64]) {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = libm::exp(*score - most);
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_of_known_points() {
        let mut even = [3.0, 3.0];
        softmax(&mut even);
        assert_eq!(even, [0.5, 0.5]);
        let mut odds = [0.0, 3f64.ln()];
        softmax(&mut odds);
        assert!((odds[1] - 0.75).abs() < 1e-15);
        let mut far = [1e308, -1e308];
        softmax(&mut far);
        assert_eq!(far, [1.0, 0.0]);
    }

    #[test]
    fn the_temperature_makes_confidence_equal_accuracy() {
        // Always the same margins 0 and 2, right three times in four. Smoothed, a right row counts
        // 5/6 and a wrong one 1/6: softmax(2/T) must be (3 x 5/6 + 1/6) / 4 = 2/3.
        let margins = [0.0, 2.0].repeat(4);
        let fitted = Calibration::fit_temperature(&margins, &[1, 1, 1, 0], &[1.0; 4]);
        let Calibration::Temperature(t) = fitted else { panic!("{fitted:?}") };
        assert!((t - 2.0 / 2f64.ln()).abs() < 1e-9, "{t}");
    }

    #[test]
    fn a_row_of_weight_two_is_the_row_twice() {
        let margins = [0.0, 2.0, 0.0, 1.0, 0.5, 0.0];
        let twice = [0.0, 2.0, 0.0, 1.0, 0.5, 0.0, 0.5, 0.0];
        assert_eq!(
            Calibration::fit_temperature(&margins, &[1, 0, 0], &[1.0, 1.0, 2.0]),
            Calibration::fit_temperature(&twice, &[1, 0, 0, 0], &[1.0; 4])
        );
    }

    #[test]
    fn vector_scaling_has_a_scale_and_a_shift_for_each_class() {
        let vector = Calibration::Vector { scales: vec![1.0, 0.5], shifts: vec![0.0, 3f64.ln()] };
        let mut probabilities = [2.0, 4.0];
        vector.apply(&mut probabilities);
        assert!((probabilities[1] - 0.75).abs() < 1e-15);
        vector.check(2).unwrap();
        assert!(vector.check(3).is_err());
        let wild = Calibration::Vector { scales: vec![1.0, f64::NAN], shifts: vec![0.0; 2] };
        assert!(wild.check(2).is_err());
    }

    #[test]
    fn rows_that_are_all_right_do_not_make_it_certain() {
        // One row, right: 2/3 by Laplace's rule; a hundred: 101/102.
        for (rows, share) in [(1, 2.0 / 3.0), (100, 101.0 / 102.0)] {
            let margins = [0.0, 1.0].repeat(rows);
            let calibration = Calibration::fit_temperature(&margins, &vec![1; rows], &vec![1.0; rows]);
            let mut probabilities = [0.0, 1.0];
            calibration.apply(&mut probabilities);
            assert!((probabilities[1] - share).abs() < 1e-9, "{probabilities:?}");
        }
        assert_eq!(Calibration::fit_temperature(&[], &[], &[]), Calibration::default());
        assert_eq!(Calibration::fit_temperature(&[0.0, 1.0], &[1], &[0.0]), Calibration::default());
    }
}
