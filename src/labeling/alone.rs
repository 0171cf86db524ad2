//! Prepares one's own labels for a training without a corpus: which of them can be learned, and how
//! many folds they fill.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::list;
use crate::labeling::own_labels::OwnLabels;

/// Folds, unless a label or what is held out together is rarer.
const FOLDS: u32 = 5;
/// A label that was given less often cannot be both learned and held out.
const MIN_ROWS: u32 = 2;

/// Labels that are learned without a corpus.
#[derive(Debug)]
pub(super) struct Alone {
    pub(super) own: OwnLabels,
    /// Folds of the cross-validation; 0 where nothing can be held out.
    pub(super) folds: u32,
    /// What a coder should know, one sentence each.
    pub(super) notes: Vec<String>,
}

impl Alone {
    /// Leaves out labels that were given once, unless fewer than two labels were left.
    pub(super) fn new(own: &OwnLabels) -> Self {
        let mut of_label: BTreeMap<String, u32> = BTreeMap::new();
        own.rows.iter().for_each(|row| *of_label.entry(row.label.clone()).or_default() += 1);
        let labels = of_label.len();
        let (often, once): (Vec<_>, Vec<_>) = of_label.into_iter().partition(|(_, rows)| *rows >= MIN_ROWS);
        let once: Vec<String> = once.into_iter().map(|(label, _)| label).collect();
        if labels >= 2 && often.len() < 2 {
            return Alone { own: own.clone(), folds: 0, notes: vec![cannot_hold_out(&once)] };
        }
        let own = own.without(&once);
        let mut notes: Vec<String> = left_out(&once).into_iter().collect();
        let least = often.iter().map(|(_, rows)| *rows).min().unwrap_or(0);
        let folds = FOLDS.min(least).min(groups(&own));
        if folds < MIN_ROWS {
            let kind = own.grouped_by.unwrap_or("passage");
            notes.push(format!(
                "There are no figures, and probabilities are not calibrated: what was labeled is all of one {kind}, so none can be \
                 held out."
            ));
            return Alone { own, folds: 0, notes };
        }
        Alone { own, folds, notes }
    }
}

/// How many groups can be held out.
fn groups(own: &OwnLabels) -> u32 {
    let named: BTreeSet<&str> = own.rows.iter().filter_map(|row| row.group.as_deref()).collect();
    let single = own.rows.iter().filter(|row| row.group.is_none()).count();
    u32::try_from(named.len() + single).unwrap_or(u32::MAX)
}

/// What to say of labels that are not learned.
fn left_out(once: &[String]) -> Option<String> {
    let names = list(once);
    match once.len() {
        0 => None,
        1 => Some(format!(
            "{names} was given only once, so this model does not know it. Give it to another passage, then retrain."
        )),
        _ => Some(format!(
            "{names} were given only once each, so this model does not know them. Give each to another passage, then retrain."
        )),
    }
}

/// Why no passage can be held out.
fn cannot_hold_out(once: &[String]) -> String {
    format!(
        "There are no figures, and probabilities are not calibrated, because {} {} given only once: no model can both learn such a \
         label and be asked about it. Give it to another passage, then retrain.",
        list(once),
        if once.len() == 1 { "was" } else { "were each" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::decision::samples::decision;
    use crate::train::Row;

    /// Passages with these labels, each of its own source, or all of one.
    fn own(labels: &[(&str, u64)], grouped_by: Option<&'static str>) -> OwnLabels {
        let mut own = OwnLabels { grouped_by, ..OwnLabels::default() };
        for (label, count) in labels {
            for _ in 0..*count {
                let number = own.rows.len() as u64 + 1;
                let group = grouped_by.map(|_| "The Tide".to_owned());
                own.rows.push(Row { group, ..Row::new(*label, format!("passage {number}")) });
                own.decisions.push(decision(number, &format!("unit {number}"), Some(label)));
            }
        }
        own
    }

    #[test]
    fn a_label_that_was_given_once_is_left_out_and_named() {
        let alone = Alone::new(&own(&[("for", 12), ("mixed", 1), ("against", 9)], None));
        assert_eq!((alone.folds, alone.own.rows.len(), alone.own.decisions.len()), (5, 21, 21));
        assert!(alone.own.rows.iter().all(|row| row.label != "mixed"));
        let labels = alone.own.decisions.iter().map(|decision| decision.label.as_deref());
        assert!(labels.eq(alone.own.rows.iter().map(|row| Some(row.label.as_str()))), "row by row");
        assert!(alone.notes[0].starts_with("`mixed` was given only once"), "{:?}", alone.notes);
        let alone = Alone::new(&own(&[("for", 12), ("mixed", 1), ("none", 1), ("against", 3)], None));
        assert_eq!((alone.folds, alone.own.rows.len(), alone.notes.len()), (3, 15, 1));
        assert!(alone.notes[0].contains("`mixed`, `none` were"), "{:?}", alone.notes);
        assert!(Alone::new(&own(&[("for", 12), ("against", 2)], None)).notes.is_empty());
    }

    #[test]
    fn where_nothing_can_be_held_out_the_reason_is_told() {
        let alone = Alone::new(&own(&[("for", 20), ("against", 1)], None));
        assert_eq!((alone.folds, alone.own.rows.len()), (0, 21), "both labels are needed to learn anything");
        assert!(alone.notes[0].contains("because `against` was given only once"), "{:?}", alone.notes);
        let alone = Alone::new(&own(&[("for", 12), ("against", 9)], Some("source")));
        assert_eq!((alone.folds, alone.own.rows.len()), (0, 21));
        assert!(alone.notes[0].contains("all of one source"), "{:?}", alone.notes);
    }
}
