//! Reports how far a long run has come, and lets somebody else stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};

/// What a run reports to whoever waits for it. All methods may be called from any thread; the
/// defaults report nothing and never stop.
pub trait Progress: Sync {
    /// A stage begins: its name, and how many units it has if that is known.
    fn begin(&self, _stage: &'static str, _total: Option<u64>) {}

    /// So many more units of the stage are done: records, rows or steps.
    fn advance(&self, _units: u64) {}

    /// So many more bytes of text are done, where the units are texts.
    fn advance_bytes(&self, _bytes: u64) {}

    /// Something worth telling has happened in the stage, such as a finished trial.
    fn note(&self, _note: &str) {}

    /// Whether to stop the run. It is asked often, so the answer must be cheap.
    fn is_stopped(&self) -> bool {
        false
    }

    /// Checks that the run may go on.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`] if [`Progress::is_stopped`].
    fn check(&self) -> Result<()> {
        if self.is_stopped() { Err(Error::new(ErrorKind::Stopped)) } else { Ok(()) }
    }
}

/// Reports nothing and never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

/// Counts, and stops when told to: a signal handler, a button or another thread sets the flag.
#[derive(Debug, Default)]
pub struct Counters {
    done: AtomicU64,
    bytes: AtomicU64,
    stopped: AtomicBool,
}

impl Counters {
    /// Units done in the present stage.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Bytes of text done in the present stage.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Ends the run soon: within half a second.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

impl Progress for Counters {
    fn begin(&self, _: &'static str, _: Option<u64>) {
        self.done.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
    }

    fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::Relaxed);
    }

    fn advance_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use std::sync::{Mutex, PoisonError};
    use std::time::{Duration, Instant};

    use super::*;

    /// Stops a run at the n-th question, and notes when that was.
    pub(crate) struct StopsAt {
        question: u64,
        asked: AtomicU64,
        stopped: Mutex<Option<Instant>>,
    }

    impl StopsAt {
        pub(crate) fn new(question: u64) -> Self {
            StopsAt { question, asked: AtomicU64::new(0), stopped: Mutex::new(None) }
        }

        /// How often it was asked.
        pub(crate) fn asked(&self) -> u64 {
            self.asked.load(Ordering::Relaxed)
        }

        /// How long ago it stopped the run; `None` if it did not.
        pub(crate) fn since(&self) -> Option<Duration> {
            self.stopped.lock().unwrap_or_else(PoisonError::into_inner).map(|stopped| stopped.elapsed())
        }
    }

    impl Progress for StopsAt {
        fn is_stopped(&self) -> bool {
            let stopped = self.asked.fetch_add(1, Ordering::Relaxed) >= self.question;
            if stopped {
                let mut first = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
                first.get_or_insert_with(Instant::now);
            }
            stopped
        }
    }

    /// Stops a run at a dozen of its questions, from the first to the last, and checks that it ends
    /// soon, as a stopped one does.
    pub(crate) fn check_stops<T: std::fmt::Debug>(run: impl Fn(&dyn Progress) -> Result<T>) {
        let never = StopsAt::new(u64::MAX);
        run(&never).unwrap();
        let all = never.asked();
        for step in 0..12 {
            let question = step * (all - 1) / 11;
            let progress = StopsAt::new(question);
            let error = run(&progress).expect_err("it was stopped");
            let since = progress.since().unwrap();
            assert!(matches!(error.kind(), ErrorKind::Stopped), "{error}");
            assert!(since < Duration::from_millis(500), "question {question} of {all}: {since:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_counted_stage_by_stage_until_it_is_stopped() {
        let counters = Counters::default();
        counters.begin("first", None);
        counters.advance(3);
        counters.advance(4);
        assert_eq!(counters.done(), 7);
        counters.begin("second", Some(1));
        assert!(counters.done() == 0 && counters.check().is_ok());
        counters.stop();
        assert!(matches!(counters.check().unwrap_err().kind(), ErrorKind::Stopped));
        assert!(Silent.check().is_ok());
    }
}
