//! Collects notes about a run: keeps the first few in full, and counts the others.

use serde::{Deserialize, Serialize};

/// Notes that are kept in full.
const MAX_KEPT: usize = 10;

/// Notes of one kind of run, each said once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    first: Vec<String>,
    more: u64,
}

impl Notes {
    /// Keeps or counts one; the same again, as each record of one file may say it, is said once.
    pub fn add(&mut self, note: String) {
        if self.first.contains(&note) {
            return;
        }
        if self.first.len() < MAX_KEPT {
            self.first.push(note);
        } else {
            self.more += 1;
        }
    }

    /// Adds those of what came after.
    pub fn merge(&mut self, after: Notes) {
        after.first.into_iter().for_each(|note| self.add(note));
        self.more += after.more;
    }

    /// Those that are told in full.
    pub fn first(&self) -> &[String] {
        &self.first
    }

    /// One line each, and one for all others.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let more = (self.more > 0).then(|| format!("{} more like these", self.more));
        self.first.iter().cloned().chain(more)
    }
}

impl FromIterator<String> for Notes {
    fn from_iter<I: IntoIterator<Item = String>>(all: I) -> Self {
        let mut notes = Notes::default();
        all.into_iter().for_each(|note| notes.add(note));
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_said_once_and_counted_beyond_ten() {
        let twice = (0..12).flat_map(|number| [format!("note {number}"), format!("note {number}")]);
        let mut notes: Notes = twice.collect();
        notes.merge(["note 3".to_owned()].into_iter().collect());
        assert_eq!((notes.first().len(), notes.more), (MAX_KEPT, 4));
        assert_eq!(notes.lines().last().as_deref(), Some("4 more like these"));
    }
}
