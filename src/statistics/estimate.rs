//! A figure with its interval.

use super::interval::Interval;

/// A figure and its 95 % interval; none without independent observations, for a mean without two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Where it lies with a confidence of 95 %.
    pub interval: Option<Interval>,
}
