//! Holds sparse training rows as linfa's `Records`; linfa itself has no sparse records.

use linfa::dataset::Records;
use rayon::prelude::*;

use crate::prefetch::prefetch;

/// Training rows by feature (compressed sparse columns): for each feature the rows that hold it.
/// The solver needs no other order; see `objective`.
///
/// A value is the product of three factors: its row's, its feature's and its own, the level. Of
/// tf-idf these are 1 / length, the idf, and the sublinear term frequency, which is 1 in most
/// places: there nothing is held but the row.
///
/// Features that as many rows hold stand together: then a processor foresees where the loop over a
/// feature's rows ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Csc {
    /// Of each row.
    factors: Vec<f64>,
    /// In the order in which they stand.
    features: Vec<Feature>,
    /// The rows of level 1, feature after feature, ...
    unit_entries: Vec<u32>,
    /// ... and those of other levels with these, side by side: rows are write in one after the
    /// other, and each goes to places all over the memory.
    valued_entries: Vec<(u32, f32)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Feature {
    number: u32,
    factor: f32,
    unit_entries: u32,
    valued_entries: u32,
}

/// A feature's rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entries<'c> {
    /// The feature's number.
    pub feature: u32,
    /// Its factor.
    pub factor: f32,
    /// Rows that hold it at level 1, in their order.
    pub unit_entries: &'c [u32],
    /// The other rows that hold it, and its level in each.
    pub valued_entries: &'c [(u32, f32)],
}

impl Entries<'_> {
    /// All rows that hold it, and its level in each: those of level 1 first.
    pub fn levels(&self) -> impl Iterator<Item = (u32, f32)> {
        self.unit_entries.iter().map(|&row| (row, 1.0)).chain(self.valued_entries.iter().copied())
    }
}

/// Features that stand one after the other, and what they hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Block<'c> {
    features: &'c [Feature],
    unit_entries: &'c [u32],
    valued_entries: &'c [(u32, f32)],
}

impl<'c> Block<'c> {
    /// How many features.
    pub(crate) fn len(&self) -> usize {
        self.features.len()
    }

    /// The features with their rows.
    #[inline]
    pub(crate) fn entries(self) -> impl Iterator<Item = Entries<'c>> {
        let Block { features, mut unit_entries, mut valued_entries } = self;
        features.iter().map(move |feature| Entries {
            feature: feature.number,
            factor: feature.factor,
            unit_entries: unit_entries.split_off(..feature.unit_entries as usize).unwrap_or_default(),
            valued_entries: valued_entries.split_off(..feature.valued_entries as usize).unwrap_or_default(),
        })
    }
}

impl Csc {
    /// The features in the order in which they stand, with their rows.
    pub fn entries(&self) -> impl Iterator<Item = Entries<'_>> {
        self.all().entries()
    }

    /// The factor of each row.
    pub fn row_factors(&self) -> &[f64] {
        &self.factors
    }

    /// Values that are held.
    pub fn len(&self) -> usize {
        self.unit_entries.len() + self.valued_entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn all(&self) -> Block<'_> {
        Block {
            features: &self.features,
            unit_entries: &self.unit_entries,
            valued_entries: &self.valued_entries,
        }
    }

    /// The features in blocks of about the same number of entries, `most` of them at most.
    pub(crate) fn blocks(&self, most: usize) -> Vec<Block<'_>> {
        let Block { mut features, mut unit_entries, mut valued_entries } = self.all();
        let sizes = sizes(features, most);
        let part = |size: Size| Block {
            features: features.split_off(..size.features).unwrap_or_default(),
            unit_entries: unit_entries.split_off(..size.unit_entries).unwrap_or_default(),
            valued_entries: valued_entries.split_off(..size.valued_entries).unwrap_or_default(),
        };
        sizes.into_iter().map(part).collect()
    }
}

/// How much a block holds.
#[derive(Clone, Copy, Default)]
struct Size {
    features: usize,
    unit_entries: usize,
    valued_entries: usize,
}

/// Features in blocks of about the same number of entries, `most` of them at most.
fn sizes(features: &[Feature], most: usize) -> Vec<Size> {
    let entries = |feature: &Feature| feature.unit_entries as usize + feature.valued_entries as usize;
    let share = features.iter().map(entries).sum::<usize>().div_ceil(most.max(1)).max(1);
    let (mut found, mut size) = (Vec::new(), Size::default());
    for feature in features {
        size.features += 1;
        size.unit_entries += feature.unit_entries as usize;
        size.valued_entries += feature.valued_entries as usize;
        if size.unit_entries + size.valued_entries >= share {
            found.push(std::mem::take(&mut size));
        }
    }
    if size.features > 0 {
        found.push(size);
    }
    found
}

/// A feature whose entries are to be write in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// What the feature is called by where its entries come from.
    pub key: u32,
    /// Its factor.
    pub factor: f32,
    /// How many rows hold it at level 1.
    pub unit_entries: u32,
    /// How many valued_entries hold it.
    pub valued_entries: u32,
}

/// Features whose entries are being write in, row after row.
#[derive(Debug)]
pub(crate) struct ColumnWriter<'c> {
    /// Where the next entries of each key's feature go, `NOT_MINE` for features of valued_entries
    /// and for keys of none.
    next: Vec<[u32; 2]>,
    unit_entries: &'c mut [u32],
    valued_entries: &'c mut [(u32, f32)],
}

const NOT_MINE: u32 = u32::MAX;

/// So many entries of a row are on their way while valued_entries are write in.
const AHEAD: usize = 32;

impl ColumnWriter<'_> {
    /// Adds those entries of a row, keys and levels, whose keys' features are among these; levels
    /// are rounded to f32. Rows must come in their order.
    pub(crate) fn push(&mut self, row: usize, mut entries: impl Iterator<Item = (u32, f64)>) {
        let mut ahead = [(0, 0.0); AHEAD];
        loop {
            let mut count = 0;
            for (slot, (key, level)) in ahead.iter_mut().zip(&mut entries) {
                prefetch(&self.next, key as usize);
                *slot = (key, level as f32);
                count += 1;
            }
            for &(key, level) in &ahead[..count] {
                // What is elsewhere is in no memory, and would take longest to find.
                let [one, other] = self.next[key as usize].map(|next| next as usize);
                if level == 1.0 {
                    prefetch(self.unit_entries, one.min(self.unit_entries.len()));
                } else {
                    prefetch(self.valued_entries, other.min(self.valued_entries.len()));
                }
            }
            for &(key, level) in &ahead[..count] {
                self.put(row as u32, key, level);
            }
            if count < AHEAD {
                return;
            }
        }
    }

    /// Adds entries of a row as [`ColumnWriter::push`] does, all of them as valued ones, whatever
    /// their levels.
    pub(crate) fn push_valued(&mut self, row: usize, entries: impl Iterator<Item = (u32, f64)>) {
        for (key, level) in entries {
            let [one, other] = &mut self.next[key as usize];
            if *one != NOT_MINE {
                self.valued_entries[*other as usize] = (row as u32, level as f32);
                *other += 1;
            }
        }
    }

    #[inline]
    fn put(&mut self, row: u32, key: u32, level: f32) {
        let [one, other] = &mut self.next[key as usize];
        if *one == NOT_MINE {
            return;
        }
        if level == 1.0 {
            self.unit_entries[*one as usize] = row;
            *one += 1;
        } else {
            self.valued_entries[*other as usize] = (row, level);
            *other += 1;
        }
    }
}

impl Csc {
    /// Rows of these factors and features, whose keys are less than `keys`. `write` is called on
    /// all threads, each time for other features, and must push just their entries.
    pub(crate) fn from_columns(
        factors: Vec<f64>,
        columns: impl Iterator<Item = Column>,
        keys: usize,
        write: impl Fn(&mut ColumnWriter<'_>) + Sync + Send,
    ) -> Self {
        let columns: Vec<Column> = columns.collect();
        let feature = |(number, &Column { factor, unit_entries, valued_entries, .. })| Feature {
            number,
            factor,
            unit_entries,
            valued_entries,
        };
        let mut features: Vec<Feature> = (0..).zip(&columns).map(feature).collect();
        features.sort_by_key(|feature| (feature.valued_entries, feature.unit_entries));
        let sum = |of: fn(&Feature) -> u32| features.iter().map(|feature| of(feature) as usize).sum();
        let (mut unit_entries, mut valued_entries) =
            (vec![0; sum(|f| f.unit_entries)], vec![(0, 0.0); sum(|f| f.valued_entries)]);
        // At least so many that the places in each can be counted in u32.
        let blocks =
            rayon::current_num_threads().max(((unit_entries.len() + valued_entries.len()) >> 30) + 1);
        let (mut rest, mut writers) =
            ((features.as_slice(), unit_entries.as_mut_slice(), valued_entries.as_mut_slice()), Vec::new());
        for size in sizes(&features, blocks) {
            let mut next = vec![[NOT_MINE; 2]; keys];
            let mut begin = [0, 0];
            for feature in rest.0.split_off(..size.features).unwrap_or_default() {
                next[columns[feature.number as usize].key as usize] = begin;
                begin = [begin[0] + feature.unit_entries, begin[1] + feature.valued_entries];
            }
            let unit_entries = rest.1.split_off_mut(..size.unit_entries).unwrap_or_default();
            let valued_entries = rest.2.split_off_mut(..size.valued_entries).unwrap_or_default();
            writers.push(ColumnWriter { next, unit_entries, valued_entries });
        }
        writers.par_iter_mut().for_each(write);
        Csc { factors, features, unit_entries, valued_entries }
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

    /// Adds a row of (feature, value) pairs; values are rounded to f32, and features outside the
    /// range are left out.
    pub fn push(&mut self, row: impl IntoIterator<Item = (u32, f64)>) {
        let row = row.into_iter();
        self.rows.push(row.filter(|(feature, _)| (*feature as usize) < self.features).collect());
    }

    /// The rows, by feature.
    pub fn build(self) -> Csc {
        let column = |key| Column { key, factor: 1.0, unit_entries: 0, valued_entries: 0 };
        let mut columns: Vec<Column> = (0..self.features as u32).map(column).collect();
        for &(feature, value) in self.rows.iter().flatten() {
            let Column { unit_entries, valued_entries, .. } = &mut columns[feature as usize];
            *(if value as f32 == 1.0 { unit_entries } else { valued_entries }) += 1;
        }
        Csc::from_columns(vec![1.0; self.rows.len()], columns.into_iter(), self.features, |writer| {
            for (row, pairs) in self.rows.iter().enumerate() {
                writer.push(row, pairs.iter().copied());
            }
        })
    }
}

impl Records for Csc {
    type Elem = f32;

    fn nsamples(&self) -> usize {
        self.factors.len()
    }

    fn nfeatures(&self) -> usize {
        self.features.len()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Rows of raw values; zeros are left out.
    pub(crate) fn sparse(rows: &[&[f64]]) -> Csc {
        let mut builder = CscBuilder::new(rows[0].len());
        for row in rows {
            builder.push((0u32..).zip(row.iter().copied()).filter(|(_, value)| *value != 0.0));
        }
        builder.build()
    }

    #[test]
    fn features_hold_the_rows_in_their_order() {
        let mut builder = CscBuilder::new(3);
        builder.push([(2, 1.0)]);
        builder.push([]);
        builder.push([(2, 0.5), (0, 0.25), (3, 9.0)]);
        builder.push([(2, 1.0)]);
        let csc = builder.build();
        assert_eq!((csc.nsamples(), csc.nfeatures(), csc.len()), (4, 3, 4));
        let entries = |feature, unit_entries, valued_entries| Entries {
            feature,
            factor: 1.0,
            unit_entries,
            valued_entries,
        };
        let all: Vec<Entries<'_>> = csc.entries().collect();
        assert_eq!(
            all,
            [entries(1, &[], &[]), entries(0, &[], &[(2, 0.25)]), entries(2, &[0, 3], &[(2, 0.5)])]
        );
    }

    #[test]
    fn blocks_cover_every_feature_once() {
        let rows: Vec<Vec<f64>> = (1..8)
            .map(|n| (1..40).map(|m| f64::from(u8::from(m % n == 0)) * f64::from(m % 3)).collect())
            .collect();
        let csc = sparse(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        for most in [1, 2, 3, 8, 100] {
            let blocks = csc.blocks(most);
            assert!((1..=most).contains(&blocks.len()), "{most}");
            assert_eq!(blocks.iter().map(Block::len).sum::<usize>(), 39, "{most}");
            assert!(blocks.into_iter().flat_map(Block::entries).eq(csc.entries()), "{most}");
        }
        assert!(CscBuilder::new(0).build().blocks(4).is_empty());
    }
}
