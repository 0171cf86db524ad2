//! Defines the parameters of a training and their defaults.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::label::LabelSet;
use crate::model::{ParagraphWeight, Preparation, Unit};
use crate::named::named;
use crate::train::hyperparameters::Hyperparameters;
use crate::vectors::Vectors;

/// Everything that a training can be asked for. The defaults are meant for a few hundred to a few
/// thousand paragraphs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainParams {
    /// Terms, weights and C; where tuning starts from.
    pub settings: Hyperparameters,
    /// What one row is.
    pub unit: Unit,
    /// What was done to the rows' texts before, and is to be done to others; `None` for what suits
    /// the unit.
    pub preparation: Option<Preparation>,
    /// How paragraphs make a document.
    pub paragraph_weight: ParagraphWeight,
    /// Words of the passages that a document's paragraphs are joined into before they are scored; 0
    /// for none.
    pub passage_words: u32,
    /// How much the quotations count in a text that has fewer than `min_words` words beside them,
    /// from 0 to 1; without meaning where quotations are not skipped.
    pub lone_quotation_weight: f64,
    /// How much a passage of a label counts in its document, from 0 to 1; 1 for those that are not
    /// named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passage_label_weights: Vec<(String, f64)>,
    /// Axis value of labels; empty for a model without an axis.
    pub axis: Vec<(String, f64)>,
    /// A text of fewer words is `too-short`.
    pub min_words: u32,
    /// Greatest share of wrong labels among those that are given; `None` to give all.
    pub max_error: Option<f64>,
    /// How margins become probabilities.
    pub calibration: CalibrationChoice,
    /// A temperature to take as it is; `None` to fit one, or what `calibration` says, to held-out
    /// rows.
    pub temperature: Option<f64>,
    /// Texts about anything else (out-of-domain texts), for the threshold of `off-topic`; empty for
    /// a model without.
    pub out_of_domain: Vec<String>,
    /// The topic score below which a text is `off-topic`; `None` for the one that held-out texts
    /// give. Needs `out_of_domain`.
    pub off_topic_threshold: Option<f64>,
    /// Words of a window: a text of at least twice as many is judged by its best window, the one
    /// most like the rows. 0 to judge all texts by all of their words. Needs `out_of_domain`.
    #[serde(skip_serializing_if = "is_zero")]
    pub off_topic_window: u32,
    /// The topic score of the best window below which a long text is `off-topic`; `None` for the
    /// one that held-out texts give. Needs `off_topic_window`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_topic_window_threshold: Option<f64>,
    /// Texts without labels whose words count in the idf; empty for the rows' own alone.
    pub unlabeled: Vec<String>,
    /// Word vectors, which let what a label teaches about one word pass to words like it; they need
    /// a block of the kind [`Vectors`](crate::model::BlockKind::Vectors).
    #[serde(skip)]
    pub vectors: Option<Arc<Vectors>>,
    /// Whether to hold out at random, by groups and by time beside the cross-validation, where the
    /// rows allow it.
    pub held_out: bool,
    /// Whether to measure how many labels are enough.
    pub learning_curve: bool,
    /// Folds of the cross-validation; 0 for none, which leaves the model uncalibrated.
    pub folds: u32,
    /// Decides how groups of one size are dealt to folds.
    pub seed: u64,
    /// Greatest distance of the objective from its least value, relative to the value.
    pub tolerance: f64,
    /// A date to note in the model.
    pub date: Option<String>,
    /// Whether the model names the texts and groups of its rows by hashes, so that figures on them
    /// are known to be too good. More texts than
    /// [`LearnedTexts::MAX_TEXTS`](crate::model::LearnedTexts::MAX_TEXTS) are not named.
    #[serde(skip_serializing)]
    pub name_texts: bool,
}

impl Default for TrainParams {
    fn default() -> Self {
        TrainParams {
            settings: Hyperparameters::default(),
            unit: Unit::Paragraph,
            preparation: None,
            paragraph_weight: ParagraphWeight::default(),
            passage_words: 0,
            lone_quotation_weight: 1.0,
            passage_label_weights: Vec::new(),
            axis: Vec::new(),
            min_words: 5,
            max_error: None,
            calibration: CalibrationChoice::Auto,
            temperature: None,
            out_of_domain: Vec::new(),
            off_topic_threshold: None,
            off_topic_window: 0,
            off_topic_window_threshold: None,
            unlabeled: Vec::new(),
            vectors: None,
            held_out: true,
            learning_curve: false,
            folds: 5,
            seed: 1,
            tolerance: 1e-6,
            date: None,
            name_texts: true,
        }
    }
}

fn is_zero(words: &u32) -> bool {
    *words == 0
}

/// Which calibration to fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalibrationChoice {
    /// Vector scaling if it has the lower log loss on held-out folds without a lower macro-F1
    /// there, and no scale is negative; else the temperature.
    #[default]
    Auto,
    /// One temperature: what is scored may have other shares of labels than the rows.
    Temperature,
    /// A scale and a shift for each class.
    Vector,
}

named!(CalibrationChoice { Auto: "auto", Temperature: "temperature", Vector: "vector" });

/// Checked parameters; only [`TrainParams::plan`] makes one.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(super) params: TrainParams,
}

impl TrainParams {
    /// With the language rules of new models.
    pub(crate) fn with_current_language_rules(mut self) -> Self {
        self.settings.tokenizer_config = self.settings.tokenizer_config.with_current_language_rules();
        self
    }

    /// Checks every value, and keeps them.
    pub(crate) fn plan(self) -> Result<Plan> {
        self.check()?;
        Ok(Plan { params: self })
    }

    /// The weights of passages by class; nothing where none is named.
    ///
    /// # Errors
    /// A label that the rows lack, or one that is named twice.
    pub(crate) fn passage_label_weights_of(&self, labels: &LabelSet) -> Result<Vec<f64>> {
        if self.passage_label_weights.is_empty() {
            return Ok(Vec::new());
        }
        let mut weights = vec![None; labels.len()];
        for (name, weight) in &self.passage_label_weights {
            match weights.get_mut(labels.require(name)?.index()) {
                Some(slot @ None) => *slot = Some(*weight),
                _ => {
                    let found = format!("`{name}` twice");
                    return Err(Error::invalid_parameter("passage_label_weight", found, "each label once"));
                }
            }
        }
        let weights: Vec<f64> = weights.into_iter().map(|weight| weight.unwrap_or(1.0)).collect();
        if weights.iter().all(|weight| *weight == 0.0) {
            let expected = "a weight above 0 for one label or more";
            return Err(Error::invalid_parameter("passage_label_weight", "0 for every label", expected));
        }
        Ok(weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_written_and_read_back_and_may_be_given_in_part() {
        let params = TrainParams {
            axis: vec![("for".to_owned(), 1.0)],
            max_error: Some(0.2),
            ..TrainParams::default()
        };
        let written = serde_json::to_string(&params).unwrap();
        assert_eq!(serde_json::from_str::<TrainParams>(&written).unwrap(), params);
        let part = r#"{"folds": 3, "settings": {"c": 2.5, "weighting": "binary", "pruning": {"min_df": 1}}}"#;
        let read: TrainParams = serde_json::from_str(part).unwrap();
        let mut expected = TrainParams { folds: 3, ..TrainParams::default() };
        expected.settings.c = 2.5;
        expected.settings.weighting = crate::features::Weighting::Binary;
        expected.settings.pruning.min_df = 1;
        assert_eq!(read, expected);
        assert!(serde_json::from_str::<TrainParams>(r#"{"fold": 3}"#).is_err());
    }
}
