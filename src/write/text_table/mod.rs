//! Writes tables for reading, as wide as their cells and no wider than the place for them.

mod layout;

use std::collections::BTreeMap;
use std::io::{self, Write};

pub use layout::{Layout, TextColumn};
use unicode_width::UnicodeWidthStr;

use crate::write::fit::fit_apart;
use crate::write::hanging::hanging;
use crate::write::printable::printable;
use crate::write::style::Style;

/// A table whose rows are all known before it is written.
#[derive(Clone, Debug)]
pub struct TextTable {
    columns: Vec<TextColumn>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// A table without rows.
    pub fn new(columns: Vec<TextColumn>) -> Self {
        TextTable { columns, rows: Vec::new() }
    }

    /// Adds a row of one cell for each column.
    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().map(|cell| printable(&cell)).collect();
        for (column, cell) in self.columns.iter_mut().zip(&cells) {
            // What cannot be cut must have room for its widest cell: a figure never is, or it would
            // be another.
            let needed = match column.cut_to {
                Some(width) if !column.is_number => cell.width().min(width),
                None if column.fills && !column.is_number => 0,
                _ => cell.width(),
            };
            column.least = column.least.max(needed);
            column.width = column.width.max(cell.width());
        }
        self.rows.push(cells);
    }

    /// Writes headings and rows into a width.
    ///
    /// # Errors
    /// The system's error if writing fails.
    pub fn write(&self, out: &mut impl Write, width: usize, style: Style) -> io::Result<()> {
        let mut columns = self.columns.clone();
        columns.iter_mut().for_each(|column| column.fills = false);
        let mut layout = Layout::new(columns, width);
        let legend = layout.number_headings();
        writeln!(out, "{}", style.bold(&layout.headings()))?;
        let cuts = self.cuts(&layout);
        for row in &self.rows {
            let cells = row.iter().zip(&cuts);
            let cells: Vec<&str> =
                cells.map(|(cell, cuts)| cuts.get(cell.as_str()).unwrap_or(cell).as_str()).collect();
            layout.lines(&cells).iter().try_for_each(|line| writeln!(out, "{line}"))?;
        }
        for line in legend.iter().flat_map(|line| hanging(line, width)) {
            writeln!(out, "{line}")?;
        }
        let note = layout.note().unwrap_or_default();
        hanging(&note, width).iter().try_for_each(|line| writeln!(out, "{}", style.dim(line)))
    }

    /// For each column that is too narrow for its texts, the shortened texts: distinct if there is
    /// room for that.
    fn cuts(&self, layout: &Layout) -> Vec<BTreeMap<&str, String>> {
        let of_column = |(place, column): (usize, &TextColumn)| {
            let width = layout.width(place);
            let cells = || self.rows.iter().filter_map(move |row| row.get(place).map(String::as_str));
            let is_cut = !column.keeps_end && !column.wraps && cells().any(|cell| cell.width() > width);
            if is_cut { fit_apart(cells(), width) } else { BTreeMap::new() }
        };
        self.columns.iter().enumerate().map(of_column).collect()
    }

    /// Whether no column would be left out at a width.
    #[cfg(any(feature = "cli", test))]
    pub fn fits(&self, width: usize) -> bool {
        self.room_for(|column| column.least) <= width
    }

    /// Whether no column would be left out at a width, nor a cell cut.
    #[cfg(any(feature = "cli", test))]
    pub fn is_whole(&self, width: usize) -> bool {
        self.room_for(|column| column.width) <= width
    }

    #[cfg(any(feature = "cli", test))]
    fn room_for(&self, of: impl Fn(&TextColumn) -> usize) -> usize {
        self.columns.iter().map(of).sum::<usize>() + layout::GAP * self.columns.len().saturating_sub(1)
    }
}

/// A bar for a share of 1, in eighths of a column.
#[cfg(any(feature = "cli", test))]
pub fn bar(share: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * 8.0 * width as f64).round() as usize;
    let part = EIGHTHS.get(eighths % 8).copied().unwrap_or("");
    format!("{}{part}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_as_wide_as_its_cells() {
        let mut table =
            TextTable::new(vec![TextColumn::text("group").shrinking(5), TextColumn::number("rows")]);
        table.push(["a long name".to_owned(), "7".to_owned()]);
        table.push(["b".to_owned(), "12345".to_owned()]);
        let written = |width| {
            let mut out = Vec::new();
            table.write(&mut out, width, Style::Plain).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(80), "group         rows\na long name      7\nb            12345\n");
        assert_eq!(written(14), "group     rows\na long…      7\nb        12345\n");
        assert!(table.fits(12) && !table.fits(11));
        let mut figures = TextTable::new(vec![TextColumn::number("a long name").shrinking(2)]);
        figures.push(["123456".to_owned()]);
        assert!(figures.fits(6) && !figures.fits(5), "a figure is never cut");
        let mut headed = TextTable::new(vec![TextColumn::text("a long name").cutting_heading()]);
        headed.push(["short".to_owned()]);
        assert!(headed.fits(5) && !headed.fits(4) && !headed.is_whole(10) && headed.is_whole(11));
    }

    #[test]
    fn cells_of_a_wrapping_column_go_on_below_and_ends_are_kept_on_request() {
        let mut table = TextTable::new(vec![
            TextColumn::text("id").shrinking(4).keeping_end(),
            TextColumn::number("F1"),
            TextColumn::text("settings").wrapping(12),
        ]);
        table.push(["folder/a".to_owned(), "0.5".to_owned(), "words 1-2, tf-idf, C 10".to_owned()]);
        table.push(["b".to_owned(), "0.25".to_owned(), String::new()]);
        let written = |width| {
            let mut out = Vec::new();
            table.write(&mut out, width, Style::Plain).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            written(60),
            "id          F1  settings\nfolder/a   0.5  words 1-2, tf-idf, C 10\nb         0.25\n"
        );
        assert_eq!(
            written(24),
            "id      F1  settings\n…r/a   0.5  words 1-2,\n              tf-idf,\n              C 10\nb     0.25\n"
        );
        assert!(table.is_whole(39) && !table.is_whole(38));
    }

    #[test]
    fn nothing_is_cut_alike() {
        let share = |name| TextColumn::text(name).widened(5).shrinking(5);
        let mut table = TextTable::new(vec![
            TextColumn::text("outlet").shrinking(10),
            share("pro with troops"),
            share("pro without troops"),
            share("con"),
        ]);
        table.push(["The Post North", "1%", "2%", "3%"].map(str::to_owned));
        table.push(["The Post South", "4%", "5%", "6%"].map(str::to_owned));
        let mut out = Vec::new();
        table.write(&mut out, 31, Style::Plain).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "outlet      [1]    [2]    con\n\
             The …North  1%     2%     3%\n\
             The …South  4%     5%     6%\n\
             [1] pro with troops\n[2] pro without troops\n"
        );
    }

    #[test]
    fn a_bar_has_the_length_of_its_share() {
        assert_eq!(
            [0.0, 0.5, 0.55, 1.0, 7.0].map(|share| bar(share, 10)).map(|bar| bar.chars().count()),
            [0, 5, 6, 10, 10]
        );
        assert_eq!(bar(0.0625, 10), "▋");
    }
}
