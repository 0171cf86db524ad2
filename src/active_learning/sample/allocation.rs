//! Decides how many things are drawn from each stratum.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// How a sample is spread over strata.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allocation {
    /// Draws equally many from each stratum, as far as it has them, so that rare strata are
    /// measured as well as frequent ones.
    #[default]
    Equal,
    /// Draws from each stratum in proportion to its size, and at least one, so that the weights are
    /// nearly equal.
    Proportional,
}

named!(Allocation { Equal: "equal", Proportional: "proportional" });

impl Allocation {
    /// Returns how many things are drawn from each stratum: at least one, at most all, and `sample`
    /// together if there are as many. A sample smaller than the number of strata draws one from
    /// each. Nothing is drawn from an empty stratum.
    pub fn shares(self, sizes: &[u64], sample: u64) -> Vec<u64> {
        let filled = sizes.iter().filter(|&&size| size > 0).count() as u64;
        let sample = sample.max(filled).min(sizes.iter().sum());
        match self {
            Allocation::Equal => equal(sizes, sample),
            Allocation::Proportional => proportional(sizes, sample),
        }
    }
}

/// Returns the indices of `sizes`, the largest size first; ties go to the earlier index.
fn largest_first(sizes: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(sizes.get(at).copied().unwrap_or(0)));
    order
}

/// Goes from the smallest stratum up and gives each an equal share of what is left. What a small
/// stratum lacks goes to the larger ones, and so does the remainder of the division.
fn equal(sizes: &[u64], sample: u64) -> Vec<u64> {
    let mut shares = vec![0; sizes.len()];
    let mut left = sample;
    let order = largest_first(sizes);
    for (larger, at) in order.into_iter().enumerate().rev() {
        let size = sizes.get(at).copied().unwrap_or(0);
        let share = size.min(left / (larger as u64 + 1));
        if let Some(slot) = shares.get_mut(at) {
            *slot = share;
        }
        left -= share;
    }
    shares
}

/// Gives each stratum one, and distributes the rest by the largest remainder (Hamilton's method).
fn proportional(sizes: &[u64], sample: u64) -> Vec<u64> {
    let mut shares: Vec<u64> = sizes.iter().map(|&size| size.min(1)).collect();
    let rest: Vec<u64> = sizes.iter().map(|&size| size.saturating_sub(1)).collect();
    let all = u128::from(rest.iter().sum::<u64>()).max(1);
    let sample = sample.saturating_sub(shares.iter().sum());
    let quota = |rest: u64| u128::from(rest) * u128::from(sample);
    let mut left = sample;
    for (share, &rest) in shares.iter_mut().zip(&rest) {
        let whole = (quota(rest) / all) as u64;
        *share += whole;
        left -= whole;
    }
    let mut order = largest_first(sizes);
    order.sort_by_key(|&at| std::cmp::Reverse(rest.get(at).map_or(0, |&rest| quota(rest) % all)));
    for at in order.into_iter().take(left as usize) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_at_points_known_by_hand() {
        for (sizes, sample, equal, proportional) in [
            (vec![100, 100, 100], 200, vec![66, 67, 67], vec![67, 67, 66]),
            (vec![1000, 10, 90], 120, vec![55, 10, 55], vec![108, 2, 10]),
            (vec![1000, 10, 90], 60, vec![25, 10, 25], vec![53, 1, 6]),
            (vec![5, 0, 3], 100, vec![5, 0, 3], vec![5, 0, 3]),
            (vec![50, 60, 70], 2, vec![1, 1, 1], vec![1, 1, 1]),
            (vec![999, 1], 10, vec![9, 1], vec![9, 1]),
            (vec![], 5, vec![], vec![]),
        ] {
            let sum = |shares: &[u64]| shares.iter().sum::<u64>();
            let found = Allocation::Equal.shares(&sizes, sample);
            assert_eq!(sum(&found), sum(&equal), "{sizes:?} {found:?}");
            let mut sorted = (found.clone(), equal.clone());
            sorted.0.sort_unstable();
            sorted.1.sort_unstable();
            assert_eq!(sorted.0, sorted.1, "{sizes:?} equal");
            assert_eq!(
                Allocation::Proportional.shares(&sizes, sample),
                proportional,
                "{sizes:?} proportional"
            );
        }
    }

    proptest! {
        #[test]
        fn every_stratum_is_drawn_from_and_none_beyond_its_size(
            sizes in proptest::collection::vec(0..5000u64, 0..12), sample in 0..6000u64
        ) {
            let all: u64 = sizes.iter().sum();
            let filled = sizes.iter().filter(|&&size| size > 0).count() as u64;
            for allocation in [Allocation::Equal, Allocation::Proportional] {
                let shares = allocation.shares(&sizes, sample);
                prop_assert_eq!(shares.len(), sizes.len());
                prop_assert_eq!(shares.iter().sum::<u64>(), sample.max(filled).min(all));
                for (&share, &size) in shares.iter().zip(&sizes) {
                    prop_assert!(share <= size && (share > 0) == (size > 0), "{:?}: {:?} of {:?}", allocation, shares, sizes);
                }
                for (at, &size) in sizes.iter().enumerate() {
                    let larger = (0..sizes.len()).filter(|&other| sizes[other] > size);
                    prop_assert!(larger.into_iter().all(|other| shares[other] >= shares[at]), "{:?} of {:?}", shares, sizes);
                }
            }
        }

        #[test]
        fn equal_shares_differ_by_one_where_strata_are_large(
            sizes in proptest::collection::vec(100..5000u64, 1..9), sample in 9..100u64
        ) {
            let shares = Allocation::Equal.shares(&sizes, sample);
            let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
            prop_assert!(most - least <= 1, "{:?}", shares);
        }
    }
}
