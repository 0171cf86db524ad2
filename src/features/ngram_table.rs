//! Numbers word n-grams: an n-gram is keyed by the id of its prefix and the id of its last word,
//! compared exactly.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap};

use crate::prefetch::prefetch;

/// Tokens whose n-grams are looked up together.
const BLOCK: usize = 256;

/// Bits of a number.
const NUMBER: u32 = 30;
/// Bits of a slot that a key's remainder may take; those left are for its distance and the flag.
const MAX_REMAINDER: u32 = 29;
/// In a slot: some key whose home is here stands further on.
const OVERFLOW: u64 = 1 << 63;
/// In a slot: the child.
const CHILD: u64 = NgramTable::UNKNOWN as u64;
const FREE: u64 = !OVERFLOW;
/// A key stands less than so many slots behind its home.
const MAX_PROBE: usize = 64;

/// A table of n-grams: from a parent's and a word's number to their child's. No n-gram is ever
/// taken for another.
///
/// A slot has eight bytes, because most of the time goes into waiting for the memory that they are
/// in. Both numbers as one key are mixed by a function that can be undone; the first bits of what
/// comes out say which slot is the key's home, and only the others, the remainder, are kept (J. G.
/// Cleary, Compact Hash Tables Using Bidirectional Linear Probing, 1984). A slot holds, from the
/// highest bit on: whether keys of this home stand elsewhere, how far from its own home the key is,
/// its remainder, its child. Home and remainder are the whole key.
#[derive(Debug)]
pub(crate) struct NgramTable {
    /// Open addressing with linear probing; at least [`MAX_PROBE`] slots stand behind the last
    /// home.
    slots: Vec<u64>,
    /// The few n-grams for which there was no slot near enough.
    others: HashMap<u64, u32>,
    /// Parents and words in the table are less, and so less than `bits` set bits, which stand for
    /// any number that is not.
    bound: u32,
    mixer: Mixer,
}

/// Tells where keys are at home.
#[derive(Clone, Copy, Debug)]
struct Mixer {
    /// Bits of a number in a key, and of a remainder.
    bits: u32,
    remainder: u32,
    /// Odd. Differs from run to run, so that no input can be made that fills one place of the
    /// table; no answer depends on it.
    seed: u64,
}

/// The two halves of a mixed key: the slot that is its home, and what its remainder is there.
#[derive(Clone, Copy, Debug)]
struct Slot {
    slot: usize,
    tag: u64,
}

impl NgramTable {
    /// The number of what is not there. Numbers are less.
    pub const UNKNOWN: u32 = (1 << NUMBER) - 1;

    /// A table for so many n-grams at most, of parents and words that are less than `bound`.
    pub fn with_capacity(ngrams: usize, bound: usize) -> Self {
        let bound = bound.min(Self::UNKNOWN as usize);
        let bits = (bound + 1).next_power_of_two().trailing_zeros().max(1);
        // At most 77 of 100 slots are taken.
        let room = (ngrams + ngrams.div_ceil(10) * 3).next_power_of_two().trailing_zeros().max(1);
        let homes = room.max((2 * bits).saturating_sub(MAX_REMAINDER)).min(2 * bits);
        NgramTable {
            slots: vec![FREE; (1 << homes) + MAX_PROBE],
            others: HashMap::new(),
            bound: bound as u32,
            mixer: Mixer {
                bits,
                remainder: 2 * bits - homes,
                seed: DefaultHashBuilder::default().hash_one(0u64) | 1,
            },
        }
    }

    /// Puts many n-grams in, each as parent, word and child.
    pub fn extend(&mut self, ngrams: impl Iterator<Item = [u32; 3]>) {
        let mut ngrams = ngrams.peekable();
        let mut block = Vec::with_capacity(BLOCK);
        while ngrams.peek().is_some() {
            block.clear();
            block.extend(
                ngrams
                    .by_ref()
                    .take(BLOCK)
                    .map(|[parent, word, child]| (self.prefetch_slot(parent, word), (parent, word), child)),
            );
            block.iter().for_each(|&(home, key, child)| _ = self.insert_at(home, key, child));
        }
    }

    /// Puts a child in, if its parent has none by this word; gives the one that it has. Numbers
    /// that are not less than the bound are not taken.
    #[cfg(test)]
    fn insert(&mut self, parent: u32, word: u32, child: u32) -> u32 {
        self.insert_at(self.home(parent, word), (parent, word), child)
    }

    fn insert_at(&mut self, home: Slot, (parent, word): (u32, u32), child: u32) -> u32 {
        if parent.max(word) >= self.bound || child >= Self::UNKNOWN {
            return Self::UNKNOWN;
        }
        for distance in 0..self.max_probe() {
            let tag = self.tag(home, distance);
            let Some(slot) = self.slots.get_mut(home.slot + distance as usize) else { break };
            if *slot == FREE {
                *slot = tag | u64::from(child);
            }
            if let Some(found) = child_of(*slot, tag) {
                if distance > 0 {
                    self.mark_overflow(home);
                }
                return found;
            }
        }
        self.mark_overflow(home);
        *self.others.entry(key(parent, word)).or_insert(child)
    }

    /// Marks a home of which some key stands elsewhere.
    fn mark_overflow(&mut self, home: Slot) {
        if let Some(slot) = self.slots.get_mut(home.slot) {
            *slot |= OVERFLOW;
        }
    }

    /// The child of a parent by a word.
    #[cfg(feature = "train")]
    pub fn find(&self, parent: u32, word: u32) -> u32 {
        self.find_at(self.home(parent, word), (parent, word))
    }

    #[inline]
    fn find_at(&self, home: Slot, (parent, word): (u32, u32)) -> u32 {
        let slot = self.slots.get(home.slot).copied().unwrap_or(FREE);
        let found = child_of(slot, home.tag);
        // No branch on whether the key is here, because it would be unpredictable; most keys that
        // are not here overflow nowhere.
        if found.is_none() & (slot & OVERFLOW != 0) {
            return self.find_farther(home, (parent, word));
        }
        found.unwrap_or(Self::UNKNOWN)
    }

    #[inline(never)]
    fn find_farther(&self, home: Slot, (parent, word): (u32, u32)) -> u32 {
        for distance in 1..self.max_probe() {
            let slot = self.slots.get(home.slot + distance as usize).copied().unwrap_or(FREE);
            if slot == FREE {
                return Self::UNKNOWN;
            }
            if let Some(child) = child_of(slot, self.tag(home, distance)) {
                return child;
            }
        }
        self.others.get(&key(parent, word)).copied().unwrap_or(Self::UNKNOWN)
    }

    /// Replaces each parent in `numbers` by its child by the word beside it.
    #[inline]
    fn children(&self, numbers: &mut [u32], words: &[u32], homes: &mut Vec<Slot>) {
        let (mixer, slots) = (self.mixer, self.slots.as_slice());
        homes.clear();
        homes.extend(numbers.iter().zip(words).map(move |(&parent, &word)| {
            let home = mixer.home(parent, word);
            prefetch(slots, home.slot);
            home
        }));
        for ((number, &word), &home) in numbers.iter_mut().zip(words).zip(&*homes) {
            *number = self.find_at(home, (*number, word));
        }
    }

    /// Where the n-gram of a parent and a word is at home.
    #[inline]
    fn home(&self, parent: u32, word: u32) -> Slot {
        self.mixer.home(parent, word)
    }

    /// The home of an n-gram that will be looked at soon.
    #[inline]
    fn prefetch_slot(&self, parent: u32, word: u32) -> Slot {
        let home = self.home(parent, word);
        prefetch(&self.slots, home.slot);
        home
    }

    /// What a slot so far from a home holds beside the child.
    #[inline]
    fn tag(&self, home: Slot, distance: u64) -> u64 {
        distance << (self.mixer.remainder + NUMBER) | home.tag
    }

    /// The number of slots that a key is looked for in.
    fn max_probe(&self) -> u64 {
        (MAX_PROBE as u64).min(1 << (u64::BITS - 1 - NUMBER - self.mixer.remainder))
    }
}

impl Mixer {
    /// Where the n-gram of a parent and a word is at home.
    #[inline]
    fn home(self, parent: u32, word: u32) -> Slot {
        let none = (1 << self.bits) - 1;
        let (parent, word) = (u64::from(parent).min(none), u64::from(word).min(none));
        // Each step can be undone on so many bits: folds of the upper half onto the lower, products
        // with odd numbers.
        let key = parent << self.bits | word;
        let mask = (1 << (2 * self.bits)) - 1;
        let mixed = (key ^ parent).wrapping_mul(self.seed) & mask;
        let mixed = (mixed ^ mixed >> self.bits).wrapping_mul(0x94d0_49bb_1331_11eb) & mask;
        Slot {
            slot: (mixed >> self.remainder) as usize,
            tag: (mixed & ((1 << self.remainder) - 1)) << NUMBER,
        }
    }
}

/// The child in a slot, if it is that of a tag.
#[inline]
fn child_of(slot: u64, tag: u64) -> Option<u32> {
    (slot & !(OVERFLOW | CHILD) == tag).then_some((slot & CHILD) as u32)
}

fn key(parent: u32, word: u32) -> u64 {
    u64::from(parent) << 32 | u64::from(word)
}

/// The n-grams of a text, block by block.
#[derive(Debug, Default)]
pub(crate) struct NgramLookup {
    words: Vec<u32>,
    /// Numbers of the n-grams that begin at each token of a block, one list a length from 2 on.
    levels: Vec<Vec<u32>>,
    homes: Vec<Slot>,
}

impl NgramLookup {
    /// Calls `found` with the tokens of a text, block by block, and the numbers of the n-grams of 2
    /// to `high` words that begin at them. `word` gives a token's number.
    #[inline]
    pub fn each<T: Copy>(
        &mut self,
        ngrams: &NgramTable,
        (tokens, high): (&[T], usize),
        word: impl Fn(T) -> u32,
        found: &mut impl FnMut(&[T], BlockNgrams<'_>),
    ) {
        let NgramLookup { words, levels, homes } = self;
        levels.resize(high.saturating_sub(1), Vec::new());
        for (block, all) in tokens.chunks(BLOCK).enumerate() {
            let rest = tokens.get(block * BLOCK..).unwrap_or(&[]);
            let with_next = rest.get(..BLOCK + high).unwrap_or(rest);
            words.clear();
            words.extend(with_next.iter().map(|token| word(*token)));
            let mut shorter: &[u32] = words.get(..all.len()).unwrap_or(&[]);
            for (n, level) in (1..).zip(levels.iter_mut()) {
                let last = words.get(n..).unwrap_or(&[]);
                level.clear();
                level.extend_from_slice(shorter.get(..last.len()).unwrap_or(shorter));
                ngrams.children(level, last, homes);
                level.resize(all.len(), NgramTable::UNKNOWN);
                shorter = level;
            }
            found(all, BlockNgrams { levels });
        }
    }
}

/// The n-grams of two words and more that begin at the tokens of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockNgrams<'w> {
    /// One list a length from 2 on, each as long as the block.
    levels: &'w [Vec<u32>],
}

impl BlockNgrams<'_> {
    /// The number of each token's n-gram of two words, [`NgramTable::UNKNOWN`] for what is not in
    /// the table.
    #[inline]
    pub fn pairs(&self) -> &[u32] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// The numbers of one token's n-grams, from the shortest to the last that is in the table.
    #[inline]
    pub fn at(&self, token: usize) -> impl Iterator<Item = u32> + '_ {
        let numbers = self.levels.iter().map_while(move |level| level.get(token)).copied();
        numbers.take_while(|number| *number != NgramTable::UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ngrams_are_found_by_all_their_words() {
        let mut ngrams = NgramTable::with_capacity(3, 13);
        assert_eq!(ngrams.insert(0, 1, 10), 10);
        assert_eq!(ngrams.insert(0, 1, 11), 10, "it is there already");
        assert_eq!(ngrams.insert(10, 2, 12), 12);
        assert_eq!([ngrams.find(0, 1), ngrams.find(10, 2)], [10, 12]);
        assert_eq!([ngrams.find(1, 0), ngrams.find(12, 0)], [NgramTable::UNKNOWN; 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// With less room than n-grams, many stand far from their homes and some in no slot.
        #[test]
        fn the_table_holds_what_was_put_in_and_nothing_else(
            keys in prop::collection::vec((0u32..60, 0u32..60), 0..600),
            room in 0usize..600,
            bound in prop::sample::select(vec![60usize, 64, 65, 1000, 1 << 20, 1 << 22]),
        ) {
            let mut ngrams = NgramTable::with_capacity(room, bound);
            let mut expected = HashMap::new();
            let mut at_once = NgramTable::with_capacity(room, bound);
            at_once.extend((0u32..).zip(&keys).map(|(child, &(parent, word))| [parent, word, child]));
            for (child, &(parent, word)) in (0u32..).zip(&keys) {
                let first = *expected.entry((parent, word)).or_insert(child);
                prop_assert_eq!(ngrams.insert(parent, word, child), first);
            }
            let all: Vec<u32> = (0..70).chain([bound as u32 - 1, NgramTable::UNKNOWN, u32::MAX]).collect();
            let mut homes = Vec::new();
            for &word in &all {
                let mut numbers = all.clone();
                ngrams.children(&mut numbers, &vec![word; all.len()], &mut homes);
                for (&parent, found) in all.iter().zip(numbers) {
                    let known = expected.get(&(parent, word)).copied().unwrap_or(NgramTable::UNKNOWN);
                    prop_assert_eq!([found, ngrams.find(parent, word), at_once.find(parent, word)], [known; 3]);
                }
            }
        }
    }

    #[test]
    fn numbers_that_a_table_has_no_bits_for_are_not_taken() {
        let mut ngrams = NgramTable::with_capacity(10, 16);
        assert_eq!(ngrams.insert(16, 1, 5), NgramTable::UNKNOWN);
        assert_eq!(ngrams.insert(1, 16, 5), NgramTable::UNKNOWN);
        assert_eq!(ngrams.insert(1, 1, NgramTable::UNKNOWN), NgramTable::UNKNOWN);
        assert_eq!([ngrams.find(16, 1), ngrams.find(1, 16), ngrams.find(1, 1)], [NgramTable::UNKNOWN; 3]);
    }

    #[test]
    fn a_walk_gives_the_ngrams_that_begin_at_each_token_over_the_bounds_of_blocks() {
        // Words 0, 1, 2, 0, 1, 2 ...; all pairs and one kind of triple are known.
        let tokens: Vec<u32> = (0..3 * BLOCK as u32 + 7).map(|n| n % 3).collect();
        let mut ngrams = NgramTable::with_capacity(4, 14);
        for (parent, word, child) in [(0, 1, 10), (1, 2, 11), (2, 0, 12), (10, 2, 13)] {
            ngrams.insert(parent, word, child);
        }
        for high in 1..=4 {
            let (mut walk, mut next) = (NgramLookup::default(), 0);
            walk.each(&ngrams, (&tokens, high), |token| token, &mut |block, longer| {
                for (at, token) in block.iter().enumerate() {
                    assert_eq!(*token, tokens[next]);
                    let left = tokens.len() - next;
                    let pair = 10 + token;
                    let all = if *token == 0 { vec![pair, 13] } else { vec![pair] };
                    let expected: Vec<u32> = all.into_iter().take((high - 1).min(left - 1)).collect();
                    assert_eq!(longer.at(at).collect::<Vec<_>>(), expected, "{next} of {high}");
                    if high > 1 {
                        assert_eq!(longer.pairs()[at], if left > 1 { pair } else { NgramTable::UNKNOWN });
                    }
                    next += 1;
                }
            });
            assert_eq!(next, tokens.len());
        }
    }
}
