//! Holds the parameters of word vectors, and checks them.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::{Language, SocialText};
use crate::tokenizer::{HouseStyle, Quotations, TokenizerConfig};

/// How word vectors are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VectorsParams {
    /// Language of the texts; `None` leaves words unstemmed.
    pub language: Option<Language>,
    /// Whether words are cut to their stems.
    pub stem: bool,
    /// How spellings and quotation marks that English house styles choose between are read.
    pub house_style: HouseStyle,
    /// How names, tags and lengthened words of social media are read.
    pub social_text: SocialText,
    /// Least number of times that a word occurs.
    pub min_count: u64,
    /// Most words: those that occur most often.
    pub max_words: usize,
    /// Length of a vector.
    pub dimensions: usize,
    /// Most pairs of words whose counts are held at a time. When there are more, the rarest half is
    /// forgotten.
    pub max_pairs: usize,
}

impl Default for VectorsParams {
    fn default() -> Self {
        VectorsParams {
            language: Some(Language::English),
            stem: true,
            house_style: HouseStyle::Keep,
            social_text: SocialText::Plain,
            min_count: 20,
            max_words: 50_000,
            dimensions: 100,
            max_pairs: 30_000_000,
        }
    }
}

impl VectorsParams {
    /// The most words: three of their numbers fit into one of 64 bits.
    pub const MAX_WORDS: usize = 1 << 20;
    /// The longest vectors.
    pub const MAX_DIMENSIONS: usize = 500;
    /// The most pairs: 64 GB of counts.
    pub const MAX_PAIRS: usize = 1 << 32;

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for a value outside its range.
    pub fn check(&self) -> Result<()> {
        let within = |name, value: usize, most: usize| match value {
            0 => Err(Error::invalid_parameter(name, value, "at least 1")),
            _ if value > most => Err(Error::invalid_parameter(name, value, format!("at most {most}"))),
            _ => Ok(()),
        };
        within("dimensions", self.dimensions, Self::MAX_DIMENSIONS)?;
        within("max_words", self.max_words, Self::MAX_WORDS)?;
        within("max_pairs", self.max_pairs, Self::MAX_PAIRS)?;
        if self.min_count == 0 {
            return Err(Error::invalid_parameter("min_count", 0, "at least 1"));
        }
        self.tokenizer_config().check()
    }

    /// How texts become words: single words, without quotations and marks.
    pub fn tokenizer_config(&self) -> TokenizerConfig {
        TokenizerConfig {
            language: self.language,
            stem: self.stem && self.language.is_some(),
            house_style: self.house_style,
            social_text: self.social_text,
            words: Some((1, 1)),
            quotations: Quotations::Skip,
            ..TokenizerConfig::default()
        }
        .with_current_language_rules()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_their_ranges_are_named() {
        let usual = VectorsParams::default;
        assert!(usual().check().is_ok());
        for (wrong, name) in [
            (VectorsParams { min_count: 0, ..usual() }, "min_count"),
            (VectorsParams { dimensions: 0, ..usual() }, "dimensions"),
            (VectorsParams { dimensions: 501, ..usual() }, "dimensions"),
            (VectorsParams { max_words: (1 << 20) + 1, ..usual() }, "max_words"),
            (VectorsParams { max_pairs: 0, ..usual() }, "max_pairs"),
        ] {
            assert_eq!(wrong.check().unwrap_err().parameter(), Some(name));
        }
    }

    #[test]
    fn no_language_means_no_stems() {
        let params = VectorsParams { language: None, ..VectorsParams::default() };
        assert!(!params.tokenizer_config().stem && params.check().is_ok());
    }
}
