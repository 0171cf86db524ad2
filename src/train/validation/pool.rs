//! Learns a second model from the caller's rows alone, which is added to the model of all rows: a
//! logarithmic opinion pool (Heskes 1998, "Selecting weighting factors in logarithmic opinion
//! pools"). Both have the same features, so that their sum is one linear model.
//!
//! A model of few rows leans to the labels that it has seen in the most words. Its intercepts
//! therefore make up for its mean margins on texts that it did not see, with each label counted
//! alike: it says how texts differ, and nothing of how frequent labels are.

use crate::error::Result;
use crate::train::dataset::data::{Data, Features};
use crate::train::dataset::row::Rows;
use crate::train::fit::{Dataset, FitParams, Fitted, Learner, fit, labeled, learner};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::solver::csc::CscBuilder;
use crate::train::solver::fitted::FittedLogistic;
use crate::train::validation::folds::Dealing;
use crate::train::validation::splits::{main_kind, splits};

/// How texts that the model does not see are held out.
const DEALING: Dealing = Dealing { folds: 5, seed: 1 };

/// Fits the model of chosen rows, and adds a model of the caller's rows alone where
/// [`Rows::pooled`] asks for it.
pub(crate) fn fit_pooled(data: &Data<'_>, params: FitParams<'_>, chosen: &[usize]) -> Result<Fitted> {
    let mut fitted = fit(data, params, chosen)?;
    let Some(pooled) = data.rows.pooled else { return Ok(fitted) };
    let learner = learner(params, data.rows.labels.len())?;
    let own = own_model(data, params.settings, &fitted.features, &learner, chosen, pooled.rows)?;
    if let Some(own) = own {
        fitted.logistic.add(pooled.share, &own);
    }
    Ok(fitted)
}

/// The model of those chosen rows that are among the first `end`; `None` if they lack a class, or
/// if none can be held out.
fn own_model(
    data: &Data<'_>,
    settings: &Hyperparameters,
    features: &Features,
    learner: &impl Learner,
    chosen: &[usize],
    end: usize,
) -> Result<Option<FittedLogistic>> {
    let learn = |chosen: &[usize]| -> Result<Option<FittedLogistic>> {
        let own: Vec<usize> = chosen.iter().copied().filter(|&row| row < end).collect();
        if !has_all_classes(data.rows, &own) {
            return Ok(None);
        }
        let rows = own_terms(data, settings, features, &own);
        learner.learn(&rows, None, data.corpus.progress).map(Some)
    };
    let Some(mut own) = learn(chosen)? else { return Ok(None) };
    let mut lean = MeanMargins::new(data.rows.labels.len());
    for split in splits(data.rows, main_kind(data.rows), chosen, DEALING) {
        let Some(part) = learn(&split.train)? else { continue };
        for &row in split.test.iter().filter(|&&row| row < end) {
            lean.add(data.rows.targets[row], &part.margins(features.row(data, row).into_iter()));
        }
    }
    Ok(lean.mean().map(|mean| {
        own.shift(&mean);
        own
    }))
}

/// Chosen rows with the model's own terms, which were chosen on more rows than these.
fn own_terms(data: &Data<'_>, settings: &Hyperparameters, features: &Features, chosen: &[usize]) -> Dataset {
    let mut records = CscBuilder::new(features.own.len());
    chosen.iter().for_each(|&row| records.push(features.own.row(data.counted.row(row))));
    labeled(data, settings, records.build(), chosen)
}

/// Whether a model of these rows knows every class.
fn has_all_classes(rows: &Rows<'_>, chosen: &[usize]) -> bool {
    let mut found = vec![false; rows.labels.len()];
    for &row in chosen.iter().filter(|&&row| rows.fit_weight(row) > 0.0) {
        found[rows.targets[row]] = true;
    }
    found.into_iter().all(|found| found)
}

/// Sums of margins by the true class of their rows.
struct MeanMargins {
    /// `[true class][class]`, and how many rows there are.
    sums: Vec<(Vec<f64>, f64)>,
}

impl MeanMargins {
    fn new(classes: usize) -> Self {
        MeanMargins { sums: vec![(vec![0.0; classes], 0.0); classes] }
    }

    fn add(&mut self, target: usize, margins: &[f64]) {
        let (sum, rows) = &mut self.sums[target];
        sum.iter_mut().zip(margins).for_each(|(sum, margin)| *sum += margin);
        *rows += 1.0;
    }

    /// The mean over the classes of their rows' means; `None` without rows.
    fn mean(&self) -> Option<Vec<f64>> {
        let found: Vec<&(Vec<f64>, f64)> = self.sums.iter().filter(|(_, rows)| *rows > 0.0).collect();
        let mut mean = vec![0.0; self.sums.len()];
        for (sum, rows) in &found {
            let share = 1.0 / (rows * found.len() as f64);
            mean.iter_mut().zip(sum).for_each(|(mean, sum)| *mean += share * sum);
        }
        (!found.is_empty()).then_some(mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::train::Row;
    use crate::train::dataset::counted::Corpus;
    use crate::train::dataset::row::Pooled;

    /// Rows of one's own, and twice as many of a corpus.
    fn rows(pooled: Option<Pooled>) -> Rows<'static> {
        let text = |n: usize| format!("{} day {} of {}", ["calm", "storm"][n % 2], n % 3, n % 5);
        let row = |n: usize| Row::new(["a", "b", "c"][(n + n / 7) % 3], text(n));
        let own: Vec<Row> = (0..30).map(|n| row(3 * n + 1)).collect();
        let corpus: Vec<Row> = (0..60).map(row).collect();
        Rows { pooled, ..Rows::beside(own, &corpus).unwrap() }
    }

    fn settings() -> Hyperparameters {
        Hyperparameters { naive_bayes: 0.4, ngram_weight: 0.7, ..Hyperparameters::default() }
    }

    #[test]
    fn margins_are_those_of_both_models_added() {
        let (settings, share) = (settings(), 0.5);
        let params = FitParams { settings: &settings, tolerance: 1e-10 };
        let [alone, pooled] = [None, Some(Pooled { rows: 30, share })].map(rows);
        let data = |rows| {
            let corpus = Corpus { rows, unlabeled: &[], min_words: 5, vectors: None, progress: &Silent };
            Data::new(corpus, &settings).unwrap()
        };
        let (data, with_pool) = (data(&alone), data(&pooled));
        let all: Vec<usize> = (0..alone.len()).collect();
        let joint = fit(&data, params, &all).unwrap();
        let found = fit_pooled(&with_pool, params, &all).unwrap();
        let learner = learner(params, 3).unwrap();
        let own = own_model(&data, &settings, &joint.features, &learner, &all, 30).unwrap().unwrap();
        let mut moved = 0.0f64;
        for row in all {
            let values = joint.features.row(&data, row);
            let [joint, own, found] =
                [&joint.logistic, &own, &found.logistic].map(|model| model.margins(values.iter().copied()));
            for class in 0..3 {
                assert!((found[class] - joint[class] - share * own[class]).abs() < 1e-9);
                moved = moved.max(own[class].abs());
            }
        }
        assert!(moved > 0.1, "the model of the own rows says something: {moved}");
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                fit_pooled(&with_pool, params, &(0..alone.len()).collect::<Vec<_>>()).unwrap().logistic
            })
        };
        assert_eq!(on(1), on(2));
    }

    #[test]
    fn rows_that_lack_a_class_add_nothing() {
        let settings = settings();
        let params = FitParams { settings: &settings, tolerance: 1e-8 };
        let rows = rows(None);
        let corpus = Corpus { rows: &rows, unlabeled: &[], min_words: 5, vectors: None, progress: &Silent };
        let data = Data::new(corpus, &settings).unwrap();
        let all: Vec<usize> = (0..rows.len()).collect();
        let features = fit(&data, params, &all).unwrap().features;
        let learner = learner(params, 3).unwrap();
        let without: Vec<usize> = all.into_iter().filter(|&row| row >= 30 || rows.targets[row] < 2).collect();
        let found = own_model(&data, &settings, &features, &learner, &without, 30).unwrap();
        assert!(found.is_none());
    }

    #[test]
    fn each_class_counts_alike_in_the_mean() {
        let mut margins = MeanMargins::new(2);
        assert_eq!(margins.mean(), None);
        (0..3).for_each(|_| margins.add(0, &[2.0, -2.0]));
        margins.add(1, &[-1.0, 1.0]);
        let mean = margins.mean().unwrap();
        assert!((mean[0] - 0.5).abs() < 1e-15 && (mean[1] + 0.5).abs() < 1e-15, "{mean:?}");
    }
}
