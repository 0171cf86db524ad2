//! Holds everything that scoring needs as one value that can be saved: tokenizer, featurizer,
//! weights, calibration, labels.

mod block;
mod bundled;
mod calibration;
mod card;
mod conformal;
mod file;
mod header;
mod learned_texts;
mod linear;
mod passage_rule;
mod profile;
mod provenance;
mod strongest_words;
mod thresholds;
mod topic;
mod vocabulary;

pub(crate) use block::BlockView;
pub use block::{Block, BlockKind};
pub(crate) use bundled::ID_DIGITS;
pub use bundled::{
    PrintedTextAccuracy, bundled_loaded_language, bundled_stance, is_bundled_stance, printed_text_accuracy,
};
pub use calibration::Calibration;
#[cfg(feature = "train")]
pub(crate) use calibration::softmax;
pub use card::{BlockCard, Card, LabelCard, TermWeight};
pub use conformal::{Conformal, PredictionSets, SetRule};
pub use file::digest;
#[cfg(any(feature = "parquet", feature = "train"))]
pub(crate) use file::hexadecimal;
#[cfg(feature = "train")]
pub(crate) use file::{Tensor, check_length, floats, view};
pub use learned_texts::LearnedTexts;
pub use linear::Linear;
pub use passage_rule::ParagraphWeight;
pub(crate) use passage_rule::PassageRule;
pub use profile::{BatchProfile, TrainingProfile};
pub use provenance::{Adaptation, HeldOutFigure, Provenance, TextsNote, VectorsNote};
use serde::{Deserialize, Serialize};
pub use thresholds::{LowConfidence, OffTopic, OffTopicWindow, Thresholds};
pub(crate) use topic::BestWindow;
#[cfg(feature = "train")]
pub(crate) use topic::DocumentFrequency;
pub use topic::Topic;

use crate::error::{Error, Result};
use crate::features::Featurizer;
use crate::label::LabelSet;
use crate::named::named;
pub use crate::text::preparation::{Markup, Preparation};
use crate::tokenizer::TokenizerConfig;

/// What one training row was, and so what one score is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A paragraph: a document is cut, its paragraphs are scored one by one and averaged.
    #[default]
    Paragraph,
    /// A whole text, scored as one bag of terms.
    Document,
}

named!(Unit { Paragraph: "paragraph", Document: "document" });

impl Preparation {
    /// The usual preparation of a model of `unit`: boilerplate is left out where paragraphs are
    /// scored one by one; a whole text is scored as it is.
    pub fn for_unit(unit: Unit) -> Self {
        Preparation { drop_boilerplate: unit == Unit::Paragraph, ..Preparation::default() }
    }
}

/// A trained model: saved data, checked when made.
#[derive(Debug)]
pub struct Model {
    /// How text becomes terms.
    pub tokenizer_config: TokenizerConfig,
    /// How terms become weights.
    pub featurizer: Featurizer,
    /// How weights become margins.
    pub linear: Linear,
    /// Further blocks of features, whose contributions are added to the margins.
    pub more_blocks: Vec<Block>,
    /// How margins become probabilities.
    pub calibration: Calibration,
    /// When it abstains.
    pub thresholds: Thresholds,
    /// Held-out scores for sets of labels; `None` for a model trained without cross-validation.
    pub conformal: Option<Conformal>,
    /// What held-out rows looked like; `None` for a model trained without cross-validation.
    pub training_profile: Option<TrainingProfile>,
    /// How like a text is to those it was trained on; `None` for a model trained without outside
    /// texts.
    pub topic: Option<Topic>,
    /// What one row was.
    pub unit: Unit,
    /// What is done to a text first.
    pub preparation: Preparation,
    /// How paragraphs make a document; without meaning for document models.
    pub paragraph_weight: ParagraphWeight,
    /// Words of the passages that paragraphs are joined into before they are scored; 0 for
    /// paragraphs by themselves.
    pub passage_words: u32,
    /// How much the quotations count in a text that has too few words beside them for quotations to
    /// be skipped, from 0 to 1. The margins are so much of those of the whole text, and the rest of
    /// those of the words beside the quotations.
    pub lone_quotation_weight: f64,
    /// How much a passage of each class counts in its document, from 0 to 1; nothing for 1 each. A
    /// passage counts as much as its probabilities say: the sum of these by its probabilities.
    pub passage_label_weights: Vec<f64>,
    /// The classes.
    pub labels: LabelSet,
    /// What it was trained on, and how.
    pub provenance: Provenance,
}

impl Model {
    /// The longest passages that paragraphs may be joined into.
    pub(crate) const MAX_PASSAGE_WORDS: u32 = 10_000;

    /// Whether quotations count less in a text with few words outside them.
    pub(crate) fn weighs_lone_quotations(&self) -> bool {
        self.lone_quotation_weight < 1.0
    }

    /// How much each passage of a document counts in it.
    pub(crate) fn passage_rule(&self) -> PassageRule<'_> {
        PassageRule { paragraph_weight: self.paragraph_weight, label_weights: &self.passage_label_weights }
    }

    fn check_passage_label_weights(&self) -> Result<()> {
        let weights = &self.passage_label_weights;
        if !weights.is_empty() && weights.len() != self.labels.len() {
            return Err(Error::model(format!(
                "passage weights of {} labels; it has {}",
                weights.len(),
                self.labels.len()
            )));
        }
        if !weights.is_empty() && weights.iter().all(|weight| *weight == 0.0) {
            return Err(Error::model("passages of no label have a weight; expected one above 0"));
        }
        match weights.iter().find(|weight| !(0.0..=1.0).contains(*weight)) {
            Some(weight) => Err(Error::model(format!("passages of weight {weight}; expected 0 to 1"))),
            None => Ok(()),
        }
    }

    /// Checks that the parts fit together.
    ///
    /// # Errors
    /// Sizes that differ between vocabulary, weights and labels, or values outside their ranges.
    pub fn check(&self) -> Result<()> {
        self.tokenizer_config.check()?;
        if let Some(fault) = self.preparation.column_fault() {
            return Err(Error::model(format!(
                "its texts are made of {fault}; expected one column or more, each once"
            )));
        }
        self.calibration.check(self.labels.len())?;
        self.training_profile.as_ref().map_or(Ok(()), |profile| profile.check(self.labels.len()))?;
        self.provenance.check()?;
        if self.provenance.fixed_temperature && !matches!(self.calibration, Calibration::Temperature(_)) {
            return Err(Error::model("its temperature is marked as fixed, but it has none"));
        }
        self.thresholds.check()?;
        if self.passage_words > Self::MAX_PASSAGE_WORDS {
            return Err(Error::model(format!(
                "passages of {} words; expected at most {}",
                self.passage_words,
                Self::MAX_PASSAGE_WORDS
            )));
        }
        if !(0.0..=1.0).contains(&self.lone_quotation_weight) {
            let weight = self.lone_quotation_weight;
            return Err(Error::model(format!("lone quotations of weight {weight}; expected 0 to 1")));
        }
        let (features, classes) = (self.featurizer.vocabulary().len(), self.labels.len());
        if self.linear.features() != features || self.linear.classes() != classes {
            return Err(Error::model(format!(
                "weights for {} features and {} classes; the vocabulary has {features}, the labels are {classes}",
                self.linear.features(),
                self.linear.classes()
            )));
        }
        self.check_blocks()?;
        self.check_passage_label_weights()?;
        if let Some(topic) = self.topic.as_ref().filter(|topic| topic.weights().len() != features) {
            return Err(Error::model(format!(
                "{} topic weights; the vocabulary has {features}",
                topic.weights().len()
            )));
        }
        if let Some(counts) = self.conformal.as_ref().map(Conformal::counts)
            && counts.classes.len() != classes
        {
            return Err(Error::model(format!(
                "held-out scores of {} classes; the labels are {classes}",
                counts.classes.len()
            )));
        }
        if self.thresholds.off_topic.is_some() != self.topic.is_some() {
            return Err(Error::model(
                "a threshold of off-topic without topic weights, or the other way round",
            ));
        }
        if self.provenance.rows_by_class.len() != classes {
            return Err(Error::model(format!(
                "row counts of {} classes; the labels are {classes}",
                self.provenance.rows_by_class.len()
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraph_weights_grow_as_they_say() {
        let weights = |words| {
            [ParagraphWeight::Equal, ParagraphWeight::SquareRoot, ParagraphWeight::Words]
                .map(|rule| rule.weight(words))
        };
        assert_eq!(weights(25), [1.0, 5.0, 25.0]);
    }
}
