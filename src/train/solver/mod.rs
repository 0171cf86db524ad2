//! Fits the multinomial logistic regression: sparse records and a trust-region Newton solver behind
//! linfa's traits.

pub(crate) mod csc;
mod fit_error;
pub(crate) mod fitted;
mod gram;
mod lanes;
pub(crate) mod logistic;
mod newton;
mod objective;

pub use csc::{Csc, CscBuilder};
pub use fit_error::FitError;
pub use fitted::FittedLogistic;
pub use logistic::{ClassWeight, Logistic, ValidLogistic};
