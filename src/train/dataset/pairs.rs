//! Counts pairs of ids that stand beside each other in many rows: the n-grams that may become
//! features.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use rayon::prelude::*;

use crate::error::Result;
use crate::features::NgramTable;
use crate::progress::Progress;

/// Pairs are counted in parts of about so many occurrences, which a thread keeps while it counts
/// them, ...
const A_PART: usize = 1 << 22;
const MAX_PARTS: usize = 64;
/// ... each in so many heaps, a power of two, so that the table of one fits a near cache.
const HEAPS: usize = 1 << 7;

/// A pair that enough rows hold.
pub(crate) struct Pair {
    /// Parent and word.
    pub key: [u32; 2],
    pub documents: u32,
    /// The number that it is given.
    pub number: u32,
}

/// Which pairs are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairLimits {
    /// Tokens in all rows.
    pub occurrences: usize,
    /// Least number of rows that hold a pair.
    pub min_df: u32,
    /// Pairs whose parent is not below this id are left out, ...
    pub parents: u32,
    /// ... and those whose word is not below this one.
    pub words: u32,
}

/// The pairs of a parent and the word beside it that are in enough rows, in any order.
///
/// # Errors
/// A stop.
pub(crate) fn frequent(
    rows: &[(&[u32], &[u32])],
    limits: PairLimits,
    progress: &dyn Progress,
) -> Result<Vec<Pair>> {
    let PairLimits { occurrences, min_df, parents, words } = limits;
    let hasher = DefaultHashBuilder::default();
    let hash = |[parent, word]: [u32; 2]| hasher.hash_one(u64::from(parent) << 32 | u64::from(word));
    let min_parts = 2 * rayon::current_num_threads();
    let parts = (occurrences / A_PART).max(min_parts).min(MAX_PARTS).next_power_of_two();
    let shift = u64::BITS - (parts * HEAPS).trailing_zeros();
    // Every part goes through all rows: a look at a number costs less than keeping it for later.
    let part = |part: usize| -> Vec<Pair> {
        let room = occurrences / (parts * HEAPS);
        let mut heaps: Vec<Vec<[u32; 3]>> = (0..HEAPS).map(|_| Vec::with_capacity(room)).collect();
        for (row, (left, right)) in (0u32..).zip(rows).take_while(|_| !progress.is_stopped()) {
            for (&parent, &word) in left.iter().zip(*right) {
                if parent >= parents || word >= words {
                    continue;
                }
                let heap = (hash([parent, word]) >> shift) as usize;
                if heap / HEAPS == part {
                    heaps[heap % HEAPS].push([parent, word, row]);
                }
            }
        }
        // The table goes by the lowest and by the highest bits; these are the same in all of a
        // heap.
        let (mut counting, hash) = (HashTable::new(), |key| hash(key).rotate_left(32));
        heaps.into_iter().flat_map(|heap| in_heap(&heap, min_df, &mut counting, hash)).collect()
    };
    let found = (0..parts).into_par_iter().map(part).flatten_iter().collect();
    progress.check()?;
    Ok(found)
}

/// A pair while it is counted: how many rows hold it, and the last of them.
struct CountedPair {
    key: [u32; 2],
    documents: u32,
    last: u32,
}

/// The pairs of a heap, which holds them with their rows in order. The table is empty before and
/// after.
fn in_heap(
    heap: &[[u32; 3]],
    min_df: u32,
    table: &mut HashTable<CountedPair>,
    hash: impl Fn([u32; 2]) -> u64,
) -> Vec<Pair> {
    for &[parent, word, row] in heap {
        let key = [parent, word];
        match table.entry(hash(key), |other| other.key == key, |other| hash(other.key)) {
            Entry::Occupied(mut found) => {
                let found = found.get_mut();
                found.documents += u32::from(found.last != row);
                found.last = row;
            }
            Entry::Vacant(place) => _ = place.insert(CountedPair { key, documents: 1, last: row }),
        }
    }
    let enough = table.drain().filter(|pair| pair.documents >= min_df);
    enough
        .map(|CountedPair { key, documents, .. }| Pair { key, documents, number: NgramTable::UNKNOWN })
        .collect()
}
