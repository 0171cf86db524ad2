//! Remembers the runs that Ctrl-C left to their threads, so that the next one into the same file
//! can wait for them.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, Weak};

/// A run that nobody waits for. It ends after the record that it is at.
struct Abandoned {
    /// A thread is in one process only: a fork has none of those that were left before.
    process: u32,
    output: PathBuf,
    running: Weak<()>,
}

static ABANDONED: Mutex<Vec<Abandoned>> = Mutex::new(Vec::new());

/// Remembers a run into `output`, which lasts as long as what `running` refers to.
pub fn remember(output: PathBuf, running: Weak<()>) {
    let run = Abandoned { process: std::process::id(), output, running };
    ABANDONED.lock().unwrap_or_else(PoisonError::into_inner).push(run);
}

/// Whether an abandoned run may still write into `output`.
pub fn is_writing(output: &Path) -> bool {
    let process = std::process::id();
    let mut runs = ABANDONED.lock().unwrap_or_else(PoisonError::into_inner);
    runs.retain(|run| run.process == process && run.running.strong_count() > 0);
    runs.iter().any(|run| run.output == output)
}
