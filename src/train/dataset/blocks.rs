//! Makes the columns of further blocks, and turns what was learned for them into the blocks of a model.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Message, Result};
use crate::model::{Block, BlockKind, Linear};
use crate::named::Named;
use crate::tokenizer::TokenizerConfig;
use crate::train::block_settings::BlockSettings;
use crate::train::dataset::counted::{Corpus, Counted};
use crate::train::dataset::{FeatureSelection, Pruning, SelectionParams};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::solver::csc::Column;

/// What all folds and fits share of one block.
pub(crate) struct CountedBlock {
    settings: BlockSettings,
    tokenizer_config: TokenizerConfig,
    counted: Counted,
}

/// A block as it is learned from some of the rows: each row's part of it is a list of columns and values, of unit length times the
/// block's weight. What is learned for the columns becomes one weight for each term.
///
/// A block whose columns are not its terms (numbers that are made of a row's terms, of which each row has all) is another value of
/// this type, whose [`BlockColumns::finish`] multiplies the weights out.
pub(crate) struct BlockColumns {
    block: Arc<CountedBlock>,
    features: FeatureSelection,
    weight: f64,
}

impl CountedBlock {
    /// Counts the terms of a block, where a model's own terms are made by `own`.
    pub(crate) fn new(corpus: Corpus<'_>, settings: &BlockSettings, own: &TokenizerConfig) -> Result<Self> {
        let tokenizer_config = settings.tokenizer_config(own);
        let counted = Counted::new(corpus, &tokenizer_config, settings.min_df)?;
        Ok(CountedBlock { settings: settings.clone(), tokenizer_config, counted })
    }

    /// Whether this has counted the terms of a block with these settings, whatever it weighs.
    pub(crate) fn is_for(&self, settings: &BlockSettings) -> bool {
        self.settings.has_terms_of(settings)
    }

    /// Pairs of a row and one of its terms.
    pub(crate) fn entries(&self) -> usize {
        self.counted.matrix.entries()
    }
}

impl BlockColumns {
    /// Chooses the columns of a block on some of the rows; `groups` has the group of every row.
    pub(crate) fn select(
        block: &Arc<CountedBlock>,
        (settings, own): (&Hyperparameters, &BlockSettings),
        groups: &[usize],
        chosen: &[usize],
    ) -> Result<Self> {
        let params = SelectionParams {
            weighting: settings.weighting,
            pruning: &Pruning { min_df: own.min_df, ..settings.pruning.clone() },
            groups,
            background: block.counted.background.as_ref().filter(|_| settings.use_unlabeled),
        };
        let features = FeatureSelection::fit(&block.counted.matrix, chosen, &params)
            .map_err(|error| in_block(error, own))?;
        Ok(BlockColumns { block: Arc::clone(block), features, weight: own.weight })
    }

    /// Number of columns.
    pub(crate) fn len(&self) -> usize {
        self.features.len()
    }

    /// Columns in the order of their numbers, for entries of which none counts as a level of 1. Keys are less than
    /// [`BlockColumns::keys`].
    pub(crate) fn columns(&self) -> impl Iterator<Item = Column> {
        let weighting = self.features.weighting();
        self.features.features().map(move |(kept, idf)| Column {
            key: kept.term,
            factor: weighting.idf(f64::from(idf)) as f32,
            unit_entries: 0,
            valued_entries: kept.documents,
        })
    }

    /// Number of keys.
    pub(crate) fn keys(&self) -> u32 {
        self.block.counted.matrix.terms().len() as u32
    }

    /// Key and level of each entry of a row: the value is the level times the column's factor.
    pub(crate) fn entries(&self, row: usize) -> impl Iterator<Item = (u32, f64)> {
        let weighting = self.features.weighting();
        let counts = self.block.counted.matrix.row(row);
        let scale = self.weight / self.features.length(counts.clone());
        counts.map(move |(term, count)| (term, weighting.tf(count) * scale))
    }

    /// Columns and values of a row.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = (u32, f64)> {
        self.features
            .row(self.block.counted.matrix.row(row))
            .map(|(column, value)| (column, value * self.weight))
    }

    /// The text of a column.
    pub(crate) fn text(&self, column: u32) -> Option<String> {
        let term = self.block.counted.matrix.terms().text(self.features.term(column)?);
        Some(term + &BlockKind::mark(Some(self.block.settings.kind)))
    }

    /// The block of a model, with the weight multiplied in. `weights` are what was learned, column by column, for each class the same
    /// number of values.
    pub(crate) fn finish(&self, weights: &[f64], classes: usize) -> Result<Block> {
        let weights = weights.iter().map(|weight| (weight * self.weight) as f32).collect();
        Ok(Block {
            kind: self.block.settings.kind,
            tokenizer_config: self.block.tokenizer_config.clone(),
            featurizer: self.features.featurizer(&self.block.counted.matrix)?,
            linear: Linear::new(weights, vec![0.0; Linear::columns(classes)], classes)?,
        })
    }
}

/// The same error, which names the block that it is about.
fn in_block(error: Error, block: &BlockSettings) -> Error {
    match error.kind() {
        ErrorKind::Data(message) => {
            let block = format!("block `{}`: ", block.kind.name());
            Error::data(Message::from(block).then(message.clone()))
                .with_hint("lower the least number of rows of the block or give more rows")
        }
        _ => error,
    }
}
