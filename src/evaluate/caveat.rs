//! Says when bootstrap intervals over clusters are not to be trusted.

use std::fmt;

use serde::Serialize;

/// Why the intervals of an evaluation or a comparison may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IntervalCaveat {
    /// No row has a group: rows that belong together were taken for independent.
    Ungrouped,
    /// All rows are of one group, so that there are no intervals.
    OneGroup,
    /// There are fewer than [`IntervalCaveat::MIN_GROUPS`] groups.
    FewGroups(usize),
}

impl IntervalCaveat {
    /// Below so many clusters a bootstrap's intervals are noticeably too narrow (Cameron, Gelbach &
    /// Miller 2008, "Bootstrap-based improvements for inference with clustered errors", Rev. Econ.
    /// Stat. 90).
    pub const MIN_GROUPS: usize = 20;

    /// The caveat of intervals over so many clusters, which are groups or single rows.
    pub(super) fn new(clusters: usize, grouped: bool) -> Option<Self> {
        match (grouped, clusters) {
            (false, _) => Some(IntervalCaveat::Ungrouped),
            (true, 1) => Some(IntervalCaveat::OneGroup),
            (true, few) if few < Self::MIN_GROUPS => Some(IntervalCaveat::FewGroups(few)),
            (true, _) => None,
        }
    }
}

impl fmt::Display for IntervalCaveat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IntervalCaveat::Ungrouped => f.write_str(
                "rows that belong together are treated as independent, and the intervals may be too narrow",
            ),
            IntervalCaveat::OneGroup => f.write_str("all rows are in one group, so there are no intervals"),
            IntervalCaveat::FewGroups(groups) => {
                write!(f, "{groups} groups are few: the intervals are probably too narrow")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_over_rows_or_few_groups_have_a_caveat() {
        assert_eq!(IntervalCaveat::new(500, false), Some(IntervalCaveat::Ungrouped));
        assert_eq!(IntervalCaveat::new(1, true), Some(IntervalCaveat::OneGroup));
        assert_eq!(IntervalCaveat::new(19, true), Some(IntervalCaveat::FewGroups(19)));
        assert_eq!(IntervalCaveat::new(20, true), None);
    }
}
