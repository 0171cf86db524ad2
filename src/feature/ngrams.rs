//! Word n-grams as numbers: each is the child of the n-gram without its last word, by that word.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

/// Tokens whose n-grams are looked up together.
const BLOCK: usize = 256;

const NONE: u32 = u32::MAX;

/// A place of the table: the numbers of a parent, a word, and their child; free where the child is `NONE`.
#[derive(Clone, Copy, Debug)]
struct Slot {
    parent: u32,
    word: u32,
    child: u32,
}

const FREE: Slot = Slot { parent: NONE, word: NONE, child: NONE };

/// A table of n-grams. A parent's and a word's number are compared as a whole: no n-gram is ever taken for another.
#[derive(Debug)]
pub struct Ngrams {
    /// Open addressing with linear probing; at most half full.
    slots: Vec<Slot>,
    /// Differs from run to run, so that no input can be made that fills one place of the table; no answer depends on it.
    seed: u64,
}

impl Ngrams {
    /// The number of what is not there. Numbers are less.
    pub const UNKNOWN: u32 = (1 << 30) - 1;

    /// A table for so many n-grams at most.
    pub fn with_room(ngrams: usize) -> Self {
        Ngrams {
            slots: vec![FREE; (2 * ngrams).next_power_of_two().max(2)],
            seed: DefaultHashBuilder::default().hash_one(0u64),
        }
    }

    /// Puts a child in, if its parent has none by this word; gives the one that it has.
    pub fn insert(&mut self, parent: u32, word: u32, child: u32) -> u32 {
        let at = self.seek(parent, word);
        match self.slots.get_mut(at) {
            Some(slot) if slot.child == NONE => {
                *slot = Slot { parent, word, child };
                child
            }
            slot => slot.map_or(Self::UNKNOWN, |slot| slot.child),
        }
    }

    /// The child of a parent by a word.
    pub fn find(&self, parent: u32, word: u32) -> u32 {
        let slot = self.slots.get(self.seek(parent, word));
        slot.filter(|slot| slot.child != NONE).map_or(Self::UNKNOWN, |slot| slot.child)
    }

    /// The place of a child, or the free one where it would stand.
    #[inline]
    fn seek(&self, parent: u32, word: u32) -> usize {
        let mut at = self.place(parent, word);
        while self
            .slots
            .get(at)
            .is_some_and(|slot| slot.child != NONE && (slot.parent, slot.word) != (parent, word))
        {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// Where a child is looked for first.
    #[inline]
    fn place(&self, parent: u32, word: u32) -> usize {
        let key = (u64::from(parent) << 32 | u64::from(word)) ^ self.seed;
        // Two rounds of multiply and shift, as in SplitMix64.
        let hash = (key ^ key >> 32).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let hash = (hash ^ hash >> 29).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = self.slots.len().trailing_zeros();
        (hash >> (64 - bits)) as usize
    }

    /// Replaces each parent in `numbers` by its child by the word beside it. Reading all first places before any is looked at
    /// lets the processor wait for many of them at once.
    fn children(&self, numbers: &mut [u32], words: &[u32], places: &mut Vec<Slot>) {
        places.clear();
        places.extend(
            numbers
                .iter()
                .zip(words)
                .map(|(&parent, &word)| self.slots.get(self.place(parent, word)).copied().unwrap_or(FREE)),
        );
        for ((number, &word), slot) in numbers.iter_mut().zip(words).zip(places.iter()) {
            *number = if (slot.parent, slot.word) == (*number, word) {
                slot.child
            } else if slot.child == NONE || *number == Self::UNKNOWN || word == Self::UNKNOWN {
                Self::UNKNOWN
            } else {
                self.find(*number, word)
            };
        }
    }
}

/// The n-grams of a text, block by block.
#[derive(Debug, Default)]
pub struct Walk {
    words: Vec<u32>,
    /// Numbers of the n-grams that begin at each token of a block, one list a length from 2 on.
    levels: Vec<Vec<u32>>,
    places: Vec<Slot>,
}

impl Walk {
    /// Calls `found` with the place of each of a text's tokens and the numbers of the n-grams of 2 to `high` words that begin there, from
    /// the shortest to the first that is not in the table. `word` gives a token's number.
    #[inline]
    pub fn each<T: Copy>(
        &mut self,
        ngrams: &Ngrams,
        (tokens, high): (&[T], usize),
        word: impl Fn(T) -> u32,
        found: &mut impl FnMut(usize, T, Longer<'_>),
    ) {
        let Walk { words, levels, places } = self;
        levels.resize(high.saturating_sub(1), Vec::new());
        for (block, all) in tokens.chunks(BLOCK).enumerate() {
            words.clear();
            words.extend(tokens.iter().skip(block * BLOCK).take(BLOCK + high).map(|token| word(*token)));
            let mut shorter: &[u32] = words.get(..all.len()).unwrap_or(&[]);
            for (n, level) in (1..).zip(levels.iter_mut()) {
                let last = words.get(n..).unwrap_or(&[]);
                level.clear();
                level.extend(shorter.iter().take(last.len()));
                ngrams.children(level, last, places);
                shorter = level;
            }
            for (at, &token) in all.iter().enumerate() {
                found(block * BLOCK + at, token, Longer { levels, at });
            }
        }
    }
}

/// The n-grams of two words and more that begin at one token.
#[derive(Clone, Copy, Debug)]
pub struct Longer<'w> {
    levels: &'w [Vec<u32>],
    at: usize,
}

impl Longer<'_> {
    /// Their numbers, from the shortest.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let numbers = self.levels.iter().map_while(|level| level.get(self.at)).copied();
        numbers.take_while(|number| *number != Ngrams::UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ngrams_are_found_by_all_their_words() {
        let mut ngrams = Ngrams::with_room(3);
        assert_eq!(ngrams.insert(0, 1, 10), 10);
        assert_eq!(ngrams.insert(0, 1, 11), 10, "it is there already");
        assert_eq!(ngrams.insert(10, 2, 12), 12);
        assert_eq!([ngrams.find(0, 1), ngrams.find(10, 2)], [10, 12]);
        assert_eq!([ngrams.find(1, 0), ngrams.find(12, 0)], [Ngrams::UNKNOWN; 2]);
    }

    #[test]
    fn a_walk_gives_the_ngrams_that_begin_at_each_token_over_the_bounds_of_blocks() {
        // Words 0, 1, 2, 0, 1, 2 ...; all pairs and one kind of triple are known.
        let tokens: Vec<u32> = (0..3 * BLOCK as u32 + 7).map(|n| n % 3).collect();
        let mut ngrams = Ngrams::with_room(4);
        for (parent, word, child) in [(0, 1, 10), (1, 2, 11), (2, 0, 12), (10, 2, 13)] {
            ngrams.insert(parent, word, child);
        }
        for high in 1..=4 {
            let (mut walk, mut next) = (Walk::default(), 0);
            walk.each(&ngrams, (&tokens, high), |token| token, &mut |place, token, longer| {
                assert_eq!((place, token), (next, tokens[next]));
                let left = tokens.len() - place;
                let pair = 10 + token;
                let all = if token == 0 { vec![pair, 13] } else { vec![pair] };
                let expected: Vec<u32> = all.into_iter().take((high - 1).min(left - 1)).collect();
                assert_eq!(longer.iter().collect::<Vec<_>>(), expected, "{place} of {high}");
                next += 1;
            });
            assert_eq!(next, tokens.len());
        }
    }
}
