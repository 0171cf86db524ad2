//! Joins the blocks of a model that are made of the same tokens, so that a text is read once for
//! all of them.

use crate::classifier::tables::Tables;
use crate::error::Result;
use crate::model::{BlockView, Model};
use crate::tokenizer::Tokenizer;

/// The tokens that some blocks of a model are made of, and the tables of these blocks.
#[derive(Debug)]
pub(super) struct Reading {
    pub tokenizer: Tokenizer,
    /// Skips quotations even if few words are outside them. `None` unless
    /// [`Model::weighs_lone_quotations`].
    beside_quotations: Option<Tokenizer>,
    pub tables: Tables,
    /// Words of the longest n-gram; 0 for none.
    pub longest: usize,
    /// Shortest and longest character n-gram.
    pub chars: Option<(u8, u8)>,
}

/// Where a block's tables are: in which reading, and which of its blocks it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub reading: usize,
    pub block: usize,
}

impl Reading {
    /// The readings of a model, that of its own terms first, and the place of each of its blocks.
    ///
    /// # Errors
    /// Vocabularies with more n-grams than can be numbered.
    pub(super) fn all(model: &Model) -> Result<(Vec<Reading>, Vec<Place>)> {
        let (mut groups, mut places) = (Vec::<Vec<BlockView<'_>>>::new(), Vec::new());
        for block in model.blocks() {
            let reading = groups.iter().position(|group| can_join(group, block)).unwrap_or(groups.len());
            if reading == groups.len() {
                groups.push(Vec::new());
            }
            if let Some(group) = groups.get_mut(reading) {
                places.push(Place { reading, block: group.len() });
                group.push(block);
            }
        }
        let readings = groups.iter().filter_map(|group| {
            let (first, others) = group.split_first()?;
            // Topic weights are those of the model's own terms.
            let topic = model.topic.as_ref().filter(|_| first.kind.is_none());
            Some(Tables::new(*first, others, topic).and_then(|tables| {
                let longest = group.iter().filter_map(|block| block.tokenizer_config.words);
                let tokenizer = |min_words| {
                    Tokenizer::new(first.tokenizer_config).map(|one| one.with_min_words(min_words))
                };
                Ok(Reading {
                    tokenizer: tokenizer(model.thresholds.min_words)?,
                    beside_quotations: model.weighs_lone_quotations().then(|| tokenizer(1)).transpose()?,
                    tables,
                    longest: longest.map(|(_, high)| usize::from(high)).max().unwrap_or(0),
                    chars: group.iter().find_map(|block| block.tokenizer_config.chars),
                })
            }))
        });
        Ok((readings.collect::<Result<Vec<Reading>>>()?, places))
    }

    /// The tokenizer that reads the words outside the quotations of a text.
    pub(super) fn beside_quotations(&self) -> &Tokenizer {
        self.beside_quotations.as_ref().unwrap_or(&self.tokenizer)
    }
}

/// Whether a block is made of the same tokens as the blocks of a group. Character n-grams of one
/// range only are looked up.
fn can_join(group: &[BlockView<'_>], block: BlockView<'_>) -> bool {
    group.iter().all(|other| {
        let (one, two) = (other.tokenizer_config, block.tokenizer_config);
        one.has_tokens_of(two) && (one.chars.is_none() || two.chars.is_none())
    })
}
