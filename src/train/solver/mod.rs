//! Fits the multinomial logistic regression: sparse records and a trust-region Newton solver behind linfa's traits.

pub(crate) mod csc;
mod gram;
mod lanes;
pub(crate) mod logistic;
mod newton;
mod objective;

pub use csc::{Csc, CscBuilder};
pub use logistic::{ClassWeight, FitError, FittedLogistic, Logistic, ValidLogistic};
