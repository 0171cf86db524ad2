//! Defines the options of learning: terms, weights, the penalty.

use clap::ArgAction;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::Named;
use crate::cli::inputs::WordArgs;
use crate::cli::named::named;
use crate::cli::train::block::block;
use crate::cli::values::range;
use crate::features::Weighting;
use crate::model::BlockKind;
use crate::tokenizer::{Punctuation, Quotations, TokenizerConfig};
use crate::train::{BlockSettings, ClassWeight, GroupWeight, Hyperparameters, OneGroup, Preset, Pruning};

/// Options of the learner; `--tune` searches from them.
#[derive(clap::Args)]
pub struct LearnArgs {
    /// Settings to start from: general, or posts for social media, which adds a block of characters
    /// and sets --social-text expand --ngrams 1-3 --punctuation tokens --class-weight balanced
    /// --min-df 1 --c 1; options that you give override these [default: posts for 150 or more rows
    /// that have names or tags and mostly fewer than 40 words; otherwise general]
    #[arg(long, value_parser = named::<Preset>())]
    preset: Option<Preset>,
    #[command(flatten)]
    words: WordArgs,
    /// Word n-grams, sequences of LOW to HIGH words; 0 for none [default: 1-2; 1-3 for posts]
    #[arg(long, value_name = "LOW-HIGH", value_parser = range)]
    ngrams: Option<(u8, u8)>,
    /// Character n-grams within words, e.g. 3-5 [default: none]
    #[arg(long, value_name = "LOW-HIGH", value_parser = range, hide_short_help = true)]
    chars: Option<(u8, u8)>,
    /// Add a block of features with its own vocabulary and weight: stems, words (as written) or
    /// characters, with keys such as characters:ngrams=3-5,min-df=2,weight=1. May be given once for
    /// each kind
    #[arg(long, value_name = "KIND[:KEY=VALUE,...]", value_parser = block, hide_short_help = true)]
    block: Vec<BlockSettings>,
    /// How quotations of four or more words are read: scored like other words, or replaced by one
    /// token each
    #[arg(long, value_parser = named::<Quotations>(), default_value = Quotations::Score.name(), hide_short_help = true)]
    quotations: Quotations,
    /// How punctuation is read: dropped, one token for each mark (tokens), or for each mark and
    /// line end (breaks) [default: drop; tokens for posts]
    #[arg(long, value_parser = named::<Punctuation>(), hide_short_help = true)]
    punctuation: Option<Punctuation>,
    /// Whether capitals are folded to lower case or kept; stemming needs lower case, so
    /// give --no-stem with keep
    #[arg(long = "case", action = ArgAction::Set, value_name = "CASE", value_parser = case(), default_value = FOLD, hide_short_help = true)]
    fold_case: bool,
    /// Term weights: tf-idf or idf, both with unit length, or binary: 1 for each term that occurs
    /// (for short texts)
    #[arg(long, value_parser = named::<Weighting>(), default_value = Weighting::TfIdf.name(), hide_short_help = true)]
    weighting: Weighting,
    /// Keep terms that occur in at least N rows [default: 2; 1 for posts]
    #[arg(long, value_name = "N", hide_short_help = true)]
    min_df: Option<u32>,
    /// Keep terms that occur in at most this share of the rows
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, hide_short_help = true)]
    max_df: f64,
    /// Keep the N most frequent features [default: all]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_features: Option<usize>,
    /// Leave out terms that identify a group: over 80 % of their rows are in one group, or fewer
    /// than 3 groups have them
    #[arg(long, hide_short_help = true)]
    strip_source_terms: bool,
    /// Scale of the vectors: the larger it is, the more they count relative to the terms [default:
    /// 0.3]
    #[arg(long, value_name = "S", requires = "vectors", hide_short_help = true)]
    vectors_scale: Option<f64>,
    /// Scale each term by its log-count ratio to this power before training (NB-SVM), from 0 (off)
    /// to 2; 0.25 to 0.5 do well if the texts to score are unlike the rows
    #[arg(long, value_name = "POWER", default_value_t = 0.0, hide_short_help = true)]
    naive_bayes: f64,
    /// Scale of n-grams of several words: the smaller it is, the more single words count
    #[arg(long, value_name = "W", default_value_t = 1.0, hide_short_help = true)]
    ngram_weight: f64,
    /// Label smoothing: the share of each row's label that is divided equally among all labels;
    /// 0.05 if about one row in twenty may be labeled wrongly
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, hide_short_help = true)]
    label_smoothing: f64,
    /// Inverse strength of the penalty: a larger value follows the training rows more closely
    /// [default: 10; 1 for posts]
    #[arg(long, value_name = "C")]
    c: Option<f64>,
    /// Weight rows so that all labels count equally [default: none; balanced for posts]
    #[arg(long, value_parser = named::<ClassWeight>())]
    class_weight: Option<ClassWeight>,
    /// Weight rows so that all groups count equally, or by the square root of their rows
    #[arg(long, value_parser = named::<GroupWeight>(), default_value = GroupWeight::None.name(), hide_short_help = true)]
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
            naive_bayes: self.naive_bayes,
            ngram_weight: self.ngram_weight,
            c: self.c.unwrap_or(start.c),
            label_smoothing: self.label_smoothing,
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
            words: self.ngrams.map_or(start.words, |ngrams| Some(ngrams).filter(|own| *own != (0, 0))),
            chars: self.chars,
            quotations: self.quotations,
            punctuation: self.punctuation.unwrap_or(start.punctuation),
            house_style: self.words.house_style(),
            social_text: self.words.social_text().unwrap_or(start.social_text),
            fold_case: self.fold_case,
            ..start.clone()
        })
    }
}
