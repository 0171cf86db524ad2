//! Names of groups to numbers: rows of a group are one unit, a row without a group is one of its own.

use std::collections::HashMap;

/// The units in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    by_name: HashMap<String, usize>,
    names: Vec<Option<String>>,
}

impl Clusters {
    /// The number of the unit that a row belongs to. A blank name is none.
    pub(super) fn of(&mut self, group: Option<&str>) -> usize {
        let group = group.filter(|group| !group.trim().is_empty());
        if let Some(&at) = group.and_then(|group| self.by_name.get(group)) {
            return at;
        }
        let at = self.names.len();
        if let Some(group) = group {
            self.by_name.insert(group.to_owned(), at);
        }
        self.names.push(group.map(str::to_owned));
        at
    }

    /// Their names.
    pub(super) fn names(&self) -> &[Option<String>] {
        &self.names
    }

    /// Whether any row has a group.
    pub(super) fn are_named(&self) -> bool {
        !self.by_name.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_unit_and_no_name_one_each_time() {
        let mut units = Clusters::default();
        let numbers = [Some("a"), None, Some("b"), Some("a"), Some(" "), None].map(|group| units.of(group));
        assert_eq!(numbers, [0, 1, 2, 0, 3, 4]);
        assert_eq!((units.names().len(), units.are_named()), (5, true));
        assert!(!Clusters::default().are_named());
    }
}
