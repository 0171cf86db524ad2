//! Codings to figures of how well the coders agree: share, Cohen's kappa, Krippendorff's alpha.

use std::collections::BTreeMap;

use crate::agreement::annotations::Annotations;
use crate::evaluate::bootstrap::{by_times, column, percentiles};
use crate::statistics::{Estimate, Interval};

/// How all coders agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Rows that at least two coders coded; the figures come from these.
    pub rows: u64,
    /// Rows on which all who coded them agree.
    pub unanimous: u64,
    /// Share of the pairs of codings of one row that are equal, each row's pairs weighted as in alpha. With two coders,
    /// the share of rows on which they agree.
    pub share: Option<Estimate>,
    /// Krippendorff's alpha for nominal labels ("Computing Krippendorff's Alpha-Reliability", 2011); `None` where all
    /// codings are one label, for then nobody knows whether the coders can tell labels apart.
    pub alpha: Option<Estimate>,
    /// Figures of each label, in the order of the labels.
    pub labels: Vec<LabelAgreement>,
    /// Each pair of coders, the first with the second, the first with the third ...
    pub pairs: Vec<PairAgreement>,
}

/// How coders agree on one label.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelAgreement {
    /// Codings with this label, of rows that two coders or more coded.
    pub codings: u64,
    /// The chance that another coder of the row gave this label too; `None` without codings. With two coders, twice the
    /// rows on which both gave it, divided by the codings with it.
    pub share: Option<f64>,
}

/// How two coders agree.
#[derive(Clone, Debug, PartialEq)]
pub struct PairAgreement {
    /// The coders, by their places.
    pub coders: (usize, usize),
    /// Rows that both coded.
    pub rows: u64,
    /// Share of these on which they agree.
    pub share: Option<Estimate>,
    /// Cohen's kappa ("A coefficient of agreement for nominal scales", 1960); `None` where both gave one label only.
    pub kappa: Option<Estimate>,
    /// Rows by the first coder's label, then by the second's.
    pub confusion: Vec<Vec<u64>>,
}

impl Agreement {
    /// The figures; `seed` decides which samples of the rows their intervals come from.
    pub fn of(codings: &Annotations, seed: u64) -> Self {
        let coded = codings.rows().filter(|row| row.iter().flatten().count() > 1);
        let Kinds { kinds, of_row, times } = Kinds::of(coded);
        let classes = codings.labels().len();
        let sums = Sums::of(&kinds, &times, classes);
        let [share, alpha] = intervals(&of_row, seed, |times| {
            let sums = Sums::of(&kinds, times, classes);
            [sums.share(), sums.alpha()]
        });
        let label = |(&codings, &equal): (&f64, &f64)| LabelAgreement {
            codings: codings as u64,
            share: (codings > 0.0).then(|| equal / codings),
        };
        let coders = codings.coders();
        Agreement {
            rows: of_row.len() as u64,
            unanimous: kinds
                .iter()
                .zip(&times)
                .filter(|(row, _)| is_unanimous(row))
                .map(|(_, times)| times)
                .sum(),
            share: estimate(sums.share(), share),
            alpha: estimate(sums.alpha(), alpha),
            labels: sums.codings.iter().zip(&sums.equal).map(label).collect(),
            pairs: (0..coders)
                .flat_map(|first| (first + 1..coders).map(move |second| (first, second)))
                .map(|pair| PairAgreement::of(codings, pair, seed))
                .collect(),
        }
    }
}

/// Rows by kinds: rows with the same labels are of one kind, so that samples of them are counted and not walked through.
struct Kinds<T> {
    kinds: Vec<T>,
    /// The kind of each row.
    of_row: Vec<usize>,
    /// How many rows are of each kind.
    times: Vec<u64>,
}

impl<T: Ord + Copy> Kinds<T> {
    fn of(rows: impl Iterator<Item = T>) -> Self {
        let mut numbers: BTreeMap<T, usize> = BTreeMap::new();
        let mut found = Kinds { kinds: Vec::new(), of_row: Vec::new(), times: Vec::new() };
        for row in rows {
            let kind = *numbers.entry(row).or_insert_with(|| {
                found.kinds.push(row);
                found.times.push(0);
                found.kinds.len() - 1
            });
            found.of_row.push(kind);
            if let Some(count) = found.times.get_mut(kind) {
                *count += 1;
            }
        }
        found
    }
}

/// Whether no two coders of a row gave it different labels.
fn is_unanimous(row: &[Option<u32>]) -> bool {
    let mut given = row.iter().flatten();
    given.next().is_none_or(|first| given.all(|label| label == first))
}

fn estimate(value: Option<f64>, interval: Option<Interval>) -> Option<Estimate> {
    value.map(|value| Estimate { value, interval })
}

/// What alpha is made of: the margins of Krippendorff's coincidence matrix, and its diagonal.
struct Sums {
    codings: Vec<f64>,
    equal: Vec<f64>,
}

impl Sums {
    /// Sums over kinds of rows with two codings and more, each counted as many times as `times` says.
    fn of(kinds: &[&[Option<u32>]], times: &[u64], classes: usize) -> Self {
        let mut sums = Sums { codings: vec![0.0; classes], equal: vec![0.0; classes] };
        let drawn = kinds.iter().zip(times).filter(|(_, times)| **times > 0);
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

    /// Observed agreement.
    fn share(&self) -> Option<f64> {
        let codings: f64 = self.codings.iter().sum();
        (codings > 0.0).then(|| self.equal.iter().sum::<f64>() / codings)
    }

    /// 1 - observed / expected disagreement, with (n - 1) for codings drawn without replacement.
    fn alpha(&self) -> Option<f64> {
        let n: f64 = self.codings.iter().sum();
        let observed = n - self.equal.iter().sum::<f64>();
        let expected = (n * n - self.codings.iter().map(|count| count * count).sum::<f64>()) / (n - 1.0);
        (n > 1.0 && expected > 0.0).then(|| 1.0 - observed / expected)
    }
}

impl PairAgreement {
    fn of(codings: &Annotations, coders: (usize, usize), seed: u64) -> Self {
        let pair = codings.of_pair(coders.0, coders.1);
        let coded = pair.rows().filter_map(|row| match row {
            [Some(first), Some(second)] => Some((*first as usize, *second as usize)),
            _ => None,
        });
        let Kinds { kinds, of_row, times } = Kinds::of(coded);
        let classes = codings.labels().len();
        let sums = PairSums::of(&kinds, &times, classes);
        let [share, kappa] = intervals(&of_row, seed, |times| {
            let sums = PairSums::of(&kinds, times, classes);
            [sums.share(), sums.kappa()]
        });
        PairAgreement {
            coders,
            rows: of_row.len() as u64,
            share: estimate(sums.share(), share),
            kappa: estimate(sums.kappa(), kappa),
            confusion: confusion(&kinds, &times, classes),
        }
    }
}

/// The intervals of figures whose rows are drawn again and again, given how often each kind of row was drawn; none with fewer
/// than two rows. `kinds` has the number of each row's kind.
fn intervals<const N: usize>(
    kinds: &[usize],
    seed: u64,
    figures: impl Fn(&[u64]) -> [Option<f64>; N] + Sync,
) -> [Option<Interval>; N] {
    let count = kinds.iter().max().map_or(0, |most| most + 1);
    let of_kinds = |times: &[u32]| {
        let mut sums = vec![0; count];
        for (&kind, &times) in kinds.iter().zip(times) {
            if let Some(sum) = sums.get_mut(kind) {
                *sum += u64::from(times);
            }
        }
        figures(&sums).to_vec()
    };
    let drawn = if kinds.len() < 2 { Vec::new() } else { by_times(kinds.len(), seed, &of_kinds) };
    std::array::from_fn(|at| percentiles(column(&drawn, at)))
}

fn confusion(kinds: &[(usize, usize)], times: &[u64], classes: usize) -> Vec<Vec<u64>> {
    let mut confusion = vec![vec![0; classes]; classes];
    for (&(first, second), times) in kinds.iter().zip(times) {
        if let Some(count) = confusion.get_mut(first).and_then(|row| row.get_mut(second)) {
            *count += times;
        }
    }
    confusion
}

/// What kappa is made of: rows, those on the diagonal, and how often each coder gave each label.
struct PairSums {
    all: u64,
    equal: u64,
    first: Vec<u64>,
    second: Vec<u64>,
}

impl PairSums {
    fn of(kinds: &[(usize, usize)], times: &[u64], classes: usize) -> Self {
        let mut sums = PairSums { all: 0, equal: 0, first: vec![0; classes], second: vec![0; classes] };
        for (&(first, second), times) in kinds.iter().zip(times) {
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

    /// (observed - expected) / (1 - expected): what is expected if each coder keeps to the own shares of labels and both
    /// are independent.
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
    use proptest::prelude::*;

    use super::*;

    /// One string a coder, one character a row; a point is a row that was not coded.
    fn codings(coders: &[&str]) -> Annotations {
        let rows = coders[0].chars().count();
        let label = |coder: &&str, row: usize| {
            coder.chars().nth(row).filter(|&label| label != '.').map(|label| label.to_string())
        };
        let row = |row: usize| coders.iter().map(|coder| label(coder, row)).collect();
        Annotations::new(coders.len(), &(0..rows).map(row).collect::<Vec<_>>()).unwrap()
    }

    fn alpha(coders: &[&str]) -> Option<f64> {
        Agreement::of(&codings(coders), 1).alpha.map(|alpha| alpha.value)
    }

    #[test]
    fn alpha_is_that_of_krippendorffs_examples() {
        // "Computing Krippendorff's Alpha-Reliability" (2011): A, binary; B, nominal; C, four observers with missing codings.
        let meg_owen = ["0100000010", "1110010000"];
        assert!((alpha(&meg_owen).unwrap() - 0.095).abs() < 5e-4, "{:?}", alpha(&meg_owen));
        let ben_gerry = ["aabbdcccedda", "babbbccceddd"];
        assert!((alpha(&ben_gerry).unwrap() - 0.692).abs() < 5e-4, "{:?}", alpha(&ben_gerry));
        let four = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
        assert!((alpha(&four).unwrap() - 0.743).abs() < 5e-4, "{:?}", alpha(&four));
    }

    #[test]
    fn kappa_is_that_of_a_table_computed_by_hand() {
        // 200 rows: 140 on the diagonal; expected 120 x 100, 60 x 60 and 20 x 40 over 200, that is 82: 58 / 118.
        let kappa = |table: &[[u64; 3]; 3]| {
            let kinds: Vec<_> = (0..9).map(|at| (at / 3, at % 3)).collect();
            PairSums::of(&kinds, table.as_flattened(), 3).kappa()
        };
        let table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]];
        assert!((kappa(&table).unwrap() - 58.0 / 118.0).abs() < 1e-15);
        assert_eq!(kappa(&[[0, 5, 0], [5, 0, 0], [0, 0, 0]]), Some(-1.0));
        assert_eq!(kappa(&[[7, 0, 0], [0; 3], [0; 3]]), None, "one label only");
        assert_eq!(kappa(&[[0, 7, 0], [0; 3], [0; 3]]), Some(0.0));
        assert_eq!(kappa(&[[0; 3]; 3]), None);
    }

    #[test]
    fn all_figures_of_a_small_table_are_known_by_hand() {
        // aa aa ab bb b. -> four rows of two codings: a 5 times, b 3 times.
        let found = Agreement::of(&codings(&["aaabb", "aabb."]), 1);
        assert_eq!((found.rows, found.unanimous), (4, 3));
        assert_eq!(found.share.unwrap().value, 0.75);
        // Observed disagreement 2 of 8; expected (64 - 25 - 9) / 7.
        assert!((found.alpha.unwrap().value - (1.0 - 2.0 * 7.0 / 30.0)).abs() < 1e-15);
        let labels: Vec<_> = found.labels.iter().map(|label| (label.codings, label.share.unwrap())).collect();
        assert_eq!(labels, [(5, 0.8), (3, 2.0 / 3.0)]);
        let [pair] = &found.pairs[..] else { panic!("{found:?}") };
        assert_eq!((pair.coders, pair.rows, &pair.confusion), ((0, 1), 4, &vec![vec![2, 1], vec![0, 1]]));
        // (3/4 - (3 x 2 + 1 x 2) / 16) / (1 - 1/2)
        assert_eq!(pair.kappa.unwrap().value, 0.5);
    }

    #[test]
    fn what_is_undefined_is_none() {
        let one_label = Agreement::of(&codings(&["aaa", "aaa"]), 1);
        assert_eq!((one_label.alpha, one_label.pairs[0].kappa), (None, None));
        assert_eq!(one_label.share.unwrap().value, 1.0);
        let nothing = Agreement::of(&codings(&["a..", ".b."]), 1);
        assert_eq!((nothing.rows, nothing.share, nothing.alpha), (0, None, None));
        assert_eq!((nothing.pairs[0].share, nothing.labels[0].share), (None, None));
    }

    #[test]
    fn intervals_hold_the_figure_and_narrow_with_more_rows() {
        let width = |times: usize| {
            let coders = ["aabbab".repeat(times), "abbbaa".repeat(times)];
            let found = Agreement::of(&codings(&coders.each_ref().map(String::as_str)), 3);
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
