//! Says which further blocks of features a model is learned with.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Message};
use crate::model::BlockKind;
use crate::named::Named;
use crate::tokenizer::TokenizerConfig;

/// A further block of features: its terms have an idf and a unit length of their own, beside those
/// of the model's own terms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockSettings {
    /// What the features are.
    pub kind: BlockKind,
    /// Shortest and longest n-gram: of words, or of characters.
    pub ngrams: (u8, u8),
    /// Least number of rows that hold a term.
    pub min_df: u32,
    /// Length of the block's part of a row; that of the model's own terms is 1. Of vectors it is
    /// what they are multiplied by.
    pub weight: f64,
}

impl BlockSettings {
    /// The greatest weight.
    pub(crate) const MAX_WEIGHT: f64 = 100.0;

    /// The usual block of a kind.
    pub fn new(kind: BlockKind) -> Self {
        let ngrams = match kind {
            BlockKind::Stems | BlockKind::Words => (1, 2),
            BlockKind::Characters => (3, 5),
            BlockKind::Vectors => (1, 1),
        };
        let weight = if kind == BlockKind::Vectors { 0.3 } else { 1.0 };
        BlockSettings { kind, ngrams, min_df: 2, weight }
    }

    /// How text becomes the block's terms, where a model's own terms are made by `own`: language,
    /// capitals, accents, quotations and marks are taken from there.
    pub(crate) fn tokenizer_config(&self, own: &TokenizerConfig) -> TokenizerConfig {
        let (words, chars) = match self.kind {
            BlockKind::Characters => (None, Some(self.ngrams)),
            _ => (Some(self.ngrams), None),
        };
        let stem = match self.kind {
            BlockKind::Stems => own.language.is_some(),
            BlockKind::Vectors => own.stem,
            BlockKind::Words | BlockKind::Characters => false,
        };
        TokenizerConfig { words, chars, stem, ..own.clone() }
    }

    /// Whether another block has the same terms, whatever they weigh.
    pub(crate) fn has_terms_of(&self, other: &BlockSettings) -> bool {
        BlockSettings { weight: other.weight, ..self.clone() } == *other
    }

    /// The first value of the blocks that is outside its range, or a kind that occurs twice.
    pub(crate) fn fault(blocks: &[BlockSettings], own: &TokenizerConfig) -> Option<Error> {
        let seen_before = |at: usize, kind| blocks.iter().take(at).any(|block| block.kind == kind);
        let fault = |(at, block): (usize, &BlockSettings)| {
            let &BlockSettings { kind, min_df, weight, .. } = block;
            let has_weight = weight > 0.0 && weight <= Self::MAX_WEIGHT;
            if kind == BlockKind::Vectors && !has_weight {
                let expected = "a number above 0, at most 100";
                return Some(Error::invalid_parameter("vectors_scale", weight, expected));
            }
            let wrong = |found: String, expected: &str| Some((found, expected.to_owned()));
            let (found, expected) = if seen_before(at, kind) {
                wrong("two blocks of this kind".to_owned(), "one of each kind")
            } else if min_df == 0 {
                wrong("a least number of rows of 0".to_owned(), "at least 1")
            } else if !has_weight {
                wrong(format!("a weight of {weight}"), "a number above 0, at most 100")
            } else if block.tokenizer_config(own).check().is_err() {
                let (low, high) = block.ngrams;
                wrong(format!("n-grams of {low} to {high}"), "1 <= shortest <= longest <= 8")
            } else {
                None
            }?;
            let message =
                Message::naming("`block`").then(format!(" {}: {found}; expected {expected}", kind.name()));
            Some(Error::invalid_parameter("block", found, expected).with_message(message))
        };
        blocks.iter().enumerate().find_map(fault)
    }
}

/// In the words of the option: `characters:ngrams=3-5,min-df=2,weight=1`.
impl fmt::Display for BlockSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BlockSettings { kind, ngrams: (low, high), min_df, weight } = self;
        if *kind == BlockKind::Vectors {
            return write!(f, "vectors:scale={weight}");
        }
        write!(f, "{}:ngrams={low}-{high},min-df={min_df},weight={weight}", kind.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_takes_from_the_models_own_terms_what_it_does_not_say() {
        let own = TokenizerConfig { fold_case: false, ..TokenizerConfig::default() };
        let of = |kind| BlockSettings::new(kind).tokenizer_config(&own);
        let words = TokenizerConfig { stem: false, ..own.clone() };
        assert_eq!(of(BlockKind::Stems), own);
        assert_eq!(of(BlockKind::Words), words);
        assert_eq!(of(BlockKind::Characters), TokenizerConfig { words: None, chars: Some((3, 5)), ..words });
        let no_language = TokenizerConfig { language: None, stem: false, ..own };
        assert!(!BlockSettings::new(BlockKind::Stems).tokenizer_config(&no_language).stem);
    }

    #[test]
    fn blocks_are_said_in_the_words_of_the_option() {
        let block = BlockSettings { weight: 0.5, ..BlockSettings::new(BlockKind::Characters) };
        assert_eq!(block.to_string(), "characters:ngrams=3-5,min-df=2,weight=0.5");
        assert_eq!(BlockSettings::new(BlockKind::Vectors).to_string(), "vectors:scale=0.3");
    }

    #[test]
    fn what_is_wrong_with_a_block_is_said() {
        let of = BlockSettings::new;
        let cases = [
            (vec![of(BlockKind::Words), of(BlockKind::Words)], "words: two blocks of this kind"),
            (vec![BlockSettings { min_df: 0, ..of(BlockKind::Words) }], "a least number of rows of 0"),
            (vec![BlockSettings { weight: 0.0, ..of(BlockKind::Words) }], "a weight of 0"),
            (vec![BlockSettings { weight: f64::NAN, ..of(BlockKind::Words) }], "a weight of NaN"),
            (vec![BlockSettings { ngrams: (5, 3), ..of(BlockKind::Characters) }], "n-grams of 5 to 3"),
        ];
        for (blocks, expected) in cases {
            let error = BlockSettings::fault(&blocks, &TokenizerConfig::default()).unwrap();
            assert_eq!(error.parameter(), Some("block"));
            assert!(error.to_string().contains(expected), "{error}");
        }
        let sound = [of(BlockKind::Words), of(BlockKind::Characters)];
        assert!(BlockSettings::fault(&sound, &TokenizerConfig::default()).is_none());
    }
}
