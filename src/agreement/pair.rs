//! Measures how well two coders agree: share of equal codings and Cohen's kappa.

use serde::Serialize;

use crate::agreement::annotations::Annotations;
use crate::agreement::patterns::{Patterns, estimate, intervals};
use crate::evaluate::bootstrap::Drawing;
use crate::statistics::Estimate;

/// How well two coders agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PairAgreement {
    /// The indices of the two coders.
    pub coders: [usize; 2],
    /// Rows that both coded.
    pub rows: u64,
    /// Share of these on which they agree.
    pub share: Option<Estimate>,
    /// Cohen's kappa ("A coefficient of agreement for nominal scales", 1960); `None` if both gave
    /// one and the same label only.
    pub kappa: Option<Estimate>,
    /// Rows by the first coder's label, then by the second's.
    pub confusion: Vec<Vec<u64>>,
}

impl PairAgreement {
    /// Compares two coders of some annotations.
    pub(super) fn new(annotations: &Annotations, coders: [usize; 2], drawing: Drawing<'_>) -> Self {
        let pair = annotations.pair(coders);
        let coded = pair.rows().filter_map(|row| match row {
            [Some(first), Some(second)] => Some((*first as usize, *second as usize)),
            _ => None,
        });
        let Patterns { patterns, of_row, times } = Patterns::new(coded);
        let classes = annotations.labels().len();
        let sums = PairCounts::new(&patterns, &times, classes);
        let [share, kappa] = intervals(&of_row, drawing, |times| {
            let sums = PairCounts::new(&patterns, times, classes);
            [sums.share(), sums.kappa()]
        });
        PairAgreement {
            coders,
            rows: of_row.len() as u64,
            share: estimate(sums.share(), share),
            kappa: estimate(sums.kappa(), kappa),
            confusion: confusion(&patterns, &times, classes),
        }
    }
}

fn confusion(patterns: &[(usize, usize)], times: &[u64], classes: usize) -> Vec<Vec<u64>> {
    let mut confusion = vec![vec![0; classes]; classes];
    for (&(first, second), times) in patterns.iter().zip(times) {
        if let Some(count) = confusion.get_mut(first).and_then(|row| row.get_mut(second)) {
            *count += times;
        }
    }
    confusion
}

/// The counts behind kappa: rows, those on which both coders agree, and how often each coder gave
/// each label.
struct PairCounts {
    all: u64,
    equal: u64,
    first: Vec<u64>,
    second: Vec<u64>,
}

impl PairCounts {
    fn new(patterns: &[(usize, usize)], times: &[u64], classes: usize) -> Self {
        let mut sums = PairCounts { all: 0, equal: 0, first: vec![0; classes], second: vec![0; classes] };
        for (&(first, second), times) in patterns.iter().zip(times) {
            sums.all += times;
            sums.equal += if first == second { *times } else { 0 };
            let places = [sums.first.get_mut(first), sums.second.get_mut(second)];
            places.into_iter().flatten().for_each(|count| *count += times);
        }
        sums
    }

    fn share(&self) -> Option<f64> {
        (self.all > 0).then(|| self.equal as f64 / self.all as f64)
    }

    /// Cohen's kappa: (observed - expected) / (1 - expected) agreement, where the expected
    /// agreement is that of two independent coders with these shares of labels (Cohen 1960, Educ.
    /// Psychol. Meas. 20).
    fn kappa(&self) -> Option<f64> {
        let all = self.all as f64;
        let products =
            self.first.iter().zip(&self.second).map(|(&first, &second)| first as f64 * second as f64);
        let expected = products.sum::<f64>() / (all * all);
        let observed = self.share()?;
        (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_is_that_of_a_table_computed_by_hand() {
        // 200 rows: 140 on the diagonal; expected 120 x 100, 60 x 60 and 20 x 40 over 200, that is
        // 82: 58 / 118.
        let kappa = |table: &[[u64; 3]; 3]| {
            let patterns: Vec<_> = (0..9).map(|at| (at / 3, at % 3)).collect();
            PairCounts::new(&patterns, table.as_flattened(), 3).kappa()
        };
        let table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]];
        assert!((kappa(&table).unwrap() - 58.0 / 118.0).abs() < 1e-15);
        assert_eq!(kappa(&[[0, 5, 0], [5, 0, 0], [0, 0, 0]]), Some(-1.0));
        assert_eq!(kappa(&[[7, 0, 0], [0; 3], [0; 3]]), None, "one label only");
        assert_eq!(kappa(&[[0, 7, 0], [0; 3], [0; 3]]), Some(0.0));
        assert_eq!(kappa(&[[0; 3]; 3]), None);
    }
}
