//! Options that say how to learn: terms, weights, the strength of the penalty.

use clap::ValueEnum;

use crate::cli::inputs::{range, usage};
use crate::features::Weighting;
use crate::text::Language;
use crate::tokenizer::{Punctuation, Quotations, TokenizerConfig};
use crate::train::{ClassWeight, GroupWeight, Hyperparameters, OneGroup, Pruning};

/// Options of the learner; `--tune` searches from them.
#[derive(clap::Args)]
pub struct LearnArgs {
    /// Language of the texts, for stemming and to abstain from others: en, de, fr, ru ... or none
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: String,
    /// Leave words as they are
    #[arg(long)]
    no_stem: bool,
    /// Word n-grams, or 0 for none
    #[arg(long, value_name = "LOW-HIGH", default_value = "1-2", value_parser = range)]
    ngrams: (u8, u8),
    /// Character n-grams within words, e.g. 3-5 [default: none]
    #[arg(long, value_name = "LOW-HIGH", value_parser = range)]
    chars: Option<(u8, u8)>,
    /// What becomes of quotations of four words and more: scored as other words are, or one token for each
    #[arg(long, value_enum, default_value_t = QuotationsArg::Score)]
    quotations: QuotationsArg,
    /// What becomes of punctuation: dropped, a token each mark, or marks and line ends alike
    #[arg(long, value_enum, default_value_t = PunctuationArg::Drop)]
    punctuation: PunctuationArg,
    /// Whether capitals are made small; words with capitals have no stems, so give --no-stem with `keep`
    #[arg(long, value_enum, default_value_t = CaseArg::Fold)]
    case: CaseArg,
    /// How counts of terms become weights: tf-idf or idf alone, both of unit length, or 1 for each term that occurs (short texts)
    #[arg(long, value_enum, default_value_t = WeightingArg::TfIdf)]
    weighting: WeightingArg,
    /// Least number of rows that hold a term
    #[arg(long, value_name = "N", default_value_t = 2)]
    min_df: u32,
    /// Greatest share of rows that hold a term
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    max_df: f64,
    /// Most features: those that occur most often [default: all]
    #[arg(long, value_name = "N")]
    max_features: Option<usize>,
    /// Leave out terms that stand for one group: 80 % of their rows are of one, or fewer than 3 have them
    #[arg(long)]
    strip_source_terms: bool,
    /// Inverse strength of the penalty: more follows the training rows more closely
    #[arg(long, value_name = "C", default_value_t = 10.0)]
    c: f64,
    /// Weigh rows so that all labels count alike
    #[arg(long, value_enum, default_value_t = ClassWeightArg::None)]
    class_weight: ClassWeightArg,
    /// Weigh rows so that all groups count alike, or by the square root of their rows
    #[arg(long, value_enum, default_value_t = GroupWeightArg::None)]
    group_weight: GroupWeightArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum QuotationsArg {
    Score,
    Skip,
}

#[derive(Clone, Copy, ValueEnum)]
enum PunctuationArg {
    Drop,
    Tokens,
    Breaks,
}

#[derive(Clone, Copy, ValueEnum)]
enum CaseArg {
    Fold,
    Keep,
}

#[derive(Clone, Copy, ValueEnum)]
enum WeightingArg {
    TfIdf,
    Idf,
    Binary,
}

#[derive(Clone, Copy, ValueEnum)]
enum ClassWeightArg {
    None,
    Balanced,
}

#[derive(Clone, Copy, ValueEnum)]
enum GroupWeightArg {
    None,
    SquareRoot,
    Equal,
}

impl LearnArgs {
    /// As the library takes them.
    pub fn settings(&self) -> anyhow::Result<Hyperparameters> {
        Ok(Hyperparameters {
            tokenizer_config: self.tokenizer_config()?,
            weighting: match self.weighting {
                WeightingArg::TfIdf => Weighting::TfIdf,
                WeightingArg::Idf => Weighting::Idf,
                WeightingArg::Binary => Weighting::Binary,
            },
            pruning: Pruning {
                min_df: self.min_df,
                max_df: self.max_df,
                max_features: self.max_features,
                strip: self.strip_source_terms.then(OneGroup::default),
            },
            c: self.c,
            class_weight: match self.class_weight {
                ClassWeightArg::None => ClassWeight::None,
                ClassWeightArg::Balanced => ClassWeight::Balanced,
            },
            group_weight: match self.group_weight {
                GroupWeightArg::None => GroupWeight::None,
                GroupWeightArg::SquareRoot => GroupWeight::SquareRoot,
                GroupWeightArg::Equal => GroupWeight::Equal,
            },
            use_unlabeled: true,
        })
    }

    fn tokenizer_config(&self) -> anyhow::Result<TokenizerConfig> {
        let language = match self.language.as_str() {
            "none" => None,
            code => {
                Some(*Language::ALL.iter().find(|language| language.code() == code).ok_or_else(|| {
                    let codes: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
                    usage(format!("--language {code}: expected none or one of {}", codes.join(", ")))
                })?)
            }
        };
        Ok(TokenizerConfig {
            language,
            stem: !self.no_stem && language.is_some(),
            words: (self.ngrams != (0, 0)).then_some(self.ngrams),
            chars: self.chars,
            quotations: match self.quotations {
                QuotationsArg::Score => Quotations::Score,
                QuotationsArg::Skip => Quotations::Skip,
            },
            punctuation: match self.punctuation {
                PunctuationArg::Drop => Punctuation::Drop,
                PunctuationArg::Tokens => Punctuation::Tokens,
                PunctuationArg::Breaks => Punctuation::Breaks,
            },
            fold_case: matches!(self.case, CaseArg::Fold),
            ..TokenizerConfig::default()
        })
    }
}
