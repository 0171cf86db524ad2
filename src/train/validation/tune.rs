//! Searches for the hyperparameters that do best on held-out rows, within a budget of trials.
//!
//! Trials go along one choice after the other (n-grams, characters, punctuation, ...), each from
//! the best so far: a coordinate search, which finds what a grid finds for far fewer fits where
//! choices hardly depend on each other. Within a trial C goes upwards, each fit from the one
//! before. A change is kept if it gains more than chance easily does. The main search and those
//! inside the training parts of the outer splits go through their trials together, so that a budget
//! cut short cuts all alike and the finished trials can be repeated.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::error::{Result, counted};
use crate::evaluate::{Metrics, classes_named};
use crate::features::Weighting;
use crate::label::{ClassId, argmax};
use crate::model::softmax;
use crate::progress::Progress;
use crate::train::dataset::counted::Corpus;
use crate::train::dataset::data::Data;
use crate::train::fit::{FitParams, Fitted, Learner, OutOfFold, Split, dataset, learner};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::solver::fitted::FittedLogistic;
use crate::train::validation::choices::{CHOICES, Space};

/// The budget of a search for hyperparameters, and what it maximizes.
#[derive(Clone, Copy)]
pub struct Tuning<'t> {
    /// Greatest number of trials.
    pub trials: usize,
    /// Called before each trial but the first with the number of finished trials. With `true` the
    /// search ends, and the training goes on with the best hyperparameters so far; to end the
    /// training itself, use [`TrainOptions`](crate::train::TrainOptions)'s progress.
    pub stop: &'t (dyn Fn(usize) -> bool + Sync),
    /// Whether to give up the trial that runs and to end the search. It is asked often, so the
    /// answer must be cheap. The first trial is never given up.
    pub abandon: &'t (dyn Fn() -> bool + Sync),
    /// The labels whose mean F1 is maximized; all labels if it is empty.
    pub f1_labels: &'t [String],
}

impl Default for Tuning<'_> {
    /// As many trials as a round through all choices has, which nothing stops, for the macro-F1
    /// over all labels.
    fn default() -> Self {
        Tuning { trials: 24, stop: &|_| false, abandon: &|| false, f1_labels: &[] }
    }
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
    /// Macro-F1 over the held-out rows, or the mean F1 of [`Tuning::f1_labels`]; `None` where no
    /// term was left to fit.
    pub macro_f1: Option<f64>,
}

/// Values of C that are tried for unit-length rows.
const TF_IDF_C: [f64; 7] = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];
/// For binary rows, which are longer by far.
const BINARY_C: [f64; 7] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0];
/// Settings are compared by rougher fits than the model itself is.
const TOLERANCE: f64 = 1e-4;
/// A change is kept if macro-F1 rises by more than this, divided by the root of the number of
/// held-out rows: about one standard error of a difference between settings that disagree on an
/// eighth of the rows. Of twenty useless changes, the best looks two standard errors better than it
/// is.
const MIN_GAIN: f64 = 0.35;

/// A search over some of the rows.
pub(crate) struct Search {
    splits: Vec<Split>,
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

    /// Says how the last trial did. A search that is at its end tries nothing more.
    fn tell(&self, finished: usize, tuning: &Tuning<'_>, progress: &dyn Progress) {
        let Some(last) = self.trials.last().filter(|_| self.trials.len() == finished) else { return };
        let done = counted(finished, "trial");
        let measure = if tuning.f1_labels.is_empty() { "macro-F1" } else { "mean F1" };
        progress.note(&format!(
            "{done} finished, {measure} {:.4}, best so far {:.4}: {}",
            last.macro_f1, self.best_f1, last.settings
        ));
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

/// Runs trials until the budget or every search is at its end; returns the number of trials
/// finished.
pub(crate) fn run(
    searches: &mut [Search],
    corpus: Corpus<'_>,
    tuning: &Tuning<'_>,
    space: Space,
) -> Result<usize> {
    let mut classes = classes_named(tuning.f1_labels, &corpus.rows.labels)?;
    if classes.is_empty() {
        classes = (0..corpus.rows.labels.len()).map(ClassId::new).collect();
    }
    let mut finished = 0;
    while finished < tuning.trials && !(finished > 0 && (tuning.stop)(finished)) {
        let waiting: Vec<(usize, Hyperparameters)> = searches
            .iter_mut()
            .enumerate()
            .filter_map(|(number, search)| Some((number, search.next(space)?)))
            .collect();
        if waiting.is_empty() {
            break;
        }
        let abandon: &(dyn Fn() -> bool + Sync) = if finished > 0 { tuning.abandon } else { &|| false };
        let progress = Abandonable { told: corpus.progress, abandon };
        let trials = match trials(searches, waiting, Corpus { progress: &progress, ..corpus }, &classes) {
            Err(_) if abandon() => return corpus.progress.check().map(|()| finished),
            trials => trials?,
        };
        trials.into_iter().for_each(|(search, trial)| searches[search].take(trial));
        finished += 1;
        corpus.progress.advance(1);
        if let Some(main) = searches.first() {
            main.tell(finished, tuning, corpus.progress);
        }
    }
    Ok(finished)
}

/// Tries settings, each for the search of this number.
fn trials(
    searches: &[Search],
    mut waiting: Vec<(usize, Hyperparameters)>,
    corpus: Corpus<'_>,
    classes: &[ClassId],
) -> Result<Vec<(usize, Trial)>> {
    let mut trials = Vec::new();
    // Texts are tokenized once for all searches that want the same terms.
    while let Some((_, first)) = waiting.first().cloned() {
        let (now, later): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, settings)| settings.has_terms_of(&first));
        waiting = later;
        let mut counted = first;
        counted.pruning.min_df = now.iter().map(|(_, settings)| settings.pruning.min_df).min().unwrap_or(1);
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
            trials.push((*search, judge((settings, classes), own, corpus.rows.labels.len())));
        }
    }
    Ok(trials)
}

/// The progress of a trial, which can be given up while the training goes on.
struct Abandonable<'p> {
    told: &'p dyn Progress,
    abandon: &'p (dyn Fn() -> bool + Sync),
}

impl Progress for Abandonable<'_> {
    fn begin(&self, stage: &'static str, total: Option<u64>) {
        self.told.begin(stage, total);
    }

    fn advance(&self, units: u64) {
        self.told.advance(units);
    }

    fn advance_bytes(&self, bytes: u64) {
        self.told.advance_bytes(bytes);
    }

    fn note(&self, note: &str) {
        self.told.note(note);
    }

    fn is_stopped(&self) -> bool {
        self.told.is_stopped() || (self.abandon)()
    }
}

fn values(settings: &Hyperparameters) -> [f64; 7] {
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

/// The best C of a trial: the highest mean F1 of some classes over all splits, the smallest C of
/// equals.
fn judge<'m>(
    (settings, judged): (&Hyperparameters, &[ClassId]),
    splits: impl Iterator<Item = &'m Vec<Metrics>>,
    classes: usize,
) -> Trial {
    let values = values(settings);
    let mut sums = vec![Metrics::new(classes); values.len()];
    for metrics in splits {
        sums.iter_mut().zip(metrics).for_each(|(sum, metrics)| sum.merge(metrics));
    }
    let scores: Vec<Score> =
        values.into_iter().zip(&sums).map(|(c, sum)| Score { c, macro_f1: sum.mean_f1(judged) }).collect();
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
        let distinct: std::collections::BTreeSet<&String> = tried.iter().collect();
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
    fn a_trial_is_judged_by_the_labels_that_are_named() {
        let settings = Hyperparameters::default();
        // With the second C, one more row of the last label is right and one of the first is wrong.
        let of_c = |answers: [usize; 4]| {
            let mut metrics = Metrics::new(3);
            for (gold, answer) in [0, 0, 1, 2].into_iter().zip(answers) {
                metrics.add(ClassId::new(gold), ClassId::new(answer), &[0.4, 0.3, 0.3], true);
            }
            metrics
        };
        let of_split = vec![of_c([0, 0, 1, 1]), of_c([0, 1, 1, 2])];
        let best = |classes: &[usize]| {
            let classes: Vec<ClassId> = classes.iter().map(|&class| ClassId::new(class)).collect();
            judge((&settings, &classes), [&of_split].into_iter(), 3).settings.c
        };
        assert_eq!((best(&[0, 1]), best(&[0, 1, 2])), (TF_IDF_C[0], TF_IDF_C[1]));
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
