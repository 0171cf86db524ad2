//! What scoring answers: data only, nothing that refers to a model.

use std::fmt;

use crate::label::{ClassId, argmax};
use crate::text::span::Span;

/// Why no label is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The text has fewer words than the model's minimum.
    TooShort,
    /// No word or n-gram of the text is in the model's vocabulary.
    NothingKnown,
    /// Most of the text is in another language than the model's.
    OtherLanguage,
    /// The text is unlike the texts that the model was trained on.
    OffTopic,
    /// The likeliest class is less likely than the model asks for.
    LowConfidence,
}

impl Reason {
    /// The name that stands in results.
    pub fn name(self) -> &'static str {
        match self {
            Reason::TooShort => "too-short",
            Reason::NothingKnown => "nothing-known",
            Reason::OtherLanguage => "other-language",
            Reason::OffTopic => "off-topic",
            Reason::LowConfidence => "low-confidence",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A label, or the reason why there is none.
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

    /// The reason, if there is no label.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Decision::Label(_) => None,
            Decision::Abstain(reason) => Some(reason),
        }
    }
}

/// The score of one unit: a paragraph, or a whole text scored as one bag of words.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitScore {
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
    /// Whether it is in another language than the model's.
    pub other_language: bool,
    /// The labels of its set, if sets were asked for; it may be empty.
    pub set: Option<Vec<ClassId>>,
}

/// One paragraph of a verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct ParagraphScore {
    /// Where it stands in the document's text.
    pub span: Span,
    /// Its share in the document's probabilities; the weights of a document sum to 1.
    pub weight: f64,
    /// Its own score.
    pub score: UnitScore,
    /// Share of its sentences that are loaded; `None` without a second model or without sentences.
    pub loaded: Option<f64>,
}

impl Verdict {
    /// An answer of which nothing but the probabilities is known: the likeliest class is its label.
    pub fn of(probabilities: Vec<f64>) -> Self {
        let top = argmax(&probabilities);
        Verdict {
            decision: Decision::Label(top),
            top,
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
}

/// The answer for one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The label or the reason for none.
    pub decision: Decision,
    /// The likeliest class, whether or not the model decides; ties go to the first.
    pub top: ClassId,
    /// Calibrated probabilities in class order.
    pub probabilities: Vec<f64>,
    /// Sum of axis value x probability; `None` if the model has no axis.
    pub slant: Option<f64>,
    /// Word tokens scored.
    pub words: usize,
    /// Share of the words whose 1-gram is in the vocabulary; `None` without words or without word 1-grams.
    pub known: Option<f64>,
    /// Likeness to the training texts; `None` without words or for a model that does not know its topic.
    pub topic: Option<f64>,
    /// Share of the sentences that are loaded; `None` without a second model or without sentences.
    pub loaded: Option<f64>,
    /// The labels of its set, if sets were asked for and the text was scored as one unit.
    pub set: Option<Vec<ClassId>>,
    /// The paragraphs in order; empty for a model that scores whole documents.
    pub paragraphs: Vec<ParagraphScore>,
}
