//! Trains beside a corpus by a choice that was made before: nothing is tried out, so that a model
//! is there while its coder goes on.

use serde::Serialize;

use crate::classifier::Classifier;
use crate::error::Result;
use crate::evaluate::Metrics;
use crate::evaluate::bootstrap::{bootstrap, sum};
use crate::model::{Adaptation, Calibration, LearnedTexts, Model};
use crate::statistics::Estimate;
use crate::threads::Threads;
use crate::train::adapt::candidate::Candidate;
use crate::train::adapt::more_labels::{MoreLabels, count, estimate};
use crate::train::adapt::options::{AdaptOptions, TrainedOn};
use crate::train::adapt::overlap;
use crate::train::adapt::own_rows::OwnRows;
use crate::train::adapt::run::{MIN_FOR_THRESHOLD, params};
use crate::train::corpus::TrainingCorpus;
use crate::train::dataset::{Row, rows_sha256};
use crate::train::options::TrainOptions;
use crate::train::params::{CalibrationChoice, TrainParams};
use crate::train::report::TrainReport;
use crate::train::run;
use crate::train::run::learned_texts;

/// Fewer texts than this say nothing about a model that learned them.
const MIN_TEXTS: usize = 20;

/// What rows of one's own are trained beside.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'c> {
    /// The corpus.
    pub corpus: &'c TrainingCorpus,
    /// The model of the corpus alone: gives the labels, and with few texts the temperature and the
    /// threshold of `low-confidence`.
    pub base: &'c Classifier,
    /// What the weights of one's own rows are multiplied by. [`adapt`](crate::train::adapt()) finds
    /// the best one of a few.
    pub weight: f64,
}

/// A model that was trained beside a corpus.
#[derive(Debug)]
#[non_exhaustive]
pub struct Retrained {
    /// The model.
    pub model: Model,
    /// Its figures: the cross-validation holds out one's own rows, by group where they have groups.
    pub report: TrainReport,
    /// For each row of the report, the number of one's own text that it is of.
    pub text_of: Vec<usize>,
}

/// Trains on a corpus and on rows of one's own with a given weight. Unlike
/// [`adapt`](crate::train::adapt()) it chooses nothing, so that the figures of its report are
/// honest as they stand; and a few labels are enough.
///
/// # Errors
/// Labels that the corpus does not have, fewer than twenty texts, too few groups to hold out, and
/// what [`train`](crate::train::train) refuses.
pub fn retrain(
    beside: Beside<'_>,
    own: Vec<Row>,
    options: &AdaptOptions<'_>,
    threads: &Threads,
) -> Result<Retrained> {
    threads.run(|| Retraining::new(beside, own, options)?.run())
}

/// What takes longer to measure than a model to train.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Measures {
    /// Macro-F1 on one's own rows that were held out at random; `None` with too few.
    pub random: Option<Estimate>,
    /// What further labels would bring; `None` with too few to tell.
    pub more_labels: Option<MoreLabels>,
}

/// Measures how well [`retrain`] does on rows that are held out at random, and what further labels
/// would bring.
///
/// # Errors
/// As [`retrain`].
pub fn measure_beside(
    beside: Beside<'_>,
    own: &[Row],
    options: &AdaptOptions<'_>,
    threads: &Threads,
) -> Result<Measures> {
    threads.run(|| {
        let alone = own.iter().map(|row| Row { group: None, ..row.clone() }).collect();
        Ok(Measures {
            random: Retraining::new(beside, alone, options)?.held_out()?,
            more_labels: Retraining::new(beside, own.to_vec(), options)?.more_labels()?,
        })
    })
}

struct Retraining<'r> {
    beside: Beside<'r>,
    options: &'r AdaptOptions<'r>,
    own: OwnRows,
    /// One's own texts, as the model names them.
    learned_texts: Option<LearnedTexts>,
    /// Rows of the corpus whose texts are not among one's own.
    corpus_rows: Vec<Row>,
    params: TrainParams,
}

impl<'r> Retraining<'r> {
    fn new(beside: Beside<'r>, own: Vec<Row>, options: &'r AdaptOptions<'r>) -> Result<Self> {
        let mut params = params(beside.corpus, options)?;
        // The cross-validation is one estimate, and a second one would take as long again.
        params.held_out = false;
        let texts: Vec<String> = own.iter().map(|row| row.text.clone()).collect();
        let learned_texts = learned_texts(&own);
        let own = OwnRows::new(own, beside.base, options, MIN_TEXTS)?;
        own.check_groups(params.folds)?;
        let texts = texts.iter().chain(own.rows.iter().map(|row| &row.text));
        let corpus_rows = overlap::without(beside.corpus.rows(), texts).into_owned();
        if corpus_rows.len() < beside.corpus.rows().len() {
            overlap::check_labels(&corpus_rows, beside.base.labels())?;
        }
        if own.texts() < MIN_FOR_THRESHOLD {
            params.max_error = None;
            if let Calibration::Temperature(temperature) = beside.base.model().calibration {
                params.temperature = Some(temperature);
                params.calibration = CalibrationChoice::Temperature;
            }
        }
        Ok(Retraining { beside, options, own, learned_texts, corpus_rows, params })
    }

    fn run(self) -> Result<Retrained> {
        let rows = self.own.beside(&self.corpus_rows, self.beside.weight)?;
        let options = TrainOptions { progress: self.options.progress, ..TrainOptions::default() };
        let (mut model, mut report) = run::run(rows, &self.params.clone().plan()?, &options)?;
        if self.own.texts() < MIN_FOR_THRESHOLD {
            model.thresholds.low_confidence = self.beside.base.model().thresholds.low_confidence;
            report.thresholds.low_confidence = model.thresholds.low_confidence;
        }
        model.provenance.adaptation = Some(Adaptation {
            corpus_sha256: self.beside.corpus.sha256(),
            corpus_rows: self.corpus_rows.len() as u64,
            own_sha256: rows_sha256(&self.own.rows),
            own_rows: self.own.rows.len() as u64,
            own_weight: self.beside.weight,
            pooled_share: None,
            macro_f1: model.provenance.macro_f1,
        });
        model.provenance.learned_texts = self.learned_texts;
        model.check()?;
        Ok(Retrained { model, report, text_of: self.own.text_of })
    }

    fn more_labels(self) -> Result<Option<MoreLabels>> {
        estimate(&self.candidate()?, &self.own, &self.params, self.options.progress)
    }

    /// Macro-F1 on the rows that the folds hold out.
    fn held_out(self) -> Result<Option<Estimate>> {
        let candidate = self.candidate()?;
        let groups = count(&candidate.rows, candidate.outer.iter());
        let interval = bootstrap(&groups, self.params.seed, &Metrics::macro_f1);
        Ok(sum(&groups).macro_f1().map(|value| Estimate { value, interval }))
    }

    fn candidate(&self) -> Result<Candidate> {
        let trained_on = TrainedOn::CorpusAndOwnRows { weight: self.beside.weight };
        let rows = self.own.beside(&self.corpus_rows, self.beside.weight)?;
        self.options.progress.begin("measuring", None);
        Candidate::without_choice(trained_on, rows, &self.params, self.options.progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::train;

    /// Rows of two labels, of so many groups.
    fn rows(count: usize, groups: usize) -> Vec<Row> {
        let texts = [("warm", "sun and a mild wind over"), ("cold", "snow and a hard frost over")];
        let row = |number: usize| {
            let (label, text) = texts[number % 2];
            let group = Some(format!("group {}", number % groups));
            Row { group, ..Row::new(label, format!("day {number} brought {text} town {}", number * 7)) }
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn a_few_labels_are_learned_beside_the_corpus_without_a_choice() {
        let threads = Threads::new(2).unwrap();
        let corpus = TrainingCorpus::new(TrainParams::default(), rows(60, 60));
        let (model, _) = train(corpus.rows(), corpus.params().clone(), &threads).unwrap();
        let base = Classifier::new(model).unwrap();
        let beside = Beside { corpus: &corpus, base: &base, weight: 2.0 };
        let options = AdaptOptions::default();
        let own = |count, groups| -> Vec<Row> {
            let new = |row: Row| Row { text: format!("{} again", row.text), ..row };
            rows(count, groups).into_iter().map(new).collect()
        };
        let found = retrain(beside, own(30, 6), &options, &threads).unwrap();
        let adaptation = found.model.provenance.adaptation.clone().unwrap();
        assert_eq!((adaptation.own_rows, adaptation.own_weight, adaptation.corpus_rows), (30, 2.0, 60));
        assert_eq!(
            (found.report.predictions.len(), found.text_of.len()),
            (30, 30),
            "own rows alone are held out"
        );
        assert!(found.report.predictions.iter().all(|prediction| prediction.row < 30));
        assert_eq!(found.model.thresholds.low_confidence, base.model().thresholds.low_confidence);
        if let Calibration::Temperature(_) = base.model().calibration {
            assert_eq!(found.model.calibration, base.model().calibration, "too few to tell another");
        }
        let again = retrain(beside, own(30, 6), &options, &Threads::new(1).unwrap()).unwrap();
        assert_eq!(again.model.to_bytes().unwrap(), found.model.to_bytes().unwrap());
        let measures = measure_beside(beside, &own(30, 6), &options, &threads).unwrap();
        assert!(measures.random.is_some_and(|random| random.value > 0.9), "{measures:?}");
        let refused = |own| retrain(beside, own, &options, &threads).unwrap_err().to_string();
        assert!(refused(own(19, 6)).contains("found 19 labeled texts"));
        assert!(refused(own(30, 3)).contains("the rows are in 3 groups"));
        let same = retrain(beside, rows(30, 6), &options, &threads).unwrap();
        assert_eq!(
            same.model.provenance.adaptation.unwrap().corpus_rows,
            30,
            "their texts are left out of it"
        );
    }
}
