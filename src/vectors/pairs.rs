//! Counts how often two words stand near each other, in bounded memory.
//!
//! Counts are whole numbers, so the order in which texts come to be counted changes nothing.

use rayon::prelude::*;

use crate::vectors::rarest::greatest_forgotten;
use crate::vectors::splitter::NO_WORD;

/// Two words further apart do not count as neighbors.
pub(super) const WINDOW: usize = 5;
/// What a pair of words side by side counts: the least number that all distances divide.
const UNIT: u64 = 60;
/// The counts stand in so many tables, each with the pairs of some words.
const SHARDS: usize = 64;
/// Pairs that wait to be counted: 64 MB.
const MAX_WAITING: usize = 1 << 23;
/// Bits of a word's id, and of a distance.
const ID_BITS: u32 = 20;
const DISTANCE_BITS: u32 = 4;

/// Two words at some distance, in one number that sorts by the words: the smaller id first.
pub(super) type Neighbors = u64;

/// Appends the neighbors in a paragraph.
pub(super) fn push_neighbors(words: &[u32], out: &mut Vec<Neighbors>) {
    for (place, &word) in words.iter().enumerate().filter(|(_, word)| **word != NO_WORD) {
        let following = words.iter().skip(place + 1).take(WINDOW);
        for (distance, &other) in (1u64..).zip(following).filter(|(_, other)| **other != NO_WORD) {
            let (low, high) = (u64::from(word.min(other)), u64::from(word.max(other)));
            out.push((low << ID_BITS | high) << DISTANCE_BITS | distance);
        }
    }
}

/// Two words that stand near each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair {
    /// Both ids, the smaller one first.
    key: u64,
    count: u64,
}

impl Pair {
    fn words(self) -> (u32, u32) {
        ((self.key >> ID_BITS) as u32, (self.key & ((1 << ID_BITS) - 1)) as u32)
    }
}

#[derive(Debug, Default)]
struct Shard {
    waiting: Vec<Neighbors>,
    /// Sorted by their keys.
    pairs: Vec<Pair>,
}

impl Shard {
    /// Counts what waits.
    fn count(&mut self) {
        self.waiting.sort_unstable();
        let weight = |neighbors: &Neighbors| UNIT / (neighbors & ((1 << DISTANCE_BITS) - 1)).max(1);
        let same = |a: &Neighbors, b: &Neighbors| a >> DISTANCE_BITS == b >> DISTANCE_BITS;
        let new = self.waiting.chunk_by(same).filter_map(|same| {
            let key = same.first()? >> DISTANCE_BITS;
            Some(Pair { key, count: same.iter().map(weight).sum() })
        });
        let mut merged = Vec::with_capacity(self.pairs.len() + self.waiting.len());
        merge(&self.pairs, new, &mut merged);
        merged.shrink_to_fit();
        self.pairs = merged;
        self.waiting.clear();
    }
}

/// Appends both sorted lists as one; counts of the same words are added.
fn merge(old: &[Pair], new: impl Iterator<Item = Pair>, out: &mut Vec<Pair>) {
    let mut old = old.iter().copied().peekable();
    for pair in new {
        while let Some(before) = old.next_if(|before| before.key < pair.key) {
            out.push(before);
        }
        let same = old.next_if(|before| before.key == pair.key).map_or(0, |before| before.count);
        out.push(Pair { count: pair.count + same, ..pair });
    }
    out.extend(old);
}

/// Counts of pairs. Where there are more pairs than it may hold, it forgets the rarest until half
/// of its room is free.
#[derive(Debug)]
pub(super) struct PairCounts {
    shards: Vec<Shard>,
    waiting: usize,
    max_pairs: usize,
    forgotten: u64,
}

impl PairCounts {
    pub(super) fn new(max_pairs: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Shard::default()).collect();
        PairCounts { shards, waiting: 0, max_pairs, forgotten: 0 }
    }

    pub(super) fn add(&mut self, neighbors: &[Neighbors]) {
        for part in neighbors.chunks(MAX_WAITING / 8) {
            for &neighbors in part {
                // By the larger id, which fewer pairs have in common.
                let at = (neighbors >> DISTANCE_BITS) as usize % SHARDS;
                if let Some(shard) = self.shards.get_mut(at) {
                    shard.waiting.push(neighbors);
                }
            }
            self.waiting += part.len();
            if self.waiting >= MAX_WAITING {
                self.count();
            }
        }
    }

    fn count(&mut self) {
        self.shards.par_iter_mut().for_each(Shard::count);
        self.waiting = 0;
        if self.len() > self.max_pairs {
            self.forget_the_rarest();
        }
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.pairs.len()).sum()
    }

    fn forget_the_rarest(&mut self) {
        let counts = self.shards.iter().flat_map(|shard| shard.pairs.iter().map(|pair| pair.count)).collect();
        let most = greatest_forgotten(counts, self.max_pairs);
        self.shards.par_iter_mut().for_each(|shard| shard.pairs.retain(|pair| pair.count > most));
        self.forgotten = self.forgotten.max(most);
    }

    /// Ends the counting.
    pub(super) fn finish(mut self) -> CountedPairs {
        self.count();
        let forgotten = self.forgotten as f64 / UNIT as f64;
        CountedPairs { shards: self.shards.into_iter().map(|shard| shard.pairs).collect(), forgotten }
    }
}

/// All pairs of words that stand near each other, each once.
#[derive(Debug)]
pub(super) struct CountedPairs {
    shards: Vec<Vec<Pair>>,
    /// The greatest count that a forgotten pair had, words side by side counting 1; 0 if none was
    /// forgotten.
    pub forgotten: f64,
}

impl CountedPairs {
    /// Number of pairs.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(Vec::len).sum()
    }

    /// The two words of each pair, the smaller id first, and what the pair counts in units of 1/60.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32, u64)> {
        self.shards.iter().flatten().map(|pair| {
            let (low, high) = pair.words();
            (low, high, pair.count)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn counted(paragraphs: &[Vec<u32>], max_pairs: usize) -> CountedPairs {
        let mut counts = PairCounts::new(max_pairs);
        for words in paragraphs {
            let mut neighbors = Vec::new();
            push_neighbors(words, &mut neighbors);
            counts.add(&neighbors);
            // As if there were no room to wait.
            counts.count();
        }
        counts.finish()
    }

    fn by_words(pairs: &CountedPairs) -> BTreeMap<(u32, u32), u64> {
        pairs.iter().map(|(low, high, count)| ((low, high), count)).collect()
    }

    #[test]
    fn neighbors_weigh_by_their_distance_up_to_five() {
        let pairs = by_words(&counted(&[vec![9, 1, NO_WORD, 9, 2, 3, 4]], 100));
        let expected = [
            ((1, 9), 60 + 30),
            ((9, 9), 20),
            ((2, 9), 15 + 60),
            ((3, 9), 12 + 30),
            ((4, 9), 20),
            ((1, 2), 20),
            ((1, 3), 15),
            ((1, 4), 12),
            ((2, 3), 60),
            ((2, 4), 30),
            ((3, 4), 60),
        ];
        assert_eq!(pairs, expected.into_iter().collect());
    }

    #[test]
    fn the_rarest_pairs_are_forgotten_where_there_is_no_room() {
        let pairs = counted(&[vec![1, 2], vec![1, 2], vec![1, 3], vec![4, 5]], 2);
        assert_eq!(by_words(&pairs), [((1, 2), 120)].into_iter().collect());
        assert_eq!(pairs.forgotten, 1.0);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_plain_loop_whatever_the_order(
            paragraphs in proptest::collection::vec(proptest::collection::vec(0u32..12, 0..30), 0..12)
        ) {
            let mut plain = BTreeMap::new();
            for words in &paragraphs {
                for (at, &a) in words.iter().enumerate() {
                    for (distance, &b) in words[at + 1..].iter().take(5).enumerate() {
                        *plain.entry((a.min(b), a.max(b))).or_insert(0) += [60, 30, 20, 15, 12][distance];
                    }
                }
            }
            let reversed: Vec<Vec<u32>> = paragraphs.iter().rev().cloned().collect();
            prop_assert_eq!(by_words(&counted(&paragraphs, 1000)), plain.clone());
            prop_assert_eq!(by_words(&counted(&reversed, 1000)), plain);
        }
    }
}
