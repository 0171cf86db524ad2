//! Lays out tables for reading: fits columns to a width, and leaves out the least important ones where there is no room.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::write::hanging::hanging;
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
    /// The width that it is never cut below.
    least: usize,
    /// Whether it may be cut below the width of its cells.
    shrinks: bool,
    /// Whether it takes the room that no other column needs.
    fills: bool,
    /// 0 for a column that is always shown; the higher, the sooner it is left out.
    rank: u8,
}

impl TextColumn {
    /// Texts, aligned left.
    pub fn text(heading: impl Into<String>) -> Self {
        let heading = printable(&heading.into());
        let width = heading.width();
        TextColumn { heading, is_number: false, width, least: width, shrinks: false, fills: false, rank: 0 }
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
        TextColumn { least: least.min(self.width), shrinks: true, ..self }
    }

    /// Takes all room that is left, and no less than `least`.
    #[must_use]
    pub fn filling(self, least: usize) -> Self {
        TextColumn { width: least, least, fills: true, ..self }
    }

    /// Left out where there is no room, before all columns of a lower rank. Rank 0 is never left out.
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
    /// Fits columns into a width: leaves out those of the highest rank (of equals the last) until the others fit, and shares the
    /// room that is left.
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
        for (column, width) in columns.iter().zip(&mut widths) {
            let Some(width) = width else { continue };
            let more = column.width.saturating_sub(*width).min(room);
            *width += more;
            room -= more;
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

    /// The line of the headings.
    pub fn headings(&self) -> String {
        let headings: Vec<&str> = self.columns.iter().map(|column| column.heading.as_str()).collect();
        self.line(&headings, |_, cell| cell)
    }

    /// A line of one cell for each column, those that are left out too. `paint` may mark a cell that has its width.
    pub fn line(&self, cells: &[&str], paint: impl Fn(usize, String) -> String) -> String {
        let mut line = String::new();
        let mut blanks = 0;
        for (number, (column, width)) in self.columns.iter().zip(&self.widths).enumerate() {
            let Some(width) = *width else { continue };
            let cell = fit_start(cells.get(number).copied().unwrap_or(""), width);
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
            // What cannot be cut must have room for its widest cell: a figure never is, or it would be another.
            if column.is_number || !column.shrinks && !column.fills {
                column.least = column.least.max(cell.width());
            }
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
        let layout = Layout::new(columns.collect(), width);
        writeln!(out, "{}", style.bold(&layout.headings()))?;
        for row in &self.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            writeln!(out, "{}", layout.line(&cells, |_, cell| cell))?;
        }
        let note = layout.note().unwrap_or_default();
        hanging(&note, width).iter().try_for_each(|line| writeln!(out, "{}", style.dim(line)))
    }

    /// Whether no column would be left out at a width.
    pub fn fits(&self, width: usize) -> bool {
        let needed: usize = self.columns.iter().map(|column| column.least).sum();
        needed + GAP * self.columns.len().saturating_sub(1) <= width
    }
}

/// The columns that a text takes on a terminal.
pub(crate) fn columns_of(text: &str) -> usize {
    text.width()
}

/// A text cut to a width, its beginning kept.
pub(crate) fn fit_start(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return text;
    }
    let mut kept = take(text.chars(), width);
    kept.extend((width > 0).then_some('…'));
    kept
}

/// A text cut to a width, its end kept: the end of a path tells more than its beginning.
pub(crate) fn fit_end(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return text;
    }
    let kept = take(text.chars().rev(), width);
    (width > 0).then_some('…').into_iter().chain(kept.chars().rev()).collect()
}

/// The first characters that leave one column of a width free.
fn take(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    characters.take_while(fits).collect()
}

/// Texts joined by commas, in lines of a width, each behind an indent.
pub(crate) fn wrapped(texts: &[String], indent: usize, width: usize) -> Vec<String> {
    let blank = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let comma = if number + 1 < texts.len() { "," } else { "" };
        let piece = format!("{text}{comma}");
        match lines.last_mut() {
            Some(line) if line.width() + 1 + piece.width() <= width => {
                line.push(' ');
                line.push_str(&piece);
            }
            _ => lines.push(format!("{blank}{}", fit_start(&piece, width.saturating_sub(indent)))),
        }
    }
    lines
}

/// A sentence in lines of a width, broken between words.
pub fn wrap(sentence: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
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

    #[test]
    fn names_are_cut_to_columns_not_bytes() {
        assert_eq!(fit_start("abcdef", 4), "abc…");
        assert_eq!(fit_end("abcdef", 4), "…def");
        assert_eq!(fit_end("日本語", 4), "…語");
        assert_eq!(
            (fit_start("ab", 4), fit_start("ab", 1), fit_end("ab", 0)),
            ("ab".into(), "…".into(), "".into())
        );
    }

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
    }

    #[test]
    fn lists_are_wrapped_between_texts() {
        let texts = ["one", "two", "three"].map(str::to_owned);
        assert_eq!(wrapped(&texts, 2, 12), ["  one, two,", "  three"]);
        assert_eq!(wrapped(&texts, 0, 4), ["one,", "two,", "thr…"]);
    }

    #[test]
    fn sentences_are_wrapped_between_words() {
        assert_eq!(wrap("a long sentence", 6), ["a long", "sentence"]);
        assert_eq!(wrap("short", 80), ["short"]);
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
