//! Collects what readers say about an input as a whole, and not about one record.

use std::sync::{Arc, Mutex, PoisonError};

/// Most notes that are kept.
const MAX_NOTES: usize = 100;

/// What was found in reading that no record tells, such as what was passed over. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct ReadNotes(Arc<Mutex<Vec<String>>>);

impl ReadNotes {
    pub(crate) fn add(&self, note: String) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() < MAX_NOTES {
            notes.push(note);
        }
    }

    /// One sentence each, as far as the input has been read; the first hundred.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
