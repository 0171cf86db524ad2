//! Folds the lines of a log of labels: of each passage the last decision holds that was not undone.

use std::collections::{HashMap, HashSet};

use crate::read::{Column, Requirement};

/// The decisions of a log, by their places in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelLog {
    decisions: Vec<Made>,
    /// For each passage, its decisions that were not undone, the present one last.
    of_unit: HashMap<String, Vec<usize>>,
    greatest: u64,
}

/// A decision.
#[derive(Clone, Debug)]
struct Made {
    sequence: u64,
    coder: String,
    unit: String,
    is_undone: bool,
}

impl LabelLog {
    /// Takes a decision, and gives its place.
    pub(crate) fn decide(&mut self, sequence: u64, coder: &str, unit: &str) -> usize {
        let place = self.decisions.len();
        self.greatest = self.greatest.max(sequence);
        self.of_unit.entry(unit.to_owned()).or_default().push(place);
        let made = Made { sequence, coder: coder.to_owned(), unit: unit.to_owned(), is_undone: false };
        self.decisions.push(made);
        place
    }

    /// Takes the line `sequence`, by which a coder undoes the decision `undone`: the last of this
    /// number, and that of this coder where logs of several were joined.
    pub(crate) fn undo(&mut self, sequence: u64, coder: &str, undone: u64) {
        self.greatest = self.greatest.max(sequence);
        let is_meant = |made: &Made| made.sequence == undone && !made.is_undone;
        let own = self.decisions.iter().rposition(|made| is_meant(made) && made.coder == coder);
        let place = own.or_else(|| self.decisions.iter().rposition(is_meant));
        let Some((place, made)) = place.and_then(|place| Some((place, self.decisions.get_mut(place)?)))
        else {
            return;
        };
        made.is_undone = true;
        if let Some(places) = self.of_unit.get_mut(&made.unit) {
            places.retain(|&other| other != place);
            if places.is_empty() {
                self.of_unit.remove(&made.unit);
            }
        }
    }

    /// The greatest number of a line.
    #[cfg(feature = "train")]
    pub(crate) fn greatest(&self) -> u64 {
        self.greatest
    }

    /// The decision that holds for a passage.
    #[cfg(feature = "train")]
    pub(crate) fn of(&self, unit: &str) -> Option<usize> {
        self.of_unit.get(unit)?.last().copied()
    }

    /// The decisions about a passage that were not undone, in their order.
    #[cfg(feature = "train")]
    pub(crate) fn all_of(&self, unit: &str) -> &[usize] {
        self.of_unit.get(unit).map_or(&[], Vec::as_slice)
    }

    /// Whether a decision holds.
    pub(crate) fn holds(&self, place: usize) -> bool {
        let of_unit = self.decisions.get(place).and_then(|made| self.of_unit.get(&made.unit));
        of_unit.and_then(|places| places.last()) == Some(&place)
    }

    /// The last decision that was not undone.
    #[cfg(feature = "train")]
    pub(crate) fn last(&self) -> Option<usize> {
        self.decisions.iter().rposition(|made| !made.is_undone)
    }

    /// The last decision of a number that was not undone.
    #[cfg(feature = "train")]
    pub(crate) fn numbered(&self, sequence: u64) -> Option<usize> {
        self.decisions.iter().rposition(|made| made.sequence == sequence && !made.is_undone)
    }

    /// How many passages are decided.
    #[cfg(feature = "train")]
    pub(crate) fn units(&self) -> usize {
        self.of_unit.len()
    }
}

/// The columns by which the lines of a log are known.
const COLUMNS: [&str; 5] = ["sequence", "undo", "kind", "coder", "unit"];

/// The rows that come from lines of a log.
#[derive(Debug, Default)]
pub(crate) struct LoggedRows {
    log: LabelLog,
    /// The row of each decision that has one.
    rows: HashMap<usize, usize>,
    /// The decision of the line that is being read.
    open: Option<usize>,
}

/// What the line of a log is to a reader of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogLine {
    /// It may hold a label.
    Label,
    /// It holds none: a passage was passed over, or a decision was undone.
    NoLabel,
}

impl LoggedRows {
    /// The columns to read.
    pub(crate) fn columns() -> impl Iterator<Item = Column> {
        COLUMNS.map(|name| Column { name: name.to_owned(), need: Requirement::Optional }).into_iter()
    }

    /// Looks at a record by the values of these columns; `None` for a record that is no line of a
    /// log.
    pub(crate) fn add(&mut self, cells: &[Option<String>]) -> Option<LogLine> {
        self.open = None;
        let cell = |at: usize| cells.get(at).and_then(Option::as_deref);
        let number = |at: usize| cell(at).and_then(|cell| cell.parse::<u64>().ok());
        let (sequence, coder) = (number(0)?, cell(3)?);
        if let Some(undone) = number(1) {
            self.log.undo(sequence, coder, undone);
            return Some(LogLine::NoLabel);
        }
        let kind = cell(2).filter(|kind| ["label", "skip", "unsure", "none"].contains(kind))?;
        self.open = Some(self.log.decide(sequence, coder, cell(4)?));
        Some(if kind == "label" { LogLine::Label } else { LogLine::NoLabel })
    }

    /// Notes that the line has become a row.
    pub(crate) fn note_row(&mut self, row: usize) {
        if let Some(place) = self.open.take() {
            self.rows.insert(place, row);
        }
    }

    /// The rows that do not hold: they were undone, or replaced by a later decision.
    pub(crate) fn outdated(&self) -> HashSet<usize> {
        self.rows.iter().filter(|(place, _)| !self.log.holds(**place)).map(|(_, row)| *row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: [&str; 5]) -> Vec<Option<String>> {
        line.map(|cell| (!cell.is_empty()).then(|| cell.to_owned())).to_vec()
    }

    #[test]
    fn rows_that_were_undone_or_replaced_do_not_hold() {
        let mut rows = LoggedRows::default();
        let lines = [
            ["1", "", "label", "eva", "u"],
            ["2", "", "label", "eva", "v"],
            ["3", "", "label", "eva", "u"],
            ["4", "", "label", "eva", "w"],
            ["5", "4", "", "eva", ""],
            ["6", "", "skip", "eva", "v"],
            ["7", "", "unsure", "eva", "x"],
            ["8", "6", "", "eva", ""],
        ];
        let found: Vec<Option<LogLine>> = lines
            .iter()
            .enumerate()
            .map(|(row, line)| {
                let found = rows.add(&cells(*line));
                rows.note_row(row);
                found
            })
            .collect();
        let labels = found.iter().filter(|found| **found == Some(LogLine::Label)).count();
        assert_eq!((labels, found.contains(&None)), (4, false));
        let mut outdated: Vec<usize> = rows.outdated().into_iter().collect();
        outdated.sort_unstable();
        assert_eq!(outdated, [0, 3, 5], "the skip was undone, so that the label of v holds");
    }

    #[test]
    fn records_of_other_tables_are_no_lines() {
        let mut rows = LoggedRows::default();
        for line in [
            ["", "", "label", "eva", "u"],
            ["7", "", "report", "eva", "u"],
            ["7", "", "label", "", "u"],
            ["first", "", "label", "eva", "u"],
            ["7", "", "label", "eva", ""],
        ] {
            assert_eq!(rows.add(&cells(line)), None, "{line:?}");
            rows.note_row(0);
        }
        assert!(rows.outdated().is_empty());
    }
}
