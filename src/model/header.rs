//! Reads and writes the JSON part of a model file, and checks every value.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::Weighting;
use crate::label::LabelSet;
use crate::model::conformal::Counts;
use crate::model::{
    Block, BlockKind, Calibration, Conformal, Model, ParagraphWeight, Preparation, Provenance, Thresholds,
    TrainingProfile, Unit,
};
use crate::tokenizer::TokenizerConfig;

/// Version of the file format that is written. 1, which has the vocabulary as text, is read too.
const FORMAT: u32 = 2;
/// Version of the file format that is written for a model with further blocks.
const FORMAT_WITH_BLOCKS: u32 = 3;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub format: u32,
    pub unit: Unit,
    pub preparation: Preparation,
    pub paragraph_weight: ParagraphWeight,
    #[serde(default, skip_serializing_if = "is_default")]
    pub passage_words: u32,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub lone_quotation_weight: f64,
    /// Saved as `recipe` since the first format.
    #[serde(rename = "recipe")]
    pub tokenizer_config: TokenizerConfig,
    #[serde(default, skip_serializing_if = "is_default")]
    pub weighting: Weighting,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<BlockHeader>,
    pub labels: Vec<Label>,
    pub calibration: Calibration,
    pub thresholds: Thresholds,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conformal: Option<Counts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<TrainingProfile>,
    pub provenance: Provenance,
}

/// A further block; its vocabulary, idf and weights are in tensors.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockHeader {
    pub kind: BlockKind,
    #[serde(rename = "recipe")]
    pub tokenizer_config: TokenizerConfig,
    #[serde(default, skip_serializing_if = "is_default")]
    pub weighting: Weighting,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Label {
    pub name: String,
    pub axis: Option<f64>,
    /// How much a passage of it counts in its document.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub passage_weight: f64,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn one() -> f64 {
    1.0
}

fn is_one(weight: &f64) -> bool {
    *weight == 1.0
}

/// What every header has, whatever its format.
#[derive(Deserialize)]
struct Version {
    format: u32,
    /// The version of the program that wrote the file. Formats 1 to 3 do not have it; every later
    /// one must.
    written_by: Option<String>,
}

impl Version {
    fn unreadable(&self) -> Error {
        let found =
            format!("it has format {}; this version reads formats 1 to {FORMAT_WITH_BLOCKS}", self.format);
        if self.format > FORMAT_WITH_BLOCKS {
            Error::model(found).with_hint(self.newer())
        } else {
            Error::model(found).with_hint("retrain it")
        }
    }

    /// Says which version to install, as far as the file tells.
    fn newer(&self) -> String {
        let is_version = |version: &&str| {
            (1..=32).contains(&version.len())
                && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte))
        };
        let this = env!("CARGO_PKG_VERSION");
        match self.written_by.as_deref().filter(is_version) {
            Some(writer) => {
                format!(
                    "standpoint {writer} wrote it: install that version or a later one (this is {this}), or retrain it"
                )
            }
            None => format!(
                "it does not say which version wrote it: install the newest (this is {this}), or retrain it"
            ),
        }
    }
}

fn broken(error: &serde_json::Error) -> Error {
    Error::model(format!("its header is not a valid standpoint header: {error}"))
}

impl Header {
    pub(super) fn new(model: &Model) -> Self {
        let axis = |index: usize| model.labels.axis().and_then(|axis| axis.get(index)).copied();
        let passage_weight = |index: usize| model.passage_label_weights.get(index).copied().unwrap_or(1.0);
        let label = |(index, name): (usize, &String)| Label {
            name: name.clone(),
            axis: axis(index),
            passage_weight: passage_weight(index),
        };
        let block = |block: &Block| BlockHeader {
            kind: block.kind,
            tokenizer_config: block.tokenizer_config.clone(),
            weighting: block.featurizer.weighting(),
        };
        Header {
            format: if model.more_blocks.is_empty() { FORMAT } else { FORMAT_WITH_BLOCKS },
            unit: model.unit,
            preparation: model.preparation.clone(),
            paragraph_weight: model.paragraph_weight,
            passage_words: model.passage_words,
            lone_quotation_weight: model.lone_quotation_weight,
            tokenizer_config: model.tokenizer_config.clone(),
            weighting: model.featurizer.weighting(),
            blocks: model.more_blocks.iter().map(block).collect(),
            labels: model.labels.names().iter().enumerate().map(label).collect(),
            calibration: model.calibration.clone(),
            thresholds: model.thresholds,
            conformal: model.conformal.as_ref().map(Conformal::counts),
            reference: model.training_profile.clone(),
            provenance: model.provenance.clone(),
        }
    }

    /// Reads the version before all else, so that a newer file is called newer and not broken.
    pub(super) fn parse(json: &str) -> Result<Self> {
        let version: Version = serde_json::from_str(json).map_err(|error| broken(&error))?;
        if !(1..=FORMAT_WITH_BLOCKS).contains(&version.format) {
            return Err(version.unreadable());
        }
        // What this version does not know was added later: a format has optional fields.
        let header: Header =
            serde_json::from_str(json).map_err(|error| match error.to_string().starts_with("unknown ") {
                true => broken(&error).with_hint(version.newer()),
                false => broken(&error),
            })?;
        if header.blocks.is_empty() == (header.format == FORMAT_WITH_BLOCKS) {
            return Err(Error::model(format!(
                "it is of format {} and has {} further blocks; expected blocks in format {FORMAT_WITH_BLOCKS} only",
                header.format,
                header.blocks.len()
            )));
        }
        // Before the tensors of each are read.
        BlockKind::check_distinct(header.blocks.iter().map(|block| block.kind))?;
        Ok(header)
    }

    /// Nothing where all are 1.
    pub(super) fn passage_label_weights(&self) -> Vec<f64> {
        let weights: Vec<f64> = self.labels.iter().map(|label| label.passage_weight).collect();
        if weights.iter().all(is_one) { Vec::new() } else { weights }
    }

    pub(super) fn label_set(&self) -> Result<LabelSet> {
        let set = LabelSet::new(self.labels.iter().map(|label| label.name.clone()))?;
        if !set.names().iter().eq(self.labels.iter().map(|label| &label.name)) {
            return Err(Error::model("its labels are not distinct and in the order of their bytes"));
        }
        let axis: Vec<(String, f64)> =
            self.labels.iter().filter_map(|label| Some((label.name.clone(), label.axis?))).collect();
        match axis.len() {
            0 => Ok(set),
            n if n == set.len() => set.with_axis(&axis),
            n => Err(Error::model(format!(
                "{n} of {} labels have an axis value; expected all or none",
                set.len()
            ))),
        }
    }
}
