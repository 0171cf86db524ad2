//! Cuts a document into the units that are scored, and weighs them.

use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::verdict::{ParagraphScore, UnitScore};
use crate::text::boilerplate;
use crate::text::paragraph::{Paragraph, paragraphs, passages};
use crate::text::span::Span;

impl CompiledModel {
    /// The paragraphs that are scored, joined into passages where the model asks for them. What is dropped ends a passage.
    pub(super) fn scored_paragraphs(
        &self,
        text: &str,
        title: Option<&str>,
        keep_boilerplate: bool,
    ) -> Vec<Span> {
        let all = paragraphs(text);
        let join = |run: &[Paragraph]| match self.model.passage_words {
            0 => run.iter().map(|paragraph| paragraph.span).collect(),
            min_words => passages(run, min_words),
        };
        if keep_boilerplate || !self.model.preparation.drop_boilerplate {
            return join(&all);
        }
        let rules = boilerplate::rules(text, &all, title);
        debug_assert_eq!(rules.len(), all.len(), "each paragraph has its rule or none");
        let mut kept = Vec::new();
        let mut run = Vec::with_capacity(all.len());
        for (paragraph, rule) in all.into_iter().zip(rules) {
            if rule.is_none() {
                run.push(paragraph);
            } else {
                kept.extend(join(&run));
                run.clear();
            }
        }
        kept.extend(join(&run));
        kept
    }

    /// Sets the weight of each paragraph; all weights sum to 1. A paragraph that would abstain by itself, because it is too short,
    /// holds nothing known or is in another language, weighs nothing, unless all paragraphs are like that.
    pub(super) fn set_weights(&self, paragraphs: &mut [ParagraphScore]) {
        let speaks =
            |score: &UnitScore| score.any_feature && !score.other_language && !self.is_too_short(score.words);
        for paragraph in paragraphs.iter_mut() {
            let words = paragraph.score.words;
            let weight = self.model.paragraph_weight.weight(words);
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
