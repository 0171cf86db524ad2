//! Tells which results nobody asked for: repeats of an earlier document, and rows that do not meet
//! a condition.

use crate::error::{Error, Result, list, nearest};
use crate::label::LabelSet;
use crate::read::Condition;
use crate::write::{Cell, Outcome, RunContext, Schema};

/// Tells which results were asked for.
pub(crate) struct ResultFilter {
    drop_duplicates: bool,
    /// The columns that conditions may be about, one row per document.
    schema: Schema,
    /// The place of the column of each condition, with the value that it must have.
    conditions: Vec<(usize, String)>,
}

/// What becomes of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Written,
    /// It meets the conditions, and repeats an earlier document.
    Dropped,
    /// It does not meet the conditions.
    NotAskedFor,
}

impl ResultFilter {
    /// The filter of a run.
    ///
    /// # Errors
    /// As [`check_conditions`].
    pub(crate) fn new(context: &RunContext) -> Result<Self> {
        let schema = documents(context);
        let conditions = places(&schema, &context.output_conditions)?;
        Ok(ResultFilter { drop_duplicates: context.drop_duplicates, schema, conditions })
    }

    /// What becomes of a result.
    pub(crate) fn choose(&self, outcome: &Outcome) -> Choice {
        let is_repeat = || outcome.as_ref().is_ok_and(|scored| scored.duplicate_of.is_some());
        match self.meets_conditions(outcome) {
            false => Choice::NotAskedFor,
            true if self.drop_duplicates && is_repeat() => Choice::Dropped,
            true => Choice::Written,
        }
    }

    /// Whether a result has the values that the conditions ask for.
    fn meets_conditions(&self, outcome: &Outcome) -> bool {
        if self.conditions.is_empty() {
            return true;
        }
        let row = self.schema.row(outcome.as_ref());
        let cells: Vec<Cell<'_>> = row.cells().collect();
        self.conditions.iter().all(|(place, value)| match cells.get(*place) {
            Some(Cell::Text(text)) => text == value,
            Some(Cell::Whole(number)) => value.parse() == Ok(*number),
            Some(Cell::Real(number)) => value.parse() == Ok(*number),
            Some(Cell::Empty) | None => value.is_empty(),
        })
    }
}

/// The columns of a run with one row per document and none left out.
fn documents(context: &RunContext) -> Schema {
    Schema::choosable(RunContext { paragraphs: false, ..context.clone() })
}

fn places(schema: &Schema, conditions: &[Condition]) -> Result<Vec<(usize, String)>> {
    let place = |condition: &Condition| match schema.place(&condition.column) {
        Some(place) => Ok((place, condition.value.clone())),
        None => Err(schema.unknown_column("output_conditions", &condition.column)),
    };
    conditions.iter().map(place).collect()
}

/// Checks that the conditions of a run are about columns of its results, and that labels are those
/// of the model.
///
/// # Errors
/// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for another column or label.
pub(crate) fn check_conditions(context: &RunContext) -> Result<()> {
    places(&documents(context), &context.output_conditions)?;
    context.output_conditions.iter().try_for_each(|condition| check_label(condition, &context.labels))
}

/// Columns that hold a label of the model, or nothing.
const LABEL_COLUMNS: [&str; 2] = ["label", "top"];

fn check_label(condition: &Condition, labels: &LabelSet) -> Result<()> {
    let Condition { column, value } = condition;
    let names = labels.names();
    if !LABEL_COLUMNS.contains(&column.as_str()) || value.is_empty() || names.contains(value) {
        return Ok(());
    }
    let found = format!("`{column}={value}`");
    let error =
        Error::invalid_parameter("output_conditions", found, format!("one of the labels {}", list(names)));
    Err(match nearest(value, names) {
        Some(near) => error.with_hint(format!("did you mean `{near}`?")),
        None => error,
    })
}
