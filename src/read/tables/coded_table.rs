//! Knows the rows that a work folder of labels exports: those of its table, and those of its
//! labels.

use std::collections::BTreeMap;

use crate::error::{Message, counted};
use crate::read::{Column, Requirement};
use crate::text::document::Document;

/// The columns by which exported rows are known, and the passage of a row with its number.
const COLUMNS: [&str; 8] = ["decision", "coder", "time", "seen", "sample", "unit", "paragraph", "passage"];
/// What a decision may be.
const KINDS: [&str; 4] = ["label", "skip", "unsure", "none"];

/// What a row is to a reader of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExportedRow {
    /// One of the table that says what was decided.
    Decided,
    /// Perhaps one of the table about which nothing is decided: other rows of its file tell.
    PerhapsOpen,
    /// One of the labels.
    Label,
    /// One of another file.
    Other,
}

impl ExportedRow {
    /// Whether a row tells by its column `model` which model was in use, and not from whose results
    /// it was sampled.
    pub(super) fn names_model_in_use(self) -> bool {
        matches!(self, ExportedRow::Decided | ExportedRow::Label)
    }
}

/// The exported tables among the files that are read.
#[derive(Debug, Default)]
pub(super) struct CodedTables {
    /// By path: whether a row has shown that it is such a table, and the places among the rows that
    /// cannot be used of those without a label.
    files: BTreeMap<String, (bool, Vec<usize>)>,
    /// Rows of such tables that say that no label was given.
    without_label: BTreeMap<String, usize>,
}

impl CodedTables {
    /// The columns to read.
    pub(super) fn columns() -> impl ExactSizeIterator<Item = Column> {
        COLUMNS.map(|name| Column { name: name.to_owned(), need: Requirement::Optional }).into_iter()
    }

    /// Looks at a row by the values of these columns. A row about a passage gets the text and the
    /// name of the passage: what was labeled is not the whole text.
    pub(super) fn add(&mut self, document: &mut Document, cells: &[Option<String>]) -> ExportedRow {
        let cell = |at: usize| cells.get(at).and_then(Option::as_deref).map(str::trim);
        let is_flag = |at: usize| {
            cell(at).is_some_and(|cell| matches!(cell.to_ascii_lowercase().as_str(), "true" | "false"))
        };
        // The input of a table may have a column `unit` of its own.
        if cell(0).is_none() && cell(5).is_some() && cell(1).is_some() && is_flag(3) {
            return ExportedRow::Label;
        }
        match cell(0) {
            None if is_flag(4) => ExportedRow::PerhapsOpen,
            Some(kind)
                if KINDS.contains(&kind)
                    && cell(1).is_some()
                    && cell(2).is_some()
                    && is_flag(3)
                    && is_flag(4) =>
            {
                self.files.entry(document.path.clone()).or_default().0 = true;
                match (cell(7).filter(|passage| !passage.is_empty()), cell(6)) {
                    (Some(passage), number) => {
                        document.text = passage.to_owned();
                        document.id = format!("{}:{}", document.id, number.unwrap_or_default());
                    }
                    (None, _) => document.text = document.text.trim().to_owned(),
                }
                ExportedRow::Decided
            }
            _ => ExportedRow::Other,
        }
    }

    /// Notes that a row gives no label, because none was decided on.
    pub(super) fn note_without_label(&mut self, path: &str) {
        *self.without_label.entry(path.to_owned()).or_default() += 1;
    }

    /// Notes where the error about a row stands that may be one about which nothing is decided.
    pub(super) fn note_open(&mut self, path: &str, error: usize) {
        self.files.entry(path.to_owned()).or_default().1.push(error);
    }

    /// The places of errors about rows that are none, as nothing is decided about them, in their
    /// order; and one line for each table.
    pub(super) fn finish(mut self) -> (Vec<usize>, Vec<Message>) {
        let mut open = Vec::new();
        for (path, (_, errors)) in self.files.into_iter().filter(|(_, (is_table, _))| *is_table) {
            let rows = errors.len();
            open.extend(errors);
            if rows > 0 {
                *self.without_label.entry(path).or_default() += rows;
            }
        }
        open.sort_unstable();
        let note = |(path, rows): (String, usize)| {
            let are = if rows == 1 { "is" } else { "are" };
            format!("{path}: {} without a label {are} left out: nobody gave one", counted(rows, "row")).into()
        };
        (open, self.without_label.into_iter().map(note).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(tables: &mut CodedTables, cells: [&str; 8]) -> (ExportedRow, Document) {
        let mut document = Document { path: "coded.csv".to_owned(), ..Document::new("7", " All of it. ") };
        let cells = cells.map(|cell| (!cell.is_empty()).then(|| cell.to_owned()));
        (tables.add(&mut document, &cells), document)
    }

    #[test]
    fn a_row_about_a_passage_has_its_text() {
        let mut tables = CodedTables::default();
        let (found, document) =
            add(&mut tables, ["label", "eva", "2026-05-01", "false", "false", "", "2", "A part."]);
        assert_eq!(
            (found, document.id.as_str(), document.text.as_str()),
            (ExportedRow::Decided, "7:2", "A part.")
        );
        let (found, document) = add(&mut tables, ["none", "eva", "2026-05-01", "FALSE", "TRUE", "", "", ""]);
        assert_eq!(
            (found, document.id.as_str(), document.text.as_str()),
            (ExportedRow::Decided, "7", "All of it.")
        );
        let with_unit = ["label", "eva", "2026-05-01", "true", "true", "own", "2", "A part."];
        assert_eq!(add(&mut tables, with_unit).1.text, "A part.", "the input has a column `unit`");
        let label = add(&mut tables, ["", "eva", "2026-05-01", "true", "false", "7:0:ab", "0", ""]);
        assert_eq!((label.0, label.1.text.as_str()), (ExportedRow::Label, " All of it. "));
    }

    #[test]
    fn rows_of_other_tables_are_no_rows_of_an_export() {
        let mut tables = CodedTables::default();
        for cells in [
            ["", "", "", "", "", "", "", ""],
            ["label", "", "", "", "", "", "", "A part."],
            ["upheld", "eva", "2026", "true", "true", "", "", ""],
            ["", "eva", "", "", "12", "7", "", ""],
        ] {
            assert_eq!(add(&mut tables, cells).0, ExportedRow::Other, "{cells:?}");
        }
        assert_eq!(add(&mut tables, ["", "", "", "", "false", "", "", ""]).0, ExportedRow::PerhapsOpen);
        tables.note_open("coded.csv", 3);
        assert!(tables.finish().0.is_empty(), "no row of the file says more");
    }

    #[test]
    fn rows_without_a_label_are_counted_by_table() {
        let mut tables = CodedTables::default();
        tables.note_open("coded.csv", 4);
        add(&mut tables, ["skip", "eva", "2026", "true", "true", "", "", ""]);
        tables.note_without_label("coded.csv");
        tables.note_open("coded.csv", 1);
        let (open, notes) = tables.finish();
        assert_eq!(open, [1, 4]);
        assert_eq!(notes[0].to_string(), "coded.csv: 3 rows without a label are left out: nobody gave one");
    }
}
