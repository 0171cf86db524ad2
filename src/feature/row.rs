//! A sparse row, and the buffer in which features are counted.

use std::collections::HashMap;

/// Features and their weights, in the order of each feature's first occurrence in the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseRow {
    features: Vec<u32>,
    values: Vec<f64>,
}

impl SparseRow {
    /// Number of features.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Feature and weight, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.features.iter().copied().zip(self.values.iter().copied())
    }

    pub(super) fn clear(&mut self) {
        self.features.clear();
        self.values.clear();
    }

    pub(super) fn push(&mut self, feature: u32, value: f64) {
        self.features.push(feature);
        self.values.push(value);
    }

    pub(super) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }
}

/// Counts features of one text in the order of their first occurrence.
#[derive(Clone, Debug, Default)]
pub struct RowBuf {
    counts: Vec<(u32, u32)>,
    /// Each feature's place in `counts`.
    places: HashMap<u32, usize>,
}

impl RowBuf {
    /// Counts one occurrence.
    pub fn add(&mut self, feature: u32) {
        let place = *self.places.entry(feature).or_insert(self.counts.len());
        match self.counts.get_mut(place) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.counts.push((feature, 1)),
        }
    }

    /// Feature and count, in the order of first occurrence.
    pub fn counts(&self) -> &[(u32, u32)] {
        &self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_counted_in_order() {
        let mut buf = RowBuf::default();
        for feature in [3, 1, 3, 9, 1, 3] {
            buf.add(feature);
        }
        assert_eq!(buf.counts(), [(3, 3), (1, 2), (9, 1)]);
    }
}
