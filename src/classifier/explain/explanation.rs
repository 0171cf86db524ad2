//! Holds what explains a score: terms with what they contribute, and the sums that they make.

use serde::{Serialize, Serializer};

use crate::model::BlockKind;
use crate::text::span::Span;

/// What one term adds to the margin of a label, and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TermContribution {
    /// The term as it stands in the vocabulary.
    pub text: String,
    /// The further block of features that the term belongs to; `None` for one of the model's own
    /// terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<BlockKind>,
    /// Value x weight; in a document of several paragraphs, the sum of paragraph weight x
    /// contribution.
    pub contribution: f64,
    /// Its occurrences in the order of the text, the first hundred of each paragraph.
    #[serde(serialize_with = "as_pairs")]
    pub spans: Vec<Span>,
    /// The feature's number among those of all blocks.
    #[serde(skip)]
    pub(crate) feature: u32,
}

/// The margin of one label for one unit: `intercept` + the contributions of `terms` = `margin`,
/// exactly up to rounding.
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
    /// What is left of the terms that are not listed, where only the largest were asked for.
    #[serde(skip)]
    pub(super) unlisted: Option<Unlisted>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unlisted {
    pub terms: usize,
    pub sum: f64,
}

impl LabelExplanation {
    /// The `count` largest contributions and the sum of all others, so that intercept + listed +
    /// rest = margin.
    pub fn top(&self, count: usize) -> (&[TermContribution], f64) {
        let (listed, others) = self.terms.split_at(count.min(self.terms.len()));
        let sum = || others.iter().map(|term| term.contribution).sum();
        let rest = match self.unlisted {
            None => sum(),
            // An empty sum is -0.
            Some(unlisted) if others.is_empty() => unlisted.sum,
            Some(unlisted) => sum() + unlisted.sum,
        };
        (listed, rest)
    }

    /// The sum by other terms that add the same.
    pub(in crate::classifier) fn with_terms(
        self,
        terms: impl FnOnce(Vec<TermContribution>) -> Vec<TermContribution>,
    ) -> Self {
        LabelExplanation { terms: terms(self.terms), ..self }
    }

    /// The same sum, with at most `count` terms listed.
    pub(in crate::classifier) fn listing(mut self, count: usize) -> Self {
        let others = self.terms.split_off(count.min(self.terms.len()));
        if !others.is_empty() {
            let before = self.unlisted.unwrap_or(Unlisted { terms: 0, sum: 0.0 });
            let sum = before.sum + others.iter().map(|term| term.contribution).sum::<f64>();
            self.unlisted = Some(Unlisted { terms: before.terms + others.len(), sum });
        }
        self
    }

    /// How many terms the unit has, those that are not listed too.
    #[cfg(feature = "cli")]
    pub(crate) fn count(&self) -> usize {
        self.terms.len() + self.unlisted.map_or(0, |unlisted| unlisted.terms)
    }
}

/// What made a document's score.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentExplanation {
    /// The text was scored as one unit: one exact sum for each label.
    Sum(Vec<LabelExplanation>),
    /// The text was scored by paragraphs, whose probabilities, not margins, are averaged.
    Ranking {
        /// For each label, terms by the sum over paragraphs of paragraph weight x contribution: a
        /// ranking, not a sum.
        labels: Vec<Vec<TermContribution>>,
        /// For each paragraph, one exact sum for each label. Spans count from the document's
        /// beginning.
        paragraphs: Vec<Vec<LabelExplanation>>,
    },
}

/// How much of an explanation is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The most terms of each label.
    pub terms: usize,
    /// Whether each paragraph has sums of its own.
    pub paragraphs: bool,
}

impl Detail {
    /// Every term, and sums of each paragraph.
    pub const ALL: Detail = Detail { terms: usize::MAX, paragraphs: true };
}

/// Spans as pairs of their start and end.
fn as_pairs<S: Serializer>(spans: &[Span], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(spans.iter().map(|span| (span.start(), span.end())))
}
