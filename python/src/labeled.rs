//! Takes labeled rows for training and evaluation.

use std::collections::BTreeSet;

use pyo3::prelude::*;
use standpoint::Document;
use standpoint::read::{GROUP_COLUMNS, Gold, Labeled, MISSING_VALUES, column_signs};
use standpoint::text::{Preparation, Prepared, SignCounts};
use standpoint::train::Row;

use crate::error::{input_error, keyword};
use crate::texts::{DATE_COLUMN, Rows, TextRow, for_each_row};

/// The columns beside the texts, in the order in which [`Rows`] keeps them.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Columns {
    /// Whether there is a column of groups, and one of dates, in this order behind the labels.
    group: bool,
    date: bool,
    weight: Option<Vec<f64>>,
}

/// One labeled row.
struct LabeledRow {
    document: Document,
    cells: Cells,
}

/// What the other columns say of a row.
struct Cells {
    label: String,
    group: Option<String>,
    date: Option<String>,
    weight: f64,
}

/// Rows to train on, and the signs that their texts are not what they are taken for.
pub struct TrainingRows {
    pub rows: Vec<Row>,
    pub signs: SignCounts,
}

/// Rows, and the columns that gave their groups.
struct LabeledRows {
    rows: Vec<LabeledRow>,
    group_columns: BTreeSet<String>,
}

impl LabeledRows {
    fn signs(&self) -> SignCounts {
        let mut signs = SignCounts::default();
        self.rows.iter().for_each(|row| signs.add(&row.document));
        signs
    }
}

impl Columns {
    fn cells(
        &self,
        py: Python<'_>,
        rows: &Rows,
        row: &TextRow<'_>,
        found: &mut LabeledRows,
    ) -> PyResult<Cells> {
        let number = row.number;
        let mut kept = row.kept.iter().map(|value| value.as_deref().map(str::to_owned));
        let Some(label) = kept.next().flatten() else {
            return Err(input_error(
                py,
                format!("label[{number}] is missing; give every row a label or leave it out"),
            ));
        };
        if row.is_missing() || row.holds_zero() {
            let what =
                if row.is_missing() { "is missing" } else { "contains a zero byte, so it is not text" };
            return Err(input_error(py, format!("texts[{number}] {what}; leave the row out")));
        }
        let mut group = self.group.then(|| kept.next().flatten()).flatten();
        let mut date = self.date.then(|| kept.next().flatten()).flatten();
        if group.is_some() {
            found.group_columns.insert("group".to_owned());
        }
        for (name, value) in rows.usual.iter().zip(kept) {
            let value = value.filter(|value| !says_missing(value));
            match *name {
                DATE_COLUMN => date = value,
                _ if group.is_none() && value.is_some() => {
                    group = value;
                    found.group_columns.insert((*name).to_owned());
                }
                _ => {}
            }
        }
        let weight = self.weight.as_ref().and_then(|weights| weights.get(number)).copied().unwrap_or(1.0);
        Ok(Cells { label, group, date, weight })
    }

    fn rows(&self, py: Python<'_>, rows: &Rows, preparation: &Preparation) -> PyResult<LabeledRows> {
        if let Some(weights) = self.weight.as_ref().filter(|weights| weights.len() != rows.len()) {
            return Err(input_error(
                py,
                format!("weight has {} numbers for {} rows", weights.len(), rows.len()),
            ));
        }
        let mut found = LabeledRows { rows: Vec::new(), group_columns: BTreeSet::new() };
        while found.rows.len() < rows.len() {
            let batch = rows.batch(py, found.rows.len())?;
            let cells: Vec<Cells> =
                batch.iter().map(|row| self.cells(py, rows, row, &mut found)).collect::<PyResult<_>>()?;
            let preparation = preparation.clone();
            let documents = for_each_row(py, &batch, move |row| document(row, &preparation))?;
            let labeled = documents.into_iter().zip(cells);
            found.rows.extend(labeled.map(|(document, cells)| LabeledRow { document, cells }));
            py.check_signals()?;
        }
        Ok(found)
    }

    /// Rows to train on.
    pub fn training_rows(
        &self,
        py: Python<'_>,
        rows: &Rows,
        preparation: &Preparation,
    ) -> PyResult<TrainingRows> {
        let with_ids = rows.has_ids();
        let row = |LabeledRow { document, cells }: LabeledRow| Row {
            group: cells.group,
            id: Some(document.id).filter(|_| with_ids),
            date: cells.date,
            weight: cells.weight,
            ..Row::new(cells.label, document.text)
        };
        let labeled = self.rows(py, rows, preparation)?;
        let signs = labeled.signs();
        Ok(TrainingRows { rows: labeled.rows.into_iter().map(row).collect(), signs })
    }

    /// Rows to evaluate on, with warnings of texts that are not what they are taken for.
    pub fn gold_rows(&self, py: Python<'_>, rows: &Rows, preparation: &Preparation) -> PyResult<Labeled> {
        let gold = |LabeledRow { document, cells }: LabeledRow| Gold {
            document,
            label: cells.label,
            group: cells.group,
            weight: cells.weight,
            date: cells.date,
        };
        let labeled = self.rows(py, rows, preparation)?;
        let warnings = labeled.signs().notes().collect();
        let LabeledRows { rows, group_columns } = labeled;
        let rows = rows.into_iter().map(gold).collect();
        Ok(Labeled { rows, group_columns, warnings, ..Labeled::default() })
    }
}

/// Says where groups were looked for, if no row has one.
pub fn no_group(rows: &Rows) -> String {
    let (last, others) = GROUP_COLUMNS.split_last().unwrap_or((&"", &[]));
    match rows.is_table() {
        true => format!("no column {} or {last}, and no {}", others.join(", "), keyword("group")),
        false => format!("no {}", keyword("group")),
    }
}

/// Whether a cell is blank, or says that its value is missing.
fn says_missing(cell: &str) -> bool {
    let cell = cell.trim();
    cell.is_empty() || MISSING_VALUES.contains(&cell)
}

/// The document of a row, as the model's preparation makes it.
fn document(row: &TextRow<'_>, preparation: &Preparation) -> Document {
    let texts: Vec<&str> = row.texts.iter().flatten().map(AsRef::as_ref).collect();
    let Prepared { text, title, extraction } = preparation.prepare(&texts, row.title.as_deref());
    Document {
        id: row.id.as_deref().map_or_else(|| format!("#{}", row.number + 1), str::to_owned),
        // For messages.
        path: "texts".to_owned(),
        signs: column_signs(&text, preparation.markup),
        text,
        title,
        extraction,
        record: Some(row.number as u64 + 1),
        ..Document::default()
    }
}
