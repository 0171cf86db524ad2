//! Splits to what models say of the rows that they did not see: the cross-validation that calibration, thresholds and audits come
//! from, and the outer splits whose figures choose nothing.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::evaluate::{Metrics, bootstrap};
use crate::label::{ClassId, argmax};
use crate::model::{Calibration, TrainingProfile};
use crate::train::audit::suspects;
use crate::train::audit::suspects::Suspect;
use crate::train::dataset::data::Data;
use crate::train::dataset::row::Rows;
use crate::train::fit::{Fitted, OutOfFold, Split, fit};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::params::TrainParams;
use crate::train::report::{HeldOutFigures, TrainReport};
use crate::train::validation::abstention_threshold::FoldPredictions;
use crate::train::validation::calibrate::{CalibrationChoice, Margins};
use crate::train::validation::splits::{SplitKind, splits};
use crate::train::validation::topic::{OffTopicScores, Words};
use crate::train::validation::tune;
use crate::train::validation::tune::{Search, Space, Trial, Tuning};

/// Folds inside a training part.
const INNER: u32 = 3;

/// Every row held out once, with the models that held it out.
pub(crate) struct CrossValidation {
    folds: Vec<Fold>,
}

struct Fold {
    held: OutOfFold,
    fitted: Fitted,
    /// How like its rows and its outside texts are to all others.
    likenesses: OffTopicScores,
}

impl CrossValidation {
    /// Fits and holds out, split by split.
    pub(crate) fn run(
        data: &Data<'_>,
        settings: &Hyperparameters,
        main: &[Split],
        words: Option<&Words>,
        tolerance: f64,
    ) -> Result<Self> {
        let numbered: Vec<(u32, &Split)> = (0u32..).zip(main).collect();
        let folds = data.each(&numbered, |&(number, split)| {
            let fitted = fit(data, settings, tolerance, &split.train)?;
            let held = OutOfFold::of(data, split, &fitted);
            let likenesses = match words {
                None => OffTopicScores::default(),
                Some(words) => words.hold_out(
                    &fitted.selection.featurizer(&data.counted)?,
                    (&split.test, &data.typical(&split.train)),
                    (number, main.len() as u32),
                ),
            };
            Ok(Fold { held, fitted, likenesses })
        })?;
        Ok(CrossValidation { folds })
    }

    /// Fits the calibration on all held-out margins.
    pub(crate) fn calibrate(
        &self,
        rows: &Rows,
        choice: CalibrationChoice,
        report: &mut TrainReport,
    ) -> Calibration {
        let mut all = Margins::default();
        for (fold, Fold { held, .. }) in self.folds.iter().enumerate() {
            // A class that the fold's model never saw says nothing about how sure it may be.
            for (row, own) in held.iter().filter(|(row, _)| held.trained[rows.targets[*row]]) {
                all.margins.extend_from_slice(own);
                all.targets.push(rows.targets[row]);
                all.weights.push(rows.rows[row].weight);
                all.folds.push(fold);
            }
        }
        let chosen = all.choose(choice);
        report.calibration_log_loss = chosen.log_loss;
        chosen.calibration
    }

    /// Calibrated probabilities of every held-out row, fold after fold.
    pub(crate) fn probabilities(&self, calibration: &Calibration) -> Vec<FoldPredictions> {
        self.folds.iter().flat_map(|fold| calibrated(&fold.held, calibration)).collect()
    }

    /// Counts the held-out rows.
    pub(crate) fn count(&self, rows: &Rows, held: &[FoldPredictions], report: &mut TrainReport) {
        if !self.folds.is_empty() {
            let mut meter = Metrics::new(rows.labels.len());
            held.iter().for_each(|row| count(&mut meter, rows, row));
            report.cross_validation = Some(meter);
        }
    }

    /// The likenesses of all folds.
    pub(crate) fn likenesses(&self) -> impl Iterator<Item = &OffTopicScores> {
        self.folds.iter().map(|fold| &fold.likenesses)
    }

    /// Gives suspects their terms, each by the model that held it out.
    pub(crate) fn explain(&self, data: &Data<'_>, suspects: &mut [Suspect]) {
        let fold_of: BTreeMap<usize, usize> = self
            .folds
            .iter()
            .enumerate()
            .flat_map(|(fold, Fold { held, .. })| held.rows.iter().map(move |&row| (row, fold)))
            .collect();
        for suspect in suspects {
            if let Some(fold) = fold_of.get(&suspect.row) {
                suspects::explain(suspect, data, &self.folds[*fold].fitted);
            }
        }
    }

    /// What the held-out rows looked like.
    pub(crate) fn reference(
        &self,
        settings: &Hyperparameters,
        held: &[FoldPredictions],
    ) -> Option<TrainingProfile> {
        let classes = held.first()?.1.len();
        let words = self.folds.iter().flat_map(|fold| &fold.held.words);
        let (all, known) =
            words.fold((0, 0), |(all, known), (words, of_them)| (all + words, known + of_them));
        let (mut confidence, mut shares) = (0.0, vec![0.0; classes]);
        for (_, probabilities) in held {
            let top = argmax(probabilities).index();
            confidence += probabilities[top];
            shares[top] += 1.0;
        }
        let rows = held.len() as f64;
        shares.iter_mut().for_each(|share| *share /= rows);
        Some(TrainingProfile {
            known: (settings.tokenizer_config.has_single_words() && all > 0)
                .then(|| known as f64 / all as f64),
            confidence: (confidence / rows).min(1.0),
            shares,
        })
    }
}

fn calibrated<'h>(
    held: &'h OutOfFold,
    calibration: &'h Calibration,
) -> impl Iterator<Item = FoldPredictions> + 'h {
    held.iter().map(|(row, margins)| {
        let mut probabilities = margins.to_vec();
        calibration.apply(&mut probabilities);
        (row, probabilities)
    })
}

fn count(meter: &mut Metrics, rows: &Rows, (row, probabilities): &FoldPredictions) {
    meter.add(ClassId::new(rows.targets[*row]), argmax(probabilities), probabilities, true);
}

/// Outer splits of each way that the rows allow, each with the settings chosen inside its training part.
pub(crate) struct Outer {
    ways: Vec<(SplitKind, Vec<(Split, Hyperparameters)>)>,
    tuned: bool,
}

impl Outer {
    /// All ways; none without folds.
    pub(crate) fn of(rows: &Rows, params: &TrainParams) -> Self {
        let all: Vec<usize> = (0..rows.len()).collect();
        let has_dates = rows.rows.iter().any(|row| row.date.is_some() && !row.train_only);
        let ways = [
            (SplitKind::Random, rows.has_groups() || has_dates),
            (SplitKind::Groups, rows.has_groups()),
            (SplitKind::Dates, has_dates),
        ];
        let split = |(kind, wanted): (SplitKind, bool)| {
            let found = if wanted && params.held_out && params.folds > 0 {
                splits(rows, kind, &all, (params.folds, params.seed))
            } else {
                Vec::new()
            };
            (kind, found.into_iter().map(|split| (split, params.settings.clone())).collect())
        };
        Outer { ways: ways.map(split).to_vec(), tuned: false }
    }

    /// Chooses settings on all rows, and inside each training part on its rows alone; returns those of all rows, the trials, and
    /// how many were finished.
    pub(crate) fn tune(
        &mut self,
        rows: &Rows,
        params: &TrainParams,
        tuning: &Tuning<'_>,
    ) -> Result<(Hyperparameters, Vec<Trial>, usize)> {
        let by = if rows.has_groups() { SplitKind::Groups } else { SplitKind::Random };
        let search =
            |among: &[usize]| Search::new(splits(rows, by, among, (INNER, params.seed)), &params.settings);
        let all: Vec<usize> = (0..rows.len()).collect();
        let mut searches = vec![search(&all)];
        searches
            .extend(self.ways.iter().flat_map(|(_, splits)| splits).map(|(split, _)| search(&split.train)));
        let space = Space { groups: rows.has_groups(), unlabelled: !params.unlabelled.is_empty() };
        let finished = tune::run(&mut searches, rows, &params.unlabelled, (tuning, space))?;
        let mut searches = searches.into_iter();
        let main = searches.next().map(|main| (main.best().clone(), main.into_trials()));
        let slots = self.ways.iter_mut().flat_map(|(_, splits)| splits);
        slots.zip(searches).for_each(|((_, settings), search)| *settings = search.best().clone());
        self.tuned = true;
        let (settings, trials) = main.unwrap_or_else(|| (params.settings.clone(), Vec::new()));
        Ok((settings, trials, finished))
    }

    /// Holds out in every way. The cross-validation stands for its own way where its settings were given.
    pub(crate) fn figures(
        &self,
        data: &Data<'_>,
        params: &TrainParams,
        (by, validation, calibration): (SplitKind, &CrossValidation, &Calibration),
    ) -> Result<Vec<HeldOutFigures>> {
        let mut figures = Vec::new();
        for (kind, splits) in self.ways.iter().filter(|(_, splits)| !splits.is_empty()) {
            let held = if *kind == by && !self.tuned {
                validation.probabilities(calibration)
            } else {
                let tests = |(split, settings): &(Split, Hyperparameters)| {
                    let own = (!data.is_for(settings))
                        .then(|| {
                            let least = settings.pruning.min_df;
                            Data::new(data.rows, &settings.tokenizer_config, least, &params.unlabelled)
                        })
                        .transpose()?;
                    let data = own.as_ref().unwrap_or(data);
                    let fitted = fit(data, settings, params.tolerance, &split.train)?;
                    let held = OutOfFold::of(data, split, &fitted);
                    Ok(calibrated(&held, calibration).collect::<Vec<FoldPredictions>>())
                };
                data.each(splits, tests)?.into_iter().flatten().collect()
            };
            figures.push(Self::sum(*kind, data.rows, (&held, params.seed), splits));
        }
        Ok(figures)
    }

    fn sum(
        kind: SplitKind,
        rows: &Rows,
        (held, seed): (&[FoldPredictions], u64),
        splits: &[(Split, Hyperparameters)],
    ) -> HeldOutFigures {
        let classes = rows.labels.len();
        let (mut meter, mut groups) = (Metrics::new(classes), BTreeMap::new());
        for row in held {
            count(&mut meter, rows, row);
            count(groups.entry(rows.groups[row.0]).or_insert_with(|| Metrics::new(classes)), rows, row);
        }
        let groups: Vec<Metrics> = groups.into_values().collect();
        let mut settings: Vec<Hyperparameters> = Vec::new();
        for (_, own) in splits {
            if !settings.contains(own) {
                settings.push(own.clone());
            }
        }
        HeldOutFigures { kind, meter, interval: bootstrap(&groups, seed, &Metrics::macro_f1), settings }
    }
}
