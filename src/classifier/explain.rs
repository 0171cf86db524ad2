//! A score to the terms that made it: intercept + contributions = margin.

use std::collections::BTreeMap;

use crate::classifier::Worker;
use crate::classifier::verdict::Verdict;
use crate::label::ClassId;
use crate::model::{Model, Unit};
use crate::text::span::Span;

/// What one term adds, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The feature's number.
    pub feature: u32,
    /// The term as it stands in the vocabulary.
    pub term: String,
    /// Value x weight; in a document of several paragraphs, the sum of paragraph weight x contribution.
    pub amount: f64,
    /// Its occurrences in the order of the text, the first hundred of each paragraph.
    pub spans: Vec<Span>,
}

/// One class's margin for one unit: `intercept` + the amounts of `terms` = `margin`, exactly up to rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassExplanation {
    /// The class.
    pub class: ClassId,
    /// The class's intercept.
    pub intercept: f64,
    /// Every term of the unit, the largest amount first.
    pub terms: Vec<Contribution>,
    /// Margin before calibration.
    pub margin: f64,
}

impl ClassExplanation {
    /// Every term, the largest amount first.
    pub fn terms(&self) -> &[Contribution] {
        &self.terms
    }

    /// The `count` largest amounts and the sum of all others, so that intercept + listed + rest = margin.
    pub fn top(&self, count: usize) -> (&[Contribution], f64) {
        let (listed, others) = self.terms.split_at(count.min(self.terms.len()));
        (listed, others.iter().map(|term| term.amount).sum())
    }
}

/// Most places of one term that are listed for one unit: the amount counts all, but a page of places helps nobody.
const MOST_SPANS: usize = 100;

/// Explains a text as one unit: one entry a class, in class order.
pub fn unit(worker: &mut Worker<'_>, text: &str) -> Vec<ClassExplanation> {
    let model = worker.classifier().model();
    let mut places: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
    let row = worker.row_with_places(text, &mut |feature, span| {
        let spans = places.entry(feature).or_default();
        if spans.len() < MOST_SPANS {
            spans.push(span);
        }
    });
    let mut margins = Vec::new();
    model.linear.margins(&row, &mut margins);
    margins
        .into_iter()
        .enumerate()
        .map(|(class, margin)| {
            let mut terms: Vec<Contribution> = row
                .iter()
                .map(|(feature, value)| Contribution {
                    feature,
                    term: model.featurizer.vocabulary().term(feature),
                    amount: value * model.linear.weight(feature, class),
                    spans: places.get(&feature).cloned().unwrap_or_default(),
                })
                .collect();
            sort(&mut terms);
            ClassExplanation {
                class: ClassId::new(class),
                intercept: model.linear.intercept(class),
                terms,
                margin,
            }
        })
        .collect()
}

/// The features with the greatest weights for a class, at most so many, the greatest first.
pub fn strongest(model: &Model, class: ClassId, most: usize) -> Vec<(u32, f64)> {
    let by_weight = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    let weight = |feature: u32| (feature, model.linear.weight(feature, class.index()));
    let mut weights: Vec<(u32, f64)> = (0..model.featurizer.vocabulary().len() as u32).map(weight).collect();
    // Sorting all of a large vocabulary once a class would take seconds.
    if let Some(last) = most.checked_sub(1).filter(|last| *last < weights.len()) {
        weights.select_nth_unstable_by(last, by_weight);
    }
    weights.truncate(most);
    weights.sort_unstable_by(by_weight);
    weights
}

/// What made a document's score.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentExplanation {
    /// The text was scored as one bag of terms: one exact sum a class.
    Sum(Vec<ClassExplanation>),
    /// The text was scored by paragraphs, whose probabilities, not margins, are averaged.
    Ranking {
        /// For each class, terms by the sum over paragraphs of paragraph weight x contribution: a ranking, not a sum.
        classes: Vec<Vec<Contribution>>,
        /// For each paragraph, one exact sum a class. Spans count from the document's beginning.
        paragraphs: Vec<Vec<ClassExplanation>>,
    },
}

/// Explains the verdict on a text.
pub fn document(worker: &mut Worker<'_>, text: &str, verdict: &Verdict) -> DocumentExplanation {
    if worker.classifier().model().unit == Unit::Document {
        return DocumentExplanation::Sum(unit(worker, text));
    }
    let mut sums: Vec<BTreeMap<u32, Contribution>> =
        vec![BTreeMap::new(); worker.classifier().labels().len()];
    let mut paragraphs = Vec::with_capacity(verdict.paragraphs.len());
    for paragraph in &verdict.paragraphs {
        let mut explained = unit(worker, paragraph.span.of(text));
        for (sums, class) in sums.iter_mut().zip(&mut explained) {
            for term in &mut class.terms {
                term.spans.iter_mut().for_each(|span| *span = span.shifted(paragraph.span.start()));
                add(sums, term, paragraph.weight);
            }
        }
        paragraphs.push(explained);
    }
    let ranked = |sums: BTreeMap<u32, Contribution>| {
        let mut terms: Vec<Contribution> = sums.into_values().collect();
        sort(&mut terms);
        terms
    };
    DocumentExplanation::Ranking { classes: sums.into_iter().map(ranked).collect(), paragraphs }
}

fn add(sums: &mut BTreeMap<u32, Contribution>, term: &Contribution, weight: f64) {
    if weight > 0.0 {
        let amount = weight * term.amount;
        sums.entry(term.feature)
            .and_modify(|sum| {
                sum.amount += amount;
                sum.spans.extend_from_slice(&term.spans);
            })
            .or_insert_with(|| Contribution { amount, ..term.clone() });
    }
}

/// Largest amount first; equal amounts by feature.
fn sort(terms: &mut [Contribution]) {
    terms.sort_by(|a, b| b.amount.total_cmp(&a.amount).then(a.feature.cmp(&b.feature)));
}
