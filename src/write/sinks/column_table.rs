//! Writes chosen columns of the results as a table for reading on a terminal, as wide as the
//! terminal, written as it comes.

use std::io;

use crate::write::fit::columns_of;
use crate::write::rows;
use crate::write::sinks::streamed_table::{StreamedTable, TableForm, TableRow};
use crate::write::text_table::TextColumn;
use crate::write::{CellType, Column, Mark, Outcome, Output, Schema, Sink, wrap};

/// Columns for a text where there is room, and those that it is cut to.
const TEXT_WIDTH: usize = 24;
const MIN_TEXT_WIDTH: usize = 10;
/// Columns for a whole number, and those of another number beside its decimals.
const WHOLE_WIDTH: usize = 6;
const SIGN_AND_POINT: usize = 3;
/// The columns that name a document, of which the first takes the room that is left.
const NAMES: [&str; 5] = ["document", "id", "path", "meta_title", "text"];

/// A table of chosen columns.
#[derive(Debug)]
pub struct ColumnTableSink<W: Output> {
    table: StreamedTable<W>,
    schema: Schema,
    form: TableForm,
}

impl<W: Output> ColumnTableSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, schema: Schema, form: TableForm) -> Self {
        let table = StreamedTable::new(out, columns(&schema, form.digits), form);
        ColumnTableSink { table, schema, form }
    }
}

/// The columns of the table. Of those that were asked for, the last are left out where there is no
/// room.
fn columns(schema: &Schema, digits: usize) -> Vec<TextColumn> {
    let labels = schema.context().labels.names().iter();
    let longest_label = labels.map(|name| columns_of(name)).max().unwrap_or(0);
    let all = schema.columns();
    let filling = all.iter().find(|column| NAMES.contains(&column.name())).map(|column| column.name());
    let ranks = (0u8..=u8::MAX).chain(std::iter::repeat(u8::MAX));
    let column = |(column, rank): (&Column, u8)| {
        let (name, heading) = (column.name(), column.heading());
        let laid_out = match column.cell_type() {
            CellType::Whole => TextColumn::number(heading).widened(WHOLE_WIDTH),
            CellType::Real => TextColumn::number(heading).widened(digits + SIGN_AND_POINT),
            CellType::Text if Some(name) == filling => TextColumn::text(heading).filling(TEXT_WIDTH),
            CellType::Text if ["label", "top"].contains(&name) => {
                TextColumn::text(heading).widened(longest_label).shrinking(MIN_TEXT_WIDTH)
            }
            CellType::Text => TextColumn::text(heading).widened(TEXT_WIDTH).shrinking(MIN_TEXT_WIDTH),
        };
        laid_out.ranked(rank)
    };
    all.iter().zip(ranks).map(column).collect()
}

impl<W: Output> Sink for ColumnTableSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.table.begin()
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let bytes = outcome.as_ref().map_or(0, |scored| scored.document.text.len());
        for row in self.schema.rows(outcome.as_ref()) {
            let cells = row.cells().map(|cell| rows::shown(&cell, self.form.digits)).collect();
            self.table.row(TableRow { cells, bytes, ..TableRow::default() })?;
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.table.checkpoint()
    }

    fn finish(&mut self) -> io::Result<Mark> {
        let columns = self.schema.columns().iter().enumerate();
        let layout = self.table.layout();
        let left_out: Vec<&str> = columns
            .filter(|(number, _)| layout.width(*number) == 0)
            .map(|(_, column)| column.heading())
            .collect();
        let line = format!("no room for {} (every other format has all)", left_out.join(", "));
        let note = if left_out.is_empty() { Vec::new() } else { wrap(&line, self.form.width) };
        self.table.finish(&note)
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.table.commit()
    }

    fn discard(self: Box<Self>) {
        self.table.discard();
    }
}
