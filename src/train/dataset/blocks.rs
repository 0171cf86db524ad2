//! Makes the columns of further blocks, of terms or of vectors, and turns what was learned for them
//! into the blocks of a model.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Message, Result};
use crate::model::{Block, BlockKind, Linear};
use crate::named::Named;
use crate::tokenizer::TokenizerConfig;
use crate::train::block_settings::BlockSettings;
use crate::train::dataset::counted::{Corpus, Counted};
use crate::train::dataset::row::Rows;
use crate::train::dataset::text_vectors::{TextVectors, VectorColumns};
use crate::train::dataset::{FeatureSelection, Pruning, Scaling, SelectionParams};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::solver::csc::Column;

/// What all folds and fits share of one block.
pub(crate) enum CountedBlock {
    Terms(Arc<TermBlock>),
    Vectors(Arc<TextVectors>),
}

/// A block as it is learned from some of the rows: each row's part of it is a list of columns and
/// values. What is learned for the columns becomes one weight for each term.
pub(crate) enum BlockColumns {
    /// A column a term; a row's part has unit length times the block's weight.
    Terms(TermColumns),
    /// A column each number of the rows' vectors, times the block's weight.
    Vectors(VectorColumns),
}

impl CountedBlock {
    /// Counts what a block needs of all rows, where a model's own terms are made by `own`.
    pub(crate) fn new(corpus: Corpus<'_>, settings: &BlockSettings, own: &TokenizerConfig) -> Result<Self> {
        match settings.kind {
            BlockKind::Vectors => Ok(CountedBlock::Vectors(Arc::new(TextVectors::of_rows(corpus, own)?))),
            _ => Ok(CountedBlock::Terms(Arc::new(TermBlock::new(corpus, settings, own)?))),
        }
    }

    /// Whether this has counted what a block with these settings needs, whatever it weighs.
    pub(crate) fn is_for(&self, settings: &BlockSettings) -> bool {
        match self {
            CountedBlock::Terms(block) => block.settings.has_terms_of(settings),
            CountedBlock::Vectors(_) => settings.kind == BlockKind::Vectors,
        }
    }

    /// Pairs of a row and one of its columns.
    pub(crate) fn entries(&self) -> usize {
        match self {
            CountedBlock::Terms(block) => block.counted.matrix.entries(),
            CountedBlock::Vectors(vectors) => vectors.entries(),
        }
    }

    /// Chooses the columns on some of the rows.
    pub(crate) fn select(
        &self,
        (settings, own): (&Hyperparameters, &BlockSettings),
        rows: &Rows<'_>,
        chosen: &[usize],
    ) -> Result<BlockColumns> {
        match self {
            CountedBlock::Terms(block) => {
                TermColumns::select(block, (settings, own), rows, chosen).map(BlockColumns::Terms)
            }
            CountedBlock::Vectors(vectors) => {
                Ok(BlockColumns::Vectors(VectorColumns::new(vectors, own.weight, chosen.len())))
            }
        }
    }
}

/// Values of a row by their columns or keys.
type RowEntries<'r> = Box<dyn Iterator<Item = (u32, f64)> + 'r>;

impl BlockColumns {
    /// Number of columns.
    pub(crate) fn len(&self) -> usize {
        match self {
            BlockColumns::Terms(terms) => terms.features.len(),
            BlockColumns::Vectors(vectors) => vectors.len(),
        }
    }

    /// Columns in the order of their numbers, for entries of which none counts as a level of 1.
    /// Keys are less than [`BlockColumns::keys`].
    pub(crate) fn columns(&self) -> Vec<Column> {
        match self {
            BlockColumns::Terms(terms) => terms.columns().collect(),
            BlockColumns::Vectors(vectors) => vectors.columns().collect(),
        }
    }

    /// Number of keys.
    pub(crate) fn keys(&self) -> u32 {
        match self {
            BlockColumns::Terms(terms) => terms.block.counted.matrix.terms().len() as u32,
            BlockColumns::Vectors(vectors) => vectors.len() as u32,
        }
    }

    /// Key and level of each entry of a row: the value is the level times the column's factor.
    pub(crate) fn entries(&self, row: usize) -> RowEntries<'_> {
        match self {
            BlockColumns::Terms(terms) => Box::new(terms.entries(row)),
            BlockColumns::Vectors(vectors) => Box::new(vectors.row(row)),
        }
    }

    /// Columns and values of a row.
    pub(crate) fn row(&self, row: usize) -> RowEntries<'_> {
        match self {
            BlockColumns::Terms(terms) => Box::new(terms.row(row)),
            BlockColumns::Vectors(vectors) => Box::new(vectors.row(row)),
        }
    }

    /// The text of a column; a number of a vector has none.
    pub(crate) fn text(&self, column: u32) -> Option<String> {
        match self {
            BlockColumns::Terms(terms) => terms.text(column),
            BlockColumns::Vectors(_) => None,
        }
    }

    /// The block of a model, with the weight multiplied in. `weights` are what was learned, column
    /// by column, for each class the same number of values.
    pub(crate) fn finish(&self, weights: &[f64], classes: usize) -> Result<Block> {
        match self {
            BlockColumns::Terms(terms) => terms.finish(weights, classes),
            BlockColumns::Vectors(vectors) => vectors.finish(weights, classes),
        }
    }
}

/// A block of terms, counted in all rows.
pub(crate) struct TermBlock {
    settings: BlockSettings,
    tokenizer_config: TokenizerConfig,
    counted: Counted,
}

/// The terms of a block that were chosen on some of the rows.
pub(crate) struct TermColumns {
    block: Arc<TermBlock>,
    features: FeatureSelection,
    weight: f64,
}

impl TermBlock {
    /// Counts the terms of a block, where a model's own terms are made by `own`.
    fn new(corpus: Corpus<'_>, settings: &BlockSettings, own: &TokenizerConfig) -> Result<Self> {
        let tokenizer_config = settings.tokenizer_config(own);
        let counted = Counted::new(corpus, &tokenizer_config, settings.min_df)?;
        Ok(TermBlock { settings: settings.clone(), tokenizer_config, counted })
    }
}

impl TermColumns {
    /// Chooses the columns of a block on some of the rows.
    fn select(
        block: &Arc<TermBlock>,
        (settings, own): (&Hyperparameters, &BlockSettings),
        rows: &Rows<'_>,
        chosen: &[usize],
    ) -> Result<Self> {
        let params = SelectionParams {
            weighting: settings.weighting,
            pruning: &Pruning { min_df: own.min_df, ..settings.pruning.clone() },
            groups: &rows.groups,
            background: block.counted.background.as_ref().filter(|_| settings.use_unlabeled),
            scaling: Some(Scaling::new(settings, rows)),
        };
        let features = FeatureSelection::fit(&block.counted.matrix, chosen, &params)
            .map_err(|error| in_block(error, own))?;
        Ok(TermColumns { block: Arc::clone(block), features, weight: own.weight })
    }

    fn columns(&self) -> impl Iterator<Item = Column> {
        let weighting = self.features.weighting();
        self.features.features().zip(0..).map(move |((kept, idf), feature)| Column {
            key: kept.term,
            factor: (weighting.idf(f64::from(idf)) * self.features.scale(feature)) as f32,
            unit_entries: 0,
            valued_entries: kept.documents,
        })
    }

    fn entries(&self, row: usize) -> impl Iterator<Item = (u32, f64)> {
        let weighting = self.features.weighting();
        let counts = self.block.counted.matrix.row(row);
        let scale = self.weight / self.features.length(counts.clone());
        counts.map(move |(term, count)| (term, weighting.tf(count) * scale))
    }

    fn row(&self, row: usize) -> impl Iterator<Item = (u32, f64)> {
        self.features
            .row(self.block.counted.matrix.row(row))
            .map(|(column, value)| (column, value * self.weight))
    }

    fn text(&self, column: u32) -> Option<String> {
        let term = self.block.counted.matrix.terms().text(self.features.term(column)?);
        Some(term + &BlockKind::mark(Some(self.block.settings.kind)))
    }

    fn finish(&self, weights: &[f64], classes: usize) -> Result<Block> {
        let scale = |feature| self.weight * self.features.scale(feature);
        let no_intercepts = vec![0.0; Linear::columns(classes)];
        Ok(Block {
            kind: self.block.settings.kind,
            tokenizer_config: self.block.tokenizer_config.clone(),
            featurizer: self.features.featurizer(&self.block.counted.matrix)?,
            linear: Linear::from_scaled(weights, &no_intercepts, classes, scale)?,
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
