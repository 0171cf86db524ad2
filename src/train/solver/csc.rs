//! Sparse training rows, as linfa's `Records`, which linfa itself does not have for sparse data.

use linfa::dataset::Records;
use rayon::prelude::*;

use crate::prefetch::prefetch;

/// Training rows by feature (compressed sparse columns): for each feature the rows that hold it. The solver needs no other order; see
/// `objective`.
///
/// A value is the product of three factors: its row's, its feature's and its own, the level. Of tf-idf these are 1 / length, the idf,
/// and the sublinear term frequency, which is 1 in most places: there nothing is held but the row.
///
/// Features that as many rows hold stand together: then a processor foresees where the loop over a feature's rows ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Csc {
    /// Of each row.
    factors: Vec<f64>,
    /// In the order in which they stand.
    features: Vec<Feature>,
    /// The rows of level 1, feature after feature, ...
    ones: Vec<u32>,
    /// ... and those of other levels with these, side by side: rows are filled in one after the other, and each goes to places all over
    /// the memory.
    others: Vec<(u32, f32)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Feature {
    number: u32,
    factor: f32,
    ones: u32,
    others: u32,
}

/// A feature's rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entries<'c> {
    /// The feature's number.
    pub feature: u32,
    /// Its factor.
    pub factor: f32,
    /// Rows that hold it at level 1, in their order.
    pub ones: &'c [u32],
    /// The other rows that hold it, and its level in each.
    pub others: &'c [(u32, f32)],
}

impl Entries<'_> {
    /// All rows that hold it, and its level in each: those of level 1 first.
    pub fn levels(&self) -> impl Iterator<Item = (u32, f32)> {
        self.ones.iter().map(|&row| (row, 1.0)).chain(self.others.iter().copied())
    }
}

/// Features that stand one after the other, and what they hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Block<'c> {
    features: &'c [Feature],
    ones: &'c [u32],
    others: &'c [(u32, f32)],
}

impl<'c> Block<'c> {
    /// How many features.
    pub(crate) fn len(&self) -> usize {
        self.features.len()
    }

    /// The features with their rows.
    #[inline]
    pub(crate) fn entries(self) -> impl Iterator<Item = Entries<'c>> {
        let Block { features, mut ones, mut others } = self;
        features.iter().map(move |feature| Entries {
            feature: feature.number,
            factor: feature.factor,
            ones: ones.split_off(..feature.ones as usize).unwrap_or_default(),
            others: others.split_off(..feature.others as usize).unwrap_or_default(),
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
        self.ones.len() + self.others.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn all(&self) -> Block<'_> {
        Block { features: &self.features, ones: &self.ones, others: &self.others }
    }

    /// The features in blocks of about the same number of entries, `most` of them at most.
    pub(crate) fn blocks(&self, most: usize) -> Vec<Block<'_>> {
        let Block { mut features, mut ones, mut others } = self.all();
        let sizes = sizes(features, most);
        let part = |size: Size| Block {
            features: features.split_off(..size.features).unwrap_or_default(),
            ones: ones.split_off(..size.ones).unwrap_or_default(),
            others: others.split_off(..size.others).unwrap_or_default(),
        };
        sizes.into_iter().map(part).collect()
    }
}

/// How much a block holds.
#[derive(Clone, Copy, Default)]
struct Size {
    features: usize,
    ones: usize,
    others: usize,
}

/// Features in blocks of about the same number of entries, `most` of them at most.
fn sizes(features: &[Feature], most: usize) -> Vec<Size> {
    let entries = |feature: &Feature| feature.ones as usize + feature.others as usize;
    let share = features.iter().map(entries).sum::<usize>().div_ceil(most.max(1)).max(1);
    let (mut found, mut size) = (Vec::new(), Size::default());
    for feature in features {
        size.features += 1;
        size.ones += feature.ones as usize;
        size.others += feature.others as usize;
        if size.ones + size.others >= share {
            found.push(std::mem::take(&mut size));
        }
    }
    if size.features > 0 {
        found.push(size);
    }
    found
}

/// A feature whose entries are to be filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// What the feature is called by where its entries come from.
    pub key: u32,
    /// Its factor.
    pub factor: f32,
    /// How many rows hold it at level 1.
    pub ones: u32,
    /// How many others hold it.
    pub others: u32,
}

/// Features whose entries are being filled in, row after row.
#[derive(Debug)]
pub(crate) struct Filler<'c> {
    /// Where the next entries of each key's feature go, `ELSEWHERE` for features of others and for keys of none.
    next: Vec<[u32; 2]>,
    ones: &'c mut [u32],
    others: &'c mut [(u32, f32)],
}

const ELSEWHERE: u32 = u32::MAX;

/// So many entries of a row are on their way while others are filled in.
const AHEAD: usize = 32;

impl Filler<'_> {
    /// Adds those entries of a row, keys and levels, whose keys' features are among these; levels are rounded to f32. Rows must come in
    /// their order.
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
                    prefetch(self.ones, one.min(self.ones.len()));
                } else {
                    prefetch(self.others, other.min(self.others.len()));
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

    #[inline]
    fn put(&mut self, row: u32, key: u32, level: f32) {
        let [one, other] = &mut self.next[key as usize];
        if *one == ELSEWHERE {
            return;
        }
        if level == 1.0 {
            self.ones[*one as usize] = row;
            *one += 1;
        } else {
            self.others[*other as usize] = (row, level);
            *other += 1;
        }
    }
}

impl Csc {
    /// Rows of these factors and features, whose keys are less than `keys`. `fill` is called on all threads, each time for other
    /// features, and must push just their entries.
    pub(crate) fn filled(
        (factors, columns): (Vec<f64>, impl Iterator<Item = Column>),
        keys: usize,
        fill: impl Fn(&mut Filler<'_>) + Sync + Send,
    ) -> Self {
        let columns: Vec<Column> = columns.collect();
        let feature =
            |(number, &Column { factor, ones, others, .. })| Feature { number, factor, ones, others };
        let mut features: Vec<Feature> = (0..).zip(&columns).map(feature).collect();
        features.sort_by_key(|feature| (feature.others, feature.ones));
        let sum = |of: fn(&Feature) -> u32| features.iter().map(|feature| of(feature) as usize).sum();
        let (mut ones, mut others) = (vec![0; sum(|f| f.ones)], vec![(0, 0.0); sum(|f| f.others)]);
        // At least so many that the places in each can be counted in u32.
        let blocks = rayon::current_num_threads().max(((ones.len() + others.len()) >> 30) + 1);
        let (mut rest, mut fillers) =
            ((features.as_slice(), ones.as_mut_slice(), others.as_mut_slice()), Vec::new());
        for size in sizes(&features, blocks) {
            let mut next = vec![[ELSEWHERE; 2]; keys];
            let mut begin = [0, 0];
            for feature in rest.0.split_off(..size.features).unwrap_or_default() {
                next[columns[feature.number as usize].key as usize] = begin;
                begin = [begin[0] + feature.ones, begin[1] + feature.others];
            }
            let ones = rest.1.split_off_mut(..size.ones).unwrap_or_default();
            let others = rest.2.split_off_mut(..size.others).unwrap_or_default();
            fillers.push(Filler { next, ones, others });
        }
        fillers.par_iter_mut().for_each(fill);
        Csc { factors, features, ones, others }
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
        let column = |key| Column { key, factor: 1.0, ones: 0, others: 0 };
        let mut columns: Vec<Column> = (0..self.features as u32).map(column).collect();
        for &(feature, value) in self.rows.iter().flatten() {
            let Column { ones, others, .. } = &mut columns[feature as usize];
            *(if value as f32 == 1.0 { ones } else { others }) += 1;
        }
        Csc::filled((vec![1.0; self.rows.len()], columns.into_iter()), self.features, |filler| {
            for (row, pairs) in self.rows.iter().enumerate() {
                filler.push(row, pairs.iter().copied());
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
        builder.push([(2, 1.0)].into_iter());
        builder.push(std::iter::empty());
        builder.push([(2, 0.5), (0, 0.25), (3, 9.0)].into_iter());
        builder.push([(2, 1.0)].into_iter());
        let csc = builder.build();
        assert_eq!((csc.nsamples(), csc.nfeatures(), csc.len()), (4, 3, 4));
        let entries = |feature, ones, others| Entries { feature, factor: 1.0, ones, others };
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
