//! Gold labels and answers to figures: counts that add up, ratios that may be undefined.

mod meter;

pub use meter::{ClassFigures, Meter};
