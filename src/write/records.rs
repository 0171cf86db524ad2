//! The result records as users see them. Fields are added, never renamed; tests/ declares them once more.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::classifier::explain::{DocumentExplanation, LabelExplanation, TermContribution};
use crate::classifier::verdict::ScoredParagraph;
use crate::label::LabelSet;
use crate::pipeline::{Context, Failure, SCHEMA, Scored};

/// Writes a value as one line of JSON.
pub(super) fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    // serde_json's own error hides the kind of an input or output error; turned back, a closed pipe is known as one.
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// One scored document.
#[derive(Serialize)]
pub(super) struct Record<'a> {
    schema: u32,
    id: &'a str,
    path: &'a str,
    record: Option<u64>,
    label: Option<&'a str>,
    top: &'a str,
    reason: Option<&'static str>,
    probabilities: ByLabel<'a, f64>,
    slant: Option<f64>,
    words: usize,
    known: Option<f64>,
    topic: Option<f64>,
    loaded: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<Vec<&'a str>>,
    model: &'a str,
    bias_model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate_of: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraphs: Option<Vec<Paragraph<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation<'a>>,
}

#[derive(Serialize)]
struct Paragraph<'a> {
    start: usize,
    end: usize,
    weight: f64,
    words: usize,
    top: &'a str,
    probabilities: ByLabel<'a, f64>,
    loaded: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation<'a>>,
}

#[derive(Serialize)]
struct Explanation<'a> {
    /// `sum`: intercept + terms + rest = margin. `ranking`: only the order of the terms means something.
    kind: &'static str,
    classes: ByLabel<'a, Class<'a>>,
}

#[derive(Serialize)]
struct Class<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    intercept: Option<f64>,
    terms: Vec<Term<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<f64>,
}

#[derive(Serialize)]
struct Term<'a> {
    term: &'a str,
    amount: f64,
    spans: Vec<(usize, usize)>,
}

/// A record that could not be scored.
#[derive(Serialize)]
pub(super) struct ErrorRecord<'a> {
    schema: u32,
    id: &'a str,
    path: Option<&'a str>,
    record: Option<u64>,
    error: Fault,
}

#[derive(Serialize)]
struct Fault {
    kind: &'static str,
    message: String,
    line: Option<u64>,
}

/// One value a class, under the class's name.
struct ByLabel<'a, T> {
    labels: &'a LabelSet,
    values: Vec<T>,
}

/// The kept columns of a document, in the order in which they were asked for.
struct Meta<'a> {
    names: &'a [String],
    values: &'a [Option<String>],
}

impl Serialize for Meta<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.names.iter().zip(self.values))
    }
}

impl<T: Serialize> Serialize for ByLabel<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.labels.names().iter().zip(&self.values))
    }
}

impl<'a> Record<'a> {
    pub(super) fn of(scored: &'a Scored, context: &'a Context) -> Self {
        let Scored { document, verdict, explanation, duplicate_of } = scored;
        let labels = &context.labels;
        Record {
            schema: SCHEMA,
            id: &document.id,
            path: &document.path,
            record: document.record,
            label: verdict.label(),
            top: verdict.top(),
            reason: verdict.reason().map(|reason| reason.name()),
            probabilities: ByLabel { labels, values: verdict.probabilities().to_vec() },
            slant: verdict.slant(),
            words: verdict.words(),
            known: verdict.known(),
            topic: verdict.topic(),
            loaded: verdict.loaded(),
            set: verdict.prediction_set(),
            model: &context.model,
            bias_model: context.bias_model.as_deref(),
            duplicate_of: context.duplicates.then_some(duplicate_of.as_deref()),
            meta: (!context.keep.is_empty())
                .then_some(Meta { names: &context.keep, values: &document.columns }),
            paragraphs: context.paragraphs.then(|| {
                let paragraph = |(number, paragraph)| Paragraph::of(number, paragraph, scored, context);
                verdict.paragraphs().enumerate().map(paragraph).collect()
            }),
            explanation: explanation
                .as_ref()
                .zip(context.explain)
                .map(|(explanation, most)| Explanation::of_document(explanation, most, labels)),
        }
    }
}

impl<'a> Paragraph<'a> {
    fn of(number: usize, paragraph: ScoredParagraph<'a>, scored: &'a Scored, context: &'a Context) -> Self {
        let labels = &context.labels;
        let explained = match &scored.explanation {
            Some(DocumentExplanation::Ranking { paragraphs, .. }) => paragraphs.get(number),
            _ => None,
        };
        Paragraph {
            start: paragraph.span().start(),
            end: paragraph.span().end(),
            weight: paragraph.weight(),
            words: paragraph.words(),
            top: paragraph.top(),
            probabilities: ByLabel { labels, values: paragraph.probabilities().to_vec() },
            loaded: paragraph.loaded(),
            set: paragraph.prediction_set(),
            text: context.paragraph_text.then(|| paragraph.span().of(&scored.document.text)),
            explanation: explained
                .zip(context.explain)
                .map(|(classes, most)| Explanation::sum(classes, most, labels)),
        }
    }
}

impl<'a> Explanation<'a> {
    fn of_document(explanation: &'a DocumentExplanation, most: usize, labels: &'a LabelSet) -> Self {
        match explanation {
            DocumentExplanation::Sum(classes) => Explanation::sum(classes, most, labels),
            DocumentExplanation::Ranking { labels: classes, .. } => {
                let class = |ranked: &'a Vec<TermContribution>| {
                    let listed = ranked.get(..most).unwrap_or(ranked);
                    Class {
                        intercept: None,
                        terms: listed.iter().map(Term::of).collect(),
                        rest: None,
                        margin: None,
                    }
                };
                Explanation {
                    kind: "ranking",
                    classes: ByLabel { labels, values: classes.iter().map(class).collect() },
                }
            }
        }
    }

    fn sum(classes: &'a [LabelExplanation], most: usize, labels: &'a LabelSet) -> Self {
        let class = |explained: &'a LabelExplanation| {
            let (listed, rest) = explained.top(most);
            Class {
                intercept: Some(explained.intercept),
                terms: listed.iter().map(Term::of).collect(),
                rest: Some(rest),
                margin: Some(explained.margin),
            }
        };
        Explanation { kind: "sum", classes: ByLabel { labels, values: classes.iter().map(class).collect() } }
    }
}

impl<'a> Term<'a> {
    fn of(contribution: &'a TermContribution) -> Self {
        Term {
            term: &contribution.text,
            amount: contribution.contribution,
            spans: contribution.spans.iter().map(|span| (span.start(), span.end())).collect(),
        }
    }
}

impl<'a> ErrorRecord<'a> {
    pub(super) fn of(failure: &'a Failure) -> Self {
        let position = failure.error.position();
        ErrorRecord {
            schema: SCHEMA,
            id: &failure.id,
            path: position.and_then(|position| position.path.as_deref()),
            record: position.and_then(|position| position.record),
            error: Fault {
                kind: failure.error.name(),
                message: failure.error.to_string(),
                line: position.and_then(|position| position.line),
            },
        }
    }
}
