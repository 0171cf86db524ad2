//! Finds rows that a coding tool marks as rejected, in columns that nobody asked about.

use std::collections::BTreeMap;

use crate::error::Message;
use crate::read::tables::condition::Condition;
use crate::read::{Column, Requirement};

/// A column of a coding tool: the values that reject a row, and the one that accepts it.
struct Mark {
    column: &'static str,
    rejecting: &'static [&'static str],
    accepting: &'static str,
}

/// Marks of Prodigy (`answer`), Label Studio (cancelled annotations), Argilla and INCEpTION
/// (`status`), Mechanical Turk (`AssignmentStatus`), Labelbox (`Skipped`), doccano (`is_confirmed`)
/// and Figure Eight (`_tainted`).
const MARKS: [Mark; 13] = [
    Mark { column: "answer", rejecting: &["reject", "ignore"], accepting: "accept" },
    Mark { column: "Answer", rejecting: &["reject", "ignore"], accepting: "accept" },
    Mark { column: "was_cancelled", rejecting: &["true", "1"], accepting: "false" },
    Mark { column: "annotations.0.was_cancelled", rejecting: &["true"], accepting: "false" },
    Mark { column: "cancelled_annotations", rejecting: &["1", "2", "3"], accepting: "0" },
    Mark { column: "status", rejecting: STATUS, accepting: "submitted" },
    Mark { column: "Status", rejecting: STATUS, accepting: "submitted" },
    Mark { column: "label.status", rejecting: STATUS, accepting: "submitted" },
    Mark { column: "AssignmentStatus", rejecting: STATUS, accepting: "Approved" },
    Mark { column: "Skipped", rejecting: &["true", "1"], accepting: "False" },
    Mark { column: "skipped", rejecting: &["true", "1"], accepting: "false" },
    Mark { column: "is_confirmed", rejecting: &["false", "0"], accepting: "true" },
    Mark { column: "_tainted", rejecting: &["true", "1"], accepting: "false" },
];

/// What a status is called that rejects a row.
const STATUS: &[&str] = &["discarded", "rejected", "skipped"];

/// The rows that are marked as rejected, by column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rejections {
    marks: Vec<&'static Mark>,
    rows: u64,
    /// For each mark, the rejecting values with their rows.
    found: BTreeMap<usize, BTreeMap<String, u64>>,
    /// For each mark, the commonest other value.
    others: BTreeMap<usize, BTreeMap<String, u64>>,
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.column)
    }
}

impl Rejections {
    /// Looks at the columns that no condition is about and that are not used for anything else.
    pub(crate) fn new(conditions: &[Condition], used: &[&str]) -> Self {
        let is_free = |mark: &&Mark| {
            !conditions.iter().any(|condition| condition.column == mark.column)
                && !used.contains(&mark.column)
        };
        Rejections { marks: MARKS.iter().filter(is_free).collect(), ..Rejections::default() }
    }

    /// The columns to read.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Column> {
        self.marks.iter().map(|mark| Column { name: mark.column.to_owned(), need: Requirement::Optional })
    }

    /// Looks at the values of a row, in the order of the columns.
    pub(crate) fn add<'v>(&mut self, values: impl Iterator<Item = Option<&'v str>>) {
        /// Other values that are told apart: marks have few.
        const MAX_VALUES: usize = 20;
        self.rows += 1;
        for (number, (mark, value)) in self.marks.iter().zip(values).enumerate() {
            let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else { continue };
            let rejects = mark.rejecting.iter().any(|rejecting| value.eq_ignore_ascii_case(rejecting));
            let counts = if rejects { &mut self.found } else { &mut self.others };
            let counts = counts.entry(number).or_default();
            if counts.len() < MAX_VALUES || counts.contains_key(value) {
                *counts.entry(value.to_owned()).or_default() += 1;
            }
        }
    }

    /// One line for each column that rejects rows.
    pub(crate) fn notes(&self) -> impl Iterator<Item = Message> {
        self.found.iter().filter_map(|(number, values)| {
            let mark = self.marks.get(*number)?;
            let rejected: u64 = values.values().sum();
            let names: Vec<String> = values.keys().map(|value| format!("`{value}`")).collect();
            let accepting = self.others.get(number).and_then(|others| {
                let usual = others.keys().find(|value| value.eq_ignore_ascii_case(mark.accepting));
                usual.or_else(|| others.iter().max_by_key(|(_, count)| **count).map(|(value, _)| value))
            });
            let accepting = accepting.map_or(mark.accepting, String::as_str);
            Some(
                Message::from(format!(
                    "`{}` is {} in {rejected} of {} rows, which are used anyway; ",
                    mark.column,
                    names.join(" or "),
                    self.rows
                ))
                .then(Message::setting("conditions", format!("{}={accepting}", mark.column)))
                .then(" leaves them out"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejected_rows_are_counted_with_the_condition_that_leaves_them_out() {
        let mut rejections = Rejections::new(&[], &[]);
        assert_eq!(rejections.columns().count(), MARKS.len());
        for answer in ["accept", "reject", "ignore", "accept", "reject"] {
            rejections.add([Some(answer), None, None, None, Some("0"), Some("published")].into_iter());
        }
        let notes: Vec<String> = rejections.notes().map(|note| note.to_string()).collect();
        let told = "`answer` is `ignore` or `reject` in 3 of 5 rows, which are used anyway; `conditions` answer=accept leaves them out";
        assert_eq!(notes, [told]);
    }

    #[test]
    fn the_marks_of_every_tool_are_told() {
        for (column, values, told) in [
            ("AssignmentStatus", ["Approved", "Rejected"], "AssignmentStatus=Approved"),
            ("Skipped", ["True", "False"], "Skipped=False"),
            ("label.status", ["discarded", "submitted"], "label.status=submitted"),
            ("Answer", ["REJECT", "Accept"], "Answer=Accept"),
            ("is_confirmed", ["false", "true"], "is_confirmed=true"),
            ("_tainted", ["true", "false"], "_tainted=false"),
            ("status", ["rejected", "accepted"], "status=accepted"),
        ] {
            let mut rejections = Rejections::new(&[], &[]);
            for value in values {
                let cells = MARKS.map(|mark| (mark.column == column).then_some(value));
                rejections.add(cells.into_iter());
            }
            let notes: Vec<String> = rejections.notes().map(|note| note.to_string()).collect();
            let [note] = &notes[..] else { panic!("{column}: {notes:?}") };
            assert!(note.contains("in 1 of 2 rows") && note.contains(told), "{note}");
        }
    }

    #[test]
    fn a_column_that_a_condition_is_about_is_not_told() {
        let condition = Condition { column: "answer".into(), value: "accept".into() };
        let mut rejections = Rejections::new(&[condition], &["status"]);
        assert!(rejections.columns().all(|column| column.name != "answer" && column.name != "status"));
        rejections.add([Some("accept"), Some("True"), None, Some("1")].into_iter());
        let notes: Vec<String> = rejections.notes().map(|note| note.to_string()).collect();
        assert!(notes.len() == 2 && notes[0].contains("was_cancelled=false"), "{notes:?}");
    }
}
