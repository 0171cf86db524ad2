//! Writes the lines of a table as they come, in columns whose widths the first rows decide.

use std::io;

use crate::write::fit::{columns_of, fit_end};
use crate::write::printable::{printable, shown};
use crate::write::text_table::{Layout, TextColumn};
use crate::write::{Mark, Output, Style};

/// The place of a document's name in a line.
const NAME: usize = 0;
/// The place of its label.
const LABEL: usize = 1;
/// The rows that decide the widths, and the bytes of text after which fewer of them do: as many as
/// come with the first batch.
const MAX_FIRST_ROWS: usize = 200;
const MAX_FIRST_BYTES: usize = 1 << 20;

/// How a table for a terminal is written.
#[derive(Clone, Copy, Debug)]
pub struct TableForm {
    /// Whether it is colored.
    pub style: Style,
    /// The columns that a line may have.
    pub width: usize,
    /// Decimals of numbers.
    pub digits: usize,
    /// Whether the first rows decide the widths of columns. Those of a file must not, which may be
    /// continued without them.
    pub looks_ahead: bool,
}

/// A table that is written before its last row is known.
#[derive(Debug)]
pub(crate) struct StreamedTable<W: Output> {
    out: W,
    form: TableForm,
    columns: Vec<TextColumn>,
    layout: Layout,
    /// The first lines; `None` when the widths are fixed.
    first: Option<FirstLines>,
}

#[derive(Debug, Default)]
struct FirstLines {
    lines: Vec<Line>,
    rows: usize,
    bytes: usize,
}

#[derive(Debug)]
enum Line {
    Row(TableRow),
    Text(String),
}

/// One row.
#[derive(Debug, Default)]
pub(crate) struct TableRow {
    pub(crate) cells: Vec<String>,
    /// Whether the first cell keeps its end where it is cut.
    pub(crate) keeps_end: bool,
    /// The class whose color the label has.
    pub(crate) class: Option<usize>,
    pub(crate) is_dim: bool,
    /// The bytes of the text that it is about.
    pub(crate) bytes: usize,
}

impl<W: Output> StreamedTable<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W, columns: Vec<TextColumn>, form: TableForm) -> Self {
        let layout = Layout::new(columns.clone(), form.width);
        let first = form.looks_ahead.then(FirstLines::default);
        StreamedTable { out, form, columns, layout, first }
    }

    /// The columns that have their widths.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Writes the headings, if the widths are fixed.
    pub(crate) fn begin(&mut self) -> io::Result<()> {
        if self.first.is_some() { Ok(()) } else { self.write_headings() }
    }

    /// Takes a row.
    pub(crate) fn row(&mut self, row: TableRow) -> io::Result<()> {
        let Some(first) = &mut self.first else { return self.write_row(&row) };
        first.rows += 1;
        first.bytes += row.bytes + row.cells.iter().map(String::len).sum::<usize>();
        first.lines.push(Line::Row(row));
        let is_enough = first.rows >= MAX_FIRST_ROWS || first.bytes >= MAX_FIRST_BYTES;
        if is_enough { self.fix_widths() } else { Ok(()) }
    }

    /// Takes a line below a row.
    pub(crate) fn text(&mut self, text: String) -> io::Result<()> {
        match &mut self.first {
            Some(first) => first.lines.push(Line::Text(text)),
            None => self.write_line(&text)?,
        }
        Ok(())
    }

    /// Lays the columns out for the first rows, and writes those.
    fn fix_widths(&mut self) -> io::Result<()> {
        let Some(first) = self.first.take() else { return Ok(()) };
        for line in &first.lines {
            let Line::Row(row) = line else { continue };
            for (column, cell) in self.columns.iter_mut().zip(&row.cells) {
                column.see(columns_of(&printable(cell)));
            }
        }
        self.layout = Layout::new(self.columns.clone(), self.form.width);
        self.write_headings()?;
        first.lines.into_iter().try_for_each(|line| match line {
            Line::Row(row) => self.write_row(&row),
            Line::Text(text) => self.write_line(&text),
        })
    }

    fn write_headings(&mut self) -> io::Result<()> {
        let headings = self.form.style.bold(&self.layout.headings());
        self.write_line(&headings)
    }

    fn write_row(&mut self, row: &TableRow) -> io::Result<()> {
        let mut cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        let name = row.keeps_end.then(|| fit_end(cells.first().unwrap_or(&""), self.layout.width(NAME)));
        if let (Some(name), Some(cell)) = (&name, cells.first_mut()) {
            *cell = name;
        }
        let line = self.layout.line(&cells, |column, cell| match row.class {
            Some(class) if column == LABEL => self.form.style.class(class, &cell),
            _ => cell,
        });
        let line = if row.is_dim { self.form.style.dim(&line) } else { line };
        self.write_line(&line)
    }

    /// Writes one line: nothing of the input leaves it or drives the terminal.
    fn write_line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", shown(line, self.form.style))
    }

    /// Ends a segment.
    pub(crate) fn checkpoint(&mut self) -> io::Result<Mark> {
        self.fix_widths()?;
        self.out.end_segment()
    }

    /// Writes what is held and these lines.
    pub(crate) fn finish(&mut self, last: &[String]) -> io::Result<Mark> {
        self.fix_widths()?;
        last.iter().try_for_each(|line| self.write_line(line))?;
        self.out.finish()
    }

    pub(crate) fn commit(self) -> io::Result<()> {
        self.out.commit()
    }

    pub(crate) fn discard(self) {
        self.out.discard();
    }
}
