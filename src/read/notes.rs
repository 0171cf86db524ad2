//! Collects what readers say about an input as a whole, and what documents say about how they were
//! read.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Message;

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

/// How documents were read, as far as users are told: each thing once, the first hundred.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentNotes(Vec<Message>);

impl DocumentNotes {
    /// Adds the notes of one document.
    pub(crate) fn add(&mut self, notes: impl IntoIterator<Item = Message>) {
        for note in notes {
            if self.0.len() < MAX_NOTES && !self.0.contains(&note) {
                self.0.push(note);
            }
        }
    }

    /// One sentence each.
    pub fn messages(&self) -> &[Message] {
        &self.0
    }
}
