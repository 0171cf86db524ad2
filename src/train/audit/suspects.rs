//! Finds rows whose labels look wrong, from held-out probabilities: confident learning (Northcutt,
//! Jiang & Chuang 2021, "Confident learning: estimating uncertainty in dataset labels", section 3).

use crate::label::ClassId;
use crate::train::dataset::data::Data;
use crate::train::dataset::row::Rows;
use crate::train::fit::Fitted;
use crate::train::fit::FoldPredictions;
use serde::Serialize;

/// A row whose label is not the one that the model expects.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Suspect {
    /// Number of the row, as it was given.
    pub row: usize,
    /// The label it has.
    pub label: ClassId,
    /// The label that the model, fitted without it, expects.
    pub expected: ClassId,
    /// Calibrated probability of its own label.
    pub of_label: f64,
    /// Of the expected one.
    pub of_expected: f64,
    /// The terms that speak most for the expected label against its own, heaviest first.
    pub terms: Vec<String>,
}

/// Number of terms that are given.
const TERMS: usize = 6;

/// Greatest calibrated probability of its own label that a suspicious row has. Where labels are
/// right and probabilities calibrated, one label in ten that is given such a probability is the
/// row's own: many rows with a probability of 0.3 for theirs are right.
const MAX_OF_LABEL: f64 = 0.1;
/// Greatest share of the held-out rows that is called suspicious: who learns from more wrong labels
/// than that finds them badly.
const MAX_SHARE: f64 = 0.1;

/// Rows that are confidently of another label than theirs: by probability at or above the mean that
/// rows of that label have for it, and with at most [`MAX_OF_LABEL`] for their own. Ranked by how
/// much likelier the expected label is than their own; no more than [`MAX_SHARE`] of the rows.
pub(crate) fn suspects(rows: &Rows, oof: &[FoldPredictions]) -> Vec<Suspect> {
    let classes = rows.labels.len();
    let (mut sums, mut counts) = (vec![0.0; classes], vec![0u64; classes]);
    for FoldPredictions { row, probabilities } in oof {
        let target = rows.targets[*row];
        sums[target] += probabilities[target];
        counts[target] += 1;
    }
    let thresholds: Vec<f64> = sums
        .iter()
        .zip(&counts)
        .map(|(sum, &count)| if count == 0 { f64::INFINITY } else { sum / count as f64 })
        .collect();
    let mut found: Vec<Suspect> = oof
        .iter()
        .filter_map(|FoldPredictions { row, probabilities }| {
            let target = rows.targets[*row];
            let confident = |class: &usize| probabilities[*class] >= thresholds[*class];
            let expected = (0..classes)
                .filter(confident)
                .max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]).then(b.cmp(a)))?;
            let is_suspicious = expected != target && probabilities[target] <= MAX_OF_LABEL;
            is_suspicious.then(|| Suspect {
                row: *row,
                label: ClassId::new(target),
                expected: ClassId::new(expected),
                of_label: probabilities[target],
                of_expected: probabilities[expected],
                terms: Vec::new(),
            })
        })
        .collect();
    let lead = |suspect: &Suspect| suspect.of_expected - suspect.of_label;
    found.sort_by(|a, b| lead(b).total_cmp(&lead(a)).then(a.row.cmp(&b.row)));
    found.truncate((MAX_SHARE * oof.len() as f64).ceil() as usize);
    found
}

/// Gives a suspect the terms that speak for its expected label, by the model that was fitted
/// without it.
pub(crate) fn explain(suspect: &mut Suspect, data: &Data<'_>, fitted: &Fitted) {
    let (own, expected) = (suspect.label.index(), suspect.expected.index());
    let mut terms: Vec<(f64, u32)> = fitted
        .features
        .row(data, suspect.row)
        .into_iter()
        .map(|(feature, value)| {
            let weight = |class| fitted.logistic.weight(feature as usize, class);
            (value * (weight(expected) - weight(own)), feature)
        })
        .filter(|(amount, _)| *amount > 0.0)
        .collect();
    terms.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    // The numbers of a text's vector have no text.
    suspect.terms = terms
        .into_iter()
        .filter_map(|(_, feature)| fitted.features.text(data, feature))
        .take(TERMS)
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Row;

    #[test]
    fn a_row_that_is_confidently_of_another_label_is_found() {
        let rows = Rows::new(["a", "a", "a", "b", "b"].map(|label| Row::new(label, "x")).to_vec()).unwrap();
        // Means: a (0.9 + 0.8 + 0.1) / 3 = 0.6, b (0.7 + 0.5) / 2 = 0.6.
        let of_a = [0.9, 0.8, 0.1, 0.3, 0.5];
        let oof: Vec<FoldPredictions> = of_a
            .iter()
            .enumerate()
            .map(|(row, &p)| FoldPredictions { row, probabilities: vec![p, 1.0 - p] })
            .collect();
        let found = suspects(&rows, &oof);
        assert_eq!(found.len(), 1, "row 4 is unsure, not confidently `a`: {found:?}");
        assert_eq!((found[0].row, found[0].expected.index()), (2, 1));
        assert_eq!((found[0].of_label, found[0].of_expected), (0.1, 0.9));
    }

    #[test]
    fn no_more_than_a_tenth_is_suspicious_and_unsure_rows_are_not() {
        let rows = Rows::new((0..40).map(|n| Row::new(["a", "b"][n % 2], "x")).collect::<Vec<_>>()).unwrap();
        let oof = |of_label: f64| -> Vec<FoldPredictions> {
            let probabilities = |row: usize| match row % 2 {
                0 => vec![of_label, 1.0 - of_label],
                _ => vec![1.0 - of_label, of_label],
            };
            (0..40).map(|row| FoldPredictions { row, probabilities: probabilities(row) }).collect()
        };
        assert_eq!(suspects(&rows, &oof(0.05)).len(), 4);
        assert_eq!(suspects(&rows, &oof(0.3)), []);
    }
}
