//! Holds the weights of one text's features.

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

    /// Appends another row, whose features get numbers from `first` on.
    pub(crate) fn append(&mut self, other: &SparseRow, first: u32) {
        self.features.extend(other.features.iter().map(|feature| first + feature));
        self.values.extend_from_slice(&other.values);
    }

    /// Whether a feature is in the row.
    pub(crate) fn contains(&self, feature: u32) -> bool {
        self.features.contains(&feature)
    }

    /// `weight` times this row and the rest of 1 times another, which should be short: the features
    /// of this row come first.
    pub(crate) fn mixed(&self, weight: f64, other: &SparseRow) -> SparseRow {
        let mut mixed = SparseRow::default();
        for (feature, value) in self.iter() {
            let in_other = other.iter().find(|(same, _)| *same == feature).map_or(0.0, |(_, value)| value);
            mixed.push(feature, weight * value + (1.0 - weight) * in_other);
        }
        for (feature, value) in other.iter().filter(|(feature, _)| !self.contains(*feature)) {
            mixed.push(feature, (1.0 - weight) * value);
        }
        mixed
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
