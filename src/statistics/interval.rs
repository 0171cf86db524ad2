//! Computes 95 % confidence intervals of shares and means.

use serde::Serialize;

/// The 0.975 quantile of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// The 0.975 quantiles of Student's t with 1 to 30 degrees of freedom: Abramowitz & Stegun 1964,
/// table 26.10, here to the last digit of f64 from the inverse of the incomplete beta function
/// (26.7.1).
const STUDENT: [f64; 30] = [
    12.706204736174705,
    4.302652729749464,
    3.1824463052837095,
    2.7764451051977943,
    2.5705818356363155,
    2.44691185114497,
    2.3646242515927853,
    2.3060041352041667,
    2.2621571627982053,
    2.228138851986275,
    2.2009851600916397,
    2.178812829667229,
    2.1603686564627926,
    2.144786687917804,
    2.1314495455597755,
    2.1199052992212546,
    2.109815577833317,
    2.1009220402410387,
    2.0930240544083096,
    2.085963447265865,
    2.0796138447276804,
    2.0738730679040263,
    2.0686576104190486,
    2.063898561628026,
    2.0595385527532977,
    2.055529438642873,
    2.0518305164802855,
    2.048407141795245,
    2.0452296421327043,
    2.042272456301238,
];

/// A 95 % confidence interval, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Computes Wilson's score interval of the share `part / whole`, measured on so many
    /// independent observations. It lies in [0, 1] and holds the share. `None` without
    /// observations, or if `part` is greater than `whole`.
    ///
    /// Wilson 1927, "Probable inference, the law of succession, and statistical inference", J. Am.
    /// Stat. Assoc. 22.
    pub fn wilson(part: u64, whole: u64, observations: u64) -> Option<Self> {
        if whole == 0 || observations == 0 || part > whole {
            return None;
        }
        let (share, n) = (part as f64 / whole as f64, observations as f64);
        let square = NORMAL * NORMAL;
        let middle = (share + square / (2.0 * n)) / (1.0 + square / n);
        let root = (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
        let half = NORMAL / (1.0 + square / n) * root;
        // At no and at all the formula gives 0 and 1 but for rounding.
        let low = if part == 0 { 0.0 } else { (middle - half).clamp(0.0, share) };
        let high = if part == whole { 1.0 } else { (middle + half).clamp(share, 1.0) };
        Some(Interval { low, high })
    }

    /// Computes Student's interval of a mean: mean -+ t sqrt(variance / n) with n - 1 degrees of
    /// freedom, for n independent observations. `None` for fewer than two.
    ///
    /// Student 1908, "The probable error of a mean", Biometrika 6.
    pub fn student(mean: f64, variance: f64, observations: u64) -> Option<Self> {
        let quantile = student(observations.checked_sub(1)?)?;
        let half = quantile * (variance / observations as f64).sqrt();
        Some(Interval { low: mean - half, high: mean + half })
    }

    /// The part of the interval in which the figure can lie: a mean of values from -1 to 1 is never
    /// below -1.
    #[must_use]
    pub fn within(self, low: f64, high: f64) -> Self {
        Interval { low: self.low.max(low), high: self.high.min(high) }
    }
}

/// The 0.975 quantile of Student's t: from the table, and beyond it by the expansion in 1/freedom
/// of Abramowitz & Stegun 1964, 26.7.5, whose error is below 3e-8 there.
fn student(freedom: u64) -> Option<f64> {
    let row = usize::try_from(freedom.checked_sub(1)?).unwrap_or(usize::MAX);
    if let Some(&quantile) = STUDENT.get(row) {
        return Some(quantile);
    }
    let (x, v) = (NORMAL, freedom as f64);
    let s = x * x;
    let terms = [
        (s + 1.0) * x / 4.0,
        ((5.0 * s + 16.0) * s + 3.0) * x / 96.0,
        (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) * x / 384.0,
        ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) * x / 92160.0,
    ];
    Some(x + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / v))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// P(|T| <= t) by the finite sums of Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.
    fn within(t: f64, freedom: u64) -> f64 {
        let angle = (t / (freedom as f64).sqrt()).atan();
        let (sin, square) = (angle.sin(), angle.cos() * angle.cos());
        let odd = freedom % 2 == 1;
        let (mut term, mut sum) = (if odd { angle.cos() } else { 1.0 }, 0.0);
        let mut k = if odd { 3 } else { 2 };
        while k <= freedom {
            sum += term;
            term *= square * (k - 1) as f64 / k as f64;
            k += 2;
        }
        if odd { std::f64::consts::FRAC_2_PI * (angle + sin * sum) } else { sin * sum }
    }

    #[test]
    fn wilsons_interval_at_points_known_by_hand() {
        for (part, whole, low, high) in [
            (7, 10, 0.396_778_147_461_145_3, 0.892_208_732_593_699),
            (0, 10, 0.0, 0.277_532_799_862_889_25),
            (10, 10, 0.722_467_200_137_110_7, 1.0),
            (1, 1, 0.206_549_314_377_237_4, 1.0),
            (3, 40, 0.025_836_025_774_588_2, 0.198_642_335_243_105_46),
        ] {
            let found = Interval::wilson(part, whole, whole).unwrap();
            assert!((found.low - low).abs() < 1e-15 && (found.high - high).abs() < 1e-15, "{found:?}");
        }
    }

    #[test]
    fn reprints_do_not_narrow_an_interval() {
        assert_eq!(Interval::wilson(28, 40, 10), Interval::wilson(7, 10, 10));
        assert_eq!(Interval::wilson(28, 40, 0), None);
        assert_eq!(Interval::wilson(0, 0, 0), None);
        assert_eq!(Interval::wilson(2, 1, 1), None);
    }

    #[test]
    fn the_quantiles_leave_five_percent_outside() {
        for freedom in 1..=30 {
            assert!((within(student(freedom).unwrap(), freedom) - 0.95).abs() < 1e-14, "{freedom}");
        }
        for freedom in [31, 32, 50, 101, 1000] {
            assert!((within(student(freedom).unwrap(), freedom) - 0.95).abs() < 1e-8, "{freedom}");
        }
        assert!((student(31).unwrap() - 2.039_513_446_396_41).abs() < 3e-8);
        assert_eq!(student(u64::MAX), Some(NORMAL));
        assert_eq!(student(0), None);
    }

    #[test]
    fn students_interval_at_a_point_known_by_hand() {
        // 1, 2, 3: mean 2, variance 1, half the interval 4.302652729749464 / sqrt(3).
        let found = Interval::student(2.0, 1.0, 3).unwrap();
        assert!((found.high - 4.484_137_711_75).abs() < 1e-10, "{found:?}");
        assert!((found.low + 0.484_137_711_75).abs() < 1e-10, "{found:?}");
        assert_eq!(Interval::student(2.0, 0.0, 3), Some(Interval { low: 2.0, high: 2.0 }));
        assert_eq!(Interval::student(2.0, 1.0, 1), None);
        assert_eq!(Interval::student(2.0, 1.0, 0), None);
    }

    proptest! {
        #[test]
        fn a_shares_interval_holds_it_and_lies_in_0_to_1(
            whole in 1..u64::MAX, part in any::<u64>(), observations in prop_oneof![1..100u64, any::<u64>()]
        ) {
            let part = part % (whole + 1);
            if let Some(found) = Interval::wilson(part, whole, observations) {
                let share = part as f64 / whole as f64;
                prop_assert!(0.0 <= found.low && found.low <= share, "{found:?} {share}");
                prop_assert!(share <= found.high && found.high <= 1.0, "{found:?} {share}");
            }
        }
    }
}
