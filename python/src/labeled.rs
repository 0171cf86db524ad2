//! Takes labeled rows for training and evaluation.

use pyo3::prelude::*;
use standpoint::Document;
use standpoint::read::{Gold, Labeled};
use standpoint::text::{Preparation, Prepared};
use standpoint::train::Row;

use crate::error::input_error;
use crate::texts::{Rows, TextRow};

/// The columns beside the texts, in the order in which [`Rows`] keeps them.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Columns {
    /// Whether there is a column of groups, of dates, and of ids, in this order behind the labels.
    group: bool,
    date: bool,
    weight: Option<Vec<f64>>,
}

/// One labeled row.
struct LabeledRow {
    document: Document,
    label: String,
    group: Option<String>,
    date: Option<String>,
    weight: f64,
}

impl Columns {
    fn row(&self, py: Python<'_>, row: &TextRow<'_>, preparation: &Preparation) -> PyResult<LabeledRow> {
        let mut kept = row.kept.iter().map(|value| value.as_deref().map(str::to_owned));
        let Some(label) = kept.next().flatten() else {
            return Err(input_error(
                py,
                format!("label[{}] is missing; give every row a label or leave it out", row.number),
            ));
        };
        if row.is_missing() || row.holds_zero() {
            let what =
                if row.is_missing() { "is missing" } else { "contains a zero byte, so it is not text" };
            return Err(input_error(py, format!("texts[{}] {what}; leave the row out", row.number)));
        }
        let texts: Vec<&str> = row.texts.iter().flatten().map(AsRef::as_ref).collect();
        let Prepared { text, title, extraction } = preparation.prepare(&texts, row.title.as_deref());
        let id = row.id.as_deref().map_or_else(|| format!("#{}", row.number + 1), str::to_owned);
        Ok(LabeledRow {
            document: Document {
                id,
                text,
                title,
                extraction,
                record: Some(row.number as u64 + 1),
                ..Document::default()
            },
            label,
            group: self.group.then(|| kept.next().flatten()).flatten(),
            date: self.date.then(|| kept.next().flatten()).flatten(),
            weight: self.weight.as_ref().and_then(|weights| weights.get(row.number)).copied().unwrap_or(1.0),
        })
    }

    fn rows(&self, py: Python<'_>, rows: &Rows, preparation: &Preparation) -> PyResult<Vec<LabeledRow>> {
        if let Some(weights) = self.weight.as_ref().filter(|weights| weights.len() != rows.len()) {
            return Err(input_error(
                py,
                format!("weight has {} numbers for {} rows", weights.len(), rows.len()),
            ));
        }
        let mut labeled = Vec::new();
        while labeled.len() < rows.len() {
            for row in rows.batch(py, labeled.len())? {
                labeled.push(self.row(py, &row, preparation)?);
            }
            py.check_signals()?;
        }
        Ok(labeled)
    }

    /// Rows to train on.
    pub fn training_rows(
        &self,
        py: Python<'_>,
        rows: &Rows,
        preparation: &Preparation,
    ) -> PyResult<Vec<Row>> {
        let with_ids = rows.has_ids();
        let row = |row: LabeledRow| Row {
            group: row.group,
            id: Some(row.document.id).filter(|_| with_ids),
            date: row.date,
            weight: row.weight,
            ..Row::new(row.label, row.document.text)
        };
        Ok(self.rows(py, rows, preparation)?.into_iter().map(row).collect())
    }

    /// Rows to evaluate on.
    pub fn gold_rows(&self, py: Python<'_>, rows: &Rows, preparation: &Preparation) -> PyResult<Labeled> {
        let gold = |row: LabeledRow| Gold {
            document: row.document,
            label: row.label,
            group: row.group,
            weight: row.weight,
            date: row.date,
        };
        let rows = self.rows(py, rows, preparation)?.into_iter().map(gold).collect();
        Ok(Labeled {
            rows,
            group_columns: self.group.then(|| "group".to_owned()).into_iter().collect(),
            ..Labeled::default()
        })
    }
}
