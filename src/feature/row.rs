//! A sparse row, and the buffer in which features are counted.

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

    pub(super) fn divide(&mut self, length: f64) {
        if length > 0.0 {
            self.values.iter_mut().for_each(|value| *value /= length);
        }
    }
}

/// Counts features of one text in the order of their first occurrence; owned, and reused.
#[derive(Clone, Debug, Default)]
pub struct RowBuf {
    counts: Vec<(u32, u32)>,
    /// For each feature, one past its place in `counts`; zero for features not seen in this text.
    places: Vec<u32>,
}

impl RowBuf {
    /// A buffer for features `0..features`.
    pub fn new(features: usize) -> Self {
        RowBuf { counts: Vec::new(), places: vec![0; features] }
    }

    /// Forgets the last text.
    pub fn clear(&mut self) {
        for (feature, _) in self.counts.drain(..) {
            if let Some(place) = self.places.get_mut(feature as usize) {
                *place = 0;
            }
        }
    }

    /// Counts one occurrence; features outside the range are ignored.
    pub fn add(&mut self, feature: u32) {
        let Some(place) = self.places.get_mut(feature as usize) else { return };
        match self.counts.get_mut((*place as usize).wrapping_sub(1)) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => {
                self.counts.push((feature, 1));
                *place = self.counts.len() as u32;
            }
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
    fn features_are_counted_in_order_and_forgotten() {
        let mut buf = RowBuf::new(5);
        for feature in [3, 1, 3, 9, 1, 3] {
            buf.add(feature);
        }
        assert_eq!(buf.counts(), [(3, 3), (1, 2)]);
        buf.clear();
        buf.add(1);
        assert_eq!(buf.counts(), [(1, 1)]);
    }
}
