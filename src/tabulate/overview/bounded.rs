//! Counts by one key for as long as there are no more groups than a table may have.

use crate::classifier::verdict::Decision;
use crate::error::{ErrorKind, Result};
use crate::tabulate::{GroupKey, Groups};

/// The counts, which are given up where there are too many groups: all else that a page shows is
/// still counted.
#[derive(Clone, Debug)]
pub(super) struct BoundedGroups(Option<Groups>);

impl BoundedGroups {
    /// Starts to count by a key.
    pub(super) fn new(key: GroupKey, classes: usize) -> Result<Self> {
        Groups::new(vec![key], classes, true).map(|groups| BoundedGroups(Some(groups)))
    }

    /// Counts one document, unless there are too many groups.
    ///
    /// # Errors
    /// A label of another model.
    pub(super) fn add(
        &mut self,
        value: Option<&str>,
        decision: Decision,
        slant: Option<f64>,
        is_story: bool,
    ) -> Result<()> {
        let Some(groups) = &mut self.0 else { return Ok(()) };
        match groups.add(&[value], decision, slant, is_story) {
            // The table complains of the column that it was asked to count by.
            Err(error) if matches!(error.kind(), ErrorKind::Parameter { .. }) => {
                self.0 = None;
                Ok(())
            }
            counted => counted,
        }
    }

    /// The counts; `None` where there were too many groups.
    pub(super) fn get(&self) -> Option<&Groups> {
        self.0.as_ref()
    }

    /// The counts with a limit of their own.
    #[cfg(test)]
    pub(super) fn limited(self, groups: usize) -> Self {
        BoundedGroups(self.0.map(|counted| counted.limited(groups)))
    }
}
