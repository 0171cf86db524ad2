//! Sums numbers in [-1, 1] exactly, so that the result does not depend on their order or on how
//! they are divided into parts.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Count, sum and sum of squares as integers: sums of f64 depend on their order.
///
/// For the mean each number is rounded to a multiple of 2^-60, which is exact above 2^-8; for the
/// variance to a multiple of 2^-40, whose square fits, too. There is room for 2^46 numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Saved", try_from = "Saved")]
pub(crate) struct ExactSums {
    count: u64,
    /// In units of 2^-60.
    sum: i128,
    /// In units of 2^-40.
    coarse: i128,
    /// In units of 2^-80.
    squares: i128,
}

const FINE: f64 = (1u64 << 60) as f64;
const COARSE: f64 = (1u64 << 40) as f64;

impl ExactSums {
    /// Adds a number; numbers outside [-1, 1] are clamped.
    pub(crate) fn add(&mut self, number: f64) {
        let number = number.clamp(-1.0, 1.0);
        let coarse = (number * COARSE).round() as i128;
        self.merge(&ExactSums {
            count: 1,
            sum: (number * FINE).round() as i128,
            coarse,
            squares: coarse.wrapping_mul(coarse),
        });
    }

    /// Adds the sums of other numbers.
    pub(crate) fn merge(&mut self, other: &ExactSums) {
        self.count = self.count.wrapping_add(other.count);
        self.sum = self.sum.wrapping_add(other.sum);
        self.coarse = self.coarse.wrapping_add(other.coarse);
        self.squares = self.squares.wrapping_add(other.squares);
    }

    /// How many numbers were added.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The mean; `None` without numbers.
    pub(crate) fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64 / FINE)
    }

    /// The sample variance, divided by n - 1; `None` for fewer than two numbers.
    pub(crate) fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        // About the mean's whole part q, exactly: with sum = n q + r, the squares about q are
        // squares - q (sum + r), and those about the mean less by r^2 / n.
        let n = i128::from(self.count);
        let (q, r) = (self.coarse.div_euclid(n), self.coarse.rem_euclid(n));
        let about = self.squares.wrapping_sub(q.wrapping_mul(self.coarse.wrapping_add(r))) as f64;
        let (n, r) = (n as f64, r as f64);
        Some(((about - r * (r / n)) / (n - 1.0)).max(0.0) / (COARSE * COARSE))
    }
}

/// The sums in decimal, for not every format keeps integers of 128 bits.
#[derive(Serialize, Deserialize)]
struct Saved(u64, String, String, String);

impl From<ExactSums> for Saved {
    fn from(moments: ExactSums) -> Self {
        let ExactSums { count, sum, coarse, squares } = moments;
        Saved(count, sum.to_string(), coarse.to_string(), squares.to_string())
    }
}

impl TryFrom<Saved> for ExactSums {
    type Error = Error;

    fn try_from(Saved(count, sum, coarse, squares): Saved) -> Result<Self> {
        let damaged = || Error::data("saved sums are damaged: no numbers in [-1, 1] have these sums");
        let parse = |text: &str| text.parse::<i128>().map_err(|_| damaged());
        let moments =
            ExactSums { count, sum: parse(&sum)?, coarse: parse(&coarse)?, squares: parse(&squares)? };
        let n = u128::from(count);
        let sound = count < 1 << 46
            && moments.sum.unsigned_abs() <= n << 60
            && moments.coarse.unsigned_abs() <= n << 40
            && (0..=n << 80).contains(&u128::try_from(moments.squares).map_err(|_| damaged())?);
        if sound { Ok(moments) } else { Err(damaged()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(numbers: &[f64]) -> ExactSums {
        let mut moments = ExactSums::default();
        numbers.iter().for_each(|&number| moments.add(number));
        moments
    }

    #[test]
    fn figures_at_points_known_by_hand() {
        assert_eq!(of(&[]).mean(), None);
        assert_eq!(of(&[0.3]).mean(), Some(0.3));
        assert_eq!(of(&[0.3]).variance(), None);
        let three = of(&[-0.5, 0.25, 1.0]);
        assert_eq!((three.mean(), three.variance()), (Some(0.25), Some(0.5625)));
        assert_eq!(of(&[1.5, -7.0]).mean(), Some(0.0));
    }

    #[test]
    fn equal_numbers_do_not_vary() {
        let same = of(&[1.0 / 3.0; 1000]);
        assert_eq!((same.mean(), same.variance()), (Some(1.0 / 3.0), Some(0.0)));
    }

    #[test]
    fn damaged_sums_are_refused() {
        for text in [
            r#"[1,"1152921504606846977","0","0"]"#,
            r#"[1,"0","0","-1"]"#,
            r#"[1,"x","0","0"]"#,
            r#"[99999999999999999,"0","0","0"]"#,
        ] {
            assert!(serde_json::from_str::<ExactSums>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_bits(numbers in prop::collection::vec(-1.0..=1.0f64, 0..60), cut in 0..60usize) {
            let (first, second) = numbers.split_at(cut.min(numbers.len()));
            let mut parts = of(second);
            parts.merge(&of(first));
            prop_assert_eq!(parts, of(&numbers));
            let saved = serde_json::to_string(&parts).unwrap();
            prop_assert_eq!(serde_json::from_str::<ExactSums>(&saved).unwrap(), parts);
        }

        #[test]
        fn figures_are_those_of_the_definition(numbers in prop::collection::vec(-1.0..=1.0f64, 2..60)) {
            let n = numbers.len() as f64;
            let mean = numbers.iter().sum::<f64>() / n;
            let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
            let moments = of(&numbers);
            prop_assert!((moments.mean().unwrap() - mean).abs() < 1e-14);
            prop_assert!((moments.variance().unwrap() - variance).abs() < 1e-11);
        }
    }
}
