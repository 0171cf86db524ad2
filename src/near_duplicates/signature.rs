//! Summarizes a text in 64 bytes, from which its similarity to other texts is estimated.

use crate::near_duplicates::words::words;

/// Words in a shingle: 4 is the usual number for near-duplicate pages (Manning, Raghavan and
/// Schütze, "Introduction to Information Retrieval", 2008, section 19.6).
const WORDS: usize = 4;
/// Values in a signature. The estimate's standard deviation is at most 1 / (2 sqrt(64)) = 0.063
/// for a fair sample, and 0.08 where a dozen shingles have to fill all.
pub(super) const VALUES: usize = 64;
/// A bin that no shingle fell into.
const EMPTY: u64 = u64::MAX;

/// One byte for each of 64 samples of a text's shingles.
///
/// One-permutation hashing (Li, Owen and Zhang 2012): the shingles' hashes fall into 64 bins, and
/// the least of each bin is a sample. An empty bin borrows from another by optimal densification
/// (Shrivastava, "Optimal Densification for Fast and Accurate Minwise Hashing", 2017). Of each
/// sample one byte is kept (Li and König, "b-Bit Minwise Hashing", 2010).
///
/// It depends on the text's words alone and is the same on every machine and in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(pub(super) [u8; VALUES]);

impl Signature {
    /// Computes the signature of a text; `None` if it has no words. A text with too few words for a
    /// shingle is one shingle. Time grows with the text's length; memory does not.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut least = [EMPTY; VALUES];
        shingles(text, |shingle| {
            if let Some(least) = least.get_mut(bin_of(shingle)) {
                *least = shingle.min(*least);
            }
        });
        let mut values = [0; VALUES];
        for (bin, value) in values.iter_mut().enumerate() {
            // A borrowed sample must not give the same byte in every bin: two texts of one shingle
            // each would else be told apart by one byte alone.
            *value = mix(sample(&least, bin)?.wrapping_add(bin as u64)) as u8;
        }
        Some(Signature(values))
    }

    /// Estimates the Jaccard similarity of the two texts' shingles, from 0 to 1, by the share of
    /// equal values.
    ///
    /// Values of different shingles are equal by chance once in 256 times; the share s is corrected
    /// for that: (s - 1/256) / (1 - 1/256), and 0 where that is negative (Li and König 2010, for
    /// sets that are small beside all possible shingles).
    pub fn similarity(&self, other: &Signature) -> f64 {
        const CHANCE: f64 = 1.0 / 256.0;
        let equal: usize = self.0.iter().zip(&other.0).map(|(a, b)| usize::from(a == b)).sum();
        ((equal as f64 / VALUES as f64 - CHANCE) / (1.0 - CHANCE)).max(0.0)
    }

    /// Packs some of the values into a number.
    pub(super) fn key(&self, values: std::ops::Range<usize>) -> u32 {
        let values = self.0.get(values).unwrap_or_default();
        values.iter().fold(0, |key, &value| key << 8 | u32::from(value))
    }
}

/// Calls `found` with the hash of each shingle, in order.
fn shingles(text: &str, mut found: impl FnMut(u64)) {
    let mut window = [0; WORDS];
    let mut count = 0;
    // A polynomial in an odd number of random look (2^64 divided by the golden ratio; Knuth, TAOCP
    // 3, section 6.4).
    let hash = |window: &[u64; WORDS]| {
        mix(window
            .iter()
            .fold(0, |sum: u64, &word| sum.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(word)))
    };
    words(text, |word| {
        let [_, b, c, d] = window;
        window = [b, c, d, word];
        count += 1;
        if count >= WORDS {
            found(hash(&window));
        }
    });
    if (1..WORDS).contains(&count) {
        found(hash(&window));
    }
}

/// The bin of a shingle: its first six bits.
fn bin_of(hash: u64) -> usize {
    (hash >> 58) as usize
}

/// The least shingle of a bin; for an empty bin, that of the first full one in an order of its own.
fn sample(least: &[u64; VALUES], bin: usize) -> Option<u64> {
    let own = *least.get(bin)?;
    if own != EMPTY {
        return Some(own);
    }
    // Of a single full bin the chance to be missed is (63/64)^4096; a test asks all of them.
    let order = (1..4096).map(|turn| bin_of(mix(turn << 6 | bin as u64)));
    order.filter_map(|bin| least.get(bin)).copied().find(|&hash| hash != EMPTY)
}

/// Spreads every bit over all others: the last step of MurmurHash3 (Appleby, fmix64).
pub(super) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn set(text: &str) -> HashSet<u64> {
        let mut out = HashSet::new();
        shingles(text, |shingle| _ = out.insert(shingle));
        out
    }

    fn true_similarity(a: &str, b: &str) -> f64 {
        let (a, b) = (set(a), set(b));
        a.intersection(&b).count() as f64 / a.union(&b).count() as f64
    }

    fn estimate(a: &str, b: &str) -> f64 {
        Signature::from_text(a).unwrap().similarity(&Signature::from_text(b).unwrap())
    }

    fn numbers(range: std::ops::Range<usize>) -> String {
        range.map(|n| format!("{n} ")).collect()
    }

    #[test]
    fn a_signature_never_changes() {
        let known =
            Signature::from_text("The council of Velmar met again on Thursday, and agreed on nothing.")
                .unwrap();
        assert_eq!(known.0[..8], [87, 157, 215, 199, 181, 10, 40, 11]);
        assert_eq!(mix(1), 0xb456_bcfc_34c2_cb2c);
    }

    #[test]
    fn a_text_without_words_has_none() {
        for text in ["", " \n", "… — !", "\u{301}"] {
            assert_eq!(Signature::from_text(text), None, "{text:?}");
        }
    }

    #[test]
    fn few_words_are_one_shingle_of_what_there_is() {
        assert_eq!(set("Stop").len(), 1);
        assert_eq!(set("Stop the war now").len(), 1);
        assert_eq!(set("Stop the war now please").len(), 2);
        assert_eq!(estimate("Stop the war", "stop - the war!"), 1.0);
        for other in ["Stop", "the war", "war the stop", "Stop the war now"] {
            assert!(estimate("Stop the war", other) < 0.1, "{other}");
        }
    }

    #[test]
    fn shingles_are_the_runs_of_four_words_in_order() {
        let words: Vec<String> = (0..5000u64).map(|n| (mix(n) % 9).to_string()).collect();
        let expected: HashSet<&[String]> = words.windows(4).collect();
        assert_eq!(set(&words.join(" ")).len(), expected.len());
    }

    #[test]
    fn chance_is_taken_off_the_share_of_equal_values() {
        let all = Signature([1; VALUES]);
        let equal = |count: usize| Signature(std::array::from_fn(|at| u8::from(at < count))).similarity(&all);
        assert_eq!((equal(64), equal(0)), (1.0, 0.0));
        assert!((equal(32) - 127.0 / 255.0).abs() < 1e-12, "128/256 less 1/256, of 255/256");
    }

    #[test]
    fn one_full_bin_fills_all_others() {
        for full in 0..VALUES {
            let mut least = [EMPTY; VALUES];
            least[full] = 7;
            assert!((0..VALUES).all(|bin| sample(&least, bin) == Some(7)), "{full}");
        }
    }

    #[test]
    fn one_word_repeated_is_one_shingle_and_a_large_text_needs_no_time() {
        let text = "word ".repeat(16_000_000 / 5);
        assert_eq!(Signature::from_text(&text), Signature::from_text("word word word word"));
    }

    #[test]
    fn the_estimate_has_no_bias_and_the_stated_spread() {
        for words in [12, 40, 100, 1000] {
            for tenths in [1, 3, 5, 7, 9] {
                let (mut sum, mut squares) = (0.0, 0.0);
                let trials = 400;
                for trial in 0..trials {
                    let start = (trial * 7 + words) * 10_000;
                    let shared = words * 2 * tenths / (10 + tenths);
                    let a = numbers(start..start + words);
                    let b = numbers(start + words - shared..start + 2 * words - shared);
                    let error = estimate(&a, &b) - true_similarity(&a, &b);
                    sum += error;
                    squares += error * error;
                }
                let (bias, spread) = (sum / trials as f64, (squares / trials as f64).sqrt());
                let most = if words < 40 { 0.08 } else { 0.07 };
                assert!(
                    bias.abs() < 0.012 && spread < most,
                    "{words} words, 0.{tenths}: bias {bias}, spread {spread}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn any_two_strings_have_one_similarity_between_0_and_1(a in any::<String>(), b in "\\PC{0,80}|[ab ]{0,30}") {
            if let (Some(first), Some(second)) = (Signature::from_text(&a), Signature::from_text(&b)) {
                let similarity = first.similarity(&second);
                prop_assert!((0.0..=1.0).contains(&similarity));
                prop_assert_eq!(similarity, second.similarity(&first));
                prop_assert_eq!(first.similarity(&first), 1.0);
            }
        }

        #[test]
        fn the_same_words_have_the_same_signature(words in proptest::collection::vec("[a-zäß0-9]{1,6}", 1..40)) {
            let other = format!("“{}”\r\n", words.join(" —\n").to_uppercase());
            prop_assert_eq!(Signature::from_text(&other), Signature::from_text(&words.join(" ")));
        }

        #[test]
        fn the_estimate_is_within_five_deviations(
            common in proptest::collection::vec(0..500u32, 0..300),
            first in proptest::collection::vec(0..500u32, 4..150),
            second in proptest::collection::vec(0..500u32, 4..150),
        ) {
            let text = |words: &[u32]| words.iter().map(|n| format!("{n} ")).collect::<String>();
            let (a, b) = (text(&[&common[..], &first].concat()), text(&[&common[..], &second].concat()));
            let error = estimate(&a, &b) - true_similarity(&a, &b);
            prop_assert!(error.abs() <= 5.0 * 0.0625, "{}", error);
        }
    }
}
