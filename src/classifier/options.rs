//! Defines the options of scoring that the model does not set.

use serde::{Deserialize, Serialize};

use crate::model::PredictionSets;

/// How texts are scored. The default is what the model asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoreOptions {
    /// Gives every unit a set of labels, by the thresholds that [`Classifier::prediction_sets`]
    /// made for the same classifier.
    ///
    /// [`Classifier::prediction_sets`]: crate::Classifier::prediction_sets
    pub prediction_sets: Option<PredictionSets>,
    /// Scores boilerplate too, even if the model was trained without it.
    pub keep_boilerplate: bool,
    /// Labels every text, even where the model would abstain.
    pub label_always: bool,
}
