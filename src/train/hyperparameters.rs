//! Defines the hyperparameters: everything that tuning may choose.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::features::Weighting;
use crate::named::named;
use crate::text::SocialText;
use crate::tokenizer::{HouseStyle, Punctuation, TokenizerConfig};
use crate::train::Pruning;
use crate::train::block_settings::BlockSettings;
use crate::train::solver::logistic::ClassWeight;

/// Terms, their weights, and how closely the model follows the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hyperparameters {
    /// How text becomes terms.
    pub tokenizer_config: TokenizerConfig,
    /// Further blocks of features, which are weighed by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<BlockSettings>,
    /// How counts of terms become weights.
    pub weighting: Weighting,
    /// Which terms become features.
    pub pruning: Pruning,
    /// The power of the log-count ratio between classes by which features are scaled before they
    /// are learned from, from 0 for none to 2.
    #[serde(skip_serializing_if = "is_zero")]
    pub naive_bayes: f64,
    /// What n-grams of several words are multiplied by before they are learned from, above 0, at
    /// most 10.
    #[serde(skip_serializing_if = "is_one")]
    pub ngram_weight: f64,
    /// Inverse strength of the L2 penalty.
    pub c: f64,
    /// Share of each row's label that is divided among all labels alike, from 0, below 1.
    #[serde(skip_serializing_if = "is_zero")]
    pub label_smoothing: f64,
    /// Weights of the classes.
    pub class_weight: ClassWeight,
    /// Weights of the groups.
    pub group_weight: GroupWeight,
    /// Whether the words of unlabeled texts count in the idf; without meaning where there are none.
    pub use_unlabeled: bool,
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

fn is_one(value: &f64) -> bool {
    *value == 1.0
}

/// How much the rows of one group count together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupWeight {
    /// As much as their own weights say.
    #[default]
    None,
    /// As the square root of that.
    SquareRoot,
    /// As much as those of any other group.
    Equal,
}

named!(GroupWeight { None: "none", SquareRoot: "square-root", Equal: "equal" });

impl GroupWeight {
    /// The factor for a row of a group whose rows have this weight together.
    pub(super) fn factor(self, of_group: f64) -> f64 {
        match self {
            GroupWeight::SquareRoot if of_group > 0.0 => 1.0 / of_group.sqrt(),
            GroupWeight::Equal if of_group > 0.0 => 1.0 / of_group,
            _ => 1.0,
        }
    }
}

impl Default for Hyperparameters {
    /// What did well on both paragraphs and articles; docs/RETRAINING.md#settings-to-start-with
    /// says how that was found.
    fn default() -> Self {
        Hyperparameters {
            tokenizer_config: TokenizerConfig::default(),
            blocks: Vec::new(),
            weighting: Weighting::TfIdf,
            pruning: Pruning::default(),
            naive_bayes: 0.0,
            ngram_weight: 1.0,
            c: 10.0,
            label_smoothing: 0.0,
            class_weight: ClassWeight::None,
            group_weight: GroupWeight::None,
            use_unlabeled: true,
        }
    }
}

impl Hyperparameters {
    /// The greatest power of the log-count ratio.
    const MAX_NAIVE_BAYES: f64 = 2.0;
    /// The greatest weight of n-grams.
    const MAX_NGRAM_WEIGHT: f64 = 10.0;

    /// The first value of scaling and smoothing that is outside its range.
    pub(super) fn scaling_fault(&self) -> Option<Error> {
        let Hyperparameters { naive_bayes, ngram_weight, label_smoothing, .. } = *self;
        let wrong = |name, found, expected| Some(Error::invalid_parameter(name, found, expected));
        if !(0.0..=Self::MAX_NAIVE_BAYES).contains(&naive_bayes) {
            wrong("naive_bayes", naive_bayes, "a number from 0 to 2")
        } else if !(ngram_weight > 0.0 && ngram_weight <= Self::MAX_NGRAM_WEIGHT) {
            wrong("ngram_weight", ngram_weight, "a number above 0, at most 10")
        } else if !(0.0..1.0).contains(&label_smoothing) {
            wrong("label_smoothing", label_smoothing, "a share from 0, below 1")
        } else {
            None
        }
    }

    /// Whether others make the same terms of texts, apart from the least number of rows that hold a
    /// term of the model's own.
    pub(super) fn has_terms_of(&self, other: &Hyperparameters) -> bool {
        self.tokenizer_config == other.tokenizer_config
            && self.blocks.len() == other.blocks.len()
            && self.blocks.iter().zip(&other.blocks).all(|(one, two)| one.has_terms_of(two))
    }
}

/// In the words of the options: `words 1-2, chars 3-5, tf-idf, min-df 2, C 10`.
impl fmt::Display for Hyperparameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Hyperparameters { tokenizer_config, pruning, .. } = self;
        let range = |(low, high): (u8, u8)| format!("{low}-{high}");
        write!(f, "words {}", tokenizer_config.words.map_or("none".to_owned(), range))?;
        if let Some(chars) = tokenizer_config.chars {
            write!(f, ", chars {}", range(chars))?;
        }
        f.write_str(match tokenizer_config.punctuation {
            Punctuation::Drop => "",
            Punctuation::Tokens => ", punctuation tokens",
            Punctuation::Breaks => ", punctuation breaks",
        })?;
        if tokenizer_config.house_style == HouseStyle::Unify {
            f.write_str(", house style unified")?;
        }
        f.write_str(match tokenizer_config.social_text {
            SocialText::Plain => "",
            SocialText::Normalize => ", social text normalized",
            SocialText::Expand => ", social text expanded",
        })?;
        if !tokenizer_config.fold_case {
            f.write_str(", case kept")?;
        }
        if !tokenizer_config.stem {
            f.write_str(", no stemming")?;
        }
        f.write_str(match self.weighting {
            Weighting::TfIdf => ", tf-idf",
            Weighting::Idf => ", idf",
            Weighting::Binary => ", binary",
        })?;
        write!(f, ", min-df {}", pruning.min_df)?;
        if self.naive_bayes > 0.0 {
            write!(f, ", naive Bayes {}", self.naive_bayes)?;
        }
        if self.ngram_weight != 1.0 {
            write!(f, ", n-grams weighing {}", self.ngram_weight)?;
        }
        if self.label_smoothing > 0.0 {
            write!(f, ", label smoothing {}", self.label_smoothing)?;
        }
        if pruning.strip.is_some() {
            f.write_str(", source terms stripped")?;
        }
        if self.class_weight == ClassWeight::Balanced {
            f.write_str(", classes balanced")?;
        }
        match self.group_weight {
            GroupWeight::None => {}
            GroupWeight::SquareRoot => f.write_str(", groups by square root")?,
            GroupWeight::Equal => f.write_str(", groups equal")?,
        }
        if !self.use_unlabeled {
            f.write_str(", idf of the rows alone")?;
        }
        self.blocks.iter().try_for_each(|block| write!(f, ", block {block}"))?;
        write!(f, ", C {}", self.c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_said_in_the_words_of_the_options() {
        assert_eq!(Hyperparameters::default().to_string(), "words 1-2, tf-idf, min-df 2, C 10");
        let other = Hyperparameters {
            weighting: Weighting::Binary,
            naive_bayes: 0.5,
            ngram_weight: 0.7,
            label_smoothing: 0.05,
            class_weight: ClassWeight::Balanced,
            group_weight: GroupWeight::Equal,
            c: 0.03,
            ..Hyperparameters::default()
        };
        assert_eq!(
            other.to_string(),
            "words 1-2, binary, min-df 2, naive Bayes 0.5, n-grams weighing 0.7, label smoothing 0.05, classes balanced, groups equal, C 0.03"
        );
        assert_eq!(GroupWeight::SquareRoot.factor(4.0), 0.5);
        assert_eq!(GroupWeight::Equal.factor(0.0), 1.0);
    }
}
