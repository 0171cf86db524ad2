//! Holds the results of scoring: data only, without a reference to a model.

mod paragraph;
mod serialize;

use std::fmt;

pub use paragraph::ScoredParagraph;
pub(crate) use paragraph::{ParagraphScore, UnitScore};

use crate::label::{ClassId, LabelSet, argmax};
use crate::named::{Named, named};

/// Why no label is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The text has fewer words than the model's minimum.
    TooShort,
    /// No word or n-gram of the text is in the model's vocabulary.
    NothingKnown,
    /// Most of the text is in a language other than the model's.
    OtherLanguage,
    /// The text is unlike the texts that the model was trained on.
    OffTopic,
    /// The likeliest class is less likely than the model asks for.
    LowConfidence,
    /// The page shows no text, or boilerplate only.
    NothingExtracted,
}

named!(Reason {
    TooShort: "too-short",
    NothingKnown: "nothing-known",
    OtherLanguage: "other-language",
    OffTopic: "off-topic",
    LowConfidence: "low-confidence",
    NothingExtracted: "nothing-extracted",
});

impl Reason {
    /// The name that stands in results, such as `too-short`.
    pub fn name(self) -> &'static str {
        Named::name(self)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A label, or the reason for abstaining.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The text gets this label.
    Label(ClassId),
    /// The model does not decide.
    Abstain(Reason),
}

impl Decision {
    /// The label, if there is one.
    pub fn label(self) -> Option<ClassId> {
        match self {
            Decision::Label(class) => Some(class),
            Decision::Abstain(_) => None,
        }
    }

    /// Whether the model judges the text: it gives a label, or hesitates between two. A text that
    /// is off-topic, too short, unknown or in another language is not judged: its probabilities and
    /// its slant mean nothing.
    pub fn is_judged(self) -> bool {
        self.reason().is_none_or(|reason| reason == Reason::LowConfidence)
    }

    /// The reason, if there is no label.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Decision::Label(_) => None,
            Decision::Abstain(reason) => Some(reason),
        }
    }
}

/// The answer for one text.
///
/// Serialized, it has the fields of the JSON records that `standpoint score` writes, with labels by
/// name.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub(super) labels: LabelSet,
    pub(super) reason: Option<Reason>,
    pub(super) top: ClassId,
    pub(super) probabilities: Vec<f64>,
    pub(super) slant: Option<f64>,
    pub(super) words: usize,
    pub(super) known: Option<f64>,
    pub(super) topic: Option<f64>,
    pub(super) loaded: Option<f64>,
    pub(super) set: Option<Vec<ClassId>>,
    pub(super) paragraphs: Vec<ParagraphScore>,
}

impl Verdict {
    /// A verdict that says nothing but the probabilities, in the order of `labels`: the likeliest
    /// label is its label.
    pub fn from_probabilities(labels: LabelSet, probabilities: Vec<f64>) -> Self {
        Verdict {
            labels,
            reason: None,
            top: argmax(&probabilities),
            probabilities,
            slant: None,
            words: 0,
            known: None,
            topic: None,
            loaded: None,
            set: None,
            paragraphs: Vec::new(),
        }
    }

    /// The label; `None` if the model abstains.
    pub fn label(&self) -> Option<&str> {
        self.reason.is_none().then(|| self.top())
    }

    /// Why there is no label; `None` if there is one.
    pub fn reason(&self) -> Option<Reason> {
        self.reason
    }

    /// The likeliest label, whether or not the model abstains; ties go to the first label.
    pub fn top(&self) -> &str {
        self.labels.name(self.top)
    }

    /// The calibrated probability of [`Verdict::top`].
    pub fn confidence(&self) -> f64 {
        self.probabilities.get(self.top.index()).copied().unwrap_or(0.0)
    }

    /// The calibrated probability of a label; `None` for a name that is not a label of the model.
    pub fn probability(&self, label: &str) -> Option<f64> {
        self.labels.get(label).and_then(|class| self.probabilities.get(class.index()).copied())
    }

    /// The calibrated probabilities in the order of [`Verdict::labels`]; they sum to 1.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// Each label with its probability.
    pub fn by_label(&self) -> impl ExactSizeIterator<Item = (&str, f64)> + Clone {
        by_label(&self.labels, &self.probabilities)
    }

    /// The labels of the model.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Sum of axis value x probability, in [-1, 1]; `None` if the model has no axis.
    pub fn slant(&self) -> Option<f64> {
        self.slant
    }

    /// Number of words scored.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Share of the words that are in the vocabulary; `None` without words, or for a model without
    /// single words.
    pub fn known(&self) -> Option<f64> {
        self.known
    }

    /// The topic score: how much the text is like the training texts; `None` without words, or for
    /// a model that does not know its topic.
    pub fn topic(&self) -> Option<f64> {
        self.topic
    }

    /// Share of the sentences that are loaded; `None` without a loaded-language model or without
    /// sentences.
    pub fn loaded(&self) -> Option<f64> {
        self.loaded
    }

    /// The labels of the prediction set, which may be empty; `None` if no sets were asked for, or
    /// the text was scored by paragraphs.
    pub fn prediction_set(&self) -> Option<Vec<&str>> {
        names(&self.labels, self.set.as_deref())
    }

    /// The paragraphs in order; none for a text that was scored as one unit.
    pub fn paragraphs(&self) -> impl ExactSizeIterator<Item = ScoredParagraph<'_>> {
        self.paragraphs.iter().map(|score| ScoredParagraph { labels: &self.labels, score })
    }

    /// The same verdict without its paragraphs, which may take more room than the text itself.
    pub fn without_paragraphs(self) -> Self {
        Verdict { paragraphs: Vec::new(), ..self }
    }

    pub(crate) fn top_class(&self) -> ClassId {
        self.top
    }

    pub(crate) fn decision(&self) -> Decision {
        self.reason.map_or(Decision::Label(self.top), Decision::Abstain)
    }

    /// The probability of a class.
    pub(crate) fn class_probability(&self, class: ClassId) -> f64 {
        self.probabilities.get(class.index()).copied().unwrap_or(0.0)
    }

    pub(crate) fn set_classes(&self) -> Option<&[ClassId]> {
        self.set.as_deref()
    }
}

fn by_label<'v>(
    labels: &'v LabelSet,
    probabilities: &'v [f64],
) -> impl ExactSizeIterator<Item = (&'v str, f64)> + Clone {
    labels.names().iter().map(String::as_str).zip(probabilities.iter().copied())
}

fn names<'v>(labels: &'v LabelSet, set: Option<&'v [ClassId]>) -> Option<Vec<&'v str>> {
    set.map(|classes| classes.iter().map(|class| labels.name(*class)).collect())
}
