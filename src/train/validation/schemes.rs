//! Estimates how the same training, with its tuning, does on rows held out at random, by groups and
//! by time. These estimates choose nothing.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::error::Result;
use crate::evaluate::{Metrics, bootstrap};
use crate::model::Calibration;
use crate::statistics::Interval;
use crate::train::dataset::counted::Corpus;
use crate::train::dataset::data::Data;
use crate::train::dataset::row::Rows;
use crate::train::fit::FoldPredictions;
use crate::train::fit::{FitParams, OutOfFold, Split};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::params::TrainParams;
use crate::train::preset::social_share;
use crate::train::validation::choices::Space;
use crate::train::validation::cross_validation::{calibrated, count};
use crate::train::validation::folds::Dealing;
use crate::train::validation::pool::fit_pooled;
use crate::train::validation::search::Search;
use crate::train::validation::splits::{SplitKind, main_kind, splits};
use crate::train::validation::trial::Trial;
use crate::train::validation::tune::{self, Tuning};

/// Folds inside a training part.
pub(crate) const INNER_FOLDS: u32 = 3;

/// Fewer rows are dealt to folds several times, until so many were held out: one deal of few rows
/// is mostly chance.
const MIN_HELD_OUT: usize = 2000;
/// The greatest number of deals.
const MAX_DEALS: usize = 3;

/// Least share of rows with names, tags or lengthened words for which it is tried how these are
/// read.
const MIN_SOCIAL: f64 = 0.05;

/// What was found on rows that were held out in one way.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HeldOutFigures {
    /// How they were held out.
    pub kind: SplitKind,
    /// Counts over the held-out rows.
    pub metrics: Metrics,
    /// Bootstrap interval of macro-F1, by group.
    pub interval: Option<Interval>,
    /// The hyperparameters that were chosen inside each training part; equal ones once.
    pub settings: Vec<Hyperparameters>,
}

/// The splits that a search inside some of the rows judges by.
fn inner_splits(rows: &Rows, among: &[usize], seed: u64) -> Vec<Split> {
    let deals = MIN_HELD_OUT.div_ceil(among.len().max(1)).clamp(1, MAX_DEALS) as u64;
    let deal = |number: u64| Dealing { folds: INNER_FOLDS, seed: seed.wrapping_add(number) };
    (0..deals).flat_map(|number| splits(rows, main_kind(rows), among, deal(number))).collect()
}

/// The outer splits of each way that the rows allow, each with the hyperparameters for its training
/// part.
pub(crate) struct HeldOutSchemes {
    schemes: Vec<Scheme>,
    tuned: bool,
}

struct Scheme {
    kind: SplitKind,
    splits: Vec<(Split, Hyperparameters)>,
}

/// What a tuning chose on all rows.
pub(crate) struct Tuned {
    pub settings: Hyperparameters,
    pub trials: Vec<Trial>,
    /// Trials that were finished.
    pub finished: usize,
}

/// The cross-validation's predictions, and how its rows were held out.
pub(crate) struct MainScheme<'m> {
    pub kind: SplitKind,
    pub predictions: &'m [FoldPredictions],
    pub calibration: &'m Calibration,
}

impl HeldOutSchemes {
    /// All schemes with the hyperparameters that were given; none without folds.
    pub(crate) fn new(rows: &Rows, params: &TrainParams) -> Self {
        let all: Vec<usize> = (0..rows.len()).collect();
        let has_dates = rows.rows.iter().any(|row| row.date.is_some() && !row.train_only);
        let kinds = [
            (SplitKind::Random, rows.has_groups() || has_dates),
            (SplitKind::Groups, rows.has_groups()),
            (SplitKind::Dates, has_dates),
        ];
        let dealing = Dealing { folds: params.folds, seed: params.seed };
        let schemes = kinds
            .into_iter()
            .filter(|(_, wanted)| *wanted && params.held_out && params.folds > 0)
            .map(|(kind, _)| {
                let found = splits(rows, kind, &all, dealing);
                Scheme { kind, splits: found.into_iter().map(|s| (s, params.settings.clone())).collect() }
            })
            .collect();
        HeldOutSchemes { schemes, tuned: false }
    }

    /// Number of schemes.
    pub(crate) fn fits(&self, main: SplitKind) -> usize {
        let others = self.schemes.iter().filter(|scheme| scheme.kind != main || self.tuned);
        others.map(|scheme| scheme.splits.len()).sum()
    }

    /// Chooses hyperparameters on all rows, and for each training part on its rows alone.
    pub(crate) fn tune(
        &mut self,
        corpus: Corpus<'_>,
        params: &TrainParams,
        tuning: &Tuning<'_>,
    ) -> Result<Tuned> {
        let rows = corpus.rows;
        let search = |among: &[usize]| Search::new(inner_splits(rows, among, params.seed), &params.settings);
        let all: Vec<usize> = (0..rows.len()).collect();
        let mut searches = vec![search(&all)];
        searches.extend(
            self.schemes.iter().flat_map(|scheme| &scheme.splits).map(|(split, _)| search(&split.train)),
        );
        let space = Space {
            groups: rows.has_groups(),
            unlabeled: !corpus.unlabeled.is_empty(),
            vectors: corpus.vectors.is_some(),
            social: social_share(&rows.rows.iter().collect::<Vec<_>>()) >= MIN_SOCIAL,
        };
        let finished = tune::run(&mut searches, corpus, tuning, space)?;
        let mut searches = searches.into_iter();
        let (settings, trials) = searches
            .next()
            .map_or((params.settings.clone(), Vec::new()), |main| (main.best().clone(), main.into_trials()));
        let slots = self.schemes.iter_mut().flat_map(|scheme| &mut scheme.splits);
        slots.zip(searches).for_each(|((_, settings), search)| *settings = search.best().clone());
        self.tuned = true;
        Ok(Tuned { settings, trials, finished })
    }

    /// Holds out in every way. The cross-validation stands for its own way where its
    /// hyperparameters were given.
    pub(crate) fn figures(
        &self,
        data: &Data<'_>,
        params: &TrainParams,
        main: &MainScheme<'_>,
    ) -> Result<Vec<HeldOutFigures>> {
        let mut figures = Vec::new();
        for scheme in self.schemes.iter().filter(|scheme| !scheme.splits.is_empty()) {
            let found = if scheme.kind == main.kind && !self.tuned {
                scheme.figures(data.rows, main.predictions, params.seed)
            } else {
                let predict = |(split, settings): &(Split, Hyperparameters)| {
                    let own =
                        (!data.is_for(settings)).then(|| Data::new(data.corpus, settings)).transpose()?;
                    let data = own.as_ref().unwrap_or(data);
                    let fitted =
                        fit_pooled(data, FitParams { settings, tolerance: params.tolerance }, &split.train)?;
                    let oof = OutOfFold::predict(data, split, &fitted);
                    data.corpus.progress.advance(1);
                    Ok(calibrated(&oof, main.calibration).collect::<Vec<FoldPredictions>>())
                };
                scheme.figures(data.rows, &data.each(&scheme.splits, predict)?.concat(), params.seed)
            };
            figures.push(found);
        }
        Ok(figures)
    }
}

impl Scheme {
    fn figures(&self, rows: &Rows, predictions: &[FoldPredictions], seed: u64) -> HeldOutFigures {
        let classes = rows.labels.len();
        let (mut metrics, mut groups) = (Metrics::new(classes), BTreeMap::new());
        for one in predictions {
            count(&mut metrics, rows, one);
            count(groups.entry(rows.groups[one.row]).or_insert_with(|| Metrics::new(classes)), rows, one);
        }
        let groups: Vec<Metrics> = groups.into_values().collect();
        let mut settings: Vec<Hyperparameters> = Vec::new();
        for (_, own) in &self.splits {
            if !settings.contains(own) {
                settings.push(own.clone());
            }
        }
        let interval = bootstrap(&groups, seed, &Metrics::macro_f1);
        HeldOutFigures { kind: self.kind, metrics, interval, settings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Row;

    #[test]
    fn few_rows_are_dealt_several_times() {
        let deals = |count: usize| {
            let row = |n: usize| Row::new(["a", "b"][n % 2], format!("text {n}"));
            let rows = Rows::new((0..count).map(row).collect::<Vec<_>>()).unwrap();
            let all: Vec<usize> = (0..count).collect();
            let found = inner_splits(&rows, &all, 1);
            let held_out: usize = found.iter().map(|split| split.test.len()).sum();
            assert!(count < 100 || found.windows(4).all(|four| four[0].test != four[3].test));
            held_out / count
        };
        assert_eq!([30, 999, 1000, 1999, 2000, 3000].map(deals), [3, 3, 2, 2, 1, 1]);
    }
}
