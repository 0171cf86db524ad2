//! Tries one choice of rows to train on: holds out the caller's rows, fold by fold, and again
//! inside of each training part.

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::train::adapt::options::TrainedOn;
use crate::train::audit::leaks;
use crate::train::dataset::counted::Corpus;
use crate::train::dataset::data::Data;
use crate::train::dataset::hold_together;
use crate::train::dataset::row::Rows;
use crate::train::fit::{FitParams, OutOfFold, Split};
use crate::train::params::TrainParams;
use crate::train::validation::folds::Dealing;
use crate::train::validation::pool::fit_pooled;
use crate::train::validation::schemes::INNER_FOLDS;
use crate::train::validation::splits::{main_kind, splits};

/// Factors on the weights of the caller's rows that are tried beside the corpus.
const WEIGHTS: [f64; 4] = [1.0, 2.0, 4.0, 8.0];

/// What is always tried: each weight beside the corpus.
pub(super) fn together() -> impl Iterator<Item = TrainedOn> {
    WEIGHTS.into_iter().map(|weight| TrainedOn::CorpusAndOwnRows { weight })
}

/// What is tried where there can be a model of the caller's rows alone. Shares of 0.25 to 1 did
/// about as well.
pub(super) const POOLED: TrainedOn = TrainedOn::Pooled { share: 0.5 };

/// A choice with the margins of the caller's rows by models that did not see them.
pub(super) struct Candidate {
    pub trained_on: TrainedOn,
    pub rows: Rows<'static>,
    pub splits: Vec<Split>,
    /// A fold each.
    pub outer: Vec<OutOfFold>,
    /// For each fold, those of the cross-validation inside of its training part.
    pub inner: Vec<Vec<OutOfFold>>,
}

impl Candidate {
    /// Fits and predicts.
    pub(super) fn try_out(
        trained_on: TrainedOn,
        rows: Rows<'static>,
        params: &TrainParams,
        progress: &dyn Progress,
    ) -> Result<Self> {
        Ok(Candidate { trained_on, ..Candidate::fitted(rows, params, INNER_FOLDS, progress)? })
    }

    /// As [`Candidate::try_out`], where nothing is to be chosen: without folds inside of the
    /// training parts.
    pub(super) fn without_choice(
        trained_on: TrainedOn,
        rows: Rows<'static>,
        params: &TrainParams,
        progress: &dyn Progress,
    ) -> Result<Self> {
        Ok(Candidate { trained_on, ..Candidate::fitted(rows, params, 0, progress)? })
    }

    fn fitted(
        mut rows: Rows<'static>,
        params: &TrainParams,
        inner_folds: u32,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let (_, pairs) = leaks::near_duplicates(&rows, progress)?;
        hold_together(&mut rows, pairs.iter().map(|pair| [pair.row, pair.earlier]));
        let all: Vec<usize> = (0..rows.len()).collect();
        let split = |among: &[usize], folds| {
            splits(&rows, main_kind(&rows), among, Dealing { folds, seed: params.seed })
        };
        let outer = split(&all, params.folds);
        if outer.len() < 2 {
            return Err(Error::data(
                "the rows repeat each other, and repeats are held out together, so nothing can be held out. Add rows of other \
                 texts",
            ));
        }
        let inner_of = |outer: &Split| match inner_folds {
            0 => Vec::new(),
            folds => split(&outer.train, folds),
        };
        let inner: Vec<Vec<Split>> = outer.iter().map(inner_of).collect();
        let (outer_oof, inner_oof) = {
            let data = counted(&rows, params, progress)?;
            let tasks: Vec<&Split> = outer.iter().chain(inner.iter().flatten()).collect();
            progress.begin("cross-validation", Some(tasks.len() as u64));
            let each = |split: &&Split| {
                let predicted = predict(&data, split, params);
                progress.advance(1);
                predicted
            };
            let mut oof = data.each(&tasks, each)?.into_iter();
            let outer_oof: Vec<OutOfFold> = oof.by_ref().take(outer.len()).collect();
            let inner_oof = inner.iter().map(|splits| oof.by_ref().take(splits.len()).collect()).collect();
            (outer_oof, inner_oof)
        };
        let trained_on = TrainedOn::OwnRows;
        Ok(Candidate { trained_on, rows, splits: outer, outer: outer_oof, inner: inner_oof })
    }

    /// Whether both hold out the same rows in the same folds, in the training parts too: only then
    /// can their losses be compared.
    pub(super) fn holds_out_as(&self, other: &Candidate) -> bool {
        self.held_out().eq(other.held_out())
    }

    /// The rows of each fold, with those of the folds inside of its training part.
    fn held_out(&self) -> impl Iterator<Item = (&[usize], Vec<&[usize]>)> {
        let folds = self.outer.iter().zip(&self.inner);
        folds.map(|(outer, inner)| (&*outer.rows, inner.iter().map(|fold| &*fold.rows).collect()))
    }
}

/// The terms of all rows.
pub(super) fn counted<'r>(
    rows: &'r Rows<'r>,
    params: &'r TrainParams,
    progress: &'r dyn Progress,
) -> Result<Data<'r>> {
    let corpus = Corpus {
        rows,
        unlabeled: &params.unlabeled,
        min_words: params.min_words,
        vectors: params.vectors.as_ref(),
        progress,
    };
    Data::new(corpus, &params.settings)
}

/// Learns from a training part and predicts the rows beside it.
pub(super) fn predict(data: &Data<'_>, split: &Split, params: &TrainParams) -> Result<OutOfFold> {
    let how = FitParams { settings: &params.settings, tolerance: params.tolerance };
    let fitted = fit_pooled(data, how, &split.train)?;
    Ok(OutOfFold::predict(data, split, &fitted))
}
