//! Serializes verdicts with the field names of the JSON records, and labels by name.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::classifier::verdict::{Reason, ScoredParagraph, Verdict};

/// Probabilities as a map from label to probability.
struct ByLabel<I>(I);

impl<'v, I: Iterator<Item = (&'v str, f64)> + Clone> Serialize for ByLabel<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.clone())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let optional = usize::from(self.set.is_some()) + usize::from(!self.paragraphs.is_empty());
        let mut fields = serializer.serialize_struct("Verdict", 9 + optional)?;
        fields.serialize_field("label", &self.label())?;
        fields.serialize_field("top", self.top())?;
        fields.serialize_field("reason", &self.reason())?;
        fields.serialize_field("probabilities", &ByLabel(self.by_label()))?;
        fields.serialize_field("slant", &self.slant())?;
        fields.serialize_field("words", &self.words())?;
        fields.serialize_field("known", &self.known())?;
        fields.serialize_field("topic", &self.topic())?;
        fields.serialize_field("loaded", &self.loaded())?;
        if let Some(set) = self.prediction_set() {
            fields.serialize_field("set", &set)?;
        }
        if !self.paragraphs.is_empty() {
            fields.serialize_field("paragraphs", &self.paragraphs().collect::<Vec<_>>())?;
        }
        fields.end()
    }
}

impl Serialize for ScoredParagraph<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let set = self.prediction_set();
        let optional = usize::from(set.is_some()) + usize::from(!self.left_out().is_empty());
        let mut fields = serializer.serialize_struct("Paragraph", 7 + optional)?;
        fields.serialize_field("start", &self.span().start())?;
        fields.serialize_field("end", &self.span().end())?;
        if !self.left_out().is_empty() {
            let pairs: Vec<_> = self.left_out().iter().map(|gap| (gap.start(), gap.end())).collect();
            fields.serialize_field("left_out", &pairs)?;
        }
        fields.serialize_field("weight", &self.weight())?;
        fields.serialize_field("words", &self.words())?;
        fields.serialize_field("top", self.top())?;
        fields.serialize_field("probabilities", &ByLabel(self.by_label()))?;
        fields.serialize_field("loaded", &self.loaded())?;
        if let Some(set) = set {
            fields.serialize_field("set", &set)?;
        }
        fields.end()
    }
}
