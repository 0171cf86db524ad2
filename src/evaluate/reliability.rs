//! Bins answers by confidence, and counts how many are correct in each bin.

use serde::Serialize;

use crate::statistics::Interval;

/// Rows whose likeliest class has a probability over `low` and up to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Bin {
    /// Over this.
    pub low: f64,
    /// Up to this.
    pub high: f64,
    /// How many.
    pub rows: u64,
    /// Their weight.
    pub weight: f64,
    /// Mean probability of the likeliest class.
    pub confidence: f64,
    /// Share of correct answers.
    pub accuracy: f64,
}

impl Bin {
    /// Wilson's interval of the share of correct answers, for rows that are independent.
    pub fn interval(&self) -> Option<Interval> {
        let correct = (self.accuracy * self.rows as f64).round() as u64;
        Interval::wilson(correct.min(self.rows), self.rows, self.rows)
    }
}

/// Sums of the rows in bins of equal width; holds only bins with rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reliability {
    /// In the order of `at`.
    sums: Vec<Sum>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sum {
    at: u8,
    rows: f64,
    weight: f64,
    confidence: f64,
    correct: f64,
}

impl Reliability {
    /// Bins of equal width, as in Guo et al. 2017.
    pub(super) const BINS: u8 = 15;

    pub(super) fn add(&mut self, confidence: f64, correct: bool, weight: f64) {
        let bins = f64::from(Self::BINS);
        // A bin holds its upper end: ((m - 1) / M, m / M].
        let upper = (confidence * bins).ceil().clamp(1.0, bins) as u8;
        // What is no number is as unsure as can be.
        let at = upper.saturating_sub(1);
        let sum = Sum {
            at,
            rows: 1.0,
            weight,
            confidence: weight * confidence,
            correct: if correct { weight } else { 0.0 },
        };
        self.put(sum);
    }

    fn put(&mut self, more: Sum) {
        let found = self.sums.binary_search_by_key(&more.at, |sum| sum.at);
        let index = found.unwrap_or_else(|index| {
            self.sums.insert(index, Sum { at: more.at, ..Sum::default() });
            index
        });
        if let Some(sum) = self.sums.get_mut(index) {
            sum.rows += more.rows;
            sum.weight += more.weight;
            sum.confidence += more.confidence;
            sum.correct += more.correct;
        }
    }

    pub(super) fn merge_times(&mut self, other: &Reliability, times: f64) {
        for &Sum { at, rows, weight, confidence, correct } in &other.sums {
            self.put(Sum {
                at,
                rows: times * rows,
                weight: times * weight,
                confidence: times * confidence,
                correct: times * correct,
            });
        }
    }

    pub(super) fn emptied(&self) -> Self {
        Reliability { sums: self.sums.iter().map(|sum| Sum { at: sum.at, ..Sum::default() }).collect() }
    }

    /// Sum over the bins of weight x distance of the share of right answers from the mean
    /// confidence.
    pub(super) fn distance(&self) -> f64 {
        self.sums.iter().map(|sum| (sum.correct - sum.confidence).abs()).sum()
    }

    /// Sum over the bins of weight x squared distance, less what chance alone adds to it: p (1 - p)
    /// / (n - 1) in a bin of n rows with a share p of right answers. Bins of one row say nothing
    /// about chance and are left out.
    pub(super) fn debiased_squares(&self) -> f64 {
        let bins = self.sums.iter().filter(|sum| sum.weight > 0.0 && sum.rows > 1.0);
        bins.map(|sum| {
            let (right, sure) = (sum.correct / sum.weight, sum.confidence / sum.weight);
            sum.weight * ((right - sure) * (right - sure) - right * (1.0 - right) / (sum.rows - 1.0))
        })
        .sum()
    }

    pub(super) fn bins(&self) -> impl Iterator<Item = Bin> + '_ {
        let end = |at: u8| f64::from(at) / f64::from(Self::BINS);
        self.sums.iter().filter(|sum| sum.weight > 0.0).map(move |sum| Bin {
            low: end(sum.at),
            high: end(sum.at + 1),
            rows: sum.rows as u64,
            weight: sum.weight,
            confidence: sum.confidence / sum.weight,
            accuracy: sum.correct / sum.weight,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_holds_its_upper_end_and_the_last_holds_certainty() {
        let mut found = Reliability::default();
        for confidence in [0.0, 0.2, 0.21, 1.0] {
            found.add(confidence, true, 1.0);
        }
        let bins: Vec<(f64, f64, f64)> = found.bins().map(|bin| (bin.low, bin.high, bin.weight)).collect();
        let end = |at: u8| f64::from(at) / 15.0;
        assert_eq!(
            bins,
            [(end(0), end(1), 1.0), (end(2), end(3), 1.0), (end(3), end(4), 1.0), (end(14), 1.0, 1.0)]
        );
        found.add(f64::NAN, true, 1.0);
        found.add(7.0, true, 1.0);
    }

    #[test]
    fn the_distance_at_a_point_known_by_hand() {
        let mut found = Reliability::default();
        // 0.9 and 0.92 share a bin: one of two right, |1 - 1.82|. 0.5 is wrong: |0 - 0.5|, with
        // weight 2.
        found.add(0.9, true, 1.0);
        found.add(0.92, false, 1.0);
        found.add(0.5, false, 2.0);
        assert!((found.distance() - (0.82 + 1.0)).abs() < 1e-15);
        let last = found.bins().last().unwrap();
        assert!((last.confidence - 0.91).abs() < 1e-15 && last.accuracy == 0.5);
        assert_eq!((last.rows, last.interval()), (2, Interval::wilson(1, 2, 2)));
        // The bin of two: 2 (0.41^2 - 0.25).
        assert!((found.debiased_squares() - 2.0 * (0.1681 - 0.25)).abs() < 1e-12);
    }
}
