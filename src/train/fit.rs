//! Chosen rows to a fitted model, and to the margins of rows that were held out.

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array1;
use rayon::prelude::*;

use crate::error::Result;
use crate::train::dataset::FeatureSelection;
use crate::train::dataset::data::Data;
use crate::train::hyperparameters::Hyperparameters;
use crate::train::solver::csc::{Column, Csc};
use crate::train::solver::logistic::{FittedLogistic, Logistic, ValidLogistic};

/// Rows to learn from, as linfa has them.
pub(crate) type Dataset = DatasetBase<Csc, Array1<usize>>;

/// A learner: sparse rows, their classes and weights to a fitted linear model.
pub(crate) trait Learner {
    /// Learns, from another fit on the same rows if there is one.
    fn learn(&self, rows: &Dataset, start: Option<&FittedLogistic>) -> Result<FittedLogistic>;
}

impl Learner for ValidLogistic {
    fn learn(&self, rows: &Dataset, start: Option<&FittedLogistic>) -> Result<FittedLogistic> {
        Ok(match start {
            None => self.fit(rows)?,
            Some(_) => self.fit_from(rows, start)?,
        })
    }
}

/// The learner of some settings.
pub(crate) fn learner(settings: &Hyperparameters, classes: usize, tolerance: f64) -> Result<impl Learner> {
    let learner =
        Logistic::new(classes).c(settings.c).class_weight(settings.class_weight).tolerance(tolerance);
    Ok(learner.check()?)
}

/// What was learnt from some of the rows.
pub(crate) struct Fitted {
    pub selection: FeatureSelection,
    pub logistic: FittedLogistic,
}

/// Chooses features and learns.
pub(crate) fn fit(
    data: &Data<'_>,
    settings: &Hyperparameters,
    tolerance: f64,
    chosen: &[usize],
) -> Result<Fitted> {
    let learner = learner(settings, data.rows.labels.len(), tolerance)?;
    let selection = data.select(settings, chosen)?;
    let logistic = learner.learn(&dataset(data, settings, &selection, chosen), None)?;
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
    let sums = chosen
        .iter()
        .zip(&own)
        .filter(|(row, _)| in_group(**row))
        .fold((0.0, 0.0), |(before, after), (&row, weight)| (before + weight, after + weight * factor(row)));
    let scale = if sums.1 > 0.0 { sums.0 / sums.1 } else { 1.0 };
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
        let ones = if weighting.tf(2) == 1.0 { kept.documents } else { kept.once };
        let factor = weighting.idf(f64::from(idf)) as f32;
        Column { key: kept.term, factor, ones, others: kept.documents - ones }
    });
    Csc::filled((factors, columns), data.counted.terms().len(), |filler| {
        for (place, &row) in chosen.iter().enumerate() {
            filler.push(place, counted(row).map(|(term, count)| (term, weighting.tf(count))));
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
    /// Words of each row, and how many of them the model knows.
    pub words: Vec<(u64, u64)>,
}

impl OutOfFold {
    /// What a fitted model says of a split's test rows.
    pub(crate) fn of(data: &Data<'_>, split: &Split, fitted: &Fitted) -> Self {
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
