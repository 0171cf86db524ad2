//! Defines the classes of a model, and the order in which every score vector lists them.

mod key;
mod lists;
mod missing;
mod mistyped;
mod spelling;

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::error::{Error, Result, counted, list, nearest, quoted};
pub(crate) use crate::label::key::spelling_key;
pub(crate) use crate::label::lists::held_labels;
pub(crate) use crate::label::missing::looks_missing;
pub use crate::label::spelling::{LabelSpellings, LabelVariants};

/// Index of a class in its [`LabelSet`]; serialized as that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ClassId(u16);

impl ClassId {
    /// The class at `index` of a label set; indices past 65,535 saturate, and no label set is that
    /// long.
    pub fn new(index: usize) -> Self {
        ClassId(u16::try_from(index).unwrap_or(u16::MAX))
    }

    /// Position in every vector of margins or probabilities.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The labels of a model, ordered by their bytes, each with an optional value on an axis in [-1,
/// 1].
///
/// Clones share one list, so that each verdict can carry its labels. A set is serialized as the
/// list of its names.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelSet(Arc<Labels>);

#[derive(Clone, Debug, PartialEq)]
struct Labels {
    names: Vec<String>,
    axis: Option<Vec<f64>>,
}

impl Serialize for LabelSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.names().serialize(serializer)
    }
}

impl LabelSet {
    /// The most classes that a model may have.
    pub const MAX_LABELS: usize = 1000;
    /// The longest name in bytes.
    pub const MAX_LABEL_BYTES: usize = 200;

    /// A set of the distinct names given, in the order of their bytes, without axis values.
    ///
    /// # Errors
    /// Fewer than two names, more than [`LabelSet::MAX_LABELS`], or a name that is blank, too long
    /// or holds a control character.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < 2 {
            return Err(Error::data(format!(
                "found {} ({}); a classifier needs at least two",
                counted(names.len(), "label"),
                list(&names)
            )));
        }
        if names.len() > Self::MAX_LABELS {
            return Err(Error::data(format!(
                "found {} different labels; at most {} are possible. Is the label column the right one?",
                names.len(),
                Self::MAX_LABELS
            )));
        }
        for name in &names {
            if name.trim().is_empty()
                || name.len() > Self::MAX_LABEL_BYTES
                || name.chars().any(char::is_control)
            {
                let shown: String = name.chars().take(40).collect();
                return Err(Error::data(format!(
                    "label {shown:?} is blank, is longer than {} bytes or contains a control character",
                    Self::MAX_LABEL_BYTES
                )));
            }
        }
        Ok(LabelSet(Arc::new(Labels { names, axis: None })))
    }

    /// The same labels with a value on the axis for each; labels that are not named get 0.
    ///
    /// # Errors
    /// A name that is not a label, a name given twice, or a value outside [-1, 1].
    pub fn with_axis(self, values: &[(String, f64)]) -> Result<Self> {
        let mut axis = vec![None; self.len()];
        for (name, value) in values {
            let class = self.require(name)?;
            if !(-1.0..=1.0).contains(value) {
                return Err(Error::invalid_parameter("axis", value, "a value from -1 to 1")
                    .with_message(format!("axis value {value} of `{name}` is outside [-1, 1]")));
            }
            match axis.get_mut(class.index()) {
                Some(slot @ None) => *slot = Some(*value),
                _ => {
                    return Err(Error::invalid_parameter(
                        "axis",
                        format!("`{name}` twice"),
                        "each label once",
                    )
                    .with_message(format!("label `{name}` has two axis values")));
                }
            }
        }
        let axis = Some(axis.into_iter().map(|v| v.unwrap_or(0.0)).collect());
        Ok(LabelSet(Arc::new(Labels { names: self.0.names.clone(), axis })))
    }

    /// Number of classes.
    pub fn len(&self) -> usize {
        self.0.names.len()
    }

    /// Never true: a label set has at least two labels.
    pub fn is_empty(&self) -> bool {
        self.0.names.is_empty()
    }

    /// Names in class order.
    pub fn names(&self) -> &[String] {
        &self.0.names
    }

    /// Axis values in class order, if the model has an axis.
    pub fn axis(&self) -> Option<&[f64]> {
        self.0.axis.as_deref()
    }

    /// Name of a class; empty for a class of another, larger set.
    pub fn name(&self, class: ClassId) -> &str {
        self.0.names.get(class.index()).map_or("", String::as_str)
    }

    /// The class of a name, if it is a label.
    pub fn get(&self, name: &str) -> Option<ClassId> {
        self.0.names.binary_search_by(|n| n.as_str().cmp(name)).ok().map(ClassId::new)
    }

    /// The class of a name.
    ///
    /// # Errors
    /// The name is not a label; the message lists the labels and suggests the nearest.
    pub fn require(&self, name: &str) -> Result<ClassId> {
        self.get(name).ok_or_else(|| {
            let hint = nearest(name, &self.0.names)
                .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Error::data(format!(
                "`{}` is not a label of this model; its labels are {}{hint}",
                quoted(name),
                list(&self.0.names)
            ))
        })
    }

    /// Sum of axis value x probability, in [-1, 1]; `None` without axis values.
    pub fn slant(&self, probabilities: &[f64]) -> Option<f64> {
        let axis = self.0.axis.as_ref()?;
        let sum: f64 = axis.iter().zip(probabilities).map(|(value, p)| value * p).sum();
        // Probabilities are rounded, so that their sum can be a little over 1.
        Some(sum.clamp(-1.0, 1.0))
    }
}

/// The class with the largest value; ties go to the first.
#[inline]
pub fn argmax(values: &[f64]) -> ClassId {
    let mut best = 0;
    let mut most = f64::NEG_INFINITY;
    for (index, &value) in values.iter().enumerate() {
        if value > most {
            best = index;
            most = value;
        }
    }
    ClassId::new(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_ordered_by_their_bytes_and_found_by_name() {
        let set = LabelSet::new(["pro", "Neutral", "con", "pro"]).unwrap();
        assert_eq!(set.names(), ["Neutral", "con", "pro"]);
        assert_eq!(set.get("con"), Some(ClassId::new(1)));
        assert!(set.require("proo").unwrap_err().to_string().contains("did you mean `pro`"));
    }

    #[test]
    fn slant_is_the_mean_axis_value() {
        let set = LabelSet::new(["a", "b"]).unwrap();
        assert_eq!(set.slant(&[0.25, 0.75]), None);
        let set = set.with_axis(&[("a".into(), -1.0), ("b".into(), 1.0)]).unwrap();
        assert_eq!(set.slant(&[0.25, 0.75]), Some(0.5));
        assert_eq!(set.slant(&[0.0, 1.0 + f64::EPSILON]), Some(1.0));
    }

    #[test]
    fn bad_label_sets_are_refused() {
        assert!(LabelSet::new(["one"]).is_err());
        assert!(LabelSet::new(["one", "  "]).is_err());
        let set = LabelSet::new(["a", "b"]).unwrap();
        assert!(set.clone().with_axis(&[("c".into(), 0.0)]).is_err());
        assert!(set.clone().with_axis(&[("a".into(), 1.5)]).is_err());
        assert!(set.clone().with_axis(&[("a".into(), f64::NAN)]).is_err());
        assert!(set.with_axis(&[("a".into(), 0.5), ("a".into(), 0.5)]).is_err());
    }

    #[test]
    fn ties_go_to_the_first_class() {
        assert_eq!(argmax(&[0.4, 0.4, 0.2]), ClassId::new(0));
    }
}
