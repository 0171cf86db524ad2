//! Adds up an explanation by sentence: intercept + sentences = margin.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::classifier::Classifier;
use crate::classifier::explain::row_with_places;
use crate::classifier::verdict::Verdict;
use crate::label::ClassId;
use crate::model::Unit;
use crate::progress::Silent;
use crate::text::normalization::Normalized;
use crate::text::paragraph::paragraphs;
use crate::text::sentence::sentences;
use crate::text::span::Span;

/// What one sentence adds to the margin of a label: the sum over the terms that begin in it. A term
/// that occurs more than once is shared equally by its occurrences.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SentenceContribution {
    /// The byte in the text where the sentence begins.
    pub start: usize,
    /// The byte behind its end.
    pub end: usize,
    /// Sum of value x weight; in a document of several paragraphs, times the weight of its
    /// paragraph.
    pub contribution: f64,
}

impl SentenceContribution {
    /// Where the sentence stands in the text.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

impl Classifier {
    /// Says how much each scored sentence speaks for a label, the strongest first and those that
    /// speak against it last. The text must be the prepared one that was scored, as for
    /// [`Classifier::explain_verdict`].
    ///
    /// Where the text was scored as one unit, the label's intercept and all contributions sum to
    /// its margin. Where it was scored by paragraphs, they sum to what all terms of the label add
    /// in [`DocumentExplanation::Ranking`].
    ///
    /// [`DocumentExplanation::Ranking`]: crate::classifier::explain::DocumentExplanation::Ranking
    pub fn explain_sentences(
        &self,
        text: &str,
        verdict: &Verdict,
        label: ClassId,
    ) -> Vec<SentenceContribution> {
        if self.model().unit == Unit::Document {
            return self.explain_unit_sentences(text, label);
        }
        let normal = self.scored_text(text, verdict);
        let weighed = verdict.paragraphs().filter(|paragraph| paragraph.weight() > 0.0);
        let of_paragraphs = weighed.flat_map(|paragraph| {
            let mut sentences = self.unit_sentences(&normal, normal.normal(paragraph.span()), label);
            sentences.iter_mut().for_each(|sentence| sentence.contribution *= paragraph.weight());
            sentences
        });
        ranked(of_paragraphs.collect())
    }

    /// Says how much each sentence of a text that is scored as one unit speaks for a label, the
    /// strongest first. The label's intercept and all contributions sum to its margin.
    pub fn explain_unit_sentences(&self, text: &str, label: ClassId) -> Vec<SentenceContribution> {
        let normal = self.models().main.normalize(text);
        ranked(self.unit_sentences(&normal, Span::new(0, normal.text().len()), label))
    }

    /// The sentences of a part of a normal text in their order.
    fn unit_sentences(
        &self,
        normal: &Normalized<'_>,
        part: Span,
        label: ClassId,
    ) -> Vec<SentenceContribution> {
        let text = part.of(normal.text());
        let places = sentence_spans(text);
        let mut occurrences: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut found = |feature, span: Span| {
            let sentence = places.partition_point(|place| place.start() <= span.start()).saturating_sub(1);
            occurrences.entry(feature).or_default().push(sentence);
        };
        let row = row_with_places(&self.models().main, text, &mut found, &Silent);
        let mut sums = vec![0.0; places.len()];
        for (feature, value) in row.iter() {
            let found = occurrences.get(&feature).map_or(&[][..], Vec::as_slice);
            let share = value * self.model().weight(feature, label.index()) / found.len() as f64;
            for sentence in found {
                if let Some(sum) = sums.get_mut(*sentence) {
                    *sum += share;
                }
            }
        }
        let with_place = |(place, contribution): (Span, f64)| {
            let source = normal.source(place.shifted(part.start()));
            SentenceContribution { start: source.start(), end: source.end(), contribution }
        };
        places.into_iter().zip(sums).map(with_place).collect()
    }
}

/// The sentences of a unit: all of it is one where no sentence is found, so that every term has a
/// place.
fn sentence_spans(text: &str) -> Vec<Span> {
    let of_paragraph = |paragraph: Span| {
        sentences(paragraph.of(text)).map(move |sentence| sentence.shifted(paragraph.start()))
    };
    let mut found: Vec<Span> = paragraphs(text)
        .into_iter()
        .flat_map(|paragraph| of_paragraph(paragraph.span).collect::<Vec<_>>())
        .collect();
    if found.is_empty() && !text.is_empty() {
        found.push(Span::new(0, text.len()));
    }
    found
}

/// Largest contribution first; ties go to the earlier sentence.
fn ranked(mut sentences: Vec<SentenceContribution>) -> Vec<SentenceContribution> {
    sentences.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.start.cmp(&b.start)));
    sentences
}
