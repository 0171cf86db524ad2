//! Decides when a text gets no label.

use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::scorer::UnitStats;
use crate::classifier::totals::DocumentTotals;
use crate::classifier::verdict::Reason;
use crate::model::LowConfidence;
use crate::text::language;

/// A text with a greater share of known words is not checked for its language: two thirds of the
/// words of another language are never in a vocabulary by chance, and language detection takes
/// time.
const KNOWN_LANGUAGE: f64 = 2.0 / 3.0;

impl CompiledModel {
    /// Why a text gets no label, if it gets none. `confidence` is the probability of its top class.
    #[inline]
    pub(super) fn reason(&self, totals: &DocumentTotals, confidence: f64) -> Option<Reason> {
        let thresholds = &self.model.thresholds;
        let min_confidence = |low: LowConfidence| if totals.units > 1 { low.document } else { low.unit };
        if self.is_too_short(totals.words) {
            Some(Reason::TooShort)
        } else if 2 * totals.foreign_words > totals.words {
            Some(Reason::OtherLanguage)
        } else if !totals.any_feature {
            Some(Reason::NothingKnown)
        } else if self.is_off_topic(totals) {
            Some(Reason::OffTopic)
        } else if thresholds.low_confidence.is_some_and(|low| confidence < min_confidence(low)) {
            Some(Reason::LowConfidence)
        } else {
            None
        }
    }

    /// How like the words of a text are to those of the training texts: of a long text, where the
    /// model asks for that, the words of its best window.
    pub(super) fn likeness(&self, totals: &DocumentTotals) -> Option<f64> {
        match self.model.thresholds.off_topic.and_then(|off| off.window_for(totals.words)) {
            Some(_) => totals.best_window,
            None => totals.likeness(),
        }
    }

    fn is_off_topic(&self, totals: &DocumentTotals) -> bool {
        let off = self.model.thresholds.off_topic;
        self.likeness(totals)
            .zip(off)
            .is_some_and(|(found, off)| found < off.least_for(totals.units, totals.words))
    }

    /// Whether a text has fewer words than the model's minimum.
    pub(super) fn is_too_short(&self, words: usize) -> bool {
        words < self.model.thresholds.min_words as usize
    }

    /// Whether a unit is in a language other than the model's.
    pub(super) fn is_foreign(&self, text: &str, stats: &UnitStats) -> bool {
        let model = &self.model;
        let Some(expected) = model.tokenizer_config.language.filter(|_| model.thresholds.other_language)
        else {
            return false;
        };
        let mostly_known = model.tokenizer_config.has_single_words()
            && stats.known as f64 >= KNOWN_LANGUAGE * stats.words as f64;
        !mostly_known && language::is_other(text, expected)
    }
}
