//! Splits rows into those that are learned from and those that are held out: at random, by groups,
//! by time.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::tabulate::Period;
use crate::train::dataset::row::Rows;
use crate::train::fit::Split;
use crate::train::validation::folds::{Dealing, deal};

/// How rows were held out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitKind {
    /// Rows at random: what the model does on more of the same outlets and stories.
    Random,
    /// All rows of a group together: what it does on an outlet or author that it has never seen.
    Groups,
    /// The latest rows: what it does on times that come.
    Dates,
}

impl fmt::Display for SplitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SplitKind::Random => "random rows",
            SplitKind::Groups => "unseen groups",
            SplitKind::Dates => "later dates",
        })
    }
}

/// How the rows of the cross-validation are held out: by groups where there are any.
pub(crate) fn main_kind(rows: &Rows) -> SplitKind {
    if rows.has_groups() { SplitKind::Groups } else { SplitKind::Random }
}

/// Share of the dated rows that are held out as the latest.
const LATEST: f64 = 0.2;

/// Splits some of the rows in one way, a split a fold; one split by dates. Rows for training only
/// are in every training part. Splits that leave nothing to test, or one label alone to learn from,
/// are left out.
pub(crate) fn splits(rows: &Rows, kind: SplitKind, among: &[usize], dealing: Dealing) -> Vec<Split> {
    let all = match kind {
        SplitKind::Dates => by_date(rows, among).into_iter().collect(),
        // Beside unseen groups, the estimate is for more of the same stories: only repeats stay
        // together.
        SplitKind::Random if rows.has_groups() => by_fold(rows, &rows.repeats, among, dealing),
        SplitKind::Random | SplitKind::Groups => by_fold(rows, &rows.families, among, dealing),
    };
    all.into_iter().filter(|split| !split.test.is_empty() && has_two_labels(rows, &split.train)).collect()
}

fn by_fold(rows: &Rows, groups: &[usize], among: &[usize], dealing: Dealing) -> Vec<Split> {
    let dealt = deal(rows, among, groups, dealing);
    (0..dealing.folds)
        .map(|fold| {
            let (test, train) = among.iter().partition(|&&row| dealt[row] == Some(fold));
            Split { train, test }
        })
        .collect()
}

/// The latest rows, from a day on, held out of those before. Rows without a date that can be read
/// are in neither part, nor are earlier rows that a later one repeats.
fn by_date(rows: &Rows, among: &[usize]) -> Option<Split> {
    let mut dated: Vec<(String, usize)> = among
        .iter()
        .filter(|&&row| !rows.rows[row].train_only)
        .filter_map(|&row| Some((day(rows.rows[row].date.as_deref()?)?, row)))
        .collect();
    dated.sort();
    let first = dated.len() - ((LATEST * dated.len() as f64) as usize).min(dated.len());
    let cut = &dated.get(first)?.0;
    let earlier = dated.partition_point(|(date, _)| date < cut);
    let (earlier, later) = dated.split_at(earlier);
    let fixed = among.iter().copied().filter(|&row| rows.rows[row].train_only);
    let mut test: Vec<usize> = later.iter().map(|(_, row)| *row).collect();
    let tested: BTreeSet<usize> = test.iter().map(|&row| rows.repeats[row]).collect();
    let is_new = |row: &usize| !tested.contains(&rows.repeats[*row]);
    let mut train: Vec<usize> = earlier.iter().map(|(_, row)| *row).filter(is_new).chain(fixed).collect();
    train.sort_unstable();
    test.sort_unstable();
    Some(Split { train, test })
}

/// A date as text that sorts by time; the first day of what is less exact comes first.
pub(crate) fn day(written: &str) -> Option<String> {
    [Period::Day, Period::Month, Period::Year].into_iter().find_map(|period| period.cut(written))
}

fn has_two_labels(rows: &Rows, chosen: &[usize]) -> bool {
    let mut targets = chosen.iter().map(|&row| rows.targets[row]);
    let first = targets.next();
    targets.any(|target| Some(target) != first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Row;

    fn rows(dates: &[&str]) -> Rows<'static> {
        let row = |(number, date): (usize, &&str)| Row {
            date: (!date.is_empty()).then(|| (*date).to_owned()),
            group: Some(format!("g{}", number / 2)),
            ..Row::new(["a", "b"][number % 2], "text")
        };
        Rows::new(dates.iter().enumerate().map(row).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn the_latest_fifth_is_held_out_and_no_day_is_split() {
        let mut dates =
            ["2024-01-05", "03.01.2024", "2024", "someday", "", "2024-01-04", "2024-01-06"].to_vec();
        dates.extend(["2024-03-01"; 3]);
        let rows = rows(&dates);
        let all: Vec<usize> = (0..rows.len()).collect();
        let found = splits(&rows, SplitKind::Dates, &all, Dealing { folds: 5, seed: 1 });
        assert_eq!(found, [Split { train: vec![0, 1, 2, 5, 6], test: vec![7, 8, 9] }]);
        assert!(
            splits(&rows, SplitKind::Dates, &[3, 4], Dealing { folds: 5, seed: 1 }).is_empty(),
            "no date can be read"
        );
        assert!(
            splits(&rows, SplitKind::Dates, &[7, 8, 9], Dealing { folds: 5, seed: 1 }).is_empty(),
            "all are of one day"
        );
    }

    #[test]
    fn folds_hold_out_rows_or_groups_once_each() {
        let rows = rows(&["2024"; 24]);
        let all: Vec<usize> = (0..24).collect();
        for kind in [SplitKind::Random, SplitKind::Groups] {
            let found = splits(&rows, kind, &all, Dealing { folds: 4, seed: 1 });
            let mut tested: Vec<usize> = found.iter().flat_map(|split| split.test.clone()).collect();
            tested.sort_unstable();
            assert_eq!(tested, all);
            let broken = found.iter().any(|split| {
                split
                    .test
                    .iter()
                    .any(|row| split.train.iter().any(|other| rows.groups[*row] == rows.groups[*other]))
            });
            assert_eq!(broken, kind == SplitKind::Random);
        }
    }

    #[test]
    fn a_split_that_leaves_one_label_to_learn_from_is_left_out() {
        let rows = rows(&["2024"; 4]);
        assert!(splits(&rows, SplitKind::Groups, &[0, 2], Dealing { folds: 2, seed: 1 }).is_empty());
    }
}
