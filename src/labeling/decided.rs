//! Holds the decisions of a work folder together with the passages of the archive that they are
//! about.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::labeling::archive::Archive;
use crate::labeling::decision::Line;
use crate::labeling::queue::Taken;
use crate::labeling::state::Decisions;
use crate::near_duplicates::Signature;

/// What is decided, and which passages of the archive that takes out of the queues.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) decisions: Decisions,
    units: HashSet<usize>,
    taken: Taken,
    /// Passages that were found to nearly repeat a decided one.
    repeating: Mutex<HashSet<usize>>,
}

impl Decided {
    pub(super) fn new(decisions: Decisions) -> Self {
        Decided { decisions, ..Decided::default() }
    }

    /// Finds the passages of an archive that are decided.
    pub(super) fn find(&mut self, archive: &Archive) {
        let found = self.decisions.current().filter_map(|decision| archive.find(&decision.unit));
        let units: Vec<usize> = found.collect();
        units.into_iter().for_each(|unit| self.look_at(unit, true, archive));
    }

    /// Takes a line that is on disk.
    pub(super) fn apply(&mut self, line: Line, unit: &str, archive: &Archive) {
        self.decisions.apply(line);
        let is_decided = self.decisions.of(unit).is_some();
        if let Some(unit) = archive.find(unit) {
            self.look_at(unit, is_decided, archive);
        }
    }

    fn look_at(&mut self, unit: usize, is_decided: bool, archive: &Archive) {
        if !is_decided {
            self.units.remove(&unit);
            self.taken.remove(unit);
            self.repeating.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        } else if self.units.insert(unit)
            && let Some((_, passage)) = archive.passage(unit)
        {
            self.taken.add(unit, passage);
        }
    }

    /// Whether a passage of the archive is decided.
    pub(super) fn has(&self, unit: usize) -> bool {
        self.units.contains(&unit)
    }

    /// Whether a passage nearly repeats a decided one, or one that is given with it: then it is
    /// passed over. Otherwise it is given now.
    pub(super) fn repeats(&self, unit: usize, passage: &str, given: &mut Taken) -> bool {
        let mut repeating = self.repeating.lock().unwrap_or_else(PoisonError::into_inner);
        if repeating.contains(&unit) {
            return true;
        }
        let Some(signature) = Signature::from_text(passage) else { return false };
        if self.taken.repeats(&signature, unit) {
            repeating.insert(unit);
            return true;
        }
        let repeats = given.repeats(&signature, unit);
        if !repeats {
            given.add(unit, passage);
        }
        repeats
    }

    /// Passages of the archive that are decided.
    pub(super) fn len(&self) -> usize {
        self.units.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::archive::samples::archive;
    use crate::labeling::decision::samples::decision;

    #[test]
    fn repeats_of_what_is_decided_are_passed_over_until_it_is_undone() {
        let story = "The harbour was closed on Monday after a storm, and the ferry stayed at the pier.";
        let (_folder, archive) = archive(&format!(
            "id,text\n1,\"{story}\"\n2,\"{story} (AP)\"\n3,Voters go to the polls today.\n"
        ));
        let mut decided = Decided::new(Decisions::default());
        let repeats = |decided: &Decided, unit: usize| {
            let (_, passage) = archive.passage(unit).unwrap();
            decided.repeats(unit, passage, &mut Taken::default())
        };
        assert!(!repeats(&decided, 1));
        let id = archive.unit_id(0).unwrap();
        let made = decision(1, &id, Some("a"));
        decided.apply(Line::Decision(made), &id, &archive);
        assert!(decided.has(0) && decided.len() == 1 && repeats(&decided, 1) && !repeats(&decided, 2));
        let undo = r#"{"sequence": 2, "undo": 1, "coder": "eva", "time": ""}"#;
        decided.apply(serde_json::from_str(undo).unwrap(), &id, &archive);
        assert!(!decided.has(0) && decided.len() == 0 && !repeats(&decided, 1));
        let mut given = Taken::default();
        let (_, first) = archive.passage(0).unwrap();
        assert!(!decided.repeats(0, first, &mut given) && decided.repeats(1, first, &mut given));
    }
}
