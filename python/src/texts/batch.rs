//! Works through a batch of rows without the interpreter's lock.

use pyo3::prelude::*;

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
            standpoint::progress::Progress::check(counters)?;
            Ok(each(row))
        };
        owned.iter().map(row).collect()
    })
}
