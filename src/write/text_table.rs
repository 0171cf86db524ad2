//! Lays out tables for reading: fits columns to a width, and leaves out the least important ones
//! where there is no room.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::write::fit::{fit_apart, fit_end, fit_start};
use crate::write::hanging::{hanging, hanging_list};
use crate::write::printable::printable;
use crate::write::style::Style;

/// Blanks between two columns.
const GAP: usize = 2;

/// A column of a table for reading.
#[derive(Clone, Debug)]
pub struct TextColumn {
    heading: String,
    is_number: bool,
    /// Its width where there is room; [`TextTable`] widens it to its cells.
    width: usize,
    /// The width of its widest cell, where some cells are known before the widths are fixed.
    seen: Option<usize>,
    /// The width that it is never cut below.
    least: usize,
    /// The width that wider cells may be cut to.
    cut_to: Option<usize>,
    /// Whether it takes the room that no other column needs.
    fills: bool,
    /// Whether a cut cell keeps its end instead of its beginning.
    keeps_end: bool,
    /// Whether a cell that has no room goes on in the lines below instead of being cut.
    wraps: bool,
    /// 0 for a column that is always shown; the higher, the sooner it is left out.
    rank: u8,
}

impl TextColumn {
    /// Texts, aligned left.
    pub fn text(heading: impl Into<String>) -> Self {
        let heading = printable(&heading.into());
        let width = heading.width();
        TextColumn {
            heading,
            is_number: false,
            width,
            seen: None,
            least: width,
            cut_to: None,
            fills: false,
            keeps_end: false,
            wraps: false,
            rank: 0,
        }
    }

    /// Figures, aligned right.
    pub fn number(heading: impl Into<String>) -> Self {
        TextColumn { is_number: true, ..TextColumn::text(heading) }
    }

    /// At least so wide.
    #[must_use]
    pub fn widened(self, width: usize) -> Self {
        let width = self.width.max(width);
        TextColumn { width, least: width, ..self }
    }

    /// Cut to this width where there is no more room.
    #[must_use]
    pub fn shrinking(self, least: usize) -> Self {
        TextColumn { least: least.min(self.width), cut_to: Some(least), ..self }
    }

    /// Cuts the heading where there is no more room, and never a cell.
    #[must_use]
    pub fn cutting_heading(self) -> Self {
        TextColumn { least: 0, ..self }
    }

    /// Takes all room that is left, and no less than `least`.
    #[must_use]
    pub fn filling(self, least: usize) -> Self {
        TextColumn { width: least, least, fills: true, ..self }
    }

    /// Keeps the end of a cell that is cut, as the end of a path tells more than its beginning. The
    /// heading is never cut.
    #[must_use]
    pub fn keeping_end(self) -> Self {
        TextColumn { keeps_end: true, least: self.least.max(self.heading.width()), ..self }
    }

    /// Breaks cells that have no room, lists joined by commas, into several lines, and is never
    /// narrower than this. A table has one such column at most.
    #[must_use]
    pub fn wrapping(self, least: usize) -> Self {
        TextColumn { wraps: true, ..self.shrinking(least) }
    }

    /// Notes the width of one of its cells. A column of figures has its width already, and so has
    /// one that is never cut.
    pub(crate) fn see(&mut self, width: usize) {
        if !self.is_number && (self.fills || self.cut_to.is_some()) {
            let heading = self.heading.width();
            self.seen = Some(self.seen.unwrap_or(heading).max(width));
        }
    }

    /// The width that its cells need, up to its usual one.
    fn needed(&self) -> usize {
        self.seen.map_or(self.width, |seen| seen.min(self.width))
    }

    /// The width at which no cell is cut.
    fn whole(&self) -> usize {
        self.seen.unwrap_or(self.width)
    }

    /// Left out where there is no room, before all columns of a lower rank. Rank 0 is never left
    /// out.
    #[must_use]
    pub fn ranked(self, rank: u8) -> Self {
        TextColumn { rank, ..self }
    }
}

/// The columns that fit, each with its width.
#[derive(Clone, Debug)]
pub struct Layout {
    columns: Vec<TextColumn>,
    /// The width of each column; `None` for one that is left out.
    widths: Vec<Option<usize>>,
}

impl Layout {
    /// Fits columns into a width: leaves out those of the highest rank (of equals the last) until
    /// the others fit, and shares the room that is left.
    pub fn new(columns: Vec<TextColumn>, width: usize) -> Self {
        let mut widths: Vec<Option<usize>> = columns.iter().map(|column| Some(column.least)).collect();
        let room = |widths: &[Option<usize>]| {
            let shown = widths.iter().flatten();
            let used: usize = shown.clone().sum::<usize>() + GAP * shown.count().saturating_sub(1);
            width.checked_sub(used)
        };
        while room(&widths).is_none() {
            let shown = columns.iter().zip(&mut widths).filter(|(_, width)| width.is_some());
            match shown.max_by_key(|(column, _)| column.rank) {
                Some((column, width)) if column.rank > 0 => *width = None,
                _ => break,
            }
        }
        let mut room = room(&widths).unwrap_or(0);
        // Names that are known to be short give their room to others.
        for (column, width) in columns.iter().zip(&mut widths) {
            if let (Some(width), Some(seen), true) = (width, column.seen, column.fills) {
                let spare = width.saturating_sub(seen.max(column.least / 2));
                *width -= spare;
                room += spare;
            }
        }
        let usual = |column: &TextColumn| column.width;
        for wanted in [TextColumn::needed, TextColumn::whole, usual] {
            for (column, width) in columns.iter().zip(&mut widths) {
                let Some(width) = width else { continue };
                let more = wanted(column).saturating_sub(*width).min(room);
                *width += more;
                room -= more;
            }
        }
        let filling = columns.iter().zip(&mut widths).find(|(column, width)| column.fills && width.is_some());
        if let Some((_, Some(width))) = filling {
            *width += room;
        }
        Layout { columns, widths }
    }

    /// The width of a column; 0 for one that is left out.
    pub fn width(&self, column: usize) -> usize {
        self.widths.get(column).copied().flatten().unwrap_or(0)
    }

    /// Whether every column is shown.
    pub fn is_whole(&self) -> bool {
        self.widths.iter().all(Option::is_some)
    }

    /// Says which columns are left out, if any are.
    pub fn note(&self) -> Option<String> {
        let columns = self.columns.iter().zip(&self.widths);
        let left_out: Vec<&str> =
            columns.filter(|(_, width)| width.is_none()).map(|(column, _)| column.heading.as_str()).collect();
        (!left_out.is_empty())
            .then(|| format!("no room for {}; a wider terminal shows all", left_out.join(", ")))
    }

    /// Numbers the headings that would be cut alike, and gives what each number stands for.
    fn number_headings(&mut self) -> Vec<String> {
        let shown = self.columns.iter().zip(&self.widths);
        let cut: Vec<Option<String>> =
            shown.map(|(column, width)| width.map(|width| fit_start(&column.heading, width))).collect();
        let mut legend = Vec::new();
        for (column, heading) in self.columns.iter_mut().zip(&cut) {
            let is_cut = heading.as_ref().is_some_and(|cut| *cut != column.heading);
            if is_cut && cut.iter().filter(|other| *other == heading).count() > 1 {
                let number = format!("[{}]", legend.len() + 1);
                legend.push(format!("{number} {}", column.heading));
                column.heading = number;
            }
        }
        legend
    }

    /// The line of the headings.
    pub fn headings(&self) -> String {
        let headings: Vec<&str> = self.columns.iter().map(|column| column.heading.as_str()).collect();
        self.line(&headings, |_, cell| cell)
    }

    /// A line of one cell for each column, those that are left out too. `paint` may mark a cell
    /// that has its width.
    pub fn line(&self, cells: &[&str], paint: impl Fn(usize, String) -> String) -> String {
        let mut line = String::new();
        let mut blanks = 0;
        for (number, (column, width)) in self.columns.iter().zip(&self.widths).enumerate() {
            let Some(width) = *width else { continue };
            let fit = if column.keeps_end { fit_end } else { fit_start };
            let cell = fit(cells.get(number).copied().unwrap_or(""), width);
            let filling = width.saturating_sub(cell.width());
            let (before, after) = if column.is_number { (filling, 0) } else { (0, filling) };
            // Blanks are written before the next cell only, so that no line ends with them.
            if cell.is_empty() {
                blanks += width + GAP;
                continue;
            }
            line.extend(std::iter::repeat_n(' ', blanks + before));
            line.push_str(&paint(number, cell));
            blanks = after + GAP;
        }
        line
    }

    /// The lines of a row: one, or as many as the cell of a column that wraps needs.
    fn lines(&self, cells: &[&str]) -> Vec<String> {
        let Some(place) = self.columns.iter().position(|column| column.wraps) else {
            return vec![self.line(cells, |_, cell| cell)];
        };
        let pieces = hanging_list(cells.get(place).unwrap_or(&""), self.width(place));
        let line = |number: usize| {
            let piece = pieces.get(number).map_or("", String::as_str);
            let cell = |(at, cell)| match (at == place, number) {
                (true, _) => piece,
                (false, 0) => cell,
                (false, _) => "",
            };
            let cells: Vec<&str> = cells.iter().copied().enumerate().map(cell).collect();
            self.line(&cells, |_, cell| cell)
        };
        (0..pieces.len().max(1)).map(line).collect()
    }
}

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
        let columns = self.columns.iter().map(|column| TextColumn { fills: false, ..column.clone() });
        let mut layout = Layout::new(columns.collect(), width);
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
    pub fn fits(&self, width: usize) -> bool {
        self.room_for(|column| column.least) <= width
    }

    /// Whether no column would be left out at a width, nor a cell cut.
    pub fn is_whole(&self, width: usize) -> bool {
        self.room_for(|column| column.width) <= width
    }

    fn room_for(&self, of: impl Fn(&TextColumn) -> usize) -> usize {
        self.columns.iter().map(of).sum::<usize>() + GAP * self.columns.len().saturating_sub(1)
    }
}

/// A bar for a share of 1, in eighths of a column.
pub fn bar(share: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * 8.0 * width as f64).round() as usize;
    let part = EIGHTHS.get(eighths % 8).copied().unwrap_or("");
    format!("{}{part}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn columns() -> Vec<TextColumn> {
        vec![
            TextColumn::text("name").filling(8),
            TextColumn::text("label").widened(7),
            TextColumn::number("p").widened(4).ranked(1),
            TextColumn::number("words").ranked(3),
            TextColumn::text("outlet").widened(12).shrinking(6).ranked(2),
        ]
    }

    #[test]
    fn the_least_important_columns_give_way() {
        let shown = |width| Layout::new(columns(), width).headings();
        assert_eq!(shown(50), "name            label       p  words  outlet");
        assert_eq!(shown(40), "name      label       p  words  outlet");
        assert_eq!(shown(34), "name      label       p  outlet");
        assert_eq!(shown(24), "name       label       p");
        assert_eq!(shown(3), "name      label", "what has rank 0 stays");
    }

    #[test]
    fn numbers_stand_right_and_lines_end_with_their_last_cell() {
        let layout = Layout::new(columns(), 40);
        let line = layout.line(&["a", "pro", "0.5", "", ""], |_, cell| cell);
        assert_eq!(line, "a         pro       0.5");
        let line = layout.line(&["a", "pro", "", "7", "x"], |number, cell| format!("{number}{cell}"));
        assert_eq!(line, "0a         1pro                37  4x");
    }

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
    fn cells_that_are_known_take_the_room_that_others_do_not_need() {
        let texts = || {
            vec![
                TextColumn::text("name").filling(8),
                TextColumn::number("p").widened(4),
                TextColumn::text("outlet").widened(12).shrinking(6),
                TextColumn::text("date").widened(12).shrinking(6),
            ]
        };
        let widths = |seen: [usize; 3], width: usize| {
            let mut columns = texts();
            for (column, seen) in [0, 2, 3].into_iter().zip(seen) {
                columns[column].see(seen);
            }
            let layout = Layout::new(columns, width);
            [0, 2, 3].map(|column| layout.width(column))
        };
        assert_eq!(widths([20, 20, 10], 60), [20, 20, 10], "each cell is whole");
        assert_eq!(widths([10, 20, 10], 60), [18, 20, 12], "later cells find the rest");
        assert_eq!(widths([20, 20, 10], 50), [18, 12, 10], "a date gives what it does not need");
        assert_eq!(widths([20, 20, 10], 30), [8, 6, 6], "where there is no room, all are cut");
        assert_eq!(widths([2, 20, 10], 41), [4, 17, 10], "short names give half of what they have");
    }

    #[test]
    fn a_bar_has_the_length_of_its_share() {
        assert_eq!(
            [0.0, 0.5, 0.55, 1.0, 7.0].map(|share| bar(share, 10)).map(|bar| bar.chars().count()),
            [0, 5, 6, 10, 10]
        );
        assert_eq!(bar(0.0625, 10), "▋");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_the_terminal(
            cells in prop::collection::vec(".{0,30}", 5),
            width in 20usize..120,
        ) {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let layout = Layout::new(columns(), width);
            prop_assert!(layout.line(&cells, |_, cell| cell).width() <= width);
            prop_assert!(layout.headings().width() <= width);
        }
    }
}
