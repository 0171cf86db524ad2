//! Holds how often repeated texts got the answer of their first print.

use crate::statistics::{Estimate, Interval};

/// Reprints, by how their answer compares with that of the text that they repeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// Stories that have a reprint.
    pub stories: u64,
    /// Reprints with the same label as the first print, or without a label like it.
    pub same: u64,
    /// Reprints of which one of the two has a label and the other has none.
    pub one_abstained: u64,
    /// Reprints with another label.
    pub other_label: u64,
    /// Reprints whose first print is not among the results.
    pub unknown: u64,
}

impl Agreement {
    /// Reprints that can be compared.
    pub fn compared(&self) -> u64 {
        self.same + self.one_abstained + self.other_label
    }

    /// The share of some of the reprints that can be compared, with Wilson's interval on as many
    /// observations as stories.
    pub fn share(&self, part: u64) -> Option<Estimate> {
        let whole = self.compared();
        (whole > 0).then(|| Estimate {
            value: part as f64 / whole as f64,
            interval: Interval::wilson(part, whole, self.stories.min(whole)),
        })
    }
}
