//! Searches for the hyperparameters that do best on held-out rows, within a budget of trials.
//!
//! Trials go along one choice after the other (n-grams, characters, punctuation, ...), each from the best so far: a
//! coordinate search, which finds what a grid finds for far fewer fits where choices hardly depend on each other. Within a trial
//! C goes upwards, each fit from the one before. The main search and those inside the training parts of the outer splits go
//! through their trials together, so that a budget cut short cuts all alike and the finished trials can be repeated.

use serde::Serialize;

use crate::error::Result;
use crate::evaluate::Metrics;
use crate::features::Weighting;
use crate::label::{ClassId, argmax};
use crate::model::{BlockKind, softmax};
use crate::text::SocialText;
use crate::tokenizer::{Punctuation, TokenizerConfig};
use crate::train::dataset::counted::Corpus;
use crate::train::dataset::data::Data;
use crate::train::fit::{FitParams, Fitted, Learner, OutOfFold, Split, dataset, learner};
use crate::train::hyperparameters::{GroupWeight, Hyperparameters};
use crate::train::solver::fitted::FittedLogistic;
use crate::train::solver::logistic::ClassWeight;
use crate::train::{BlockSettings, OneGroup};

/// The budget of a search for hyperparameters.
pub struct Tuning<'t> {
    /// Greatest number of trials.
    pub trials: usize,
    /// Called before each trial but the first with the number of finished trials. With `true` the search ends, and the training goes
    /// on with the best hyperparameters so far; to end the training itself, use [`TrainOptions`](crate::train::TrainOptions)'s
    /// progress.
    pub stop: &'t (dyn Fn(usize) -> bool + Sync),
}

impl std::fmt::Debug for Tuning<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tuning {{ trials: {} }}", self.trials)
    }
}

/// One finished trial.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trial {
    /// The hyperparameters, with the C that did best.
    pub settings: Hyperparameters,
    /// One for each C, in ascending order.
    pub scores: Vec<Score>,
    /// The best of them.
    pub macro_f1: f64,
}

/// How one C did in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Score {
    /// Inverse strength of the L2 penalty.
    pub c: f64,
    /// Macro-F1 over the held-out rows; `None` where no term was left to fit.
    pub macro_f1: Option<f64>,
}

/// Values of C that are tried for unit-length rows.
const TF_IDF_C: [f64; 6] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0];
/// Weights of word vectors that are tried beside none, from a whisper to more than all terms.
const VECTORS_WEIGHTS: [f64; 5] = [0.06, 0.1, 0.3, 1.0, 2.0];
/// For binary rows, which are longer by far.
const BINARY_C: [f64; 6] = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0];
/// Settings are compared by rougher fits than the model itself is.
const TOLERANCE: f64 = 1e-4;

/// A search over some of the rows.
pub(crate) struct Search {
    splits: Vec<Split>,
    best: Hyperparameters,
    best_f1: f64,
    trials: Vec<Trial>,
    /// The choice whose alternatives are tried, and whether any choice of this round found better.
    choice: usize,
    improved: bool,
    waiting: Vec<Hyperparameters>,
    over: bool,
}

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

impl Search {
    /// Begins with these settings, whose C is one of those that are tried.
    pub(crate) fn new(splits: Vec<Split>, start: &Hyperparameters) -> Self {
        Search {
            splits,
            best: start.clone(),
            best_f1: f64::NEG_INFINITY,
            trials: Vec::new(),
            choice: 0,
            improved: false,
            waiting: vec![start.clone()],
            over: false,
        }
    }

    /// The best settings so far.
    pub(crate) fn best(&self) -> &Hyperparameters {
        &self.best
    }

    /// All finished trials in order.
    pub(crate) fn into_trials(self) -> Vec<Trial> {
        self.trials
    }

    /// What to try next; `None` once no choice makes it better.
    fn next(&mut self, space: Space) -> Option<Hyperparameters> {
        while !self.over {
            if !self.waiting.is_empty() {
                let next = self.waiting.remove(0);
                if !self.trials.iter().any(|trial| differ_by_c(&trial.settings, &next)) {
                    return Some(next);
                }
                continue;
            }
            match CHOICES.get(self.choice) {
                Some(alternatives) => {
                    self.waiting = alternatives(&self.best, space);
                    self.choice += 1;
                }
                None if self.improved => (self.choice, self.improved) = (0, false),
                None => self.over = true,
            }
        }
        None
    }

    fn take(&mut self, trial: Trial) {
        if trial.macro_f1 > self.best_f1 {
            self.improved |= !self.trials.is_empty();
            self.best_f1 = trial.macro_f1;
            self.best = trial.settings.clone();
        }
        self.trials.push(trial);
    }
}

fn differ_by_c(a: &Hyperparameters, b: &Hyperparameters) -> bool {
    Hyperparameters { c: b.c, ..a.clone() } == *b
}

/// From the best so far to what else a choice could be.
type Alternatives = fn(&Hyperparameters, Space) -> Vec<Hyperparameters>;

/// The choices, those that usually matter most first.
const CHOICES: [Alternatives; 14] = [
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
        let ways = [SocialText::Plain, SocialText::Normalize];
        if space.social { ways.map(with).to_vec() } else { Vec::new() }
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
        let weightings = [Weighting::TfIdf, Weighting::Idf, Weighting::Binary];
        weightings.map(|weighting| Hyperparameters { weighting, ..best.clone() }).to_vec()
    },
    |best, _| {
        let weights = [ClassWeight::None, ClassWeight::Balanced];
        weights.map(|class_weight| Hyperparameters { class_weight, ..best.clone() }).to_vec()
    },
    |best, _| {
        let with = |min_df| {
            let mut other = best.clone();
            other.pruning.min_df = min_df;
            other
        };
        [1, 2, 5].map(with).to_vec()
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

/// With blocks of these kinds in place of those of words and characters. Characters are not among a model's own terms and in a block at
/// once.
fn with_blocks(best: &Hyperparameters, kinds: &[BlockKind]) -> Hyperparameters {
    let mut other = best.clone();
    other.blocks.retain(|block| !matches!(block.kind, BlockKind::Words | BlockKind::Characters));
    other.blocks.extend(kinds.iter().map(|kind| BlockSettings::new(*kind)));
    if kinds.contains(&BlockKind::Characters) && other.tokenizer_config.words.is_some() {
        other.tokenizer_config.chars = None;
    }
    other
}

/// Runs trials until the budget or every search is at its end; returns the number of trials finished.
pub(crate) fn run(
    searches: &mut [Search],
    corpus: Corpus<'_>,
    tuning: &Tuning<'_>,
    space: Space,
) -> Result<usize> {
    let mut finished = 0;
    while finished < tuning.trials && !(finished > 0 && (tuning.stop)(finished)) {
        let mut waiting: Vec<(usize, Hyperparameters)> = searches
            .iter_mut()
            .enumerate()
            .filter_map(|(number, search)| Some((number, search.next(space)?)))
            .collect();
        if waiting.is_empty() {
            break;
        }
        // Texts are tokenized once for all searches that want the same terms.
        while let Some((_, first)) = waiting.first().cloned() {
            let (now, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(_, settings)| settings.has_terms_of(&first));
            waiting = later;
            let mut counted = first;
            counted.pruning.min_df =
                now.iter().map(|(_, settings)| settings.pruning.min_df).min().unwrap_or(1);
            let data = Data::new(corpus, &counted)?;
            let tasks: Vec<(usize, usize)> = (0..now.len())
                .flat_map(|at| (0..searches[now[at].0].splits.len()).map(move |split| (at, split)))
                .collect();
            let metrics = data.each(&tasks, |&(at, split)| {
                let (search, settings) = &now[at];
                Ok((at, path(&data, settings, &searches[*search].splits[split])))
            })?;
            for (at, (search, settings)) in now.iter().enumerate() {
                let own = metrics.iter().filter(|(other, _)| *other == at).map(|(_, metrics)| metrics);
                searches[*search].take(judge(settings, own, corpus.rows.labels.len()));
            }
        }
        finished += 1;
        corpus.progress.advance(1);
    }
    Ok(finished)
}

fn values(settings: &Hyperparameters) -> [f64; 6] {
    match settings.weighting {
        Weighting::TfIdf | Weighting::Idf => TF_IDF_C,
        Weighting::Binary => BINARY_C,
    }
}

/// Metrics for each C, over the test rows of one split. Settings that leave no term have none.
fn path(data: &Data<'_>, settings: &Hyperparameters, split: &Split) -> Vec<Metrics> {
    let classes = data.rows.labels.len();
    let along = || -> Result<Vec<Metrics>> {
        let features = data.select(settings, &split.train)?;
        let train = dataset(data, settings, &features, &split.train);
        let mut before: Option<FittedLogistic> = None;
        let mut by_c = Vec::new();
        let mut fitted = Fitted { features, logistic: FittedLogistic::default() };
        for c in values(settings) {
            let settings = Hyperparameters { c, ..settings.clone() };
            fitted.logistic = learner(FitParams { settings: &settings, tolerance: TOLERANCE }, classes)?
                .learn(&train, before.as_ref(), data.corpus.progress)?;
            let oof = OutOfFold::predict(data, split, &fitted);
            let mut metrics = Metrics::new(classes);
            for (row, margins) in oof.iter() {
                let mut probabilities = margins.to_vec();
                softmax(&mut probabilities);
                metrics.add(ClassId::new(data.rows.targets[row]), argmax(margins), &probabilities, true);
            }
            by_c.push(metrics);
            before = Some(fitted.logistic.clone());
        }
        Ok(by_c)
    };
    along().unwrap_or_default()
}

/// The best C of a trial: the highest macro-F1 over all splits, the smallest C of equals.
fn judge<'m>(
    settings: &Hyperparameters,
    splits: impl Iterator<Item = &'m Vec<Metrics>>,
    classes: usize,
) -> Trial {
    let values = values(settings);
    let mut sums = vec![Metrics::new(classes); values.len()];
    for metrics in splits {
        sums.iter_mut().zip(metrics).for_each(|(sum, metrics)| sum.merge(metrics));
    }
    let scores: Vec<Score> =
        values.into_iter().zip(&sums).map(|(c, sum)| Score { c, macro_f1: sum.macro_f1() }).collect();
    let (mut c, mut best) = (settings.c, f64::NEG_INFINITY);
    for score in &scores {
        if let Some(macro_f1) = score.macro_f1.filter(|macro_f1| *macro_f1 > best) {
            (c, best) = (score.c, macro_f1);
        }
    }
    Trial { settings: Hyperparameters { c, ..settings.clone() }, scores, macro_f1: best.max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(settings: &Hyperparameters, macro_f1: f64) -> Trial {
        Trial { settings: settings.clone(), scores: Vec::new(), macro_f1 }
    }

    #[test]
    fn a_search_goes_on_from_the_best_and_ends_when_nothing_is_better() {
        let space = Space { groups: false, unlabeled: false, vectors: false, social: false };
        let mut search = Search::new(Vec::new(), &Hyperparameters::default());
        let mut tried = Vec::new();
        while let Some(settings) = search.next(space) {
            // Characters help, all else does nothing.
            let score = if settings.tokenizer_config.chars.is_some() { 0.8 } else { 0.5 };
            search.take(trial(&settings, score));
            tried.push(settings.to_string());
            assert!(tried.len() < 40);
        }
        assert_eq!(tried[0], Hyperparameters::default().to_string());
        assert_eq!(search.best().tokenizer_config.chars, Some((2, 4)), "the first of equals");
        let distinct: std::collections::BTreeSet<&String> = tried.iter().collect();
        assert_eq!(distinct.len(), tried.len(), "nothing is tried twice");
        assert!(tried.iter().any(|settings| settings.contains("chars 2-4, punctuation tokens")), "{tried:?}");
        assert!(!tried.iter().any(|settings| settings.contains("groups")), "{tried:?}");
    }

    #[test]
    fn blocks_are_tried_and_then_their_weights() {
        let space = Space { groups: false, unlabeled: false, vectors: false, social: false };
        let mut search = Search::new(Vec::new(), &Hyperparameters::default());
        while let Some(settings) = search.next(space) {
            let own = f64::from(u8::from(settings.tokenizer_config.chars.is_some()));
            let of_blocks: f64 = settings.blocks.iter().map(|block| (3.0 - block.weight).recip()).sum();
            search.take(trial(&settings, own * 0.5 + of_blocks));
        }
        let best = search.best();
        assert_eq!(best.tokenizer_config.chars, None, "characters are in the block");
        let found: Vec<(BlockKind, f64)> =
            best.blocks.iter().map(|block| (block.kind, block.weight)).collect();
        assert_eq!(found, [(BlockKind::Words, 2.0), (BlockKind::Characters, 2.0)]);
    }

    #[test]
    fn choices_that_need_groups_or_texts_are_made_where_these_are() {
        let of = |space| {
            CHOICES.iter().map(|choice| choice(&Hyperparameters::default(), space).len()).sum::<usize>()
        };
        let without = of(Space { groups: false, unlabeled: false, vectors: false, social: false });
        assert_eq!(of(Space { groups: true, unlabeled: true, vectors: false, social: false }), without + 7);
        assert_eq!(of(Space { groups: false, unlabeled: false, vectors: false, social: true }), without + 2);
        // Weights are tried, and case and stems are left as the vectors have them.
        assert_eq!(
            of(Space { groups: false, unlabeled: false, vectors: true, social: false }),
            without + 6 - 3
        );
    }
}
