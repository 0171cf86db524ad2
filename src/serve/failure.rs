//! Lets a page show why the texts cannot be read before the program ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

/// How long a browser that is on its way has to show why the texts cannot be read.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the last answer has to leave.
const FLUSH: Duration = Duration::from_millis(200);

/// Whether a page has shown why the texts cannot be read.
#[derive(Debug, Default)]
pub(super) struct Failure {
    is_awaited: AtomicBool,
    is_shown: Notify,
}

impl Failure {
    /// Notes that a browser is on its way, or is there.
    pub(super) fn expect_page(&self) {
        self.is_awaited.store(true, Ordering::Relaxed);
    }

    /// Notes that a page is told.
    pub(super) fn note_shown(&self) {
        self.is_shown.notify_one();
    }

    /// Waits until a page is told, if there is one.
    pub(super) async fn shown(&self) {
        if self.is_awaited.load(Ordering::Relaxed) {
            let _ = timeout(PATIENCE, self.is_shown.notified()).await;
            sleep(FLUSH).await;
        }
    }
}
