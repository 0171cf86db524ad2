//! Deals rows to folds: groups stay whole, and classes are spread as evenly as the groups allow.

use std::collections::BTreeSet;

use crate::error::{Error, Message, Result, list};
use crate::random::nth;
use crate::train::dataset::row::Rows;

/// The fold of each row; `None` for rows that are never held out.
pub(crate) type Folds = Vec<Option<u32>>;

/// How many folds there are, and what decides between groups of one size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dealing {
    pub folds: u32,
    pub seed: u64,
}

/// Deals the groups of some rows to folds, the largest first, each to the fold that is left most
/// even (as scikit-learn's `StratifiedGroupKFold`). `groups` has the group of every row. Rows for
/// training only are in no fold.
pub(crate) fn deal(rows: &Rows, among: &[usize], groups: &[usize], dealing: Dealing) -> Folds {
    let Dealing { folds, seed } = dealing;
    let classes = rows.labels.len();
    let (by_class, by_group) = counts(rows, among, groups);
    let mut order: Vec<usize> =
        (0..by_group.len()).filter(|&group| by_group[group].iter().any(|&count| count > 0)).collect();
    order.sort_by_key(|&group| {
        (std::cmp::Reverse(by_group[group].iter().sum::<u64>()), nth(seed, group as u64))
    });
    let mut filled = vec![vec![0u64; classes]; folds as usize];
    let mut fold_of_group = vec![None; by_group.len()];
    for group in order {
        let unevenness = |fold: usize| -> f64 {
            // Variance over the folds of each class's share, if the group went here.
            (0..classes)
                .map(|class| {
                    let share = |other: usize| {
                        let added = if other == fold { by_group[group][class] } else { 0 };
                        (filled[other][class] + added) as f64 / by_class[class].max(1) as f64
                    };
                    let mean = (0..filled.len()).map(share).sum::<f64>() / filled.len() as f64;
                    (0..filled.len()).map(|other| (share(other) - mean) * (share(other) - mean)).sum::<f64>()
                })
                .sum()
        };
        let size = |fold: usize| filled[fold].iter().sum::<u64>();
        let best = (0..filled.len())
            .min_by(|&a, &b| unevenness(a).total_cmp(&unevenness(b)).then_with(|| size(a).cmp(&size(b))))
            .unwrap_or(0);
        for (sum, count) in filled[best].iter_mut().zip(&by_group[group]) {
            *sum += count;
        }
        fold_of_group[group] = Some(best as u32);
    }
    let mut dealt = vec![None; rows.len()];
    for &row in among.iter().filter(|&&row| !rows.rows[row].train_only) {
        dealt[row] = fold_of_group[groups[row]];
    }
    dealt
}

/// Rows of each class, and of each class in each group.
fn counts(rows: &Rows, among: &[usize], groups: &[usize]) -> (Vec<u64>, Vec<Vec<u64>>) {
    let classes = rows.labels.len();
    let most = among.iter().map(|&row| groups[row]).max().map_or(0, |most| most + 1);
    let (mut by_class, mut by_group) = (vec![0u64; classes], vec![vec![0u64; classes]; most]);
    for &row in among.iter().filter(|&&row| !rows.rows[row].train_only) {
        by_group[groups[row]][rows.targets[row]] += 1;
        by_class[rows.targets[row]] += 1;
    }
    (by_class, by_group)
}

/// Checks that rows can be dealt to folds.
///
/// # Errors
/// A label with fewer rows than folds, or fewer groups than folds.
pub(crate) fn check(rows: &Rows, folds: u32) -> Result<()> {
    let all: Vec<usize> = (0..rows.len()).collect();
    let (_, by_group) = counts(rows, &all, &rows.groups);
    // What every fold learns from a corpus is not to be spread over them.
    let mut by_class = vec![0u64; rows.labels.len()];
    all.iter().filter(|&&row| rows.typical[row]).for_each(|&row| by_class[rows.targets[row]] += 1);
    let few: Vec<String> = rows
        .labels
        .names()
        .iter()
        .zip(&by_class)
        .filter(|&(_, &count)| count < u64::from(folds))
        .map(|(name, count)| format!("{name} ({count})"))
        .collect();
    if !few.is_empty() {
        return Err(Error::data(format!(
            "{folds}-fold cross-validation needs at least {folds} rows of each label; too few of {}.",
            list(&few)
        ))
        .with_hint(Message::naming(
            "Add rows, leave the label out with `ignored_labels`, or lower `folds` (0 for none)",
        )));
    }
    let groups = by_group.iter().filter(|counts| counts.iter().any(|&count| count > 0)).count();
    if groups < folds as usize { Err(too_few_groups(rows, groups, folds)) } else { Ok(()) }
}

/// The error of fewer groups than folds. It lists them, as nobody may have named their column.
fn too_few_groups(rows: &Rows, groups: usize, folds: u32) -> Error {
    let held_out = rows.rows.iter().filter(|row| !row.train_only);
    let names: BTreeSet<&str> = held_out.filter_map(|row| row.group.as_deref()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let listed = if names.is_empty() { String::new() } else { format!(": {}", list(&names)) };
    let message = format!(
        "{folds}-fold cross-validation by group needs at least {folds} groups; found {groups}{listed}."
    );
    Error::data(message).with_hint(match groups {
        0 | 1 => Message::naming("Choose another `group_column`"),
        _ => Message::naming("Lower `folds` ")
            .then(format!("to {groups}, or choose another "))
            .then(Message::parameter("group_column")),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::train::Row;

    fn rows(spec: &[(usize, usize)]) -> Rows<'static> {
        let row = |&(class, group): &(usize, usize)| Row {
            group: Some(format!("g{group}")),
            ..Row::new(format!("c{class}"), "x")
        };
        Rows::new(spec.iter().map(row).collect::<Vec<_>>()).unwrap()
    }

    fn deal_all(rows: &Rows, folds: u32, seed: u64) -> Folds {
        deal(rows, &(0..rows.len()).collect::<Vec<_>>(), &rows.groups, Dealing { folds, seed })
    }

    #[test]
    fn classes_are_spread_evenly() {
        let spec: Vec<(usize, usize)> = (0..60).map(|n| (n % 3, n)).collect();
        let rows = rows(&spec);
        let folds = deal_all(&rows, 5, 1);
        for fold in 0..5 {
            for class in 0..3 {
                let count = (0..60).filter(|&n| folds[n] == Some(fold) && rows.targets[n] == class).count();
                assert_eq!(count, 4, "fold {fold}, class {class}");
            }
        }
        assert_ne!(folds, deal_all(&rows, 5, 2), "the seed decides between equal groups");
    }

    #[test]
    fn too_few_rows_or_groups_are_refused_by_name() {
        let few = rows(&[(0, 0), (0, 1), (0, 2), (1, 3)]);
        let message = check(&few, 3).unwrap_err().to_string();
        assert!(message.contains("`c1 (1)`") && message.contains("lower `folds`"), "{message}");
        let one_group = rows(&[(0, 0), (0, 0), (1, 0), (1, 1)]);
        assert!(check(&one_group, 2).is_ok());
        let one_group = rows(&[(0, 0), (0, 0), (1, 0), (1, 0)]);
        assert!(check(&one_group, 2).unwrap_err().to_string().contains("groups"));
    }

    #[test]
    fn rows_for_training_only_are_never_held_out() {
        let spec: Vec<(usize, usize)> = (0..20).map(|n| (n % 2, n)).collect();
        let mut rows = rows(&spec);
        rows.rows.to_mut()[3].train_only = true;
        let folds = deal_all(&rows, 5, 1);
        assert_eq!(folds.iter().filter(|fold| fold.is_none()).count(), 1);
        assert_eq!(folds[3], None);
    }

    proptest! {
        #[test]
        fn groups_stay_whole(spec in proptest::collection::vec((0usize..3, 0usize..12), 30..80), seed in 0u64..9) {
            let distinct: std::collections::BTreeSet<usize> = spec.iter().map(|pair| pair.0).collect();
            prop_assume!(distinct.len() >= 2);
            let rows = rows(&spec);
            if check(&rows, 3).is_ok() {
                let folds = deal_all(&rows, 3, seed);
                for (a, fold) in folds.iter().enumerate() {
                    prop_assert!(fold.is_some_and(|fold| fold < 3));
                    for (b, other) in folds.iter().enumerate() {
                        prop_assert!(rows.groups[a] != rows.groups[b] || fold == other);
                    }
                }
            }
        }
    }
}
