//! Gold labels and answers to figures: counts that add up, ratios that may be undefined.

mod agreement;
mod bootstrap;
mod bootstrap;
mod codings;
mod comparison;
mod coverage;
mod date;
mod estimates;
mod evaluation;
mod group;
mod group_key;
mod groups;
mod interval;
mod mcnemar;
mod meter;
mod moments;
mod period;
mod reliability;
mod units;
mod unknown;

pub use agreement::{Agreement, LabelAgreement, PairAgreement};
pub use bootstrap::{REPLICATES, bootstrap, bootstrap_all, bootstrap_difference};
pub use codings::Codings;
pub use comparison::{Compared, Comparison, Difference};
pub use coverage::{Answer, CoverageCurve, CoveragePoint};
pub use estimates::{ClassEstimates, Estimates};
pub use evaluation::{Dates, Evaluation, Findings, Judged, Part};
pub use group::{Estimate, Group};
pub use group_key::GroupKey;
pub use groups::Groups;
pub use interval::Interval;
pub use mcnemar::McNemar;
pub use meter::{ClassFigures, Meter};
pub use period::Period;
pub use reliability::Bin;
pub use unknown::Unknown;
