//! Writes chosen columns of the results as a table for reading on a terminal, as wide as the
//! terminal, written as it comes.

use std::io;

use crate::write::fit::columns_of;
use crate::write::printable::shown;
use crate::write::rows;
use crate::write::sinks::table::TableForm;
use crate::write::text_table::{Layout, TextColumn};
use crate::write::{CellType, Column, Mark, Outcome, Output, Schema, Sink, wrap};

/// Columns for a text where there is room, and those that it is cut to.
const TEXT_WIDTH: usize = 24;
const MIN_TEXT_WIDTH: usize = 10;
/// Columns for a whole number, and those of another number beside its decimals.
const WHOLE_WIDTH: usize = 6;
const SIGN_AND_POINT: usize = 3;
/// The columns that name a document, of which the first takes the room that is left.
const NAMES: [&str; 4] = ["id", "path", "meta_title", "text"];

/// A table of chosen columns.
#[derive(Debug)]
pub struct ColumnTableSink<W: Output> {
    out: W,
    schema: Schema,
    form: TableForm,
    layout: Layout,
}

impl<W: Output> ColumnTableSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, schema: Schema, form: TableForm) -> Self {
        let layout = Layout::new(columns(&schema, form.digits), form.width);
        ColumnTableSink { out, schema, form, layout }
    }

    /// Writes one line: nothing of the input leaves it or drives the terminal.
    fn write_line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", shown(line, self.form.style))
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
        let name = column.name();
        let laid_out = match column.cell_type() {
            CellType::Whole => TextColumn::number(name).widened(WHOLE_WIDTH),
            CellType::Real => TextColumn::number(name).widened(digits + SIGN_AND_POINT),
            CellType::Text if Some(name) == filling => TextColumn::text(name).filling(TEXT_WIDTH),
            CellType::Text if ["label", "top"].contains(&name) => {
                TextColumn::text(name).widened(longest_label).shrinking(MIN_TEXT_WIDTH)
            }
            CellType::Text => TextColumn::text(name).widened(TEXT_WIDTH).shrinking(MIN_TEXT_WIDTH),
        };
        laid_out.ranked(rank)
    };
    all.iter().zip(ranks).map(column).collect()
}

impl<W: Output> Sink for ColumnTableSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        let headings = self.form.style.bold(&self.layout.headings());
        self.write_line(&headings)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let rows = self.schema.rows(outcome.as_ref());
        let lines = rows.map(|row| {
            let cells: Vec<String> = row.cells().map(|cell| rows::shown(&cell, self.form.digits)).collect();
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            self.layout.line(&cells, |_, cell| cell)
        });
        let lines: Vec<String> = lines.collect();
        lines.iter().try_for_each(|line| self.write_line(line))
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.out.end_segment()
    }

    fn finish(&mut self) -> io::Result<Mark> {
        let columns = self.schema.columns().iter().enumerate();
        let left_out: Vec<&str> = columns
            .filter(|(number, _)| self.layout.width(*number) == 0)
            .map(|(_, column)| column.name())
            .collect();
        if !left_out.is_empty() {
            let line = format!("no room for {} (every other format has all)", left_out.join(", "));
            wrap(&line, self.form.width).iter().try_for_each(|line| self.write_line(line))?;
        }
        self.out.finish()
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}
