//! Sparse training rows, as linfa's `Records`, which linfa itself does not have for sparse data.

use std::ops::Range;

use linfa::dataset::Records;
use rayon::prelude::*;

/// Training rows by feature (compressed sparse columns): for each feature the rows that hold it, in their order, and its value in
/// each. The solver needs no other order; see `objective`. Features that as many rows hold stand together: then a processor foresees
/// where the loop over a feature's rows ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Csc {
    samples: usize,
    /// The features in the order in which they stand, and where the entries of each end.
    order: Vec<u32>,
    ends: Vec<usize>,
    /// Row and value side by side: rows are filled in one after the other, and each goes to places all over the memory.
    entries: Vec<(u32, f32)>,
}

impl Csc {
    /// The features at some places of the order, each with the rows that hold it and its value in each.
    #[inline]
    pub fn columns(&self, places: Range<usize>) -> impl Iterator<Item = (u32, &[(u32, f32)])> {
        let mut start =
            places.start.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let features = self.order.iter().zip(&self.ends).skip(places.start).take(places.len());
        features.map(move |(&feature, &end)| {
            let entries = self.entries.get(start..end).unwrap_or(&[]);
            start = end;
            (feature, entries)
        })
    }

    /// Entries in all.
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// The places of the order in blocks of about the same number of entries, `blocks` of them at most.
    pub(super) fn blocks(&self, blocks: usize) -> Vec<Range<usize>> {
        let share = self.entries().div_ceil(blocks.max(1)).max(1);
        let mut found = Vec::new();
        let (mut start, mut limit) = (0, share);
        for (place, &end) in self.ends.iter().enumerate() {
            if end >= limit {
                found.push(start..place + 1);
                (start, limit) = (place + 1, end + share);
            }
        }
        if start < self.ends.len() {
            found.push(start..self.ends.len());
        }
        found
    }
}

/// A feature whose entries are to be filled in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// What the feature is called by where its entries come from.
    pub key: u32,
    /// How many entries it has.
    pub entries: usize,
    /// A number that its values are made with.
    pub factor: f32,
}

/// Features whose entries are being filled in, row after row.
#[derive(Debug)]
pub(super) struct Filler<'c> {
    /// Where the next entry of each key's feature goes, `ELSEWHERE` for features of others and for keys of none, and its factor.
    next: Vec<(u32, f32)>,
    entries: &'c mut [(u32, f32)],
}

const ELSEWHERE: u32 = u32::MAX;

impl Filler<'_> {
    /// Adds an entry of a row, if its key's feature is among these; its value, of the feature's factor, is rounded to f32. Rows must
    /// come in their order.
    #[inline]
    pub(super) fn push(&mut self, row: usize, key: u32, value: impl FnOnce(f32) -> f64) {
        let (next, factor) = &mut self.next[key as usize];
        if *next != ELSEWHERE {
            self.entries[*next as usize] = (row as u32, value(*factor) as f32);
            *next += 1;
        }
    }
}

impl Csc {
    /// So many rows of these features, whose keys are less than `keys`. `fill` is called on all threads, each time for other features,
    /// and must push just their entries.
    pub(super) fn filled(
        (samples, columns): (usize, impl Iterator<Item = Column>),
        keys: usize,
        fill: impl Fn(&mut Filler<'_>) + Sync + Send,
    ) -> Self {
        let columns: Vec<Column> = columns.collect();
        let mut order: Vec<u32> = (0..columns.len() as u32).collect();
        order.sort_by_key(|&feature| columns[feature as usize].entries);
        let mut entries = 0;
        let end = |&feature: &u32| {
            entries += columns[feature as usize].entries;
            entries
        };
        let ends: Vec<usize> = order.iter().map(end).collect();
        let mut csc = Csc { samples, order, ends, entries: vec![(0, 0.0); entries] };
        // At least so many that the places in each can be counted in u32.
        let blocks = csc.blocks(rayon::current_num_threads().max((entries >> 30) + 1));
        let (mut rest, mut fillers) = (csc.entries.as_mut_slice(), Vec::new());
        for places in blocks {
            let mut next = vec![(ELSEWHERE, 0.0); keys];
            let mut begin = 0;
            for &feature in &csc.order[places] {
                let Column { key, entries, factor } = columns[feature as usize];
                next[key as usize] = (begin as u32, factor);
                begin += entries;
            }
            let entries = rest.split_off_mut(..begin).unwrap_or_default();
            fillers.push(Filler { next, entries });
        }
        fillers.par_iter_mut().for_each(fill);
        csc
    }
}

/// Collects rows one by one.
#[derive(Debug)]
pub struct CscBuilder {
    features: usize,
    rows: Vec<Vec<(u32, f64)>>,
}

impl CscBuilder {
    /// For rows of features below `features`.
    pub fn new(features: usize) -> Self {
        CscBuilder { features, rows: Vec::new() }
    }

    /// Adds a row of (feature, value) pairs; values are rounded to f32, and features outside the range are left out.
    pub fn push(&mut self, row: impl Iterator<Item = (u32, f64)>) {
        self.rows.push(row.filter(|(feature, _)| (*feature as usize) < self.features).collect());
    }

    /// The rows, by feature.
    pub fn build(self) -> Csc {
        let mut columns: Vec<Column> =
            (0..self.features as u32).map(|key| Column { key, entries: 0, factor: 1.0 }).collect();
        self.rows.iter().flatten().for_each(|(feature, _)| columns[*feature as usize].entries += 1);
        Csc::filled((self.rows.len(), columns.into_iter()), self.features, |filler| {
            for (row, pairs) in self.rows.iter().enumerate() {
                pairs.iter().for_each(|&(feature, value)| filler.push(row, feature, |_| value));
            }
        })
    }
}

impl Records for Csc {
    type Elem = f32;

    fn nsamples(&self) -> usize {
        self.samples
    }

    fn nfeatures(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Rows of raw values; zeros are left out.
    pub(in crate::train) fn sparse(rows: &[&[f64]]) -> Csc {
        let mut builder = CscBuilder::new(rows[0].len());
        for row in rows {
            builder.push((0u32..).zip(row.iter().copied()).filter(|(_, value)| *value != 0.0));
        }
        builder.build()
    }

    #[test]
    fn columns_hold_the_rows_in_their_order() {
        let mut builder = CscBuilder::new(3);
        builder.push([(2, 1.0)].into_iter());
        builder.push(std::iter::empty());
        builder.push([(2, 0.5), (0, 0.25), (3, 9.0)].into_iter());
        let csc = builder.build();
        assert_eq!((csc.nsamples(), csc.nfeatures(), csc.entries()), (3, 3, 3));
        let all: Vec<(u32, &[(u32, f32)])> = csc.columns(0..3).collect();
        assert_eq!(all, [(1, &[][..]), (0, &[(2, 0.25)]), (2, &[(0, 1.0), (2, 0.5)])]);
        assert_eq!(csc.columns(1..2).collect::<Vec<_>>(), all[1..2]);
    }

    #[test]
    fn blocks_cover_every_feature_once() {
        let rows: Vec<Vec<f64>> =
            (1..8).map(|n| (1..40).map(|m| f64::from(u8::from(m % n == 0))).collect()).collect();
        let csc = sparse(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        for most in [1, 2, 3, 8, 100] {
            let blocks = csc.blocks(most);
            assert!((1..=most).contains(&blocks.len()), "{most}");
            let columns = blocks.iter().flat_map(|block| csc.columns(block.clone()));
            assert!(columns.eq(csc.columns(0..39)), "{most}");
            assert!(blocks.into_iter().flatten().eq(0..39), "{most}");
        }
        assert!(CscBuilder::new(0).build().blocks(4).is_empty());
    }
}
