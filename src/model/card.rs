//! Describes a model: its labels, its sizes, how it was trained and what its strongest terms are.

use serde::Serialize;

use crate::label::ClassId;
use crate::model::{
    Calibration, Model, ParagraphWeight, Preparation, Provenance, Thresholds, TrainingProfile, Unit,
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
    /// Paragraphs are joined to passages of so many words before they are scored; 0 if they are not joined.
    pub passage_words: u32,
    /// How text becomes terms.
    pub tokenizer: TokenizerConfig,
    /// What is done to a text before it is scored.
    pub preparation: Preparation,
    /// Number of terms in the vocabulary.
    pub features: usize,
    /// How margins become probabilities.
    pub calibration: Calibration,
    /// When the model abstains.
    pub thresholds: Thresholds,
    /// The data, the parameters and the held-out figures of the training.
    pub provenance: Provenance,
    /// What held-out training rows looked like; `None` for a model trained without cross-validation.
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
    /// Training rows with this label.
    pub rows: u64,
}

/// A term and its weight in the margin of one class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TermWeight {
    /// The term as it stands in the vocabulary.
    pub term: String,
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
            rows: rows(class),
        });
        Card {
            labels: labels.collect(),
            unit: self.unit,
            paragraph_weight: self.paragraph_weight,
            passage_words: self.passage_words,
            tokenizer: self.tokenizer_config.clone(),
            preparation: self.preparation.clone(),
            features: self.linear.features(),
            calibration: self.calibration.clone(),
            thresholds: self.thresholds,
            provenance: self.provenance.clone(),
            training_profile: self.reference.clone(),
        }
    }

    /// Returns the terms with the greatest weights for a class, at most `count`, the greatest first.
    pub fn strongest_terms(&self, class: ClassId, count: usize) -> Vec<TermWeight> {
        let by_weight = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let vocabulary = self.featurizer.vocabulary();
        let weight = |feature: u32| (feature, self.linear.weight(feature, class.index()));
        let mut weights: Vec<(u32, f64)> = (0..vocabulary.len() as u32).map(weight).collect();
        // Sorting all of a large vocabulary once a class would take seconds.
        if let Some(last) = count.checked_sub(1).filter(|last| *last < weights.len()) {
            weights.select_nth_unstable_by(last, by_weight);
        }
        weights.truncate(count);
        weights.sort_unstable_by(by_weight);
        let term = |(feature, weight)| TermWeight { term: vocabulary.term(feature), weight };
        weights.into_iter().map(term).collect()
    }
}
