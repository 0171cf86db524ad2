//! Explains a score term by term: intercept + contributions = margin.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::classifier::Classifier;
use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::verdict::Verdict;
use crate::features::{SparseRow, TermCounts};
use crate::model::Unit;
use crate::text::normalization::Normalized;
use crate::text::preparation::Prepared;
use crate::text::span::Span;
use crate::tokenizer::{Term, TokenBuf};

/// What one term adds to the margin of a label, and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TermContribution {
    /// The term as it stands in the vocabulary.
    pub text: String,
    /// Value x weight; in a document of several paragraphs, the sum of paragraph weight x contribution.
    pub contribution: f64,
    /// Its occurrences in the order of the text, the first hundred of each paragraph.
    #[serde(serialize_with = "as_pairs")]
    pub spans: Vec<Span>,
    /// The feature's number.
    #[serde(skip)]
    pub(crate) feature: u32,
}

/// The margin of one label for one unit: `intercept` + the contributions of `terms` = `margin`, exactly up to rounding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelExplanation {
    /// The label.
    pub label: String,
    /// The label's intercept.
    pub intercept: f64,
    /// Every term of the unit, the largest contribution first.
    pub terms: Vec<TermContribution>,
    /// Margin before calibration.
    pub margin: f64,
}

impl LabelExplanation {
    /// The `count` largest contributions and the sum of all others, so that intercept + listed + rest = margin.
    pub fn top(&self, count: usize) -> (&[TermContribution], f64) {
        let (listed, others) = self.terms.split_at(count.min(self.terms.len()));
        (listed, others.iter().map(|term| term.contribution).sum())
    }
}

/// What made a document's score.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentExplanation {
    /// The text was scored as one unit: one exact sum for each label.
    Sum(Vec<LabelExplanation>),
    /// The text was scored by paragraphs, whose probabilities, not margins, are averaged.
    Ranking {
        /// For each label, terms by the sum over paragraphs of paragraph weight x contribution: a ranking, not a sum.
        labels: Vec<Vec<TermContribution>>,
        /// For each paragraph, one exact sum for each label. Spans count from the document's beginning.
        paragraphs: Vec<Vec<LabelExplanation>>,
    },
}

impl Classifier {
    /// Scores a text, as [`Classifier::score`] does, and gives the `count` terms that contribute most to its likeliest label, the
    /// strongest first. Terms that speak against the label are left out.
    pub fn explain(&self, text: &str, count: usize) -> Vec<TermContribution> {
        let Prepared { text, title, extraction } = self.model().preparation.prepare(&[text], None);
        let verdict =
            self.with_idle_buffers(|worker| worker.score_prepared(&text, title.as_deref(), extraction));
        let of_top = |top: usize| match self.explain_verdict(&text, &verdict) {
            DocumentExplanation::Sum(labels) => labels.into_iter().nth(top).map(|label| label.terms),
            DocumentExplanation::Ranking { labels, .. } => labels.into_iter().nth(top),
        };
        let mut terms = of_top(verdict.top_class().index()).unwrap_or_default();
        terms.retain(|term| term.contribution > 0.0);
        terms.truncate(count);
        terms
    }

    /// Explains the verdict on a text: every term for every label. The text must be the prepared one that was scored: a document's
    /// text, or what the preparation of the model makes of a text or record.
    pub fn explain_verdict(&self, text: &str, verdict: &Verdict) -> DocumentExplanation {
        if self.model().unit == Unit::Document {
            return DocumentExplanation::Sum(self.explain_unit(text));
        }
        let mut sums: Vec<BTreeMap<u32, TermContribution>> = vec![BTreeMap::new(); self.labels().len()];
        let mut paragraphs = Vec::with_capacity(verdict.paragraphs().len());
        let normal = Normalized::new(text);
        for paragraph in verdict.paragraphs() {
            let explained = self.explain_part(&normal, normal.normal(paragraph.span()));
            for (sums, label) in sums.iter_mut().zip(&explained) {
                label.terms.iter().for_each(|term| add(sums, term, paragraph.weight()));
            }
            paragraphs.push(explained);
        }
        let ranked = |sums: BTreeMap<u32, TermContribution>| {
            let mut terms: Vec<TermContribution> = sums.into_values().collect();
            sort(&mut terms);
            terms
        };
        DocumentExplanation::Ranking { labels: sums.into_iter().map(ranked).collect(), paragraphs }
    }

    /// Explains a text that is scored as one unit: one exact sum for each label, in the order of the labels.
    pub fn explain_unit(&self, text: &str) -> Vec<LabelExplanation> {
        let normal = Normalized::new(text);
        self.explain_part(&normal, Span::new(0, normal.text().len()))
    }

    /// Explains a part of a normal text that is scored as one unit. Places are those of the source.
    fn explain_part(&self, normal: &Normalized<'_>, part: Span) -> Vec<LabelExplanation> {
        let model = self.model();
        let mut places: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
        let row = row_with_places(&self.models().main, part.of(normal.text()), &mut |feature, span| {
            let spans = places.entry(feature).or_default();
            if spans.len() < MAX_SPANS {
                spans.push(normal.source(span.shifted(part.start())));
            }
        });
        let mut margins = Vec::new();
        model.linear.margins(&row, &mut margins);
        let explained = |(class, (margin, label)): (usize, (f64, &String))| {
            let term = |(feature, value)| TermContribution {
                text: model.featurizer.vocabulary().term(feature),
                contribution: value * model.linear.weight(feature, class),
                spans: places.get(&feature).cloned().unwrap_or_default(),
                feature,
            };
            let mut terms: Vec<TermContribution> = row.iter().map(term).collect();
            sort(&mut terms);
            let intercept = model.linear.intercept(class);
            LabelExplanation { label: label.clone(), intercept, terms, margin }
        };
        margins.into_iter().zip(self.labels().names()).enumerate().map(explained).collect()
    }
}

/// The most places of one term that are listed for one unit: the contribution counts all, but a page of places helps nobody.
const MAX_SPANS: usize = 100;

/// The row of a normal text and every occurrence of a feature in it: what scoring does with compiled tables, term by term.
pub(super) fn row_with_places(
    CompiledModel { model, tokenizer, .. }: &CompiledModel,
    text: &str,
    found: &mut dyn FnMut(u32, Span),
) -> SparseRow {
    let (mut tokens, mut row) = (TokenBuf::default(), SparseRow::default());
    let mut counts = TermCounts::default();
    tokenizer.tokenize_normal(text, &mut tokens);
    counts.clear(tokens.len());
    tokenizer.terms(&tokens, &mut String::new(), &mut |term: Term<'_>| {
        if let Some(feature) = model.featurizer.vocabulary().find(term.text) {
            counts.add(feature);
            found(feature, term.span);
        }
    });
    model.featurizer.vectorize(counts.all(), &mut row);
    row
}

/// Spans as pairs of their start and end.
fn as_pairs<S: Serializer>(spans: &[Span], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(spans.iter().map(|span| (span.start(), span.end())))
}

fn add(sums: &mut BTreeMap<u32, TermContribution>, term: &TermContribution, weight: f64) {
    if weight > 0.0 {
        let contribution = weight * term.contribution;
        sums.entry(term.feature)
            .and_modify(|sum| {
                sum.contribution += contribution;
                sum.spans.extend_from_slice(&term.spans);
            })
            .or_insert_with(|| TermContribution { contribution, ..term.clone() });
    }
}

/// Largest contribution first; ties go to the earlier feature.
fn sort(terms: &mut [TermContribution]) {
    terms.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.feature.cmp(&b.feature)));
}
