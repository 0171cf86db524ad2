//! Keeps a panic from crossing into Python, and a long run from outliving Ctrl-C.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pyo3::prelude::*;
use standpoint::Result;
use standpoint::progress::Counters;

use crate::error::{exception, raise};

/// Work on so many bytes at once may take longer than anybody waits after Ctrl-C.
pub const MIN_WATCHED: usize = 1 << 20;

/// How often a long run is asked whether it is to end.
const POLL: Duration = Duration::from_millis(50);

/// Runs `work` without the interpreter's lock. A panic becomes `InternalError`.
pub fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    match py.detach(|| catch_unwind(AssertUnwindSafe(work))) {
        Ok(done) => done.map_err(|error| raise(py, &error)),
        Err(panic) => Err(internal(py, panic.as_ref())),
    }
}

/// Runs `work` on a thread of its own and returns at Ctrl-C without waiting for it: for work whose
/// steps may each take long. The thread then ends at its next look at the counters.
pub fn abandonable<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Counters) -> Result<T> + Send + 'static,
) -> PyResult<T> {
    watched(py, Arc::default(), Duration::ZERO, work, || Ok(()))
}

/// Runs `work` as [`abandonable`] does, and calls `tick` as long as it runs. What that raises stops
/// the work, as Ctrl-C does; either waits for `patience` for it to end by itself.
pub fn watched<T: Send + 'static>(
    py: Python<'_>,
    counters: Arc<Counters>,
    patience: Duration,
    work: impl FnOnce(&Counters) -> Result<T> + Send + 'static,
    mut tick: impl FnMut() -> PyResult<()>,
) -> PyResult<T> {
    let (done, is_done) = channel();
    let of_thread = Arc::clone(&counters);
    std::thread::Builder::new().spawn(move || {
        let worked = catch_unwind(AssertUnwindSafe(|| work(&of_thread)));
        // Nobody waits any more for work that was abandoned.
        let _ = done.send(worked);
    })?;
    let is_done = Mutex::new(is_done);
    loop {
        match wait(py, &is_done, POLL) {
            Ok(Ok(worked)) => return worked.map_err(|error| raise(py, &error)),
            Ok(Err(panic)) => return Err(internal(py, panic.as_ref())),
            Err(RecvTimeoutError::Disconnected) => return Err(internal(py, &"a thread ended")),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(error) = py.check_signals().and_then(|()| tick()) {
            counters.stop();
            let _ = wait(py, &is_done, patience);
            return Err(error);
        }
    }
}

/// Waits until `is_over` says so, and looks for Ctrl-C.
pub fn wait_until(py: Python<'_>, mut is_over: impl FnMut() -> bool) -> PyResult<()> {
    while !is_over() {
        py.check_signals()?;
        py.detach(|| std::thread::sleep(POLL));
    }
    Ok(())
}

/// Waits for a message without the interpreter's lock.
fn wait<T: Send>(
    py: Python<'_>,
    receiver: &Mutex<Receiver<T>>,
    time: Duration,
) -> std::result::Result<T, RecvTimeoutError> {
    py.detach(|| match receiver.lock() {
        Ok(receiver) => receiver.recv_timeout(time),
        Err(_) => Err(RecvTimeoutError::Disconnected),
    })
}

fn internal(py: Python<'_>, panic: &(dyn std::any::Any + Send)) -> PyErr {
    let told =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let message =
        format!("this is a mistake in standpoint, please report it: {}", told.unwrap_or("no message"));
    exception(py, "InternalError", message)
}

/// Panics without the interpreter's lock, so that tests see what becomes of it.
#[pyfunction]
#[allow(clippy::panic)]
pub fn _panic(py: Python<'_>) -> PyResult<()> {
    detached(py, || panic!("asked for by a test"))
}
