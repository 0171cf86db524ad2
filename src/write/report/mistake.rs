//! Explains a wrong answer: finds the places of the text that speak for the likeliest label, and
//! those that speak for the gold label.

use std::collections::BTreeMap;

use crate::classifier::explain::{DocumentExplanation, LabelExplanation, TermContribution};
use crate::classifier::verdict::{Reason, Verdict};
use crate::classifier::{Classifier, Worker};
use crate::label::ClassId;
use crate::model::BlockKind;
use crate::text::document::Document;
use crate::text::span::Span;
use crate::write::report::excerpt::Mark;

/// A row that was answered wrongly, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    pub(super) id: String,
    pub(super) place: String,
    pub(super) text: String,
    pub(super) gold: ClassId,
    pub(super) top: ClassId,
    pub(super) gold_probability: f64,
    pub(super) top_probability: f64,
    /// Why the model gave no label, if it gave none.
    pub(super) reason: Option<Reason>,
    /// Terms by how much more they add to `top` than to `gold`, the largest distance first.
    pub(super) terms: Vec<(String, f64)>,
    /// Places of the text that count, in order and without overlap.
    pub(super) marks: Vec<Mark>,
}

/// Places that count less than this share of the strongest are not marked.
const MIN_SHARE: f64 = 0.25;
/// From this share of the strongest on, a place is strong.
const MIN_STRONG: f64 = 0.5;
/// Terms that are kept.
const MAX_TERMS: usize = 12;

impl Mistake {
    /// Explains the answer on a row. `documents` says whether the row was cut into paragraphs.
    pub fn new(worker: &mut Worker, document: &Document, gold: ClassId, documents: bool) -> Self {
        let text = &document.text;
        let verdict =
            if documents { worker.score_prepared(text, None, None) } else { worker.score_unit(text) };
        let differences =
            differences(explained(worker.classifier(), text, &verdict, documents), gold, verdict.top_class());
        Mistake {
            id: document.id.clone(),
            place: document.place().to_string(),
            text: text.clone(),
            gold,
            top: verdict.top_class(),
            gold_probability: verdict.class_probability(gold),
            top_probability: verdict.confidence(),
            reason: verdict.reason(),
            marks: marks(text, &differences),
            terms: differences
                .into_iter()
                .take(MAX_TERMS)
                .map(|term| (term.text + &BlockKind::mark(term.block), term.contribution))
                .collect(),
        }
    }
}

/// What each term adds to each class, in class order.
fn explained(
    classifier: &Classifier,
    text: &str,
    verdict: &Verdict,
    documents: bool,
) -> Vec<Vec<TermContribution>> {
    let sums = |sums: Vec<LabelExplanation>| sums.into_iter().map(|class| class.terms).collect();
    if !documents {
        return sums(classifier.explain_unit(text));
    }
    match classifier.explain_verdict(text, verdict) {
        DocumentExplanation::Sum(labels) => sums(labels),
        DocumentExplanation::Ranking { labels, .. } => labels,
    }
}

/// What each term adds to `top` more than to `gold`, the largest distance first.
fn differences(classes: Vec<Vec<TermContribution>>, gold: ClassId, top: ClassId) -> Vec<TermContribution> {
    let mut terms: BTreeMap<u32, TermContribution> = BTreeMap::new();
    for (class, contributions) in classes.into_iter().enumerate() {
        let sign = f64::from(u8::from(class == top.index())) - f64::from(u8::from(class == gold.index()));
        for term in contributions.into_iter().filter(|_| sign != 0.0) {
            let contribution = sign * term.contribution;
            let known = terms.entry(term.feature);
            known
                .and_modify(|known| known.contribution += contribution)
                .or_insert(TermContribution { contribution, ..term });
        }
    }
    let mut terms: Vec<TermContribution> =
        terms.into_values().filter(|term| term.contribution != 0.0).collect();
    terms.sort_by(|a, b| {
        b.contribution.abs().total_cmp(&a.contribution.abs()).then(a.feature.cmp(&b.feature))
    });
    terms
}

/// Terms overlap: where several hold a place, it counts what they do together. A term's amount is
/// shared by its places.
fn marks(text: &str, terms: &[TermContribution]) -> Vec<Mark> {
    let mut steps: BTreeMap<usize, Vec<(bool, usize)>> = BTreeMap::new();
    for (number, term) in terms.iter().enumerate() {
        for span in term.spans.iter().filter(|span| !span.is_empty()) {
            steps.entry(span.start()).or_default().push((true, number));
            steps.entry(span.end()).or_default().push((false, number));
        }
    }
    let amount = |number: &usize| {
        terms.get(*number).map_or(0.0, |term| term.contribution / term.spans.len().max(1) as f64)
    };
    let mut open: BTreeMap<usize, u32> = BTreeMap::new();
    let mut places: Vec<(Span, f64)> = Vec::new();
    let mut last = 0;
    for (at, changes) in steps {
        if !open.is_empty() {
            let sum = open.iter().map(|(number, times)| f64::from(*times) * amount(number)).sum();
            places.push((Span::new(last, at), sum));
        }
        for (opens, number) in changes {
            let times = open.entry(number).or_insert(0);
            *times = if opens { *times + 1 } else { times.saturating_sub(1) };
            if *times == 0 {
                open.remove(&number);
            }
        }
        last = at;
    }
    let most = places.iter().map(|(_, amount)| amount.abs()).fold(0.0, f64::max);
    let mut marks: Vec<Mark> = Vec::new();
    for (span, amount) in places.into_iter().filter(|(_, amount)| amount.abs() >= MIN_SHARE * most) {
        let strong = amount.abs() >= MIN_STRONG * most;
        match marks.last_mut() {
            Some(mark) if mark.span.end() == span.start() && (mark.amount > 0.0) == (amount > 0.0) => {
                mark.span = mark.span.join(span);
                mark.strong |= strong;
                mark.amount = if mark.amount.abs() > amount.abs() { mark.amount } else { amount };
            }
            _ => marks.push(Mark { span, amount, strong }),
        }
    }
    marks.into_iter().filter_map(|mark| Some(Mark { span: words(text, mark.span)?, ..mark })).collect()
}

/// A place without the blanks and stops at its ends; `None` if it holds nothing else.
fn words(text: &str, span: Span) -> Option<Span> {
    let inside = span.of(text);
    let is_word = |c: char| c.is_alphanumeric();
    let start = inside.find(is_word)?;
    let end = inside.rfind(is_word)?;
    let last = inside.get(end..)?.chars().next()?;
    Some(Span::new(span.start() + start, span.start() + end + last.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(feature: u32, contribution: f64, spans: &[(usize, usize)]) -> TermContribution {
        let spans = spans.iter().map(|&(start, end)| Span::new(start, end)).collect();
        TermContribution { feature, text: format!("t{feature}"), block: None, contribution, spans }
    }

    fn shown(marks: &[Mark]) -> Vec<(usize, usize, bool, bool)> {
        marks
            .iter()
            .map(|mark| (mark.span.start(), mark.span.end(), mark.amount > 0.0, mark.strong))
            .collect()
    }

    #[test]
    fn a_term_counts_what_it_adds_to_the_label_given_more_than_to_the_right_one() {
        let classes = vec![
            vec![term(0, 1.0, &[(0, 3)]), term(1, -0.5, &[(4, 7)])],
            vec![term(0, 0.25, &[(0, 3)]), term(1, 2.0, &[(4, 7)])],
            vec![term(0, 9.0, &[(0, 3)]), term(1, 9.0, &[(4, 7)])],
        ];
        let found = differences(classes, ClassId::new(1), ClassId::new(0));
        let amounts: Vec<(u32, f64)> = found.iter().map(|term| (term.feature, term.contribution)).collect();
        assert_eq!(amounts, [(1, -2.5), (0, 0.75)]);
    }

    #[test]
    fn places_that_overlap_add_up_and_neighbours_of_one_sign_are_one() {
        // A pair of words over 0..7, its words at 0..3 and 4..7, and one against at 8..10.
        let found = marks(
            "abc def gh",
            &[
                term(0, 1.0, &[(0, 7)]),
                term(1, 1.0, &[(0, 3)]),
                term(2, -0.9, &[(4, 7)]),
                term(3, -1.0, &[(8, 10)]),
            ],
        );
        // 0..3 counts 2, the blank 1, 4..7 counts 0.1 and is too little.
        assert_eq!(shown(&found), [(0, 3, true, true), (8, 10, false, true)]);
        assert_eq!(marks("", &[]), []);
        let pair = marks("abc def", &[term(0, 1.0, &[(0, 7)]), term(1, 1.0, &[(0, 3)])]);
        assert_eq!(shown(&pair), [(0, 7, true, true)]);
    }

    #[test]
    fn blanks_and_stops_at_the_ends_of_a_place_are_not_marked() {
        let found = marks(
            "a \u{201c}\u{e9}t\u{e9}\u{201d}, b",
            &[term(0, 1.0, &[(1, 14)]), term(1, 1.0, &[(15, 15)])],
        );
        assert_eq!(shown(&found), [(5, 10, true, true)]);
        assert_eq!(marks(" - ", &[term(0, 1.0, &[(0, 3)])]), []);
    }

    #[test]
    fn a_terms_amount_is_shared_by_its_places() {
        let found =
            marks("ab  ab  ab  cd", &[term(0, 1.0, &[(0, 2), (4, 6), (8, 10)]), term(1, 1.0, &[(12, 14)])]);
        assert_eq!(
            shown(&found),
            [(0, 2, true, false), (4, 6, true, false), (8, 10, true, false), (12, 14, true, true)]
        );
    }
}
