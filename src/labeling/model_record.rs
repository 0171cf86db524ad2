//! Says what is known of a model: what it was trained on, and what was measured of it.

use serde::{Deserialize, Serialize};

use crate::classifier::Classifier;
use crate::statistics::Estimate;

/// What a model was trained on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrainedFrom {
    /// The model that the folder was opened with.
    Start,
    /// The corpus and one's own labels.
    Corpus,
    /// One's own labels alone.
    Own,
}

/// A figure with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Macro-F1.
    pub macro_f1: f64,
    /// The lower end of the interval; `None` with too few groups.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Figure {
    pub(super) fn new(estimate: Estimate) -> Self {
        Figure {
            macro_f1: estimate.value,
            low: estimate.interval.map(|interval| interval.low),
            high: estimate.interval.map(|interval| interval.high),
        }
    }
}

/// Macro-F1 with a number of labels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelsPoint {
    /// Labels that were learned.
    pub labels: u64,
    /// Macro-F1 on rows that were held out.
    pub macro_f1: f64,
}

/// The passages on which two models are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Those of the random sample that neither model has learned.
    Sample,
    /// All that were labeled, each judged by models that have not learned it.
    #[default]
    HeldOut,
}

/// How a model differs from the one before, on passages that were labeled without a look at an
/// answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The model before.
    pub old: String,
    /// The model.
    pub new: String,
    /// Which passages they are.
    #[serde(default)]
    pub basis: Basis,
    /// Passages.
    pub rows: u64,
    /// Passages whose likeliest label changed; `None` in older files.
    #[serde(default)]
    pub changed: Option<u64>,
    /// Macro-F1 of the model less that of the one before.
    pub difference: f64,
    /// The lower end of its interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// What is known of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// Its number, from 1; 0 for the model that the folder was opened with.
    pub number: u32,
    /// Its id in results.
    pub id: String,
    /// What it was trained on.
    pub from: TrainedFrom,
    /// One's own labels that it learned.
    pub labels: u64,
    /// All rows that it learned.
    pub rows: u64,
    /// When it was trained, as RFC 3339 writes it.
    pub when: String,
    /// What was held out together: `source`, `article`, or nothing.
    #[serde(default)]
    pub grouped_by: Option<String>,
    /// On labels held out at random.
    #[serde(default)]
    pub random: Option<Figure>,
    /// On labels of sources, or articles, that it had never seen.
    #[serde(default)]
    pub unseen: Option<Figure>,
    /// Of the model that the folder was opened with, on the same labels.
    #[serde(default)]
    pub baseline: Option<Figure>,
    /// Macro-F1 against the number of labels.
    #[serde(default)]
    pub curve: Vec<LabelsPoint>,
    /// What further labels would bring, in a sentence.
    #[serde(default)]
    pub more: Option<String>,
    /// How it differs from the model before.
    #[serde(default)]
    pub compared: Option<Compared>,
    /// What a coder should know, one sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
}

impl ModelRecord {
    /// What is known of the model that the folder was opened with.
    pub(super) fn of_start(start: &Classifier) -> Self {
        let provenance = &start.model().provenance;
        ModelRecord {
            number: 0,
            id: start.id().to_owned(),
            from: TrainedFrom::Start,
            labels: 0,
            rows: provenance.rows,
            when: provenance.date.clone().unwrap_or_default(),
            grouped_by: None,
            random: None,
            unseen: None,
            baseline: None,
            curve: Vec::new(),
            more: None,
            compared: None,
            warnings: Vec::new(),
        }
    }
}
