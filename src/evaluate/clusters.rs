//! Numbers the clusters of rows: the rows of a group are one cluster, a row without a group is its
//! own.

use std::collections::HashMap;

/// Clusters in the order in which they first occur.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    by_name: HashMap<String, usize>,
    names: Vec<Option<String>>,
}

impl Clusters {
    /// Returns the number of a row's cluster. A row with a blank group is a cluster of its own.
    pub(super) fn number(&mut self, group: Option<&str>) -> usize {
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

    /// The name of each cluster; `None` for a row without a group.
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
    fn a_name_is_one_cluster_and_no_name_one_each_time() {
        let mut clusters = Clusters::default();
        let numbers =
            [Some("a"), None, Some("b"), Some("a"), Some(" "), None].map(|group| clusters.number(group));
        assert_eq!(numbers, [0, 1, 2, 0, 3, 4]);
        assert_eq!((clusters.names().len(), clusters.are_named()), (5, true));
        assert!(!Clusters::default().are_named());
    }
}
