//! Fits a model to chosen rows, and predicts the margins of rows that were held out.

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use ndarray::Array1;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::model::{Block, Linear};
use crate::progress::Progress;
use crate::train::dataset::blocks::BlockColumns;
use crate::train::dataset::data::{Data, Features, WordCounts};
use crate::train::dataset::row::Rows;
use crate::train::hyperparameters::{GroupWeight, Hyperparameters};
use crate::train::solver::csc::{Column, Csc};
use crate::train::solver::fitted::FittedLogistic;
use crate::train::solver::logistic::{Logistic, ValidLogistic};

/// Rows to learn from, as linfa has them.
pub(crate) type Dataset = DatasetBase<Csc, Array1<usize>>;

/// Fits a linear model to sparse rows with their classes and weights.
pub(crate) trait Learner {
    /// Fits, from another fit on the same rows if there is one, as long as `progress` does not stop
    /// it.
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
    let learner = Logistic::new(classes)
        .c(settings.c)
        .class_weight(settings.class_weight)
        .label_smoothing(settings.label_smoothing)
        .tolerance(tolerance);
    Ok(learner.check()?)
}

/// What was learned from some of the rows.
pub(crate) struct Fitted {
    pub features: Features,
    pub logistic: FittedLogistic,
}

impl Fitted {
    /// What was learned for the model's own terms, with the intercepts.
    pub(crate) fn own_linear(&self) -> Result<Linear> {
        let own = &self.features.own;
        self.logistic.linear_of(own.len(), |feature| own.scale(feature))
    }

    /// The further blocks of the model.
    pub(crate) fn blocks(&self) -> Result<Vec<Block>> {
        let columns = self.logistic.intercepts().len();
        let finish = |(first, block): (usize, &BlockColumns)| {
            let weights = &self.logistic.weights()[first * columns..(first + block.len()) * columns];
            block.finish(weights, self.logistic.classes())
        };
        self.features.numbered_blocks().map(finish).collect()
    }
}

/// Chooses features and learns.
pub(crate) fn fit(data: &Data<'_>, params: FitParams<'_>, chosen: &[usize]) -> Result<Fitted> {
    let settings = params.settings;
    let learner = learner(params, data.rows.labels.len())?;
    let features = data.select(settings, chosen)?;
    let logistic = learner.learn(&dataset(data, settings, &features, chosen), None, data.corpus.progress)?;
    Ok(Fitted { features, logistic })
}

/// Chosen rows with their classes and weights.
pub(crate) fn dataset(
    data: &Data<'_>,
    settings: &Hyperparameters,
    features: &Features,
    chosen: &[usize],
) -> Dataset {
    labeled(data, settings, weigh(data, features, chosen), chosen)
}

/// Records of chosen rows with their classes and weights.
pub(crate) fn labeled(
    data: &Data<'_>,
    settings: &Hyperparameters,
    records: Csc,
    chosen: &[usize],
) -> Dataset {
    let targets: Vec<usize> = chosen.iter().map(|&row| data.rows.targets[row]).collect();
    let weights = weights(data.rows, settings.group_weight, chosen);
    let weights: Array1<f32> = weights.iter().map(|&weight| weight as f32).collect();
    DatasetBase::new(records, Array1::from(targets)).with_weights(weights)
}

/// The rows' own weights by those of their groups, with the same sum: rows that may be held out
/// among themselves, and so those of a corpus beside them. Other rows for training only belong to
/// no group.
fn weights(rows: &Rows<'_>, rule: GroupWeight, chosen: &[usize]) -> Vec<f64> {
    let mut weights: Vec<f64> = chosen.iter().map(|&row| rows.fit_weight(row)).collect();
    for of_corpus in [false, true] {
        let is_weighed = |row: usize| rows.typical[row] && rows.rows[row].train_only == of_corpus;
        let mut of_group = vec![0.0; rows.group_count()];
        for (&row, weight) in chosen.iter().zip(&weights).filter(|(row, _)| is_weighed(**row)) {
            of_group[rows.groups[row]] += weight;
        }
        let factor = |row: usize| rule.factor(of_group[rows.groups[row]]);
        let (mut before, mut after) = (0.0, 0.0);
        for (&row, weight) in chosen.iter().zip(&weights).filter(|(row, _)| is_weighed(**row)) {
            before += weight;
            after += weight * factor(row);
        }
        let scale = if after > 0.0 { before / after } else { 1.0 };
        for (&row, weight) in chosen.iter().zip(&mut weights).filter(|(row, _)| is_weighed(**row)) {
            *weight = *weight * factor(row) * scale;
        }
    }
    weights
}

/// The weights of the features in the rows that they were chosen on. A row's factor is that of the
/// model's own terms, so that most of their levels are 1; the levels of a block's columns make up
/// for it.
fn weigh(data: &Data<'_>, Features { own, blocks }: &Features, chosen: &[usize]) -> Csc {
    let counted = |row: usize| data.counted.row(row);
    let weighting = own.weighting();
    let factors: Vec<f64> = chosen.par_iter().map(|&row| 1.0 / own.length(counted(row))).collect();
    let mut columns: Vec<Column> = own
        .features()
        .zip(0..)
        .map(|((kept, idf), feature)| {
            let unit_entries = if weighting.tf(2) == 1.0 { kept.documents } else { kept.once };
            let factor = (weighting.idf(f64::from(idf)) * own.scale(feature)) as f32;
            Column { key: kept.term, factor, unit_entries, valued_entries: kept.documents - unit_entries }
        })
        .collect();
    let mut keys = data.counted.terms().len() as u32;
    let mut keyed_blocks = Vec::new();
    for block in blocks {
        columns.extend(block.columns().into_iter().map(|column| Column { key: keys + column.key, ..column }));
        keyed_blocks.push((keys, block));
        keys += block.keys();
    }
    let of_row = factors.clone();
    Csc::from_columns(factors, columns.into_iter(), keys as usize, |writer| {
        for (place, &row) in chosen.iter().enumerate() {
            writer.push(place, counted(row).map(|(term, count)| (term, weighting.tf(count))));
            for (first, block) in &keyed_blocks {
                let entries = block.entries(row).map(|(key, level)| (first + key, level / of_row[place]));
                writer.push_valued(place, entries);
            }
        }
    })
}

/// Which rows to learn from, and which to hold out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    pub train: Vec<usize>,
    pub test: Vec<usize>,
}

/// The margins of rows that were held out, by a model that was fitted, features and all, without
/// them.
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
        let row = |row: &usize| fitted.features.row(data, *row).into_iter();
        let margins = split.test.iter().flat_map(|test| fitted.logistic.margins(row(test))).collect();
        let words = split.test.iter().map(|&row| data.words(row, &fitted.features.own)).collect();
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
    /// Its calibrated probabilities, one per class.
    pub probabilities: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Row;

    #[test]
    fn groups_of_a_corpus_are_weighed_among_themselves() {
        let row = |group: &str| Row { group: Some(group.into()), ..Row::new("a", "text") };
        let corpus = ["x", "x", "x", "y"].map(row);
        let phrase = Row { train_only: true, ..row("x") };
        let own = vec![row("x"), row("z"), Row::new("b", "text")];
        let rows = Rows::beside(own, &[&corpus[..], &[phrase]].concat()).unwrap();
        let all: Vec<usize> = (0..rows.len()).collect();
        let found = weights(&rows, GroupWeight::Equal, &all);
        let third = 1.0 / 3.0;
        let expected = [1.0, 1.0, 1.0, 2.0 * third, 2.0 * third, 2.0 * third, 2.0, 1.0];
        assert!(found.iter().zip(expected).all(|(found, plain)| (found - plain).abs() < 1e-15), "{found:?}");
        assert_eq!(weights(&rows, GroupWeight::None, &all), [1.0; 8]);
    }
}
