//! Cuts a document into the units that are scored, and weighs them.

use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::verdict::{ParagraphScore, UnitScore};
use crate::text::boilerplate::{self, Rule};
use crate::text::normalization::Normalized;
use crate::text::paragraph::{Paragraph, paragraphs, passages};
use crate::text::span::Span;

/// What of a document is scored.
#[derive(Debug, Default)]
pub(super) struct ScoredParts {
    /// Paragraphs or passages: places in the normal text, from which the gaps are taken out.
    pub units: Vec<Span>,
    /// What is left out between the paragraphs of passages: places in the source.
    pub gaps: Vec<Span>,
}

impl ScoredParts {
    /// The gaps inside a part of the source.
    pub(super) fn gaps_in(&self, part: Span) -> &[Span] {
        let from = self.gaps.partition_point(|gap| gap.start() < part.start());
        let to = self.gaps.partition_point(|gap| gap.end() <= part.end());
        self.gaps.get(from..to).unwrap_or(&[])
    }

    /// A part of the source without the gaps inside it.
    pub(super) fn without_gaps(&self, part: Span) -> impl Iterator<Item = Span> {
        let starts = std::iter::once(part.start()).chain(self.gaps_in(part).iter().map(|gap| gap.end()));
        let ends = self.gaps_in(part).iter().map(|gap| gap.start()).chain([part.end()]);
        starts.zip(ends).map(|(start, end)| Span::new(start, end))
    }
}

impl CompiledModel {
    /// Finds the paragraphs that are scored, joined into passages where the model asks for them.
    /// What is left out does not part two passages: it is taken out of the normal text, so that the
    /// score is that of the text without it.
    pub(super) fn scored_parts(
        &self,
        normal: &mut Normalized<'_>,
        title: Option<&str>,
        keep_boilerplate: bool,
    ) -> ScoredParts {
        let mut kept = paragraphs(normal.text());
        let mut gaps = Vec::new();
        if !keep_boilerplate && self.model.preparation.drop_boilerplate {
            let rules = boilerplate::rules(normal.text(), &kept, title);
            debug_assert_eq!(rules.len(), kept.len(), "each paragraph has its rule or none");
            if rules.iter().any(Option::is_some) {
                gaps = take_out(normal, &mut kept, &rules, self.model.passage_words > 0);
            }
        }
        let units = match self.model.passage_words {
            0 => kept.iter().map(|paragraph| paragraph.span).collect(),
            min_words => passages(&kept, min_words),
        };
        ScoredParts { units, gaps }
    }

    /// Sets the weight of each paragraph; all weights sum to 1. A paragraph that would abstain by
    /// itself, because it is too short, holds nothing known or is in another language, weighs
    /// nothing, unless all paragraphs are like that. Of labels that the model gives less weight, as
    /// of those that say that nothing is argued, paragraphs weigh less.
    pub(super) fn set_weights(&self, paragraphs: &mut [ParagraphScore]) {
        let speaks =
            |score: &UnitScore| score.any_feature && !score.other_language && !self.is_too_short(score.words);
        for paragraph in paragraphs.iter_mut() {
            let words = paragraph.score.words;
            let weight = self.model.passage_rule().weight(words, &paragraph.score.probabilities);
            paragraph.weight = if speaks(&paragraph.score) { weight } else { 0.0 };
        }
        let mut sum: f64 = paragraphs.iter().map(|paragraph| paragraph.weight).sum();
        if sum <= 0.0 {
            paragraphs.iter_mut().for_each(|paragraph| paragraph.weight = 1.0);
            sum = paragraphs.len() as f64;
        }
        paragraphs.iter_mut().for_each(|paragraph| paragraph.weight /= sum);
    }
}

/// Removes the paragraphs that a rule knows from `all` and, where passages are made, from the
/// normal text. Gives the places in the source of what was taken out of the text.
fn take_out(
    normal: &mut Normalized<'_>,
    all: &mut Vec<Paragraph>,
    rules: &[Option<Rule>],
    makes_passages: bool,
) -> Vec<Span> {
    let mut gaps: Vec<Span> = Vec::new();
    if makes_passages {
        let ends = all.iter().skip(1).map(|next| next.span.start()).chain([normal.text().len()]);
        for ((paragraph, end), rule) in all.iter().zip(ends).zip(rules) {
            let gap = Span::new(paragraph.span.start(), end);
            match (rule, gaps.last_mut()) {
                (None, _) => {}
                (Some(_), Some(last)) if last.end() == gap.start() => *last = last.join(gap),
                (Some(_), _) => gaps.push(gap),
            }
        }
    }
    let mut rules = rules.iter();
    all.retain(|_| rules.next().is_some_and(Option::is_none));
    if gaps.is_empty() {
        return gaps;
    }
    let sources: Vec<Span> = all.iter().map(|paragraph| normal.source(paragraph.span)).collect();
    let places: Vec<Span> = gaps.iter().map(|gap| normal.source(*gap)).collect();
    if !normal.take_out(&places) {
        return Vec::new();
    }
    for (paragraph, source) in all.iter_mut().zip(sources) {
        paragraph.span = normal.normal(source);
    }
    places
}
