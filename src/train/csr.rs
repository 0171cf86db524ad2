//! Sparse training rows, as linfa's `Records`, which linfa itself does not have for sparse data.

use linfa::dataset::Records;

use crate::feature::SparseRow;

/// Rows of (feature, value) pairs, and the same pairs once more by feature: the first order serves margins, the second
/// gradients, so that every sum is taken in one fixed order on any number of threads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Csr {
    rows: Lists,
    columns: Lists,
}

/// Lists of (index, value) pairs, one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
struct Lists {
    ends: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

impl Lists {
    #[inline]
    fn parts(&self, list: usize) -> (&[u32], &[f32]) {
        let end = self.ends.get(list).copied().unwrap_or(0);
        let start = list.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        (self.indices.get(start..end).unwrap_or(&[]), self.values.get(start..end).unwrap_or(&[]))
    }

    fn get(&self, list: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (indices, values) = self.parts(list);
        indices.iter().zip(values).map(|(&index, &value)| (index as usize, f64::from(value)))
    }

    /// The same pairs listed by index: `lists` is the number of lists that result.
    fn transposed(&self, lists: usize) -> Lists {
        let mut next = vec![0usize; lists];
        for &index in &self.indices {
            next[index as usize] += 1;
        }
        let mut sum = 0;
        for slot in &mut next {
            sum += std::mem::replace(slot, sum);
        }
        let (mut indices, mut values) = (vec![0; sum], vec![0.0; sum]);
        for list in 0..self.ends.len() {
            for (index, value) in self.get(list) {
                indices[next[index]] = list as u32;
                values[next[index]] = value as f32;
                next[index] += 1;
            }
        }
        Lists { ends: next, indices, values }
    }
}

impl Csr {
    /// Feature and value of one row's entries, in the order in which they were given.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.rows.get(row)
    }

    /// Row and value of one feature's entries, in the order of the rows.
    pub fn column(&self, feature: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.columns.get(feature)
    }

    /// Features and values of one row.
    pub(super) fn row_parts(&self, row: usize) -> (&[u32], &[f32]) {
        self.rows.parts(row)
    }

    /// Rows and values of one feature.
    pub(super) fn column_parts(&self, feature: usize) -> (&[u32], &[f32]) {
        self.columns.parts(feature)
    }

    /// Entries in all.
    pub fn entries(&self) -> usize {
        self.rows.indices.len()
    }
}

/// Collects rows one by one.
#[derive(Debug)]
pub struct CsrBuilder {
    rows: Lists,
    features: usize,
}

impl CsrBuilder {
    /// For rows of features below `features`.
    pub fn new(features: usize) -> Self {
        CsrBuilder { rows: Lists::default(), features }
    }

    /// Adds a row; its values are rounded to f32.
    pub fn push(&mut self, row: &SparseRow) {
        self.push_pairs(row.iter());
    }

    /// Adds a row of (feature, value) pairs; features outside the range are left out.
    pub fn push_pairs(&mut self, row: impl Iterator<Item = (u32, f64)>) {
        for (feature, value) in row.filter(|(feature, _)| (*feature as usize) < self.features) {
            self.rows.indices.push(feature);
            self.rows.values.push(value as f32);
        }
        self.rows.ends.push(self.rows.indices.len());
    }

    /// The rows, listed both ways.
    pub fn build(self) -> Csr {
        Csr { columns: self.rows.transposed(self.features), rows: self.rows }
    }
}

impl Records for Csr {
    type Elem = f32;

    fn nsamples(&self) -> usize {
        self.rows.ends.len()
    }

    fn nfeatures(&self) -> usize {
        self.columns.ends.len()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Rows of raw values; zeros are left out.
    pub(in crate::train) fn sparse(rows: &[&[f64]]) -> Csr {
        let mut builder = CsrBuilder::new(rows[0].len());
        for row in rows {
            builder.push_pairs((0u32..).zip(row.iter().copied()).filter(|(_, value)| *value != 0.0));
        }
        builder.build()
    }

    #[test]
    fn rows_and_columns_hold_the_same_pairs() {
        let mut builder = CsrBuilder::new(3);
        builder.push_pairs([(2, 1.0)].into_iter());
        builder.push_pairs(std::iter::empty());
        builder.push_pairs([(2, 0.5), (0, 0.25), (3, 9.0)].into_iter());
        let csr = builder.build();
        assert_eq!((csr.nsamples(), csr.nfeatures(), csr.entries()), (3, 3, 3));
        assert_eq!(csr.row(2).collect::<Vec<_>>(), [(2, 0.5), (0, 0.25)]);
        assert_eq!(csr.row(1).count(), 0);
        assert_eq!(csr.column(2).collect::<Vec<_>>(), [(0, 1.0), (2, 0.5)]);
        assert_eq!(csr.column(1).count(), 0);
        assert_eq!(csr.column(0).collect::<Vec<_>>(), [(2, 0.25)]);
    }
}
