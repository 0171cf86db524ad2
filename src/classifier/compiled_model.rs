//! Makes a model ready for scoring: its tokenizers and its flat tables beside the model that they
//! were made from.

use crate::classifier::reading::{Place, Reading};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::text::normalization::Normalized;
use crate::tokenizer::Tokenizer;

/// A model ready for scoring. It is never changed.
#[derive(Debug)]
pub(super) struct CompiledModel {
    pub model: Model,
    /// How a text is read for the model's own terms, and for all blocks that are made of the same
    /// tokens.
    pub reading: Reading,
    /// How it is read for other blocks.
    pub more_readings: Vec<Reading>,
    /// The place of each block's tables.
    pub places: Vec<Place>,
    /// One for each block.
    pub tokenizers: Vec<Tokenizer>,
    /// One for each block, which skips quotations even if few words are outside them. Empty unless
    /// [`Model::weighs_lone_quotations`].
    pub beside_quotations: Vec<Tokenizer>,
}

impl CompiledModel {
    /// The normal form of a text, as the model reads it.
    pub(super) fn normalize<'t>(&self, text: &'t str) -> Normalized<'t> {
        self.reading.tokenizer.normalize(text)
    }

    /// Checks the model and builds its tables.
    ///
    /// # Errors
    /// Parts of the model that do not fit together.
    pub(super) fn new(mut model: Model) -> Result<Self> {
        model.check()?;
        model.preparation.check()?;
        let tokenizers = |min_words| {
            let tokenizer = |config| Ok(Tokenizer::new(config)?.with_min_words(min_words));
            model.blocks().map(|block| tokenizer(block.tokenizer_config)).collect::<Result<Vec<_>>>()
        };
        let all = tokenizers(model.thresholds.min_words)?;
        let beside_quotations = if model.weighs_lone_quotations() { tokenizers(1)? } else { Vec::new() };
        let (readings, places) = Reading::all(&model)?;
        let mut readings = readings.into_iter();
        let reading = readings.next().ok_or_else(|| Error::model("it has no terms"))?;
        let more_readings = readings.collect();
        // A megabyte of what the tables hold too, in the bundled models.
        model.forget_terms();
        Ok(CompiledModel { model, reading, more_readings, places, tokenizers: all, beside_quotations })
    }

    /// Whether the quotations of a normal text have a weight of their own, because few words are
    /// outside them.
    #[inline]
    pub(super) fn weighs_quotations(&self, text: &str) -> bool {
        !self.beside_quotations.is_empty() && self.reading.tokenizer.finds_few_words_beside_quotations(text)
    }
}
