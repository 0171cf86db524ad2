//! Measures how far coders agree on the same texts.

mod annotations;
mod coders;

pub use annotations::Annotations;
pub use coders::{Agreement, LabelAgreement, PairAgreement};
