//! Describes the parts of a text that have a verdict of their own: its paragraphs, and the passages
//! that a model joins them into.

use serde::Serialize;

use crate::classifier::Worker;
use crate::classifier::verdict::{Reason, ScoredParagraph, Verdict};
use crate::serve::places::{Places, Probability, probabilities};
use crate::text::{CutParagraph, Span};

/// The parts of a text, in order.
#[derive(Debug, Default, Serialize)]
pub(super) struct Parts {
    paragraphs: Vec<ParagraphView>,
    /// What the verdict of the text is made of; empty where each is one paragraph.
    passages: Vec<PassageView>,
}

/// A paragraph as it stands in the text.
#[derive(Debug, Serialize)]
struct ParagraphView {
    start: usize,
    end: usize,
    #[serde(flatten)]
    alone: Alone,
    /// The number of its passage among those of the text.
    passage: Option<usize>,
}

/// Paragraphs that are scored together.
#[derive(Debug, Serialize)]
struct PassageView {
    start: usize,
    end: usize,
    #[serde(flatten)]
    alone: Alone,
    /// Its share in the probabilities of the text.
    weight: f64,
}

/// The verdict that a part gets if there is nothing else in the text.
#[derive(Debug, Serialize)]
struct Alone {
    label: Option<String>,
    top: String,
    reason: Option<&'static str>,
    probabilities: Vec<Probability>,
    loaded: Option<f64>,
}

impl Alone {
    fn new(worker: &mut Worker, text: &str) -> Self {
        let verdict = worker.score_unit(text);
        Alone {
            label: verdict.label().map(str::to_owned),
            top: verdict.top().to_owned(),
            reason: verdict.reason().map(Reason::name),
            probabilities: probabilities(verdict.by_label()),
            loaded: verdict.loaded(),
        }
    }
}

/// Scores the parts of a text by themselves. `cut` are its paragraphs; a text that was scored as a
/// whole has no parts.
pub(super) fn parts(
    worker: &mut Worker,
    verdict: &Verdict,
    cut: &[CutParagraph],
    places: &Places<'_>,
) -> Parts {
    let scored: Vec<ScoredParagraph<'_>> = verdict.paragraphs().collect();
    let reads_all = !worker.classifier().model().preparation.drop_boilerplate;
    let read = cut.iter().filter(|paragraph| reads_all || paragraph.rule.is_none());
    let paragraphs: Vec<ParagraphView> = read
        .filter_map(|paragraph| {
            let (start, end) = places.ends(paragraph.span)?;
            let alone = Alone::new(worker, paragraph.span.of(places.text));
            Some(ParagraphView { start, end, alone, passage: passage_of(&scored, paragraph.span) })
        })
        .collect();
    let is_joined = scored.len() < paragraphs.len();
    let passages = scored.into_iter().filter(|_| is_joined);
    let passages = passages.filter_map(|passage| {
        let (start, end) = places.ends(passage.span())?;
        let alone = Alone::new(worker, &without(places.text, passage.span(), passage.left_out()));
        Some(PassageView { start, end, alone, weight: passage.weight() })
    });
    let passages = passages.collect();
    Parts { paragraphs, passages }
}

/// The number of the passage that a paragraph is in.
fn passage_of(passages: &[ScoredParagraph<'_>], paragraph: Span) -> Option<usize> {
    let number =
        passages.partition_point(|passage| passage.span().start() <= paragraph.start()).checked_sub(1)?;
    passages.get(number).filter(|passage| paragraph.end() <= passage.span().end()).map(|_| number)
}

/// A part of a text without the gaps inside of it.
fn without(text: &str, part: Span, gaps: &[Span]) -> String {
    let starts = std::iter::once(part.start()).chain(gaps.iter().map(|gap| gap.end()));
    let ends = gaps.iter().map(|gap| gap.start()).chain([part.end()]);
    starts.zip(ends).map(|(start, end)| Span::new(start, end).of(text)).collect()
}
