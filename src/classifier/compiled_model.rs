//! Makes a model ready for scoring: its tokenizers and its flat tables beside the model that they were made from.

use crate::classifier::reading::{Place, Reading};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::tokenizer::Tokenizer;

/// A model ready for scoring. It is never changed.
#[derive(Debug)]
pub(super) struct CompiledModel {
    pub model: Model,
    /// How a text is read for the model's own terms, and for all blocks that are made of the same tokens.
    pub reading: Reading,
    /// How it is read for other blocks.
    pub more_readings: Vec<Reading>,
    /// The place of each block's tables.
    pub places: Vec<Place>,
    /// One for each block.
    pub tokenizers: Vec<Tokenizer>,
}

impl CompiledModel {
    /// Checks the model and builds its tables.
    ///
    /// # Errors
    /// Parts of the model that do not fit together.
    pub(super) fn new(model: Model) -> Result<Self> {
        model.check()?;
        model.preparation.check()?;
        let min_words = model.thresholds.min_words;
        let tokenizer = |config| Ok(Tokenizer::new(config)?.with_min_words(min_words));
        let tokenizers =
            model.blocks().map(|block| tokenizer(block.tokenizer_config)).collect::<Result<Vec<_>>>()?;
        let (readings, places) = Reading::all(&model)?;
        let mut readings = readings.into_iter();
        let reading = readings.next().ok_or_else(|| Error::model("it has no terms"))?;
        Ok(CompiledModel { model, reading, more_readings: readings.collect(), places, tokenizers })
    }
}
