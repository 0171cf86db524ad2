//! Holds what was said of passages by models that did not learn them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::labeling::decision::Decision;

/// A passage whose label looks wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SuspectUnit {
    pub(super) unit: String,
    /// The label that a model expects that did not learn it.
    pub(super) expected: String,
}

/// What models that did not learn a passage say of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct HeldOut {
    /// In the order of the probabilities.
    pub(super) labels: Vec<String>,
    /// By the id of the passage.
    pub(super) probabilities: BTreeMap<String, Vec<f32>>,
    /// The most suspicious first.
    pub(super) suspects: Vec<SuspectUnit>,
    /// The ids of all passages that the model learned, those without probabilities too.
    #[serde(default)]
    pub(super) learned: BTreeSet<String>,
}

impl HeldOut {
    /// Whether the model learned a passage: then it must not be asked about it.
    pub(super) fn is_learned(&self, unit: &str) -> bool {
        self.learned.contains(unit) || self.probabilities.contains_key(unit)
    }

    /// How many of the passages of some decisions the model learned.
    pub(super) fn learned_of(&self, decisions: &[Decision]) -> usize {
        decisions.iter().filter(|decision| self.is_learned(&decision.unit)).count()
    }

    /// What a model says that did not learn the passage, in the order of the labels.
    pub(super) fn of(&self, unit: &str) -> Option<Vec<f64>> {
        let probabilities = self.probabilities.get(unit)?;
        Some(probabilities.iter().copied().map(f64::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_is_known_in_older_files_by_its_probabilities() {
        let older = r#"{"labels": ["a", "b"], "probabilities": {"u": [0.25, 0.75]}, "suspects": []}"#;
        let mut held_out: HeldOut = serde_json::from_str(older).unwrap();
        assert!(held_out.is_learned("u") && !held_out.is_learned("v"));
        held_out.learned.insert("v".to_owned());
        assert_eq!((held_out.is_learned("v"), held_out.of("v")), (true, None));
        assert_eq!(held_out.of("u"), Some(vec![0.25, 0.75]));
    }
}
