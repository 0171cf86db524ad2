//! Makes a model ready for scoring: its tokenizer and its flat tables beside the model that they were made from.

use crate::classifier::tables::Tables;
use crate::error::Result;
use crate::model::Model;
use crate::tokenizer::Tokenizer;

/// A model ready for scoring. It is never changed.
#[derive(Debug)]
pub(super) struct CompiledModel {
    pub model: Model,
    pub tokenizer: Tokenizer,
    pub tables: Tables,
}

impl CompiledModel {
    /// Checks the model and builds its tables.
    ///
    /// # Errors
    /// Parts of the model that do not fit together.
    pub(super) fn new(model: Model) -> Result<Self> {
        model.check()?;
        model.preparation.check()?;
        let tokenizer = Tokenizer::new(&model.tokenizer_config)?.with_min_words(model.thresholds.min_words);
        let tables = Tables::new(&model)?;
        Ok(CompiledModel { model, tokenizer, tables })
    }
}
