//! Tells others how far a run on another thread has come, and lets them stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::progress::Progress;

/// The stage of a run.
#[derive(Debug, Default)]
pub(super) struct Stage {
    name: Mutex<&'static str>,
    done: AtomicU64,
    total: AtomicU64,
    is_stopped: AtomicBool,
}

impl Stage {
    /// The name of the stage, the units that are done, and all of them; 0 where they are not known.
    pub(super) fn place(&self) -> (&'static str, u64, u64) {
        let name = *self.name.lock().unwrap_or_else(PoisonError::into_inner);
        (name, self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Ends the run soon.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Makes room for the next run.
    pub(super) fn reset(&self) {
        self.begin("starting", None);
        self.is_stopped.store(false, Ordering::Relaxed);
    }
}

impl Progress for Stage {
    fn begin(&self, stage: &'static str, total: Option<u64>) {
        *self.name.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total.unwrap_or(0), Ordering::Relaxed);
    }

    fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}
