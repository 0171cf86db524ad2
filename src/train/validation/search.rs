//! Decides which hyperparameters to try next, and keeps the best.
//!
//! Trials go along one choice after the other (n-grams, characters, punctuation, ...), each from
//! the best so far: a coordinate search, which finds what a grid finds for far fewer fits where
//! choices hardly depend on each other. A change is kept if it gains more than chance easily does.

use std::collections::BTreeSet;

use crate::error::counted;
use crate::progress::Progress;
use crate::train::fit::Split;
use crate::train::hyperparameters::Hyperparameters;
use crate::train::validation::choices::{CHOICES, Space};
use crate::train::validation::trial::Trial;

/// A change is kept if macro-F1 rises by more than this, divided by the root of the number of
/// held-out rows: about one standard error of a difference between settings that disagree on an
/// eighth of the rows. Of twenty useless changes, the best looks two standard errors better than it
/// is.
const MIN_GAIN: f64 = 0.35;

/// A search over some of the rows.
pub(crate) struct Search {
    pub(super) splits: Vec<Split>,
    best: Hyperparameters,
    best_f1: f64,
    /// What a change must gain to be kept.
    least_gain: f64,
    trials: Vec<Trial>,
    /// The choice whose alternatives are tried, and whether any choice of this round found better.
    choice: usize,
    improved: bool,
    waiting: Vec<Hyperparameters>,
    over: bool,
}

impl Search {
    /// Begins with these settings, whose C is one of those that are tried.
    pub(crate) fn new(splits: Vec<Split>, start: &Hyperparameters) -> Self {
        let held_out: BTreeSet<usize> = splits.iter().flat_map(|split| split.test.iter().copied()).collect();
        let least_gain = if held_out.is_empty() { 0.0 } else { MIN_GAIN / (held_out.len() as f64).sqrt() };
        Search {
            splits,
            least_gain,
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

    /// Says how the last trial did, by a measure of this name. A search that is at its end tries
    /// nothing more.
    pub(super) fn tell(&self, finished: usize, measure: &str, progress: &dyn Progress) {
        let Some(last) = self.trials.last().filter(|_| self.trials.len() == finished) else { return };
        let done = counted(finished, "trial");
        progress.note(&format!(
            "{done} finished, {measure} {:.4}, best so far {:.4}: {}",
            last.macro_f1, self.best_f1, last.settings
        ));
    }

    /// What to try next; `None` once no choice makes it better.
    pub(super) fn next(&mut self, space: Space) -> Option<Hyperparameters> {
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

    /// Keeps a finished trial, and its settings if they gain enough.
    pub(super) fn take(&mut self, trial: Trial) {
        if trial.macro_f1 > self.best_f1 + self.least_gain {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BlockKind;

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
        let distinct: BTreeSet<&String> = tried.iter().collect();
        assert_eq!(distinct.len(), tried.len(), "nothing is tried twice");
        assert!(tried.iter().any(|settings| settings.contains("chars 2-4, punctuation tokens")), "{tried:?}");
        assert!(!tried.iter().any(|settings| settings.contains("groups")), "{tried:?}");
        for other in ["naive Bayes 0.5", "n-grams weighing 0.5", "label smoothing 0.1", "classes balanced"] {
            assert!(tried.iter().any(|settings| settings.contains(other)), "{other}: {tried:?}");
        }
    }

    #[test]
    fn a_change_that_gains_no_more_than_chance_is_not_kept() {
        let space = Space { groups: false, unlabeled: false, vectors: false, social: false };
        let split = Split { train: Vec::new(), test: (0..100).collect() };
        let found = |gain: f64| {
            // Every row is held out twice, which makes it no two rows.
            let mut search = Search::new(vec![split.clone(), split.clone()], &Hyperparameters::default());
            while let Some(settings) = search.next(space) {
                let score = if settings.naive_bayes == 1.0 { 0.5 + gain } else { 0.5 };
                search.take(trial(&settings, score));
            }
            search.best().naive_bayes
        };
        assert_eq!((found(0.034), found(0.036)), (0.0, 1.0));
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
}
