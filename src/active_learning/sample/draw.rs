//! Draws a stratified random sample from a stream.

use std::collections::{BTreeMap, BinaryHeap};

use crate::active_learning::sample::Allocation;
use crate::error::{Error, Result};
use crate::random::hash_name;

/// Draws without replacement from a stream of any length.
///
/// Each thing gets a pseudorandom number that follows from the seed and its name, and those with
/// the lowest numbers are drawn. So the draw does not depend on the order of the stream, and a
/// smaller sample is part of a larger one of the same seed, as far as the strata allow.
#[derive(Debug)]
pub struct Draw<T> {
    seed: u64,
    sample: usize,
    strata: BTreeMap<String, Reservoir<T>>,
}

/// A stratum and the things that were drawn from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratum<T> {
    /// Its name.
    pub name: String,
    /// How many things it has.
    pub size: u64,
    /// Those that were drawn, in the order of the draw.
    pub drawn: Vec<T>,
}

impl<T> Stratum<T> {
    /// Returns the weight of each drawn thing: size of the stratum / number drawn, the inverse of
    /// its probability of being drawn (Horvitz & Thompson 1952, J. Am. Stat. Assoc. 47).
    pub fn weight(&self) -> f64 {
        self.size as f64 / self.drawn.len().max(1) as f64
    }
}

/// The things of a stratum that have the lowest numbers so far.
#[derive(Debug)]
struct Reservoir<T> {
    size: u64,
    least: BinaryHeap<Numbered<T>>,
}

#[derive(Debug)]
struct Numbered<T> {
    number: u64,
    name: String,
    thing: T,
}

impl<T> Numbered<T> {
    fn key(&self) -> (u64, &str) {
        (self.number, &self.name)
    }
}

impl<T> PartialEq for Numbered<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Numbered<T> {}

impl<T> PartialOrd for Numbered<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Numbered<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl<T> Draw<T> {
    /// Starts a draw of `sample` things.
    pub fn new(seed: u64, sample: usize) -> Self {
        Draw { seed, sample, strata: BTreeMap::new() }
    }

    /// Number of things added so far.
    pub fn len(&self) -> u64 {
        self.strata.values().map(|kept| kept.size).sum()
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.strata.is_empty()
    }

    /// Adds a thing to a stratum. Its name must be unique.
    ///
    /// # Errors
    /// More strata than things to draw: at least one is drawn from each.
    pub fn add(&mut self, stratum: &str, name: &str, thing: T) -> Result<()> {
        if !self.strata.contains_key(stratum) {
            if self.strata.len() >= self.sample {
                return Err(Error::data(format!(
                    "more strata than the {} rows to draw (`{stratum}` is one too many), and each stratum needs a row; draw \
                     more, or choose other strata",
                    self.sample
                )));
            }
            self.strata.insert(stratum.to_owned(), Reservoir { size: 0, least: BinaryHeap::new() });
        }
        let number = hash_name(self.seed, name.as_bytes());
        let Some(kept) = self.strata.get_mut(stratum) else { return Ok(()) };
        kept.size += 1;
        let full = kept.least.len() >= self.sample;
        if full && kept.least.peek().is_some_and(|most| (number, name) >= most.key()) {
            return Ok(());
        }
        kept.least.push(Numbered { number, name: name.to_owned(), thing });
        if full {
            kept.least.pop();
        }
        Ok(())
    }

    /// Returns the strata, ordered by the bytes of their names.
    pub fn finish(self, allocation: Allocation) -> Vec<Stratum<T>> {
        let sizes: Vec<u64> = self.strata.values().map(|kept| kept.size).collect();
        let shares = allocation.shares(&sizes, self.sample as u64);
        let stratum = |((name, kept), share): ((String, Reservoir<T>), u64)| Stratum {
            name,
            size: kept.size,
            drawn: kept
                .least
                .into_sorted_vec()
                .into_iter()
                .take(share as usize)
                .map(|numbered| numbered.thing)
                .collect(),
        };
        self.strata.into_iter().zip(shares).map(stratum).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draw(seed: u64, sample: usize, things: impl Iterator<Item = usize>) -> Vec<Stratum<usize>> {
        let mut draw = Draw::new(seed, sample);
        for thing in things {
            draw.add(["a", "b", "c"][thing % 7 % 3], &format!("n{thing}"), thing).unwrap();
        }
        draw.finish(Allocation::Equal)
    }

    #[test]
    fn the_order_of_the_stream_changes_nothing_and_the_seed_does() {
        let one = draw(1, 30, 0..500);
        assert_eq!(one, draw(1, 30, (0..500).rev()));
        assert_ne!(one, draw(2, 30, 0..500));
        assert_eq!(one.iter().map(|stratum| stratum.drawn.len()).collect::<Vec<_>>(), [10, 10, 10]);
    }

    #[test]
    fn a_smaller_sample_is_part_of_a_larger_one() {
        let (small, large) = (draw(5, 12, 0..500), draw(5, 60, 0..500));
        for (small, large) in small.iter().zip(&large) {
            assert_eq!(small.drawn, large.drawn[..small.drawn.len()]);
        }
    }

    #[test]
    fn every_thing_is_drawn_as_often_as_any_other() {
        let mut times = [0u32; 20];
        for seed in 0..4000 {
            let mut draw = Draw::new(seed, 5);
            (0..20).for_each(|thing| draw.add("", &thing.to_string(), thing).unwrap());
            draw.finish(Allocation::Equal)[0].drawn.iter().for_each(|&thing| times[thing as usize] += 1);
        }
        // 4,000 draws at 1/4: five standard deviations are 137.
        assert!(times.iter().all(|&count| count.abs_diff(1000) < 137), "{times:?}");
    }

    #[test]
    fn more_strata_than_rows_to_draw_are_refused_by_name() {
        let mut draw = Draw::new(1, 2);
        for stratum in ["x", "y", "x"] {
            draw.add(stratum, "n", ()).unwrap();
        }
        assert!(draw.add("z", "n", ()).unwrap_err().to_string().contains("`z` is one too many"));
    }

    proptest! {
        #[test]
        fn weights_sum_to_the_population_and_every_stratum_is_there(
            strata in proptest::collection::vec(0..6u8, 1..300), sample in 6..80usize, seed in any::<u64>(),
            allocation in prop_oneof![Just(Allocation::Equal), Just(Allocation::Proportional)]
        ) {
            let mut draw = Draw::new(seed, sample);
            for (number, stratum) in strata.iter().enumerate() {
                draw.add(&stratum.to_string(), &number.to_string(), number).unwrap();
            }
            prop_assert_eq!(draw.len(), strata.len() as u64);
            let found = draw.finish(allocation);
            let names: std::collections::BTreeSet<_> = strata.iter().map(u8::to_string).collect();
            prop_assert_eq!(found.iter().map(|s| s.name.clone()).collect::<Vec<_>>(), names.into_iter().collect::<Vec<_>>());
            let drawn: Vec<usize> = found.iter().flat_map(|s| s.drawn.clone()).collect();
            prop_assert_eq!(drawn.len(), sample.min(strata.len()));
            let distinct: std::collections::HashSet<_> = drawn.iter().collect();
            prop_assert_eq!(distinct.len(), drawn.len(), "without replacement");
            let weights: f64 = found.iter().map(|s| s.weight() * s.drawn.len() as f64).sum();
            prop_assert!((weights - strata.len() as f64).abs() < 1e-6);
        }
    }
}
