//! Holds the decisions of a work folder together with the passages of the archive that they are about.

use std::collections::HashSet;

use crate::labeling::archive::Archive;
use crate::labeling::decision::Line;
use crate::labeling::queue::Taken;
use crate::labeling::state::Decisions;

/// What is decided, and which passages of the archive that takes out of the queues.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) decisions: Decisions,
    units: HashSet<usize>,
    pub(super) taken: Taken,
}

impl Decided {
    pub(super) fn new(decisions: Decisions, archive: &Archive) -> Self {
        let mut decided = Decided::default();
        let units: Vec<usize> = decisions.current().filter_map(|d| archive.find(&d.unit)).collect();
        decided.decisions = decisions;
        units.into_iter().for_each(|unit| decided.look_at(unit, true, archive));
        decided
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

    /// Passages of the archive that are decided.
    pub(super) fn len(&self) -> usize {
        self.units.len()
    }
}
