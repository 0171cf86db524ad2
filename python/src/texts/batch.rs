//! Works through a batch of rows without the interpreter's lock.

use pyo3::prelude::*;
use standpoint::classifier::{ScoreOptions, Workers};
use standpoint::progress::Progress;
use standpoint::{Classifier, Error, Threads, Worker};

use crate::guard::{MIN_WATCHED, abandonable, detached};
use crate::texts::TextRow;

/// Whether one of the texts is so large that it takes longer than anybody waits after Ctrl-C.
pub fn has_large(batch: &[TextRow<'_>]) -> bool {
    batch.iter().any(|row| row.bytes() >= MIN_WATCHED)
}

/// Calls `each` with every row, in order. Where one is large, Ctrl-C abandons the thread that works
/// on it, so the texts are copied; all others are borrowed.
pub fn for_each_row<T: Send + 'static>(
    py: Python<'_>,
    batch: &[TextRow<'_>],
    mut each: impl FnMut(&TextRow<'_>) -> T + Send + 'static,
) -> PyResult<Vec<T>> {
    if !has_large(batch) {
        return detached(py, || Ok(batch.iter().map(each).collect()));
    }
    let owned: Vec<TextRow<'static>> = batch.iter().map(TextRow::to_owned_row).collect();
    abandonable(py, move |counters| {
        let row = |row| {
            counters.check()?;
            Ok(each(row))
        };
        owned.iter().map(row).collect()
    })
}

/// Scores batches with large texts.
pub struct LargeTexts<'a> {
    pub classifier: &'a Classifier,
    pub options: &'a ScoreOptions,
    pub jobs: usize,
}

impl LargeTexts<'_> {
    /// Calls `each` with every row on the threads, and gives what it makes of them in order. Ctrl-C
    /// abandons the threads, so the texts are copied.
    pub fn score<T: Send + 'static>(
        self,
        py: Python<'_>,
        batch: &[TextRow<'_>],
        each: impl Fn(&mut Worker, &TextRow<'_>) -> T + Send + Sync + 'static,
    ) -> PyResult<Vec<T>> {
        let owned: Vec<TextRow<'static>> = batch.iter().map(TextRow::to_owned_row).collect();
        let (classifier, options, jobs) = (self.classifier.clone(), self.options.clone(), self.jobs);
        abandonable(py, move |counters| {
            let threads = Threads::new(jobs)?;
            let mut scored = Vec::with_capacity(owned.len());
            Workers::new(&classifier, options, &threads).score_in_order(
                owned.iter().map(|row| (row, row.bytes())),
                |worker, row| {
                    counters.check()?;
                    Ok::<T, Error>(each(worker, row))
                },
                |row| {
                    scored.push(row?);
                    Ok::<(), Error>(())
                },
            )?;
            Ok(scored)
        })
    }
}
