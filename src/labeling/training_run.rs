//! Says whether a training runs, how far it has come, and why the last one failed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind};
use crate::labeling::places::message_without_folders;
use crate::labeling::stage::Stage;

/// What goes on, in words that programs read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// Nothing runs.
    #[default]
    Idle,
    /// A training runs.
    Running,
    /// Nothing runs, and the last training failed.
    Failed,
}

/// The one training that may run.
#[derive(Debug, Default)]
pub(super) struct TrainingRun {
    state: Mutex<(RunState, Option<String>)>,
    pub(super) stage: Stage,
    /// Labels that there were when the last one began, however it ended.
    attempted: AtomicU64,
}

/// The right to train, until it is dropped.
pub(super) struct Running<'t> {
    run: &'t TrainingRun,
    /// What to say if nothing is said before the end.
    outcome: (RunState, Option<String>),
}

impl TrainingRun {
    /// Notes that a training runs; `false` if one does already.
    pub(super) fn begin(&self) -> bool {
        let mut state = self.lock();
        if state.0 == RunState::Running {
            return false;
        }
        *state = (RunState::Running, None);
        self.stage.reset();
        true
    }

    /// The right that [`TrainingRun::begin`] gave, for the thread that trains.
    pub(super) fn running(&self) -> Running<'_> {
        let outcome = (RunState::Failed, Some("the training ended unexpectedly".to_owned()));
        Running { run: self, outcome }
    }

    /// Takes the right back, where no thread could be started.
    pub(super) fn fail(&self, why: String) {
        *self.lock() = (RunState::Failed, Some(why));
    }

    /// What goes on, and why the last training failed.
    pub(super) fn state(&self) -> (RunState, Option<String>) {
        self.lock().clone()
    }

    /// Notes with how many labels a training begins.
    pub(super) fn note_attempt(&self, labels: u64) {
        self.attempted.store(labels, Ordering::Relaxed);
    }

    /// Labels that there were when the last training began.
    pub(super) fn attempted(&self) -> u64 {
        self.attempted.load(Ordering::Relaxed)
    }

    /// Ends the training soon.
    pub(super) fn stop(&self) {
        self.stage.stop();
    }

    fn lock(&self) -> MutexGuard<'_, (RunState, Option<String>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running<'_> {
    /// Notes how the training ended. Who stopped it knows that it did not fail.
    pub(super) fn end(mut self, result: Result<(), Error>) {
        self.outcome = match result {
            Err(error) if !matches!(error.kind(), ErrorKind::Stopped) => {
                (RunState::Failed, Some(message_without_folders(&error, &error.to_string())))
            }
            _ => (RunState::Idle, None),
        };
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.run.lock() = std::mem::take(&mut self.outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Progress;

    #[test]
    fn one_training_runs_at_a_time_and_its_end_is_told() {
        let run = TrainingRun::default();
        assert!(run.begin() && !run.begin());
        run.stop();
        assert!(run.stage.is_stopped());
        run.running().end(Err(Error::new(ErrorKind::Stopped)));
        assert_eq!(run.state(), (RunState::Idle, None));
        assert!(run.begin() && !run.stage.is_stopped(), "the next one is not stopped");
        run.running().end(Err(Error::data("too few")));
        assert_eq!(run.state(), (RunState::Failed, Some("too few".to_owned())));
        assert!(run.begin());
        run.running().end(Err(Error::data("/home/eva/models/001.json: no")));
        assert_eq!(run.state().1.as_deref(), Some("001.json: no"));
        assert!(run.begin());
        drop(run.running());
        assert!(run.state().1.unwrap().contains("unexpectedly"), "as where a thread panics");
        assert!(run.begin());
    }
}
