//! Holds the scores of a verdict's units.

use crate::classifier::verdict::{by_label, names};
use crate::label::{ClassId, LabelSet, argmax};
use crate::text::span::Span;

/// The score of one unit: a paragraph, or a whole text scored as one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnitScore {
    /// Calibrated probabilities in class order; they sum to 1.
    pub probabilities: Vec<f64>,
    /// Word tokens.
    pub words: usize,
    /// Word tokens whose 1-gram is in the vocabulary; `None` if the model has no word 1-grams.
    pub known_words: Option<usize>,
    /// Whether any feature of the vocabulary occurs.
    pub any_feature: bool,
    /// Sum of the topic weights of its words; `None` for a model that does not know its topic.
    pub topic: Option<f64>,
    /// Whether it is in a language other than the model's.
    pub other_language: bool,
    /// The classes of its prediction set, if sets were asked for; it may be empty.
    pub set: Option<Vec<ClassId>>,
}

/// The score of one paragraph.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ParagraphScore {
    pub span: Span,
    /// What is left out inside of it.
    pub gaps: Vec<Span>,
    pub weight: f64,
    pub score: UnitScore,
    pub loaded: Option<f64>,
}

/// One paragraph of a [`Verdict`](super::Verdict).
#[derive(Clone, Copy, Debug)]
pub struct ScoredParagraph<'v> {
    pub(super) labels: &'v LabelSet,
    pub(super) score: &'v ParagraphScore,
}

impl<'v> ScoredParagraph<'v> {
    /// Where the paragraph stands in the text. What [`ScoredParagraph::left_out`] gives lies
    /// inside.
    pub fn span(&self) -> Span {
        self.score.span
    }

    /// The places inside of a passage that are boilerplate and not scored, in order.
    pub fn left_out(&self) -> &'v [Span] {
        &self.score.gaps
    }

    /// Its share in the probabilities of the text; the weights of all paragraphs sum to 1.
    pub fn weight(&self) -> f64 {
        self.score.weight
    }

    /// Its likeliest label; ties go to the first label.
    pub fn top(&self) -> &'v str {
        self.labels.name(argmax(self.probabilities()))
    }

    /// The calibrated probability of [`ScoredParagraph::top`].
    pub fn confidence(&self) -> f64 {
        let probabilities = self.probabilities();
        probabilities.get(argmax(probabilities).index()).copied().unwrap_or(0.0)
    }

    /// The calibrated probability of a label; `None` for a name that is not a label of the model.
    pub fn probability(&self, label: &str) -> Option<f64> {
        self.labels.get(label).and_then(|class| self.probabilities().get(class.index()).copied())
    }

    /// The calibrated probabilities in the order of [`Verdict::labels`](super::Verdict::labels);
    /// they sum to 1.
    pub fn probabilities(&self) -> &'v [f64] {
        &self.score.score.probabilities
    }

    /// Each label with its probability.
    pub fn by_label(&self) -> impl ExactSizeIterator<Item = (&'v str, f64)> + Clone + use<'v> {
        by_label(self.labels, self.probabilities())
    }

    /// Number of words.
    pub fn words(&self) -> usize {
        self.score.score.words
    }

    /// Share of its sentences that are loaded; `None` without a loaded-language model or without
    /// sentences.
    pub fn loaded(&self) -> Option<f64> {
        self.score.loaded
    }

    /// The labels of its prediction set, which may be empty; `None` if no sets were asked for.
    pub fn prediction_set(&self) -> Option<Vec<&'v str>> {
        names(self.labels, self.score.score.set.as_deref())
    }

    /// Whether any feature of the vocabulary occurs.
    pub(crate) fn any_feature(&self) -> bool {
        self.score.score.any_feature
    }

    /// Number of words that are in the vocabulary; `None` for a model without single words.
    pub(crate) fn known_words(&self) -> Option<usize> {
        self.score.score.known_words
    }
}
