//! A seed to numbers that look random and are the same in every run and on every machine.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

/// 2^64 divided by the golden ratio, made odd.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// Numbers that follow from a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next number of 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// The next number under `end`; 0 where `end` is 0.
    ///
    /// The product's upper half (Lemire, "Fast random integer generation in an interval", 2019), without its rejection:
    /// numbers differ in their chances by less than `end` / 2^64.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.number()) * end as u128) >> 64) as usize
    }

    /// Puts the values in a random order (Fisher and Yates; Knuth, TAOCP 2, algorithm 3.4.2P).
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}

/// The number that stands at a place, from 0, of those that follow from a seed.
#[cfg(any(test, feature = "train"))]
pub fn nth(seed: u64, place: u64) -> u64 {
    Random::new(seed.wrapping_add(place.wrapping_mul(GAMMA))).number()
}

/// A number of 64 bits for each seed and name: where it is used to draw, the draw does not depend on the order of the names.
pub fn number_of(seed: u64, name: &[u8]) -> u64 {
    let mut state = mix(seed.wrapping_add(GAMMA));
    for part in name.chunks(8) {
        let word = part.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        state = mix((state ^ word).wrapping_add(GAMMA));
    }
    // Names that end in zero bytes are other names.
    mix((state ^ name.len() as u64).wrapping_add(GAMMA))
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        // The first outputs of the reference implementation for the seed 1234567.
        let mut random = Random::new(1_234_567);
        let found: Vec<u64> = (0..3).map(|_| random.number()).collect();
        assert_eq!((0..3).map(|place| nth(1_234_567, place)).collect::<Vec<_>>(), found);
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_number_under_the_end_is_as_likely() {
        let mut random = Random::new(7);
        let mut counts = [0; 6];
        (0..60_000).for_each(|_| counts[random.below(6)] += 1);
        // Five standard deviations of a binomial with 60,000 draws at 1/6.
        assert!(counts.iter().all(|&count: &i32| (count - 10_000).abs() < 457), "{counts:?}");
        assert_eq!((random.below(0), random.below(1)), (0, 0));
    }

    #[test]
    fn a_shuffle_keeps_all_and_reaches_every_order() {
        let mut random = Random::new(1);
        let mut orders = HashSet::new();
        for _ in 0..500 {
            let mut values = [1, 2, 3, 4];
            random.shuffle(&mut values);
            let mut sorted = values;
            sorted.sort_unstable();
            assert_eq!(sorted, [1, 2, 3, 4]);
            orders.insert(values);
        }
        assert_eq!(orders.len(), 24);
    }

    #[test]
    fn names_that_are_alike_have_numbers_of_their_own() {
        let names = ["", "\0", "\0\0", "a", "a\0", "12345678", "123456789", "12345678\0"];
        let numbers: HashSet<u64> =
            (0..3).flat_map(|seed| names.iter().map(move |name| number_of(seed, name.as_bytes()))).collect();
        assert_eq!(numbers.len(), 3 * names.len());
    }
}
