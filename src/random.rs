//! Generates pseudorandom numbers that are the same in every run and on every machine.

/// The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

/// 2^64 divided by the golden ratio, made odd.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// Starts the sequence of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// Returns the next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// Returns the next number below `end`; 0 if `end` is 0.
    ///
    /// Takes the upper half of a product (Lemire 2019, "Fast random integer generation in an
    /// interval") without his rejection step: the probabilities of two numbers differ by less than
    /// `end` / 2^64.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next_u64()) * end as u128) >> 64) as usize
    }

    /// Shuffles the values (Fisher and Yates; Knuth, TAOCP 2, algorithm 3.4.2P).
    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}

/// Returns the number at index `place` of a seed's sequence.
#[cfg(any(feature = "train", test))]
pub(crate) fn nth(seed: u64, place: u64) -> u64 {
    Random::new(seed.wrapping_add(place.wrapping_mul(GAMMA))).next_u64()
}

/// Hashes a name with a seed. A draw by these hashes does not depend on the order of the names.
pub(crate) fn hash_name(seed: u64, name: &[u8]) -> u64 {
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
        let found: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
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
            (0..3).flat_map(|seed| names.iter().map(move |name| hash_name(seed, name.as_bytes()))).collect();
        assert_eq!(numbers.len(), 3 * names.len());
    }
}
