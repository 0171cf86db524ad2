//! Says how a model is adapted, and what it may be trained on.

use std::sync::Arc;

use serde::Serialize;

use crate::label::LabelVariants;
use crate::model::{BlockKind, Preparation};
use crate::progress::{Progress, Silent};
use crate::train::block_settings::BlockSettings;
use crate::vectors::Vectors;

/// How a model is adapted. Everything else is as in the training of the corpus.
#[derive(Clone)]
pub struct AdaptOptions<'o> {
    /// What was done to the texts of the rows; `None` for what was done to those of the corpus.
    pub preparation: Option<Preparation>,
    /// How to treat labels that the corpus spells differently.
    pub label_variants: Option<LabelVariants>,
    /// Word vectors, which every candidate is trained with; `None` for models without.
    pub vectors: Option<Arc<Vectors>>,
    /// What the vectors are multiplied by; `None` for the usual scale. Needs `vectors`.
    pub vectors_scale: Option<f64>,
    /// Random seed that assigns groups to folds.
    pub seed: u64,
    /// A date to note in the model.
    pub date: Option<String>,
    /// Whether the model holds hashes of the caller's texts and groups, by which it knows them
    /// again.
    pub name_texts: bool,
    /// Is told of every stage, and may stop the training.
    pub progress: &'o dyn Progress,
}

impl Default for AdaptOptions<'_> {
    fn default() -> Self {
        AdaptOptions {
            preparation: None,
            label_variants: None,
            vectors: None,
            vectors_scale: None,
            seed: 1,
            date: None,
            name_texts: true,
            progress: &Silent,
        }
    }
}

impl AdaptOptions<'_> {
    /// The block of vectors that is asked for.
    pub(super) fn vectors_block(&self) -> Option<BlockSettings> {
        let usual = BlockSettings::new(BlockKind::Vectors);
        self.vectors.as_ref()?;
        Some(BlockSettings { weight: self.vectors_scale.unwrap_or(usual.weight), ..usual })
    }
}

impl std::fmt::Debug for AdaptOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdaptOptions").field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// Which rows a model was trained on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainedOn {
    /// The caller's rows alone.
    OwnRows,
    /// The corpus, and the caller's rows with their weights times this.
    CorpusAndOwnRows {
        /// The factor.
        weight: f64,
    },
    /// The corpus and the caller's rows; to the margins of that model are added those of a model of
    /// the caller's rows alone, times a share: a logarithmic opinion pool.
    Pooled {
        /// The share.
        share: f64,
    },
}
