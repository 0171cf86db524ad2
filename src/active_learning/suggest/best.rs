//! Keeps the things with the highest scores of a stream.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashSet};

/// The things with the highest scores, at most `count` of them. Ties go to the lower number. A
/// thing with the number of one that is kept already is not kept.
#[derive(Debug)]
pub(super) struct Best<T> {
    count: usize,
    kept: BinaryHeap<Reverse<Ranked<T>>>,
    numbers: HashSet<u64>,
}

#[derive(Debug)]
struct Ranked<T> {
    score: f64,
    number: u64,
    thing: T,
}

impl<T> PartialEq for Ranked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Ranked<T> {}

impl<T> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Ranked<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.number.cmp(&self.number))
    }
}

impl<T> Best<T> {
    pub(super) fn new(count: usize) -> Self {
        Best { count, kept: BinaryHeap::new(), numbers: HashSet::new() }
    }

    /// Keeps a thing, and drops the lowest score where there are too many.
    pub(super) fn add(&mut self, score: f64, number: u64, thing: T) {
        let full = self.kept.len() >= self.count;
        let ranked = Ranked { score, number, thing };
        if full && self.kept.peek().is_none_or(|Reverse(least)| ranked <= *least)
            || !self.numbers.insert(number)
        {
            return;
        }
        self.kept.push(Reverse(ranked));
        if full && let Some(Reverse(least)) = self.kept.pop() {
            self.numbers.remove(&least.number);
        }
    }

    /// Returns the things, the highest score first.
    pub(super) fn finish(self) -> Vec<T> {
        self.kept.into_sorted_vec().into_iter().map(|Reverse(ranked)| ranked.thing).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_those_that_sorting_finds(
            scores in proptest::collection::vec(0..9u8, 0..60), most in 0..20usize
        ) {
            let mut best = Best::new(most);
            for (number, &score) in scores.iter().enumerate() {
                best.add(f64::from(score), number as u64, number);
                // The same again changes nothing.
                best.add(f64::from(score), number as u64, number);
            }
            let mut expected: Vec<usize> = (0..scores.len()).collect();
            expected.sort_by_key(|&number| (Reverse(scores[number]), number));
            expected.truncate(most);
            prop_assert_eq!(best.finish(), expected);
        }
    }
}
