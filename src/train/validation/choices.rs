//! Lists the choices of a search for hyperparameters: what else each setting could be.

use crate::features::Weighting;
use crate::model::BlockKind;
use crate::text::SocialText;
use crate::tokenizer::{Punctuation, TokenizerConfig};
use crate::train::hyperparameters::{GroupWeight, Hyperparameters};
use crate::train::solver::logistic::ClassWeight;
use crate::train::{BlockSettings, OneGroup};

/// Weights of word vectors that are tried beside none, from a whisper to more than all terms.
const VECTORS_WEIGHTS: [f64; 5] = [0.06, 0.1, 0.3, 1.0, 2.0];
/// Powers of the log-count ratio that are tried beside none.
const NAIVE_BAYES: [f64; 3] = [0.0, 0.5, 1.0];
/// Weights of n-grams of several words.
const NGRAM_WEIGHTS: [f64; 2] = [1.0, 0.5];
/// Shares of label smoothing.
const LABEL_SMOOTHING: [f64; 2] = [0.0, 0.1];

/// What may be chosen from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space {
    /// Whether some groups have several rows.
    pub groups: bool,
    /// Whether there are unlabeled texts.
    pub unlabeled: bool,
    /// Whether there are word vectors.
    pub vectors: bool,
    /// Whether rows have names, tags or lengthened words of social media.
    pub social: bool,
}

/// From the best so far to what else a choice could be.
pub(super) type Alternatives = fn(&Hyperparameters, Space) -> Vec<Hyperparameters>;

/// The choices, those that usually matter most first.
pub(super) const CHOICES: [Alternatives; 17] = [
    |best, space| {
        let with = |weight: Option<f64>| {
            let mut other = best.clone();
            other.blocks.retain(|block| block.kind != BlockKind::Vectors);
            let block = |weight| BlockSettings { weight, ..BlockSettings::new(BlockKind::Vectors) };
            other.blocks.extend(weight.map(block));
            other
        };
        let weights = [None].into_iter().chain(VECTORS_WEIGHTS.map(Some));
        if space.vectors { weights.map(with).collect() } else { Vec::new() }
    },
    |best, _| {
        let words = [(1, 1), (1, 2), (1, 3)];
        words
            .map(|words| with_tokenizer_config(best, |tokenizer_config| tokenizer_config.words = Some(words)))
            .to_vec()
    },
    |best, _| {
        let chars = [None, Some((2, 4)), Some((3, 5))];
        let with = |chars| with_tokenizer_config(best, |tokenizer_config| tokenizer_config.chars = chars);
        let in_block = best.blocks.iter().any(|block| block.kind == BlockKind::Characters);
        if in_block { Vec::new() } else { chars.map(with).to_vec() }
    },
    |best, _| {
        let marks = [Punctuation::Drop, Punctuation::Tokens, Punctuation::Breaks];
        marks
            .map(|marks| with_tokenizer_config(best, |tokenizer_config| tokenizer_config.punctuation = marks))
            .to_vec()
    },
    |best, space| {
        // Word vectors are of words in one form.
        if space.vectors {
            return Vec::new();
        }
        // Stems are of words in small letters.
        let case = [(true, true), (true, false), (false, false)].map(|(fold_case, stem)| {
            with_tokenizer_config(best, |tokenizer_config| {
                tokenizer_config.fold_case = fold_case;
                tokenizer_config.stem = stem && tokenizer_config.language.is_some();
            })
        });
        case.to_vec()
    },
    |best, space| {
        let with = |social_text| {
            with_tokenizer_config(best, |tokenizer_config| tokenizer_config.social_text = social_text)
        };
        let ways = [SocialText::Plain, SocialText::Normalize, SocialText::Expand];
        if space.social { ways.map(with).to_vec() } else { Vec::new() }
    },
    |best, _| NAIVE_BAYES.map(|naive_bayes| Hyperparameters { naive_bayes, ..best.clone() }).to_vec(),
    |best, _| {
        let weights = [ClassWeight::None, ClassWeight::Balanced];
        weights.map(|class_weight| Hyperparameters { class_weight, ..best.clone() }).to_vec()
    },
    |best, _| {
        use BlockKind::{Characters, Words};
        [&[][..], &[Characters], &[Words, Characters]].map(|kinds| with_blocks(best, kinds)).to_vec()
    },
    |best, _| {
        let with = |weight| {
            let mut other = best.clone();
            other.blocks.iter_mut().for_each(|block| block.weight *= weight);
            other
        };
        if best.blocks.is_empty() { Vec::new() } else { [0.5, 2.0].map(with).to_vec() }
    },
    |best, _| {
        let has_ngrams = best.tokenizer_config.words.is_some_and(|(_, longest)| longest > 1);
        let with = |ngram_weight| Hyperparameters { ngram_weight, ..best.clone() };
        if has_ngrams { NGRAM_WEIGHTS.map(with).to_vec() } else { Vec::new() }
    },
    |best, _| {
        let weightings = [Weighting::TfIdf, Weighting::Idf, Weighting::Binary];
        weightings.map(|weighting| Hyperparameters { weighting, ..best.clone() }).to_vec()
    },
    |best, _| {
        let with = |min_df| {
            let mut other = best.clone();
            other.pruning.min_df = min_df;
            other
        };
        [1, 2, 5].map(with).to_vec()
    },
    |best, _| {
        let with = |label_smoothing| Hyperparameters { label_smoothing, ..best.clone() };
        LABEL_SMOOTHING.map(with).to_vec()
    },
    |best, space| {
        let weights = [GroupWeight::None, GroupWeight::SquareRoot, GroupWeight::Equal];
        let weights = weights.map(|group_weight| Hyperparameters { group_weight, ..best.clone() });
        if space.groups { weights.to_vec() } else { Vec::new() }
    },
    |best, space| {
        let with = |strip| {
            let mut other = best.clone();
            other.pruning.strip = strip;
            other
        };
        if space.groups { [None, Some(OneGroup::default())].map(with).to_vec() } else { Vec::new() }
    },
    |best, space| {
        let use_unlabeled =
            [true, false].map(|use_unlabeled| Hyperparameters { use_unlabeled, ..best.clone() });
        if space.unlabeled { use_unlabeled.to_vec() } else { Vec::new() }
    },
];

fn with_tokenizer_config(best: &Hyperparameters, change: impl Fn(&mut TokenizerConfig)) -> Hyperparameters {
    let mut other = best.clone();
    change(&mut other.tokenizer_config);
    other
}

/// With blocks of these kinds in place of those of words and characters; one that is there stays as
/// it is. Characters are not among a model's own terms and in a block at once.
fn with_blocks(best: &Hyperparameters, kinds: &[BlockKind]) -> Hyperparameters {
    let mut other = best.clone();
    other.blocks.retain(|block| !matches!(block.kind, BlockKind::Words | BlockKind::Characters));
    let of_kind = |kind: &BlockKind| {
        let present = best.blocks.iter().find(|block| block.kind == *kind);
        present.cloned().unwrap_or_else(|| BlockSettings::new(*kind))
    };
    other.blocks.extend(kinds.iter().map(of_kind));
    if kinds.contains(&BlockKind::Characters) && other.tokenizer_config.words.is_some() {
        other.tokenizer_config.chars = None;
    }
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_is_there_stays_as_it_is() {
        let own = BlockSettings { min_df: 1, weight: 0.5, ..BlockSettings::new(BlockKind::Characters) };
        let best = Hyperparameters { blocks: vec![own.clone()], ..Hyperparameters::default() };
        let words = BlockSettings::new(BlockKind::Words);
        assert_eq!(with_blocks(&best, &[BlockKind::Characters]), best);
        assert_eq!(with_blocks(&best, &[BlockKind::Words, BlockKind::Characters]).blocks, [words, own]);
    }

    #[test]
    fn choices_that_need_groups_or_texts_are_made_where_these_are() {
        let of = |space| {
            CHOICES.iter().map(|choice| choice(&Hyperparameters::default(), space).len()).sum::<usize>()
        };
        let without = of(Space { groups: false, unlabeled: false, vectors: false, social: false });
        assert_eq!(of(Space { groups: true, unlabeled: true, vectors: false, social: false }), without + 7);
        assert_eq!(of(Space { groups: false, unlabeled: false, vectors: false, social: true }), without + 3);
        // Weights are tried, and case and stems are left as the vectors have them.
        assert_eq!(
            of(Space { groups: false, unlabeled: false, vectors: true, social: false }),
            without + 6 - 3
        );
    }
}
