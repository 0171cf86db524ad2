//! Limits the size of a table, and names the column that makes it too large.

use std::collections::HashSet;

use crate::error::{Error, Result};
use crate::tabulate::Groups;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limits {
    pub groups: usize,
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { groups: Groups::MAX_GROUPS, bytes: Groups::MAX_BYTES }
    }
}

impl Groups {
    /// The most groups that a table may have: they take about 80 MB, measured with three labels and
    /// addresses as values.
    pub(crate) const MAX_GROUPS: usize = 250_000;
    /// The most bytes that the groups' values and counts may take together: a text named as a key,
    /// or a thousand labels.
    pub(crate) const MAX_BYTES: usize = 64 << 20;

    /// The table with another limit.
    #[cfg(test)]
    pub(crate) fn limited(mut self, groups: usize) -> Self {
        self.limits.groups = groups;
        self
    }

    /// Counts so many more groups and bytes as held, if that many may be.
    ///
    /// # Errors
    /// A table that would be too large; it is left as it was.
    pub(super) fn make_room(&mut self, groups: usize, bytes: usize) -> Result<()> {
        let held = self.held.saturating_add(bytes);
        if self.groups.len() + groups <= self.limits.groups && held <= self.limits.bytes {
            self.held = held;
            return Ok(());
        }
        let found = match held > self.limits.bytes {
            true => {
                format!("{} groups that take more than {} MB", self.groups.len(), self.limits.bytes >> 20)
            }
            false => format!("more than {} groups", self.limits.groups),
        };
        Err(self.too_large(found))
    }

    fn too_large(&self, found: String) -> Error {
        let distinct =
            |at: usize| self.groups.keys().filter_map(|values| values.get(at)).collect::<HashSet<_>>().len();
        let counts = self.keys.iter().enumerate().map(|(at, key)| (distinct(at), key));
        let worst = counts.max_by_key(|(count, _)| *count);
        let worst =
            worst.map_or(String::new(), |(count, key)| format!("; `{key}` has {count} values so far"));
        let message = format!("{found}: a column to group by has too many values{worst}.");
        Error::invalid_parameter("by", found, "columns with fewer values")
            .with_message(message)
            .with_hint("Group by columns with fewer values, or dates by a longer period")
    }
}

/// Bytes that a group's values and counts take.
pub(super) fn size(values: &[String], classes: usize) -> usize {
    values.iter().map(String::len).sum::<usize>() + classes * size_of::<u64>()
}
