//! Fits a model to chosen rows, and predicts the margins of rows that were held out.

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use ndarray::Array1;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::progress::Progress;
use crate::train::dataset::FeatureSelection;
use crate::train::dataset::data::{Data, WordCounts};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::solver::csc::{Column, Csc};
use crate::train::solver::fitted::FittedLogistic;
use crate::train::solver::logistic::{Logistic, ValidLogistic};

/// Rows to learn from, as linfa has them.
pub(crate) type Dataset = DatasetBase<Csc, Array1<usize>>;

/// Fits a linear model to sparse rows with their classes and weights.
pub(crate) trait Learner {
    /// Fits, from another fit on the same rows if there is one, as long as `progress` does not stop it.
    fn learn(
        &self,
        rows: &Dataset,
        start: Option<&FittedLogistic>,
        progress: &dyn Progress,
    ) -> Result<FittedLogistic>;
}

impl Learner for ValidLogistic {
    fn learn(
        &self,
        rows: &Dataset,
        start: Option<&FittedLogistic>,
        progress: &dyn Progress,
    ) -> Result<FittedLogistic> {
        Ok(self.fit_with(rows, start, progress)?)
    }
}

/// How a model is fitted.
#[derive(Clone, Copy)]
pub(crate) struct FitParams<'p> {
    pub settings: &'p Hyperparameters,
    /// Greatest distance of the objective from its least value, relative to the value.
    pub tolerance: f64,
}

/// The learner with these parameters.
pub(crate) fn learner(params: FitParams<'_>, classes: usize) -> Result<impl Learner> {
    let FitParams { settings, tolerance } = params;
    let learner =
        Logistic::new(classes).c(settings.c).class_weight(settings.class_weight).tolerance(tolerance);
    Ok(learner.check()?)
}

/// What was learned from some of the rows.
pub(crate) struct Fitted {
    pub selection: FeatureSelection,
    pub logistic: FittedLogistic,
}

/// Chooses features and learns.
pub(crate) fn fit(data: &Data<'_>, params: FitParams<'_>, chosen: &[usize]) -> Result<Fitted> {
    let settings = params.settings;
    let learner = learner(params, data.rows.labels.len())?;
    let selection = data.select(settings, chosen)?;
    let logistic = learner.learn(&dataset(data, settings, &selection, chosen), None, data.corpus.progress)?;
    Ok(Fitted { selection, logistic })
}

/// Chosen rows with their classes and weights.
pub(crate) fn dataset(
    data: &Data<'_>,
    settings: &Hyperparameters,
    selection: &FeatureSelection,
    chosen: &[usize],
) -> Dataset {
    let targets: Vec<usize> = chosen.iter().map(|&row| data.rows.targets[row]).collect();
    let weights: Array1<f32> = weights(data, settings, chosen).iter().map(|&weight| weight as f32).collect();
    DatasetBase::new(weigh(data, selection, chosen), Array1::from(targets)).with_weights(weights)
}

/// The rows' own weights by those of their groups, with the same sum. Rows for training only belong to no group.
fn weights(data: &Data<'_>, settings: &Hyperparameters, chosen: &[usize]) -> Vec<f64> {
    let own: Vec<f64> = chosen.iter().map(|&row| data.rows.rows[row].weight).collect();
    let in_group = |row: usize| !data.rows.rows[row].train_only;
    let mut of_group = vec![0.0; data.rows.group_count()];
    for (&row, weight) in chosen.iter().zip(&own).filter(|(row, _)| in_group(**row)) {
        of_group[data.rows.groups[row]] += weight;
    }
    let factor = |row: usize| settings.group_weight.factor(of_group[data.rows.groups[row]]);
    let (mut before, mut after) = (0.0, 0.0);
    for (&row, weight) in chosen.iter().zip(&own).filter(|(row, _)| in_group(**row)) {
        before += weight;
        after += weight * factor(row);
    }
    let scale = if after > 0.0 { before / after } else { 1.0 };
    let weight = |(&row, weight): (&usize, &f64)| match in_group(row) {
        true => weight * factor(row) * scale,
        false => *weight,
    };
    chosen.iter().zip(&own).map(weight).collect()
}

/// The weights of a selection's features in the rows that it was chosen on.
fn weigh(data: &Data<'_>, selection: &FeatureSelection, chosen: &[usize]) -> Csc {
    let counted = |row: usize| data.counted.row(row);
    let weighting = selection.weighting();
    let factors = chosen.par_iter().map(|&row| 1.0 / selection.length(counted(row))).collect();
    let columns = selection.features().map(|(kept, idf)| {
        let unit_entries = if weighting.tf(2) == 1.0 { kept.documents } else { kept.once };
        let factor = weighting.idf(f64::from(idf)) as f32;
        Column { key: kept.term, factor, unit_entries, valued_entries: kept.documents - unit_entries }
    });
    Csc::from_columns(factors, columns, data.counted.terms().len(), |writer| {
        for (place, &row) in chosen.iter().enumerate() {
            writer.push(place, counted(row).map(|(term, count)| (term, weighting.tf(count))));
        }
    })
}

/// Which rows to learn from, and which to hold out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    pub train: Vec<usize>,
    pub test: Vec<usize>,
}

/// The margins of rows that were held out, by a model that was fitted, features and all, without them.
pub(crate) struct OutOfFold {
    pub rows: Vec<usize>,
    /// `[rows, classes]`.
    pub margins: Vec<f64>,
    /// Classes that the model was trained on.
    pub trained: Vec<bool>,
    /// Of each row.
    pub words: Vec<WordCounts>,
}

impl OutOfFold {
    /// Predicts a split's test rows.
    pub(crate) fn predict(data: &Data<'_>, split: &Split, fitted: &Fitted) -> Self {
        let mut trained = vec![false; data.rows.labels.len()];
        split.train.iter().for_each(|&row| trained[data.rows.targets[row]] = true);
        let row = |row: &usize| fitted.selection.row(data.counted.row(*row));
        let margins = split.test.iter().flat_map(|test| fitted.logistic.margins(row(test))).collect();
        let words = split.test.iter().map(|&row| data.words(row, &fitted.selection)).collect();
        OutOfFold { rows: split.test.clone(), margins, trained, words }
    }

    /// Each row with its margins.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[f64])> {
        self.rows.iter().copied().zip(self.margins.chunks_exact(self.trained.len().max(1)))
    }
}

/// What a model that did not see a row predicts for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoldPredictions {
    /// Number of the row, as it was given.
    pub row: usize,
    /// Its calibrated probabilities, one a class.
    pub probabilities: Vec<f64>,
}
