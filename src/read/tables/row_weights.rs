//! Reads the weight of a labeled row: from its own cell, or else from the file that the row names.

use crate::error::{Error, Message, Result, counted};
use crate::read::tables::cells::{is_missing, parse_weight};
use crate::read::tables::sample_weights::{SampleWeights, SheetCells};
use crate::read::{Column, Requirement};
use crate::text::document::Document;

/// Reads the weights of rows, and counts how they were written.
#[derive(Default)]
pub(super) struct RowWeights {
    sheets: SampleWeights,
    written: u64,
    /// Rows without a weight, where the column may be missing.
    absent: u64,
    decimal_commas: u64,
    first_comma: Option<String>,
}

/// The cells that tell the weight of a row.
pub(super) struct WeightCells<'a> {
    pub own: Option<&'a str>,
    pub sheet: SheetCells<'a>,
}

impl RowWeights {
    /// The weight in a row's own cell, or else in the file that the row names.
    pub(super) fn read(
        &mut self,
        document: &Document,
        column: &Column,
        cells: WeightCells<'_>,
        missing: &[String],
    ) -> Result<f64> {
        let WeightCells { own: cell, sheet } = cells;
        let is_known = |cell: &&str| !cell.trim().is_empty() && !is_missing(cell, missing);
        if let (Requirement::Optional, None) = (column.need, cell.filter(is_known)) {
            if let Some(weight) = self.sheets.find(document, sheet)? {
                self.written += 1;
                return Ok(weight);
            }
            // Where a file may lack the column, rows without a weight have the weight 1.
            self.absent += 1;
            return Ok(1.0);
        }
        let written = cell.unwrap_or_default();
        self.written += 1;
        let Some((weight, has_comma)) = parse_weight(written) else {
            let expected = "expected a number of at least 0, without thousands separators";
            let is_missing = is_missing(written, missing);
            let kind = if is_missing || written.trim().is_empty() { ", a missing value" } else { "" };
            let message = format!("the weight is `{written}`{kind}; {expected}");
            return Err(Error::malformed(document.position(), "weight", message));
        };
        if has_comma {
            self.decimal_commas += 1;
            self.first_comma.get_or_insert_with(|| format!("{}: `{}`", document.place(), written.trim()));
        }
        Ok(weight)
    }

    /// Whether a row has a weight of its own.
    pub(super) fn are_written(&self) -> bool {
        self.written > 0
    }

    /// What there is to say about all weights.
    pub(super) fn notes(&self) -> Vec<Message> {
        let RowWeights { written, absent, decimal_commas, first_comma, .. } = self;
        let commas = first_comma.as_ref().map(|first| {
            format!(
                "{first}: the comma is read as a decimal point ({} in all)",
                counted(decimal_commas, "weight")
            )
        });
        let without = (*written > 0 && *absent > 0)
            .then(|| format!("{} without a weight, counted as 1", counted(absent, "row")));
        commas.into_iter().chain(without).map(Message::from).collect()
    }
}
