//! Finds the confidence below which too many labels would be wrong, from held-out probabilities.

use std::collections::BTreeMap;

use crate::label::argmax;
use crate::model::{LowConfidence, PassageRule};
use crate::train::dataset::row::Rows;
use crate::train::fit::FoldPredictions;

/// Least number of documents of several rows for which documents get a threshold of their own.
const MIN_DOCUMENTS: usize = 30;

/// One answer: how sure, whether correct, and how much it counts.
struct Answer {
    confidence: f64,
    correct: bool,
    weight: f64,
}

/// Chooses the thresholds for units, and for documents: the held-out rows of one group, whose label
/// is that of most of their weight. With few such documents, they share the threshold of units.
pub(crate) fn fit(
    rows: &Rows,
    oof: &[FoldPredictions],
    rule: PassageRule<'_>,
    max_error: f64,
) -> LowConfidence {
    let units = oof.iter().map(|FoldPredictions { row, probabilities }| {
        let top = argmax(probabilities).index();
        Answer {
            confidence: probabilities[top],
            correct: top == rows.targets[*row],
            weight: rows.rows[*row].weight,
        }
    });
    let (unit, unit_coverage) = least_confidence(units.collect(), max_error);
    let documents = documents(rows, oof, rule);
    let (document, document_coverage) = if documents.len() < MIN_DOCUMENTS {
        (unit, unit_coverage)
    } else {
        least_confidence(documents, max_error)
    };
    LowConfidence { max_error, unit, document, unit_coverage, document_coverage }
}

fn documents(rows: &Rows, oof: &[FoldPredictions], rule: PassageRule<'_>) -> Vec<Answer> {
    let mut groups: BTreeMap<usize, Vec<&FoldPredictions>> = BTreeMap::new();
    oof.iter().for_each(|one| groups.entry(rows.groups[one.row]).or_default().push(one));
    groups
        .into_values()
        .filter(|group| group.len() > 1)
        .filter_map(|group| document(rows, &group, rule))
        .collect()
}

/// `None` where two labels have the same weight.
fn document(rows: &Rows, group: &[&FoldPredictions], rule: PassageRule<'_>) -> Option<Answer> {
    let classes = rows.labels.len();
    let (mut of_label, mut mean, mut sum) = (vec![0.0; classes], vec![0.0; classes], 0.0);
    for FoldPredictions { row, probabilities } in group {
        of_label[rows.targets[*row]] += rows.rows[*row].weight;
        let share = rule.weight(rows.rows[*row].text.split_whitespace().count(), probabilities);
        mean.iter_mut().zip(probabilities).for_each(|(mean, p)| *mean += share * p);
        sum += share;
    }
    let label = argmax(&of_label).index();
    let ties = of_label.iter().filter(|&&weight| weight == of_label[label]).count();
    let top = argmax(&mean).index();
    (ties == 1 && sum > 0.0).then(|| Answer {
        confidence: mean[top] / sum,
        correct: top == label,
        weight: 1.0,
    })
}

/// The least confidence with at most the given share of errors at or above it, and the share of
/// answers there. Where even the surest answers are wrong too often: 1 and the share of those that
/// are as sure as that.
fn least_confidence(mut answers: Vec<Answer>, max_error: f64) -> (f64, f64) {
    answers.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let all: f64 = answers.iter().map(|answer| answer.weight).sum();
    let (mut least, mut coverage) = (1.0, 0.0);
    let (mut answered, mut wrong) = (0.0, 0.0);
    for tied in answers.chunk_by(|a, b| a.confidence == b.confidence) {
        for answer in tied {
            answered += answer.weight;
            wrong += if answer.correct { 0.0 } else { answer.weight };
        }
        if wrong <= max_error * answered && answered > 0.0 {
            (least, coverage) = (tied[0].confidence, answered / all);
        }
    }
    // Sums of rounded probabilities and weights can be a little over 1.
    (least.min(1.0), coverage.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ParagraphWeight;
    use crate::train::Row;

    const EQUAL: PassageRule<'_> =
        PassageRule { paragraph_weight: ParagraphWeight::Equal, label_weights: &[] };

    fn answers(of: &[(f64, bool)]) -> Vec<Answer> {
        of.iter().map(|&(confidence, correct)| Answer { confidence, correct, weight: 1.0 }).collect()
    }

    #[test]
    fn the_threshold_answers_as_many_as_the_errors_allow() {
        let found = answers(&[(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.5, false)]);
        assert_eq!(least_confidence(found, 0.25), (0.6, 0.8));
        let tied = answers(&[(0.9, true), (0.8, true), (0.8, false)]);
        assert_eq!(least_confidence(tied, 0.2), (0.9, 1.0 / 3.0));
        assert_eq!(least_confidence(answers(&[(0.9, false), (0.4, true)]), 0.1), (1.0, 0.0));
        assert_eq!(least_confidence(answers(&[(0.9, true), (0.4, true)]), 0.0), (0.4, 1.0));
        assert_eq!(least_confidence(Vec::new(), 0.1), (1.0, 0.0));
    }

    #[test]
    fn documents_are_groups_with_one_label_before_the_others() {
        let row =
            |label: &str, group: &str| Row { group: Some(group.into()), ..Row::new(label, "two words") };
        let rows = Rows::new(vec![
            row("a", "g"),
            row("a", "g"),
            row("b", "g"),
            row("a", "h"),
            row("b", "h"),
            row("a", "i"),
        ])
        .unwrap();
        let oof: Vec<FoldPredictions> =
            (0..6).map(|row| FoldPredictions { row, probabilities: vec![0.25, 0.75] }).collect();
        let found = documents(&rows, &oof, EQUAL);
        assert_eq!(found.len(), 1, "a tie and a row by itself are no documents");
        assert_eq!((found[0].confidence, found[0].correct), (0.75, false));
        let shared = fit(&rows, &oof, EQUAL, 0.9);
        assert_eq!(shared.document, shared.unit);
    }
}
