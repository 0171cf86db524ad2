//! Explains the verdict on one text, for the page that a notebook shows and for programs.

use pyo3::prelude::*;
use serde::Serialize;
use standpoint::Verdict;
use standpoint::classifier::SentenceContribution;
use standpoint::classifier::explain::{Detail, DocumentExplanation, LabelExplanation, TermContribution};
use standpoint::progress::{Counters, Progress};
use standpoint::text::{Prepared, Record};

use crate::guard::{abandonable, detached};
use crate::model::NativeModel;

/// Texts of fewer bytes are explained before anybody could press Ctrl-C.
const MIN_WATCHED: usize = 1 << 16;

/// What was scored, the answer, and what made it.
#[derive(Serialize)]
struct Explained<'a> {
    /// The prepared text, whose bytes all places count.
    text: &'a str,
    model: &'a str,
    verdict: &'a Verdict,
    labels: Vec<ExplainedLabel<'a>>,
}

/// One label: a sum where the text was scored as one unit, else a ranking.
#[derive(Serialize)]
struct ExplainedLabel<'a> {
    label: &'a str,
    probability: f64,
    sum: Option<Sum>,
    terms: &'a [TermContribution],
    /// What each sentence adds, the strongest first and those against the label last.
    sentences: &'a [SentenceContribution],
}

/// intercept + terms + rest = margin.
#[derive(Serialize)]
struct Sum {
    intercept: f64,
    rest: f64,
    margin: f64,
}

#[pymethods]
impl NativeModel {
    /// The verdict on a text with at most `terms` terms of each label, as JSON.
    fn explain(
        &self,
        py: Python<'_>,
        text: Vec<String>,
        title: Option<String>,
        terms: usize,
    ) -> PyResult<String> {
        let size = text.iter().chain(&title).map(String::len).sum::<usize>();
        let classifier = self.classifier(py)?.clone();
        let work = move |counters: &Counters| {
            let record = Record::from_columns(text);
            let record = title.iter().fold(record, |record, title| record.with_title(title));
            let Prepared { text, title, extraction } = classifier.model().preparation.prepare_record(&record);
            let document =
                standpoint::Document { text, title, extraction, ..standpoint::Document::default() };
            let verdict = classifier.worker().score_document(&document);
            // The sums of a paragraph are shown where it is the only one.
            let detail = Detail { terms, paragraphs: verdict.paragraphs().len() == 1 };
            let explanation = classifier.explain_verdict_with(&document.text, &verdict, detail, counters)?;
            let labels = classifier.labels();
            let classes: Vec<_> = labels.names().iter().filter_map(|name| labels.get(name)).collect();
            let sentences = |label| {
                counters.check()?;
                Ok(classifier.explain_sentences(&document.text, &verdict, label))
            };
            let sentences = classes.into_iter().map(sentences).collect::<standpoint::Result<Vec<_>>>()?;
            Ok((document.text, verdict, explanation, sentences))
        };
        let (prepared, verdict, explanation, sentences) = match size {
            0..MIN_WATCHED => detached(py, || work(&Counters::default()))?,
            _ => abandonable(py, work)?,
        };
        let sums = one_unit(&explanation);
        let labels = verdict.by_label().enumerate().map(|(class, (label, probability))| {
            let sum = sums.and_then(|labels| labels.get(class));
            let ranking = match &explanation {
                DocumentExplanation::Ranking { labels, .. } => labels.get(class).map(Vec::as_slice),
                DocumentExplanation::Sum(_) => None,
            };
            let (listed, sum) = match sum {
                Some(label) => {
                    let (listed, rest) = label.top(terms);
                    (listed, Some(Sum { intercept: label.intercept, rest, margin: label.margin }))
                }
                None => (
                    ranking.and_then(|ranked| ranked.get(..terms).or(Some(ranked))).unwrap_or_default(),
                    None,
                ),
            };
            let sentences = sentences.get(class).map(Vec::as_slice).unwrap_or_default();
            ExplainedLabel { label, probability, sum, terms: listed, sentences }
        });
        let labels = labels.collect();
        let explained = Explained { text: &prepared, model: self.id(), verdict: &verdict, labels };
        crate::json::written(py, &explained)
    }
}

/// The sums of a text that was scored as one unit, or has one paragraph.
fn one_unit(explanation: &DocumentExplanation) -> Option<&[LabelExplanation]> {
    match explanation {
        DocumentExplanation::Sum(labels) => Some(labels),
        DocumentExplanation::Ranking { paragraphs, .. } => match paragraphs.as_slice() {
            [only] => Some(only),
            _ => None,
        },
    }
}
