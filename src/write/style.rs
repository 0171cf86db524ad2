//! Marks what stands out or back in a table; a screen turns the marks into escape sequences.

/// The marks by which a [`Style`] asks for escape sequences. They are no characters (Unicode keeps them for a program's own use): a text that
/// holds them can make a terminal write bold or dim, and nothing else.
pub(super) const BOLD: char = '\u{fdd0}';
pub(super) const DIM: char = '\u{fdd1}';
pub(super) const PLAIN: char = '\u{fdd2}';

/// Whether escape sequences for colour may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// Bold and dim.
    Colored,
}

impl Style {
    fn paint(self, mark: char, text: &str) -> String {
        match self {
            Style::Plain => text.to_owned(),
            Style::Colored => format!("{mark}{text}{PLAIN}"),
        }
    }

    /// Text that stands out, between marks that [`Screen`](crate::write::Screen) turns into escape sequences.
    pub fn bold(self, text: &str) -> String {
        self.paint(BOLD, text)
    }

    /// Text that stands back, between such marks.
    pub fn dim(self, text: &str) -> String {
        self.paint(DIM, text)
    }
}
