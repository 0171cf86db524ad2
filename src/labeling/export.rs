//! Exports decisions in each of the forms that a page offers, and writes them as training rows.

use std::io::{self, Write};

use crate::error::{Error, Position, Result};
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::sample::Sample;
use crate::labeling::workspace::Workspace;
use crate::named::named;
use crate::write::{CsvStyle, Sheet};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportKind {
    /// The input, a line a record, with what was decided beside it, as CSV.
    Table,
    /// The same for spreadsheets: with the mark by which Excel knows UTF-8, and without formulas.
    Excel,
    /// The labels with their texts, as CSV that `train` takes.
    Labels,
    /// The page of an evaluation of the model in use on the coded sample, as HTML.
    Evaluation,
}

named!(ExportKind { Table: "table", Excel: "excel", Labels: "labels", Evaluation: "evaluation" });

impl ExportKind {
    /// A name for the file.
    pub fn file_name(self) -> &'static str {
        match self {
            ExportKind::Table => "coded.csv",
            ExportKind::Excel => "coded-excel.csv",
            ExportKind::Labels => "labels.csv",
            ExportKind::Evaluation => "evaluation.html",
        }
    }
}

/// The columns of labels.
const LABELS: [&str; 15] = [
    "unit",
    "text",
    "label",
    "source",
    "article",
    "paragraph",
    "date",
    "title",
    "coder",
    "time",
    "note",
    "flag",
    "seen",
    "model",
    "sample",
];

impl Workspace {
    /// Writes an export. Reads from disk for a table.
    ///
    /// # Errors
    /// A system that does not write; an input that is no longer what it was when the workspace was
    /// opened; an evaluation with fewer than two coded passages.
    pub fn export(&self, kind: ExportKind, out: &mut dyn Write) -> Result<()> {
        match kind {
            ExportKind::Labels => self.export_labels(out).map_err(cannot_write),
            ExportKind::Table => self.export_table(out, false),
            ExportKind::Excel => self.export_table(out, true),
            ExportKind::Evaluation => self.export_evaluation(out),
        }
    }

    fn export_labels(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut sheet = Sheet::new(out, CsvStyle { excel: false }, &LABELS)?;
        // A copy: who saves a decision does not wait for whoever takes the file.
        let mut decisions: Vec<Decision> = self.decided().decisions.current().cloned().collect();
        decisions.retain(|decision| decision.kind == DecisionKind::Label);
        if let Ok(archive) = self.archive() {
            // In the order of the table, so that both train the same model.
            decisions.sort_by_cached_key(|decision| {
                let place = archive.find(&decision.unit);
                (place.is_none(), place)
            });
        }
        let sample = self.sample().as_ref().map(Sample::ids).unwrap_or_default();
        for decision in &decisions {
            let optional = |value: &Option<String>| value.clone().unwrap_or_default();
            sheet.row(&[
                decision.unit.clone(),
                decision.text.clone(),
                optional(&decision.label),
                optional(&decision.source),
                decision.article.clone(),
                decision.paragraph.to_string(),
                optional(&decision.date),
                optional(&decision.title),
                decision.coder.clone(),
                decision.time.clone(),
                optional(&decision.note),
                decision.flag.to_string(),
                decision.seen.to_string(),
                decision.model.clone(),
                sample.contains(&decision.unit).to_string(),
            ])?;
        }
        sheet.finish()?.flush()
    }
}

pub(super) fn cannot_write(error: io::Error) -> Error {
    Error::io(Position::from_path("export"), "write", error)
}
