//! Finds what makes held-out figures too good: near-duplicates in two groups, and terms that stand
//! for one outlet.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::near_duplicates::{Signature, Stories, content_hash};
use crate::progress::Progress;
use crate::train::dataset::data::Data;
use crate::train::dataset::row::Rows;
use crate::train::fit::Fitted;

/// Two rows that tell the same story, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RowPair {
    /// The later row.
    pub row: usize,
    /// The earlier one.
    pub earlier: usize,
}

/// Rows that tell the same story.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NearDuplicates {
    /// Rows that repeat an earlier one.
    pub rows: usize,
    /// Of those, rows whose earlier one is of another group, with which they are held out.
    pub across_groups: usize,
    /// Of those, rows whose earlier one has another label.
    pub other_label: usize,
    /// The first pairs across groups.
    pub pairs: Vec<RowPair>,
}

/// Number of pairs that are shown.
const MAX_SHOWN: usize = 5;

/// Looks for near-duplicates among the rows that may be held out. Gives what is shown of them, and
/// all pairs.
pub(crate) fn near_duplicates(
    rows: &Rows,
    progress: &dyn Progress,
) -> Result<(NearDuplicates, Vec<RowPair>)> {
    let candidates: Vec<usize> = (0..rows.len()).filter(|&row| !rows.rows[row].train_only).collect();
    let sign = |&row: &usize| {
        progress.check()?;
        let text = &rows.rows[row].text;
        let signature = Signature::from_text(text);
        // A text of a few words has no signature: it is compared whole.
        let whole = if signature.is_none() { content_hash(text) } else { None };
        Ok((signature, whole))
    };
    let signatures = candidates.par_iter().map(sign).collect::<Result<Vec<_>>>()?;
    let (mut stories, mut found, mut pairs) = (Stories::new(), NearDuplicates::default(), Vec::new());
    let mut short_texts = HashMap::new();
    for (place, (&row, (signature, whole))) in candidates.iter().zip(signatures).enumerate() {
        progress.check()?;
        let same_story = stories.add(signature);
        let same_words = whole.map(|hash| *short_texts.entry(hash).or_insert(place));
        let Some(earlier) = same_story.or(same_words.filter(|&first| first < place)) else { continue };
        let earlier = candidates[earlier];
        pairs.push(RowPair { row, earlier });
        found.rows += 1;
        found.other_label += usize::from(rows.targets[row] != rows.targets[earlier]);
        if rows.groups[row] != rows.groups[earlier] {
            found.across_groups += 1;
            if found.pairs.len() < MAX_SHOWN {
                found.pairs.push(RowPair { row, earlier });
            }
        }
    }
    Ok((found, pairs))
}

/// A term that weighs much and stands for one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceTerm {
    /// The term.
    pub term: String,
    /// The group that has most of its rows.
    pub group: String,
    /// Rows that hold it.
    pub rows: u32,
    /// Share of them that are of that group.
    pub share: f64,
    /// Its greatest weight for a label.
    pub weight: f64,
}

/// Smallest share of a term's rows that must be of one group for the term to be listed, ...
const MIN_SHARE: f64 = 0.8;
/// ... smallest number of rows that must hold it, ...
const MIN_ROWS: u32 = 5;
/// ... and number of the heaviest terms among which it must be.
const MAX_HEAVIEST: usize = 2000;
/// Number of terms that are listed.
const MAX_LISTED: usize = 20;

/// The heaviest terms of a fitted model that stand for one group.
pub(crate) fn source_terms(data: &Data<'_>, fitted: &Fitted, chosen: &[usize]) -> Vec<SourceTerm> {
    let names: BTreeMap<usize, &str> = chosen
        .iter()
        .filter_map(|&row| Some((data.rows.groups[row], data.rows.rows[row].group.as_deref()?)))
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let columns = fitted.logistic.intercepts().len();
    let mut heaviest: Vec<(f64, u32)> = fitted
        .logistic
        .weights()
        .chunks_exact(columns.max(1))
        .take(fitted.features.own.len())
        .zip(0u32..)
        .map(|(weights, feature)| {
            let scale = fitted.features.own.scale(feature);
            (weights.iter().fold(0.0, |most: f64, weight| most.max(weight.abs() * scale)), feature)
        })
        .collect();
    let by_weight = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if heaviest.len() > MAX_HEAVIEST {
        heaviest.select_nth_unstable_by(MAX_HEAVIEST, by_weight);
        heaviest.truncate(MAX_HEAVIEST);
    }
    heaviest.sort_unstable_by(by_weight);
    let mut wanted = vec![false; data.counted.terms().len()];
    heaviest
        .iter()
        .filter_map(|(_, feature)| fitted.features.own.term(*feature))
        .for_each(|term| wanted[term as usize] = true);
    let spread = data.counted.spread(chosen, &data.rows.groups, |term| wanted[term as usize]);
    heaviest
        .into_iter()
        .filter_map(|(weight, feature)| {
            let term = fitted.features.own.term(feature)?;
            let spread = spread.get(term as usize)?;
            let one = spread.documents >= MIN_ROWS && spread.share() >= MIN_SHARE;
            one.then(|| SourceTerm {
                term: data.counted.terms().text(term),
                group: names.get(&spread.group).copied().unwrap_or("").to_owned(),
                rows: spread.documents,
                share: spread.share(),
                weight,
            })
        })
        .take(MAX_LISTED)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::train::dataset::counted::Corpus;
    use crate::train::fit::{FitParams, fit};
    use crate::train::{Hyperparameters, Row};

    #[test]
    fn reprints_in_other_groups_are_counted() {
        let story = "The harbour was closed on Monday after a storm had torn two ships from their moorings.";
        let row =
            |label: &str, group: &str, text: &str| Row { group: Some(group.into()), ..Row::new(label, text) };
        let rows = Rows::new(vec![
            row("a", "g", story),
            row("a", "g", story),
            row("b", "h", story),
            row("b", "h", "Voters in the valley go to the polls today, and nobody knows who will win there."),
            Row { train_only: true, ..Row::new("a", story) },
        ])
        .unwrap();
        let (found, pairs) = near_duplicates(&rows, &Silent).unwrap();
        assert_eq!(pairs.len(), 2);
        assert_eq!((found.rows, found.across_groups, found.other_label), (2, 1, 1));
        assert_eq!(found.pairs, [RowPair { row: 2, earlier: 0 }]);
    }

    #[test]
    fn a_byline_is_found_and_named_by_its_outlet() {
        let row = |number: usize| {
            let (label, outlet) = [("a", "Alpha"), ("b", "Beta"), ("b", "Gamma")][number % 3];
            let byline = if outlet == "Alpha" { "alphawire" } else { "" };
            Row { group: Some(outlet.into()), ..Row::new(label, format!("{byline} news of day {number}")) }
        };
        let rows = Rows::new((0..30).map(row).collect::<Vec<_>>()).unwrap();
        let mut settings = Hyperparameters::default();
        settings.pruning.min_df = 1;
        let corpus = Corpus { rows: &rows, unlabeled: &[], min_words: 5, vectors: None, progress: &Silent };
        let data = Data::new(corpus, &settings).unwrap();
        settings.pruning.min_df = 2;
        let all: Vec<usize> = (0..30).collect();
        let fitted = fit(&data, FitParams { settings: &settings, tolerance: 1e-6 }, &all).unwrap();
        let found = source_terms(&data, &fitted, &all);
        assert_eq!((found[0].group.as_str(), found[0].rows, found[0].share), ("Alpha", 10, 1.0));
        assert!(found.iter().all(|term| term.term.contains("alphawir")), "{found:?}");
    }
}
