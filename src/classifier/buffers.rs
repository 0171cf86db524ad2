//! Scores one unit of text with the buffers of one thread.

use std::sync::Arc;

use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::loaded_language::LoadedLanguage;
use crate::classifier::scorer::{TextScorer, UnitStats};
use crate::classifier::shared_tokens::{ModelSlot, PartTokens, SharedTokens};
use crate::classifier::totals::SentenceCounts;
use crate::classifier::verdict::UnitScore;
use crate::model::PredictionSets;
use crate::text::normalization::NormalBuffers;
use crate::text::sentence::sentences;
use crate::text::span::Span;

/// The model of a classifier, and the loaded-language model that goes with it.
#[derive(Clone, Debug)]
pub(super) struct ModelPair {
    pub main: Arc<CompiledModel>,
    pub loaded_language: Option<LoadedLanguage>,
}

/// One thread's buffers for a pair of models. They hold words that were seen, so they serve that
/// pair only.
#[derive(Debug)]
pub(super) struct Buffers {
    /// For the normal form of a text.
    pub(super) normal: NormalBuffers,
    main: ModelBuffers,
    loaded_language: Option<Box<LoadedLanguageBuffers>>,
}

/// One thread's buffers for one model.
#[derive(Debug, Default)]
struct ModelBuffers {
    scorer: TextScorer,
    margins: Vec<f64>,
}

/// One thread's buffers for the loaded-language model.
#[derive(Debug)]
struct LoadedLanguageBuffers {
    own: ModelBuffers,
    /// Tokens for both models, where one reading gives those of both.
    shared: Option<SharedTokens>,
}

/// A unit's score with the counts of its sentences, which are zero without a loaded-language model.
pub(super) struct ScoredUnit {
    pub score: UnitScore,
    pub sentences: SentenceCounts,
}

impl Buffers {
    pub(super) fn new(models: &ModelPair) -> Self {
        let loaded_language = models.loaded_language.as_ref().map(|loaded_language| {
            let can_share = SharedTokens::can_read([&models.main, loaded_language.model()]);
            let shared = can_share.then(SharedTokens::default);
            Box::new(LoadedLanguageBuffers { own: ModelBuffers::default(), shared })
        });
        Buffers { normal: NormalBuffers::default(), main: ModelBuffers::default(), loaded_language }
    }

    /// Begins a document: the units that are scored from now on are its units.
    pub(super) fn begin_document(&mut self, models: &ModelPair) {
        self.main.scorer.begin_document(&models.main);
    }

    /// The topic score of the document's best window; `None` if the model has no windows, or the
    /// document fewer words than one.
    pub(super) fn best_window(&self) -> Option<f64> {
        self.main.scorer.best_window()
    }

    /// Scores one unit of normal text. A unit without features scores as the intercepts alone. What
    /// both models need of the text is read once where that gives the same scores.
    pub(super) fn score_unit(
        &mut self,
        models: &ModelPair,
        text: &str,
        sets: Option<&PredictionSets>,
    ) -> ScoredUnit {
        let Buffers { main, loaded_language: second, .. } = self;
        let first_model = &*models.main;
        let Some((second, second_model)) = second.as_mut().zip(models.loaded_language.as_ref()) else {
            let score = main.score(first_model, text, sets);
            return ScoredUnit { score, sentences: SentenceCounts::default() };
        };
        let pair = [first_model, second_model.model()];
        let LoadedLanguageBuffers { own, shared } = &mut **second;
        let read = shared.as_mut().and_then(|shared| shared.read(pair, text));
        let mut whole = read.map(|shared| shared.parts(text, ModelSlot::First, first_model));
        let stats = main.part_margins(first_model, whole.as_mut(), text, Span::new(0, text.len()));
        let score = main.unit_score(first_model, text, stats, sets);
        let mut parts = read.map(|shared| shared.parts(text, ModelSlot::Second, second_model.model()));
        let mut counts = SentenceCounts::default();
        for sentence in sentences(text) {
            let stats = own.part_margins(second_model.model(), parts.as_mut(), text, sentence);
            counts.add(second_model.is_loaded(&stats, &mut own.margins));
        }
        ScoredUnit { score, sentences: counts }
    }

    /// Gives back the room that only a huge text needs: each thread has such buffers.
    pub(super) fn shrink(&mut self) {
        const KEPT: usize = 1 << 16;
        self.main.scorer.shrink(KEPT);
        if let Some(second) = &mut self.loaded_language {
            second.own.scorer.shrink(KEPT);
            second.shared.iter_mut().for_each(|shared| shared.shrink(KEPT));
        }
    }
}

impl ModelBuffers {
    fn score(&mut self, model: &CompiledModel, text: &str, sets: Option<&PredictionSets>) -> UnitScore {
        let stats = self.part_margins(model, None, text, Span::new(0, text.len()));
        self.unit_score(model, text, stats, sets)
    }

    /// Fills the margins with those of a part of a text, from its shared tokens if they can be
    /// told.
    fn part_margins(
        &mut self,
        model: &CompiledModel,
        shared: Option<&mut PartTokens<'_>>,
        text: &str,
        part: Span,
    ) -> UnitStats {
        let stats = match shared.and_then(|parts| parts.next(part, self.scorer.tokens_mut())) {
            Some(words) => self.scorer.score_tokens(model, (part.of(text), words), &mut self.margins),
            None => self.scorer.score_text(model, part.of(text), &mut self.margins),
        };
        if model.weighs_quotations(part.of(text)) {
            self.weigh_quotations(model, part.of(text));
        }
        stats
    }

    /// Averages the margins of a text with those of its words outside quotations, by the weight of
    /// lone quotations.
    #[cold]
    fn weigh_quotations(&mut self, model: &CompiledModel, text: &str) {
        let mut margins = Vec::new();
        self.scorer.score_beside_quotations(model, text, &mut margins);
        let weight = model.model.lone_quotation_weight;
        for (margin, beside) in self.margins.iter_mut().zip(margins) {
            *margin = weight * *margin + (1.0 - weight) * beside;
        }
    }

    /// Turns the margins into probabilities, and these with the stats of the same unit into its
    /// score.
    fn unit_score(
        &mut self,
        model: &CompiledModel,
        text: &str,
        stats: UnitStats,
        sets: Option<&PredictionSets>,
    ) -> UnitScore {
        let CompiledModel { model: parameters, .. } = model;
        parameters.calibration.apply(&mut self.margins);
        UnitScore {
            probabilities: self.margins.clone(),
            words: stats.words,
            known_words: parameters.tokenizer_config.has_single_words().then_some(stats.known),
            any_feature: stats.any_feature,
            topic: parameters.topic.as_ref().map(|_| stats.topic),
            other_language: model.is_foreign(text, &stats),
            set: sets.map(|sets| sets.classes(&self.margins)),
        }
    }
}

#[cfg(test)]
impl Buffers {
    /// Whether one reading gives the tokens of both models.
    pub(super) fn reads_together(&self) -> bool {
        self.loaded_language.as_ref().is_some_and(|second| second.shared.is_some())
    }

    /// Makes each model read the text for itself.
    pub(super) fn read_apart(&mut self) {
        self.loaded_language.iter_mut().for_each(|second| second.shared = None);
    }
}
