//! Describes a model: its labels, its sizes, how it was trained and what its strongest terms are.

use serde::Serialize;

use crate::label::ClassId;
use crate::model::{
    Block, BlockKind, Calibration, Model, ParagraphWeight, Preparation, Provenance, Thresholds,
    TrainingProfile, Unit,
};
use crate::tokenizer::TokenizerConfig;

/// What a model is and how it came about, without its weights. `standpoint inspect` prints it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Card {
    /// The labels, in class order.
    pub labels: Vec<LabelCard>,
    /// What one training row was, and so what one score is.
    pub unit: Unit,
    /// How paragraphs make a document; without meaning for a document model.
    pub paragraph_weight: ParagraphWeight,
    /// Paragraphs are joined to passages of so many words before they are scored; 0 if they are not
    /// joined.
    pub passage_words: u32,
    /// How much the quotations count in a text with few words beside them; without meaning where
    /// quotations are not skipped.
    pub lone_quotation_weight: f64,
    /// How text becomes terms.
    pub tokenizer: TokenizerConfig,
    /// What is done to a text before it is scored.
    pub preparation: Preparation,
    /// Number of terms in the vocabulary.
    pub features: usize,
    /// The further blocks of features; none for most models.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<BlockCard>,
    /// How margins become probabilities.
    pub calibration: Calibration,
    /// When the model abstains.
    pub thresholds: Thresholds,
    /// The data, the parameters and the held-out figures of the training.
    pub provenance: Provenance,
    /// What held-out training rows looked like; `None` for a model trained without
    /// cross-validation.
    pub training_profile: Option<TrainingProfile>,
}

/// One label of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelCard {
    /// The label.
    pub name: String,
    /// Its value on the model's axis, in [-1, 1]; `None` for a model without an axis.
    pub axis: Option<f64>,
    /// How much a passage of it counts in its document, from 0 to 1.
    pub passage_weight: f64,
    /// Training rows with this label.
    pub rows: u64,
}

/// A further block of features of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BlockCard {
    /// What the features are.
    pub kind: BlockKind,
    /// How text becomes terms.
    pub tokenizer: TokenizerConfig,
    /// Number of terms in its vocabulary.
    pub features: usize,
}

/// A term and its weight in the margin of one class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TermWeight {
    /// The term as it stands in the vocabulary.
    pub term: String,
    /// The further block of features that the term belongs to; `None` for one of the model's own
    /// terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<BlockKind>,
    /// What one unit of the term's value adds to the margin.
    pub weight: f64,
}

impl Model {
    /// Describes the model.
    ///
    /// ```
    /// let model = standpoint::Model::from_bytes(&std::fs::read("models/stance.safetensors")?)?;
    /// assert_eq!(model.card().labels[0].name, "nato-skeptical");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn card(&self) -> Card {
        let axis = |class: usize| self.labels.axis().and_then(|axis| axis.get(class)).copied();
        let rows = |class: usize| self.provenance.rows_by_class.get(class).copied().unwrap_or(0);
        let labels = self.labels.names().iter().enumerate().map(|(class, name)| LabelCard {
            name: name.clone(),
            axis: axis(class),
            passage_weight: self.passage_label_weights.get(class).copied().unwrap_or(1.0),
            rows: rows(class),
        });
        let block = |block: &Block| BlockCard {
            kind: block.kind,
            tokenizer: block.tokenizer_config.clone(),
            features: block.linear.features(),
        };
        Card {
            labels: labels.collect(),
            unit: self.unit,
            paragraph_weight: self.paragraph_weight,
            passage_words: self.passage_words,
            lone_quotation_weight: self.lone_quotation_weight,
            tokenizer: self.tokenizer_config.clone(),
            preparation: self.preparation.clone(),
            features: self.linear.features(),
            blocks: self.more_blocks.iter().map(block).collect(),
            calibration: self.calibration.clone(),
            thresholds: self.thresholds,
            provenance: self.provenance.clone(),
            training_profile: self.training_profile.clone(),
        }
    }

    /// Returns the terms of all blocks with the greatest weights for a class, at most `count`, the
    /// greatest first.
    pub fn strongest_terms(&self, class: ClassId, count: usize) -> Vec<TermWeight> {
        let by_weight = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let blocks = self.blocks().flat_map(|block| {
            (0..block.linear.features() as u32).map(move |own| block.linear.weight(own, class.index()))
        });
        let mut weights: Vec<(u32, f64)> = (0..).zip(blocks).collect();
        // Sorting all of a large vocabulary once a class would take seconds.
        if let Some(last) = count.checked_sub(1).filter(|last| *last < weights.len()) {
            weights.select_nth_unstable_by(last, by_weight);
        }
        weights.truncate(count);
        weights.sort_unstable_by(by_weight);
        let term = |(feature, weight)| {
            let (block, own) = self.block_of(feature)?;
            let term = block.featurizer.vocabulary().term(own);
            Some(TermWeight { term, block: block.kind, weight })
        };
        weights.into_iter().filter_map(term).collect()
    }
}
