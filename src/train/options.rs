//! Says how a training runs: with a search for hyperparameters or without, and whom it reports to.

use crate::progress::{Progress, Silent};
use crate::train::validation::Tuning;

/// How a training runs. What it learns from is [`TrainParams`](crate::train::TrainParams).
///
/// ```
/// use standpoint::progress::Counters;
/// use standpoint::train::{TrainOptions, Tuning};
///
/// let counters = Counters::default();
/// let options = TrainOptions { progress: &counters, ..TrainOptions::default() };
/// assert!(options.tuning.is_none());
/// let tuning = Tuning { trials: 5, ..Tuning::default() };
/// let options = TrainOptions { tuning: Some(&tuning), ..options };
/// ```
#[derive(Clone, Copy)]
pub struct TrainOptions<'o> {
    /// Searches for the hyperparameters that do best in cross-validation, from those of the
    /// parameters; `None` takes these as they are.
    pub tuning: Option<&'o Tuning<'o>>,
    /// Is told of every stage, and may stop the training: within half a second it ends with
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
    pub progress: &'o dyn Progress,
}

impl Default for TrainOptions<'_> {
    /// No tuning; reports nothing and never stops.
    fn default() -> Self {
        TrainOptions { tuning: None, progress: &Silent }
    }
}

impl std::fmt::Debug for TrainOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrainOptions").field("tuning", &self.tuning).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Threads;
    use crate::error::{ErrorKind, Result};
    use crate::progress::testing::StopsAt;
    use crate::train::{Row, TrainParams, train_with};

    fn rows() -> Vec<Row> {
        let row = |number: usize| {
            let (label, words) =
                [("for", "grain and guarantees"), ("against", "costs and escalation")][number % 2];
            Row {
                group: Some(format!("outlet {}", number / 3 % 20)),
                date: Some(format!("2024-0{}-1{}", 1 + number % 9, number % 7)),
                ..Row::new(
                    label,
                    format!(
                        "On day {number} the paper wrote of {words}, of {} and of {}.",
                        number % 11,
                        number % 5
                    ),
                )
            }
        };
        (0..120).map(row).collect()
    }

    fn params() -> TrainParams {
        let texts = |what: &str| {
            (0..60).map(|n| format!("{what} number {n} has a garden of {} trees", n % 7)).collect()
        };
        TrainParams {
            learning_curve: true,
            max_error: Some(0.2),
            out_of_domain: texts("House"),
            unlabeled: texts("Paper"),
            folds: 3,
            ..TrainParams::default()
        }
    }

    fn stopped_at(
        question: u64,
        tuning: Option<&Tuning<'_>>,
        threads: &Threads,
    ) -> (StopsAt, Result<Vec<u8>>) {
        let progress = StopsAt::new(question);
        let options = TrainOptions { tuning, progress: &progress };
        let trained = train_with(rows(), params(), &options, threads).and_then(|(model, _)| model.to_bytes());
        (progress, trained)
    }

    #[test]
    fn a_stop_at_any_question_ends_training_and_tuning_on_any_number_of_threads() {
        let tuning = Tuning { trials: 2, ..Tuning::default() };
        for tuning in [None, Some(&tuning)] {
            let mut models = Vec::new();
            for jobs in [1, 2, 3] {
                let threads = Threads::new(jobs).unwrap();
                let (progress, trained) = stopped_at(u64::MAX, tuning, &threads);
                models.push(trained.unwrap());
                let all = progress.asked();
                assert!(all > 500, "{all}");
                // Questions of every stage; the last is always asked before the training is done.
                for step in 0..12 {
                    let question = step * (all - 1) / 12;
                    let (progress, trained) = stopped_at(question, tuning, &threads);
                    let error = trained.expect_err("it was stopped");
                    let since = progress.since().unwrap();
                    assert!(matches!(error.kind(), ErrorKind::Stopped), "{error}");
                    assert!(since < Duration::from_millis(500), "question {question} of {all}: {since:?}");
                }
            }
            assert!(models.windows(2).all(|pair| pair[0] == pair[1]), "progress changes no bit");
        }
    }

    #[test]
    fn a_budget_that_ends_goes_on_with_the_best_so_far() {
        let threads = Threads::new(2).unwrap();
        let trained = |tuning: Tuning<'_>| {
            let options = TrainOptions { tuning: Some(&tuning), ..TrainOptions::default() };
            train_with(rows(), params(), &options, &threads).unwrap()
        };
        let (ended, report) =
            trained(Tuning { trials: 9, stop: &|finished| finished == 2, ..Tuning::default() });
        assert_eq!((ended.provenance.trials, report.trials.len()), (Some(2), 2));
        let (repeated, _) = trained(Tuning { trials: 2, ..Tuning::default() });
        assert_eq!(ended.to_bytes().unwrap(), repeated.to_bytes().unwrap());
    }

    #[test]
    fn a_trial_that_is_given_up_leaves_no_trace() {
        let threads = Threads::new(2).unwrap();
        let (repeated, _) = {
            let tuning = Tuning { trials: 1, ..Tuning::default() };
            let options = TrainOptions { tuning: Some(&tuning), ..TrainOptions::default() };
            train_with(rows(), params(), &options, &threads).unwrap()
        };
        for questions in [0, 1, 40, 400] {
            let asked = std::sync::atomic::AtomicU64::new(0);
            let abandon = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= questions;
            // Asked at the end of the second trial at the latest.
            let stop = |finished: usize| finished == 2;
            let tuning = Tuning { trials: 9, stop: &stop, abandon: &abandon, ..Tuning::default() };
            let options = TrainOptions { tuning: Some(&tuning), ..TrainOptions::default() };
            let (ended, report) = train_with(rows(), params(), &options, &threads).unwrap();
            assert_eq!(report.trials.len(), 1, "{questions} questions");
            assert_eq!(ended.to_bytes().unwrap(), repeated.to_bytes().unwrap(), "{questions} questions");
        }
    }

    #[test]
    fn stages_and_their_units_are_reported() {
        #[derive(Default)]
        struct Stages(std::sync::Mutex<Vec<(&'static str, u64)>>);
        impl Progress for Stages {
            fn begin(&self, stage: &'static str, _: Option<u64>) {
                self.0.lock().unwrap().push((stage, 0));
            }
            fn advance(&self, units: u64) {
                self.0.lock().unwrap().last_mut().unwrap().1 += units;
            }
        }
        let stages = Stages::default();
        let tuning = Tuning { trials: 2, ..Tuning::default() };
        let options = TrainOptions { tuning: Some(&tuning), progress: &stages };
        train_with(rows(), params(), &options, &Threads::new(2).unwrap()).unwrap();
        let stages = stages.0.into_inner().unwrap();
        let units = |name| stages.iter().find(|(stage, _)| *stage == name).unwrap().1;
        assert_eq!((units("tuning"), units("cross-validation")), (2, 3));
        assert_eq!(stages.last().unwrap().0, "fitting");
    }
}
