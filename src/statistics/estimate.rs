//! Holds a figure with its confidence interval.

use serde::Serialize;

use crate::statistics::interval::Interval;

/// A figure and its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Its 95 % confidence interval; `None` with too few independent observations: none for a
    /// share, one for a mean.
    pub interval: Option<Interval>,
}
