//! Tests whether two models are equally good, by the rows that only one of them answers correctly:
//! McNemar's test.

use serde::Serialize;

/// McNemar's test: rows that one model alone answers correctly, and the probability of so uneven a
/// split if both models are equally good.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct McNemar {
    /// Rows that only the first model answers correctly.
    pub only_first: u64,
    /// Rows that only the second model answers correctly.
    pub only_second: u64,
    /// Exact two-sided p-value: the probability of a split as uneven or more.
    pub exact: f64,
    /// Two-sided mid-p value, which counts the split itself by half and is closer to its nominal
    /// level.
    pub mid_p: f64,
}

impl McNemar {
    /// Runs the test on the numbers of rows that one model alone answers correctly. Rows are
    /// treated as independent and of equal weight.
    ///
    /// McNemar 1947, "Note on the sampling error of the difference between correlated proportions
    /// or percentages", Psychometrika 12. Mid-p: Fagerland, Lydersen & Laake 2013, "The McNemar
    /// test for binary matched-pairs data: mid-p and asymptotic are better than exact conditional",
    /// BMC Med. Res. Methodol. 13.
    pub fn new(only_first: u64, only_second: u64) -> Self {
        let (least, all) = (only_first.min(only_second), only_first.saturating_add(only_second));
        let probability = |k: u64| binomial(k, all);
        // The terms fall from `least` down: what is far below is nothing beside the first.
        let mut tail = 0.0;
        for k in (0..=least).rev() {
            let term = probability(k);
            tail += term;
            if term <= tail * 1e-17 {
                break;
            }
        }
        let exact = (2.0 * tail).min(1.0);
        McNemar { only_first, only_second, exact, mid_p: (2.0 * tail - probability(least)).clamp(0.0, 1.0) }
    }
}

/// The probability of k heads among n tosses of a fair coin.
fn binomial(k: u64, n: u64) -> f64 {
    let (k, n) = (k as f64, n as f64);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    libm::exp(ways - n * std::f64::consts::LN_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, known: f64) {
        assert!((found - known).abs() < 1e-9 * known.max(1e-3), "{found} {known}");
    }

    #[test]
    fn the_chances_at_points_known_by_hand() {
        // 1 of 5: 2 x (1 + 5) / 32, and less the 5 / 32 of the split itself.
        let test = McNemar::new(1, 4);
        near(test.exact, 0.375);
        near(test.mid_p, 0.375 - 5.0 / 32.0);
        // Fagerland et al. 2013, table 1 and page 4: 1 and 7 of 21 pairs, exact 0.070, mid-p 0.039.
        let test = McNemar::new(1, 7);
        near(test.exact, 2.0 * 9.0 / 256.0);
        near(test.mid_p, 10.0 / 256.0);
        assert_eq!(McNemar::new(7, 1).mid_p, test.mid_p);
    }

    #[test]
    fn an_even_split_and_no_split_at_all_are_certain() {
        for (first, second) in [(0, 0), (1, 1), (40, 40)] {
            let test = McNemar::new(first, second);
            assert!((test.mid_p - 1.0).abs() < 1e-9 && test.exact == 1.0, "{test:?}");
        }
    }

    #[test]
    fn large_splits_are_neither_slow_nor_infinite() {
        // scipy.stats.binomtest(49800, 100000).pvalue.
        let test = McNemar::new(49_800, 50_200);
        assert!((test.exact - 0.2070).abs() < 2e-3, "{test:?}");
        let test = McNemar::new(0, 100_000);
        assert!(test.exact < 1e-300 && test.mid_p < 1e-300);
        assert!(McNemar::new(1 << 20, 1 << 20).mid_p > 0.9);
    }
}
