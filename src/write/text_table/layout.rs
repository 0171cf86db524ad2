//! Fits columns to a width, and leaves out the least important ones where there is no room.

use unicode_width::UnicodeWidthStr;

use crate::write::fit::{fit_end, fit_start};
use crate::write::hanging::hanging_list;
use crate::write::printable::printable;

/// Blanks between two columns.
pub(super) const GAP: usize = 2;

/// A column of a table for reading.
#[derive(Clone, Debug)]
pub struct TextColumn {
    heading: String,
    pub(super) is_number: bool,
    /// Its width where there is room; [`TextTable`](super::TextTable) widens it to its cells.
    pub(super) width: usize,
    /// The width of its widest cell, where some cells are known before the widths are fixed.
    seen: Option<usize>,
    /// The width that it is never cut below.
    pub(super) least: usize,
    /// The width that wider cells may be cut to.
    pub(super) cut_to: Option<usize>,
    /// Whether it takes the room that no other column needs.
    pub(super) fills: bool,
    /// Whether a cut cell keeps its end instead of its beginning.
    pub(super) keeps_end: bool,
    /// Whether a cell that has no room goes on in the lines below instead of being cut.
    pub(super) wraps: bool,
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
    #[cfg(any(feature = "cli", test))]
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
    #[cfg(any(feature = "cli", test))]
    pub fn keeping_end(self) -> Self {
        TextColumn { keeps_end: true, least: self.least.max(self.heading.width()), ..self }
    }

    /// Breaks cells that have no room, lists joined by commas, into several lines, and is never
    /// narrower than this. A table has one such column at most.
    #[must_use]
    #[cfg(any(all(feature = "cli", feature = "train"), test))]
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

    /// Says which columns are left out, if any are.
    pub fn note(&self) -> Option<String> {
        let columns = self.columns.iter().zip(&self.widths);
        let left_out: Vec<&str> =
            columns.filter(|(_, width)| width.is_none()).map(|(column, _)| column.heading.as_str()).collect();
        (!left_out.is_empty())
            .then(|| format!("no room for {}; a wider terminal shows all", left_out.join(", ")))
    }

    /// Numbers the headings that would be cut alike, and gives what each number stands for.
    pub(super) fn number_headings(&mut self) -> Vec<String> {
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
    pub(super) fn lines(&self, cells: &[&str]) -> Vec<String> {
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
