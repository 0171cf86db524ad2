//! Measures how well coders agree: share of equal codings, and Krippendorff's alpha.

use serde::Serialize;

use crate::agreement::annotations::Annotations;
use crate::agreement::pair::PairAgreement;
use crate::agreement::patterns::{Patterns, estimate, intervals};
use crate::evaluate::bootstrap::Drawing;
use crate::statistics::Estimate;

/// How well all coders agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Agreement {
    /// Rows that at least two coders coded. All figures are of these rows.
    pub rows: u64,
    /// Rows on which all coders who coded them agree.
    pub unanimous: u64,
    /// Share of the pairs of codings of one row that are equal, each row's pairs weighted as in
    /// alpha. With two coders, the share of rows on which they agree.
    pub share: Option<Estimate>,
    /// Krippendorff's alpha for nominal labels ("Computing Krippendorff's Alpha-Reliability",
    /// 2011); `None` if all codings are of one label: then nothing shows whether the coders can
    /// tell labels apart.
    pub alpha: Option<Estimate>,
    /// Figures of each label, in the order of [`Annotations::labels`].
    pub labels: Vec<LabelAgreement>,
    /// Figures of each pair of coders: the first with the second, the first with the third, and so
    /// on.
    pub pairs: Vec<PairAgreement>,
}

/// How well coders agree on one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelAgreement {
    /// The label.
    pub label: String,
    /// Codings with this label, of rows that two coders or more coded.
    pub codings: u64,
    /// Probability that another coder of the same row gave this label too; `None` without codings.
    /// With two coders, it is twice the number of rows on which both gave it, divided by the number
    /// of codings with it.
    pub share: Option<f64>,
}

impl Agreement {
    /// Computes the figures of some annotations. Intervals come from a bootstrap over rows; `seed`
    /// decides which are drawn.
    pub fn new(annotations: &Annotations, seed: u64) -> Self {
        Self::drawn(annotations, seed.into())
    }

    /// As [`Agreement::new`], by draws that may be stopped.
    pub(super) fn drawn(annotations: &Annotations, drawing: Drawing<'_>) -> Self {
        let coded = annotations.rows().filter(|row| row.iter().flatten().count() > 1);
        let Patterns { patterns, of_row, times } = Patterns::new(coded);
        let classes = annotations.labels().len();
        let sums = Coincidences::new(&patterns, &times, classes);
        let [share, alpha] = intervals(&of_row, drawing, |times| {
            let sums = Coincidences::new(&patterns, times, classes);
            [sums.share(), sums.alpha()]
        });
        let label = |((label, &codings), &equal): ((&String, &f64), &f64)| LabelAgreement {
            label: label.clone(),
            codings: codings as u64,
            share: (codings > 0.0).then(|| equal / codings),
        };
        let coders = annotations.coders();
        Agreement {
            rows: of_row.len() as u64,
            unanimous: patterns
                .iter()
                .zip(&times)
                .filter(|(row, _)| is_unanimous(row))
                .map(|(_, times)| times)
                .sum(),
            share: estimate(sums.share(), share),
            alpha: estimate(sums.alpha(), alpha),
            labels: annotations.labels().iter().zip(&sums.codings).zip(&sums.equal).map(label).collect(),
            pairs: (0..coders)
                .flat_map(|first| (first + 1..coders).map(move |second| [first, second]))
                .map(|pair| PairAgreement::new(annotations, pair, drawing))
                .collect(),
        }
    }
}

/// Whether no two coders of a row gave it different labels.
fn is_unanimous(row: &[Option<u32>]) -> bool {
    let mut given = row.iter().flatten();
    given.next().is_none_or(|first| given.all(|label| label == first))
}

/// Krippendorff's coincidence matrix: its margins and its diagonal.
struct Coincidences {
    codings: Vec<f64>,
    equal: Vec<f64>,
}

impl Coincidences {
    /// Adds up rows with at least two codings; `times` says how often each pattern counts.
    fn new(patterns: &[&[Option<u32>]], times: &[u64], classes: usize) -> Self {
        let mut sums = Coincidences { codings: vec![0.0; classes], equal: vec![0.0; classes] };
        let drawn = patterns.iter().zip(times).filter(|(_, times)| **times > 0);
        drawn.for_each(|(row, times)| sums.add(row, *times as f64));
        sums
    }

    fn add(&mut self, row: &[Option<u32>], times: f64) {
        let others = row.iter().flatten().count() as f64 - 1.0;
        for (coder, label) in row.iter().enumerate() {
            let Some(label) = label else { continue };
            let same = row.iter().enumerate().filter(|&(at, other)| at != coder && *other == Some(*label));
            let same = same.count() as f64;
            if let Some(sum) = self.codings.get_mut(*label as usize) {
                *sum += times;
            }
            if let Some(sum) = self.equal.get_mut(*label as usize) {
                *sum += times * same / others;
            }
        }
    }

    /// Observed agreement: the share of pairs of codings of one row that are equal.
    fn share(&self) -> Option<f64> {
        let codings: f64 = self.codings.iter().sum();
        (codings > 0.0).then(|| self.equal.iter().sum::<f64>() / codings)
    }

    /// Krippendorff's alpha: 1 - observed / expected disagreement, with (n - 1) because codings are
    /// drawn without replacement (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
    fn alpha(&self) -> Option<f64> {
        let n: f64 = self.codings.iter().sum();
        let observed = n - self.equal.iter().sum::<f64>();
        let expected = (n * n - self.codings.iter().map(|count| count * count).sum::<f64>()) / (n - 1.0);
        (n > 1.0 && expected > 0.0).then(|| 1.0 - observed / expected)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One string a coder, one character a row; a point is a row that was not coded.
    fn annotate(coders: &[&str]) -> Annotations {
        let rows = coders[0].chars().count();
        let label = |coder: &&str, row: usize| {
            coder.chars().nth(row).filter(|&label| label != '.').map(|label| label.to_string())
        };
        let row = |row: usize| coders.iter().map(|coder| label(coder, row)).collect();
        Annotations::new(coders.len(), &(0..rows).map(row).collect::<Vec<_>>()).unwrap()
    }

    fn alpha(coders: &[&str]) -> Option<f64> {
        Agreement::new(&annotate(coders), 1).alpha.map(|alpha| alpha.value)
    }

    #[test]
    fn alpha_is_that_of_krippendorffs_examples() {
        // "Computing Krippendorff's Alpha-Reliability" (2011): A, binary; B, nominal; C, four
        // observers with missing codings.
        let meg_owen = ["0100000010", "1110010000"];
        assert!((alpha(&meg_owen).unwrap() - 0.095).abs() < 5e-4, "{:?}", alpha(&meg_owen));
        let ben_gerry = ["aabbdcccedda", "babbbccceddd"];
        assert!((alpha(&ben_gerry).unwrap() - 0.692).abs() < 5e-4, "{:?}", alpha(&ben_gerry));
        let four = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
        assert!((alpha(&four).unwrap() - 0.743).abs() < 5e-4, "{:?}", alpha(&four));
    }

    #[test]
    fn all_figures_of_a_small_table_are_known_by_hand() {
        // aa aa ab bb b. -> four rows of two codings: a 5 times, b 3 times.
        let found = Agreement::new(&annotate(&["aaabb", "aabb."]), 1);
        assert_eq!((found.rows, found.unanimous), (4, 3));
        assert_eq!(found.share.unwrap().value, 0.75);
        // Observed disagreement 2 of 8; expected (64 - 25 - 9) / 7.
        assert!((found.alpha.unwrap().value - (1.0 - 2.0 * 7.0 / 30.0)).abs() < 1e-15);
        let labels: Vec<_> = found.labels.iter().map(|label| (label.codings, label.share.unwrap())).collect();
        assert_eq!(labels, [(5, 0.8), (3, 2.0 / 3.0)]);
        let [pair] = &found.pairs[..] else { panic!("{found:?}") };
        assert_eq!((pair.coders, pair.rows, &pair.confusion), ([0, 1], 4, &vec![vec![2, 1], vec![0, 1]]));
        // (3/4 - (3 x 2 + 1 x 2) / 16) / (1 - 1/2)
        assert_eq!(pair.kappa.unwrap().value, 0.5);
    }

    #[test]
    fn what_is_undefined_is_none() {
        let one_label = Agreement::new(&annotate(&["aaa", "aaa"]), 1);
        assert_eq!((one_label.alpha, one_label.pairs[0].kappa), (None, None));
        assert_eq!(one_label.share.unwrap().value, 1.0);
        let nothing = Agreement::new(&annotate(&["a..", ".b."]), 1);
        assert_eq!((nothing.rows, nothing.share, nothing.alpha), (0, None, None));
        assert_eq!((nothing.pairs[0].share, nothing.labels[0].share), (None, None));
    }

    #[test]
    fn intervals_hold_the_figure_and_narrow_with_more_rows() {
        let width = |times: usize| {
            let coders = ["aabbab".repeat(times), "abbbaa".repeat(times)];
            let found = Agreement::new(&annotate(&coders.each_ref().map(String::as_str)), 3);
            let alpha = found.alpha.unwrap();
            let interval = alpha.interval.unwrap();
            assert!(interval.low < alpha.value && alpha.value < interval.high, "{alpha:?}");
            interval.high - interval.low
        };
        assert!(width(40) < 0.6 * width(10), "a half is expected");
    }

    proptest! {
        #[test]
        fn alpha_of_two_complete_coders_follows_from_pooled_shares(
            pairs in proptest::collection::vec((0..4u8, 0..4u8), 2..40)
        ) {
            let text = |part: fn(&(u8, u8)) -> u8| pairs.iter().map(|pair| part(pair).to_string()).collect::<String>();
            let (first, second) = (text(|pair| pair.0), text(|pair| pair.1));
            let n = 2.0 * pairs.len() as f64;
            let count = |label: u8| pairs.iter().map(|p| usize::from(p.0 == label) + usize::from(p.1 == label)).sum::<usize>() as f64;
            let observed = pairs.iter().filter(|p| p.0 != p.1).count() as f64 / pairs.len() as f64;
            let expected = 1.0 - (0..4).map(|label| count(label) * (count(label) - 1.0)).sum::<f64>() / (n * (n - 1.0));
            let found = alpha(&[&first, &second]);
            prop_assert_eq!(found.is_some(), expected > 0.0);
            if let Some(found) = found {
                prop_assert!((found - (1.0 - observed / expected)).abs() < 1e-9);
                prop_assert!(found <= 1.0);
            }
        }
    }
}
