//! Counts the labels of scored documents by group and period.

mod date;
mod group;
mod group_key;
mod groups;
mod overview;
mod period;
mod unknown;

#[cfg(feature = "train")]
pub(crate) use date::Date;
pub use date::DateOrder;
pub use group::{Group, StoryShares};
pub(crate) use group_key::Cut;
pub use group_key::GroupKey;
pub use groups::{Groups, Largest};
pub use overview::{
    Agreement, Answer, Clearness, Explained, GroupPoint, HISTOGRAM_BINS, Overview, OverviewOptions, Pick,
    Picks,
};
pub use period::Period;
pub use unknown::Unknown;

/// The name of the group without a value in tables and pages that people read.
pub const NO_VALUE: &str = "(none)";
