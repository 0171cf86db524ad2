//! Labelled rows to the model's answers on them, shared by the commands that compare answers with labels.

use crate::classifier::Workers;
use crate::cli::inputs::GroupArgs;
use crate::cli::report::Reading;
use crate::read::{Column, Gold, Labeled, LabeledColumns, Requirement};
use crate::{ClassId, LabelSet, Verdict};

/// The column that weights are taken from where none is named.
const WEIGHT: &str = "weight";

/// The columns with one for the weights: `named`, or the usual one if it is there.
pub fn with_weight(columns: LabeledColumns, named: Option<&String>) -> LabeledColumns {
    let weight = match named {
        Some(name) => Column { name: name.clone(), need: Requirement::Always },
        None => Column { name: WEIGHT.to_owned(), need: Requirement::Optional },
    };
    LabeledColumns { weight: Some(weight), ..columns }
}

/// The class of each row.
pub fn classes(rows: &[Gold], labels: &LabelSet) -> anyhow::Result<Vec<ClassId>> {
    const MOST_LINES: usize = 5;
    let unknown: Vec<&Gold> = rows.iter().filter(|gold| labels.get(&gold.label).is_none()).collect();
    let Some(first) = unknown.first() else {
        return Ok(rows.iter().filter_map(|gold| labels.get(&gold.label)).collect());
    };
    let places: Vec<String> = unknown
        .iter()
        .filter(|gold| gold.label == first.label)
        .take(MOST_LINES)
        .map(|gold| gold.document.place().to_string())
        .collect();
    let Err(error) = labels.require(&first.label) else { return Ok(Vec::new()) };
    anyhow::bail!(
        "{error}. It stands at {}; {} row(s) in all have a label that the model does not know. \
         Leave such rows out with --ignore-label",
        places.join("; "),
        unknown.len()
    )
}

/// Below so many groups the bootstrap's intervals are noticeably too narrow.
const FEW: usize = 20;

/// What to say of the intervals of so many units, which are groups or rows.
pub fn doubts(units: usize, grouped: bool) -> Option<String> {
    match (grouped, units) {
        (false, _) => Some(format!(
            "{}: rows that belong together are taken for independent, and the intervals may be too narrow",
            GroupArgs::missing()
        )),
        (true, 1) => Some("all rows are of one group: there are no intervals".to_owned()),
        (true, _) if units < FEW => {
            Some(format!("{units} groups are few: the intervals are rather too narrow than too wide"))
        }
        (true, _) => None,
    }
}

/// Refuses a reading that gave no row.
pub fn some_rows(labelled: &Labeled, reading: &Reading) -> anyhow::Result<()> {
    if labelled.rows.is_empty() {
        anyhow::bail!(
            "no labelled row was read ({} left out, {} skipped)",
            labelled.left_out,
            reading.skipped.len()
        );
    }
    Ok(())
}

/// Scores rows as units, or cut into paragraphs as `score` would, and hands each answer on in the rows' order.
pub fn answers(
    workers: &Workers<'_>,
    rows: &[Gold],
    documents: bool,
    mut each: impl FnMut(&Gold, Verdict) + Send,
) -> anyhow::Result<()> {
    workers.score_in_order(
        rows.iter().map(|row| (row, row.document.text.len())),
        |worker, row| {
            let text = &row.document.text;
            (row, if documents { worker.score_prepared(text, None) } else { worker.score_unit(text) })
        },
        |(row, verdict)| {
            each(row, verdict);
            Ok(())
        },
    )
}
