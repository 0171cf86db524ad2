//! Computes confidence intervals, McNemar's test, and exact sums that do not depend on the order of
//! their terms.

mod estimate;
mod exact_sums;
mod interval;
mod mcnemar;

pub use estimate::Estimate;
pub(crate) use exact_sums::ExactSums;
pub use interval::Interval;
pub use mcnemar::McNemar;
