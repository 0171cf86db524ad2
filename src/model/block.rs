//! Holds further blocks of features, whose contributions are added to those of a model's own terms.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::{Featurizer, SparseRow};
use crate::model::{Linear, Model};
use crate::named::{Named, named};
use crate::tokenizer::TokenizerConfig;

/// What the features of a further block are. A model has one block of each kind at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BlockKind {
    /// Word n-grams of stems.
    Stems,
    /// Word n-grams of words as they are written.
    Words,
    /// Character n-grams of words as they are written.
    Characters,
    /// Stems, weighed by word vectors.
    Vectors,
}

named!(BlockKind { Stems: "stems", Words: "words", Characters: "characters", Vectors: "vectors" });

impl BlockKind {
    /// What stands behind a term of this block where terms are listed; nothing behind one of the
    /// model's own terms.
    pub(crate) fn mark(block: Option<BlockKind>) -> String {
        block.map_or_else(String::new, |kind| format!(" [{}]", kind.name()))
    }

    /// Checks that no kind occurs twice.
    ///
    /// # Errors
    /// The first kind that does.
    pub(super) fn check_distinct(mut kinds: impl Iterator<Item = BlockKind>) -> Result<()> {
        let mut seen = Vec::new();
        let repeated = kinds.find(|kind| {
            let is_repeated = seen.contains(kind);
            seen.push(*kind);
            is_repeated
        });
        match repeated {
            Some(kind) => Err(Error::model(format!(
                "two of its blocks are of the kind `{}`; expected one of each kind",
                kind.name()
            ))),
            None => Ok(()),
        }
    }
}

/// Features with a vocabulary, an idf and a unit length of their own. They add to the margins of a
/// [`Model`] as its own terms do, but no intercept.
#[derive(Debug)]
pub struct Block {
    /// What the features are.
    pub kind: BlockKind,
    /// How text becomes terms.
    pub tokenizer_config: TokenizerConfig,
    /// How terms become weights.
    pub featurizer: Featurizer,
    /// What the features add to the margins, the block's weight multiplied in; the intercepts are
    /// 0.
    pub linear: Linear,
}

/// A block of a model: its own terms, or a further block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockView<'m> {
    /// `None` for the model's own terms.
    pub(crate) kind: Option<BlockKind>,
    pub(crate) tokenizer_config: &'m TokenizerConfig,
    pub(crate) featurizer: &'m Featurizer,
    pub(crate) linear: &'m Linear,
}

impl Block {
    /// Checks that the parts fit together and to a model of so many classes.
    ///
    /// # Errors
    /// Sizes that differ, an intercept, values outside their ranges.
    pub(super) fn check(&self, classes: usize) -> Result<()> {
        let name = self.kind.name();
        self.tokenizer_config.check()?;
        let (features, linear) = (self.featurizer.vocabulary().len(), &self.linear);
        if linear.features() != features || linear.classes() != classes {
            return Err(Error::model(format!(
                "block `{name}` has weights for {} features and {} classes; its vocabulary has {features}, the labels are {classes}",
                linear.features(),
                linear.classes()
            )));
        }
        if let Some(intercept) = linear.intercepts().iter().find(|intercept| **intercept != 0.0) {
            return Err(Error::model(format!("block `{name}` has an intercept of {intercept}; expected 0")));
        }
        Ok(())
    }

    fn view(&self) -> BlockView<'_> {
        BlockView {
            kind: Some(self.kind),
            tokenizer_config: &self.tokenizer_config,
            featurizer: &self.featurizer,
            linear: &self.linear,
        }
    }
}

/// The features of all blocks are numbered one block after the other, the model's own terms first.
impl Model {
    /// The model's own terms, then its further blocks.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = BlockView<'_>> {
        let own = BlockView {
            kind: None,
            tokenizer_config: &self.tokenizer_config,
            featurizer: &self.featurizer,
            linear: &self.linear,
        };
        std::iter::once(own).chain(self.more_blocks.iter().map(Block::view))
    }

    /// Number of features in all blocks.
    pub fn features(&self) -> usize {
        self.blocks().map(|block| block.linear.features()).sum()
    }

    /// The block of a feature, and its number there.
    pub(crate) fn block_of(&self, feature: u32) -> Option<(BlockView<'_>, u32)> {
        let mut number = feature as usize;
        for block in self.blocks() {
            match number.checked_sub(block.linear.features()) {
                Some(rest) => number = rest,
                None => return Some((block, number as u32)),
            }
        }
        None
    }

    /// What one unit of a feature adds to a class's margin; 0 for a number that is no feature's.
    pub(crate) fn weight(&self, feature: u32, class: usize) -> f64 {
        self.block_of(feature).map_or(0.0, |(block, number)| block.linear.weight(number, class))
    }

    /// Computes one margin per class into `margins` from a row with the features of all blocks,
    /// block after block.
    pub(crate) fn margins(&self, row: &SparseRow, margins: &mut Vec<f64>) {
        self.linear.begin(margins);
        for (feature, value) in row.iter() {
            if let Some((block, number)) = self.block_of(feature) {
                block.linear.add((number, value), margins);
            }
        }
        self.linear.split(margins);
    }

    /// Checks the further blocks.
    ///
    /// # Errors
    /// What [`Block::check`] refuses, two blocks of one kind, more features than can be numbered.
    pub(super) fn check_blocks(&self) -> Result<()> {
        self.more_blocks.iter().try_for_each(|block| block.check(self.labels.len()))?;
        BlockKind::check_distinct(self.more_blocks.iter().map(|block| block.kind))?;
        match u32::try_from(self.features()) {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::model(format!("{} features; expected fewer than 2^32", self.features()))),
        }
    }
}
