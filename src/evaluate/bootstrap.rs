//! Rows to the interval of a figure by the percentile bootstrap.

use super::interval::Interval;
use crate::random::Random;

/// Samples that are drawn: enough that the ends hardly move with the seed (Efron and Tibshirani, "An Introduction to the
/// Bootstrap", 1993, section 14.3).
pub const RESAMPLES: usize = 2000;

/// 95 % intervals of several figures: as many samples of the rows as [`RESAMPLES`] says are drawn with replacement, each as
/// large as the rows are many, and `figures` are asked for each, given how often each kind of row was drawn. `kinds` has the
/// number of each row's kind.
///
/// A figure has no interval with less than two rows, or if it is undefined in more than one sample of ten.
pub(super) fn intervals<const N: usize>(
    kinds: &[usize],
    seed: u64,
    mut figures: impl FnMut(&[u64]) -> [Option<f64>; N],
) -> [Option<Interval>; N] {
    let mut found: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    if kinds.len() >= 2 {
        let mut random = Random::new(seed);
        let mut times = vec![0; kinds.iter().max().map_or(0, |most| most + 1)];
        for _ in 0..RESAMPLES {
            times.fill(0);
            for _ in kinds {
                let kind = kinds.get(random.below(kinds.len())).copied();
                if let Some(count) = kind.and_then(|kind| times.get_mut(kind)) {
                    *count += 1;
                }
            }
            for (values, figure) in found.iter_mut().zip(figures(&times)) {
                values.extend(figure);
            }
        }
    }
    found.map(percentiles)
}

/// The 2.5th and 97.5th percentiles, by the nearest rank outwards.
fn percentiles(mut values: Vec<f64>) -> Option<Interval> {
    if values.len() * 10 < RESAMPLES * 9 {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let outside = (values.len() as f64 * 0.025) as usize;
    Some(Interval { low: *values.get(outside)?, high: *values.get(values.len() - 1 - outside)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_share_is_near_the_one_by_formula() {
        // 60 of 100: 0.6 -+ 1.96 x sqrt(0.24 / 100) = 0.504 to 0.696.
        let kinds: Vec<usize> = (0..100).map(|row| usize::from(row < 60)).collect();
        let share = |times: &[u64]| [Some(times[1] as f64 / 100.0)];
        let [found] = intervals(&kinds, 1, share);
        let found = found.unwrap();
        assert!((found.low - 0.504).abs() < 0.012 && (found.high - 0.696).abs() < 0.012, "{found:?}");
        assert_eq!(intervals(&kinds, 1, share), [Some(found)], "the same seed");
    }

    #[test]
    fn every_sample_has_as_many_rows_as_there_are() {
        let [found] =
            intervals(&[0, 2, 2, 1, 0, 4, 4, 4, 3], 3, |times| [Some(times.iter().sum::<u64>() as f64)]);
        assert_eq!(found, Some(Interval { low: 9.0, high: 9.0 }));
    }

    #[test]
    fn what_is_mostly_undefined_has_no_interval() {
        let mut calls = 0;
        let [often, seldom] = intervals(&[0; 5], 1, |_| {
            calls += 1;
            [(calls % 10 > 1).then_some(1.0), (calls % 20 > 0).then_some(1.0)]
        });
        assert_eq!((often, seldom), (None, Some(Interval { low: 1.0, high: 1.0 })));
        assert_eq!(intervals(&[0], 1, |_| [Some(1.0)]), [None]);
    }
}
