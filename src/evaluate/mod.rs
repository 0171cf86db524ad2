//! Gold labels and answers to figures: counts that add up, ratios that may be undefined.

mod agreement;
mod bootstrap;
mod codings;
mod date;
mod group;
mod group_key;
mod groups;
mod interval;
mod meter;
mod moments;
mod period;
mod unknown;

pub use agreement::{Agreement, LabelAgreement, PairAgreement};
pub use bootstrap::RESAMPLES;
pub use codings::Codings;
pub use group::{Estimate, Group};
pub use group_key::GroupKey;
pub use groups::Groups;
pub use interval::Interval;
pub use meter::{ClassFigures, Meter};
pub use period::Period;
pub use unknown::Unknown;
