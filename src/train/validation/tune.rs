//! Searches for the hyperparameters that do best on held-out rows, within a budget of trials.
//!
//! The main search and those inside the training parts of the outer splits go through their trials
//! together, so that a budget cut short cuts all alike and the finished trials can be repeated.

use crate::error::Result;
use crate::evaluate::classes_named;
use crate::label::ClassId;
use crate::progress::Progress;
use crate::train::dataset::counted::Corpus;
use crate::train::dataset::data::Data;
use crate::train::hyperparameters::Hyperparameters;
use crate::train::validation::choices::Space;
use crate::train::validation::search::Search;
use crate::train::validation::trial::{Trial, fit_each_c, judge};

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
    let measure = if tuning.f1_labels.is_empty() { "macro-F1" } else { "mean F1" };
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
            main.tell(finished, measure, corpus.progress);
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
            Ok((at, fit_each_c(&data, settings, &searches[*search].splits[split])))
        })?;
        for (at, (search, settings)) in now.iter().enumerate() {
            let own = metrics.iter().filter(|(other, _)| *other == at).map(|(_, metrics)| metrics);
            trials.push((*search, judge(settings, classes, own, corpus.rows.labels.len())));
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
