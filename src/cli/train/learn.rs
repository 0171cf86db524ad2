//! Options that say how to learn: terms, weights, the strength of the penalty.

use clap::ArgAction;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::Named;
use crate::cli::inputs::{WordArgs, range};
use crate::cli::named::named;
use crate::cli::train::block::block;
use crate::features::Weighting;
use crate::model::BlockKind;
use crate::tokenizer::{Punctuation, Quotations, TokenizerConfig};
use crate::train::{BlockSettings, ClassWeight, GroupWeight, Hyperparameters, OneGroup, Preset, Pruning};

/// Options of the learner; `--tune` searches from them.
#[derive(clap::Args)]
pub struct LearnArgs {
    /// Settings to start from: `general`, or `posts` for posts on social media, which adds a block of characters and means
    /// `--social-text normalize --class-weight balanced --min-df 1 --c 1`; other options given here win [default: `posts` for 150
    /// rows and more that have names or tags and mostly fewer than 40 words]
    #[arg(long, value_parser = named::<Preset>())]
    preset: Option<Preset>,
    #[command(flatten)]
    words: WordArgs,
    /// Word n-grams, or 0 for none
    #[arg(long, value_name = "LOW-HIGH", default_value = "1-2", value_parser = range)]
    ngrams: (u8, u8),
    /// Character n-grams within words, e.g. 3-5 [default: none]
    #[arg(long, value_name = "LOW-HIGH", value_parser = range)]
    chars: Option<(u8, u8)>,
    /// Add a block of features that is weighed by itself: stems, words (as written) or characters, with keys such as
    /// characters:ngrams=3-5,min-df=2,weight=1. May be given several times, once for each kind
    #[arg(long, value_name = "KIND[:KEY=VALUE,...]", value_parser = block)]
    block: Vec<BlockSettings>,
    /// What becomes of quotations of four words and more: scored as other words are, or one token for each
    #[arg(long, value_parser = named::<Quotations>(), default_value = Quotations::Score.name())]
    quotations: Quotations,
    /// What becomes of punctuation: dropped, a token each mark, or marks and line ends alike
    #[arg(long, value_parser = named::<Punctuation>(), default_value = Punctuation::Drop.name())]
    punctuation: Punctuation,
    /// Whether capitals are made small; words with capitals have no stems, so give --no-stem with `keep`
    #[arg(long = "case", action = ArgAction::Set, value_name = "CASE", value_parser = case(), default_value = FOLD)]
    fold_case: bool,
    /// How counts of terms become weights: tf-idf or idf alone, both of unit length, or 1 for each term that occurs (short texts)
    #[arg(long, value_parser = named::<Weighting>(), default_value = Weighting::TfIdf.name())]
    weighting: Weighting,
    /// Least number of rows that hold a term [default: 2; 1 for posts]
    #[arg(long, value_name = "N")]
    min_df: Option<u32>,
    /// Greatest share of rows that hold a term
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    max_df: f64,
    /// Most features: those that occur most often [default: all]
    #[arg(long, value_name = "N")]
    max_features: Option<usize>,
    /// Leave out terms that stand for one group: 80 % of their rows are of one, or fewer than 3 have them
    #[arg(long)]
    strip_source_terms: bool,
    /// What texts' vectors are multiplied by before they are learned from: more lets them count more beside the terms [default: 0.3]
    #[arg(long, value_name = "S", requires = "vectors")]
    vectors_scale: Option<f64>,
    /// Inverse strength of the penalty: more follows the training rows more closely [default: 10; 1 for posts]
    #[arg(long, value_name = "C")]
    c: Option<f64>,
    /// Weigh rows so that all labels count alike [default: none; balanced for posts]
    #[arg(long, value_parser = named::<ClassWeight>())]
    class_weight: Option<ClassWeight>,
    /// Weigh rows so that all groups count alike, or by the square root of their rows
    #[arg(long, value_parser = named::<GroupWeight>(), default_value = GroupWeight::None.name())]
    group_weight: GroupWeight,
}

/// The value of `--case` that folds it.
const FOLD: &str = "fold";

/// Whether case is folded.
fn case() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new([FOLD, "keep"]).map(|written| written == FOLD)
}

impl LearnArgs {
    /// The preset that was asked for.
    pub fn preset(&self) -> Option<Preset> {
        self.preset
    }

    /// As the library takes them; what was not asked for is as the preset has it.
    pub fn settings(&self, preset: Preset, with_vectors: bool) -> anyhow::Result<Hyperparameters> {
        let start = preset.settings();
        let mut vectors = BlockSettings::new(BlockKind::Vectors);
        vectors.weight = self.vectors_scale.unwrap_or(vectors.weight);
        // Who says which characters there are wants no others beside them.
        let asks_for_blocks = !self.block.is_empty() || self.chars.is_some();
        let own = if asks_for_blocks { &self.block } else { &start.blocks };
        let blocks = own.iter().cloned().chain(with_vectors.then_some(vectors));
        Ok(Hyperparameters {
            tokenizer_config: self.tokenizer_config(&start.tokenizer_config)?,
            blocks: blocks.collect(),
            weighting: self.weighting,
            pruning: Pruning {
                min_df: self.min_df.unwrap_or(start.pruning.min_df),
                max_df: self.max_df,
                max_features: self.max_features,
                strip: self.strip_source_terms.then(OneGroup::default),
            },
            c: self.c.unwrap_or(start.c),
            class_weight: self.class_weight.unwrap_or(start.class_weight),
            group_weight: self.group_weight,
            use_unlabeled: true,
        })
    }

    fn tokenizer_config(&self, start: &TokenizerConfig) -> anyhow::Result<TokenizerConfig> {
        let language = self.words.language()?;
        Ok(TokenizerConfig {
            language,
            stem: self.words.stem() && language.is_some(),
            words: (self.ngrams != (0, 0)).then_some(self.ngrams),
            chars: self.chars,
            quotations: self.quotations,
            punctuation: self.punctuation,
            house_style: self.words.house_style(),
            social_text: self.words.social_text().unwrap_or(start.social_text),
            fold_case: self.fold_case,
            ..start.clone()
        })
    }
}
