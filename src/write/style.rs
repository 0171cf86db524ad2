//! Marks what stands out or back in a table; a screen turns the marks into escape sequences.

/// The marks by which a [`Style`] asks for escape sequences. They are no characters (Unicode keeps
/// them for a program's own use): a text that holds them can make a terminal write bold, dim or in
/// color, and nothing else.
const FIRST_MARK: u32 = 0xfdd0;

/// The escape sequence of each mark, in order: bold, dim, the end of both, and the colors of
/// labels.
const SEQUENCES: [&str; 9] =
    ["\x1b[1m", "\x1b[2m", "\x1b[0m", "\x1b[34m", "\x1b[33m", "\x1b[36m", "\x1b[35m", "\x1b[32m", "\x1b[31m"];
const BOLD: usize = 0;
const DIM: usize = 1;
const PLAIN: usize = 2;
/// The first of the colors. Blue and yellow come first, which nearly all readers tell apart.
const COLORS: usize = 3;

/// Whether escape sequences for color may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// Bold, dim and colors.
    Colored,
}

impl Style {
    fn paint(self, mark: usize, text: &str) -> String {
        match (self, mark_char(mark), mark_char(PLAIN)) {
            (Style::Colored, Some(mark), Some(plain)) => format!("{mark}{text}{plain}"),
            _ => text.to_owned(),
        }
    }

    /// Text that stands out, between marks that [`Screen`](crate::write::Screen) turns into escape
    /// sequences.
    pub fn bold(self, text: &str) -> String {
        self.paint(BOLD, text)
    }

    /// Text that stands back, between such marks.
    pub fn dim(self, text: &str) -> String {
        self.paint(DIM, text)
    }

    /// Text in the color of the class of this number. A seventh class has the color of the first.
    pub fn class(self, class: usize, text: &str) -> String {
        self.paint(COLORS + class % (SEQUENCES.len() - COLORS), text)
    }

    /// The escape sequence that a mark stands for, where this style has them.
    pub(super) fn sequence(self, mark: char) -> Option<&'static str> {
        let number = u32::from(mark).checked_sub(FIRST_MARK)?;
        let sequence = SEQUENCES.get(usize::try_from(number).ok()?)?;
        (self == Style::Colored).then_some(*sequence)
    }
}

fn mark_char(mark: usize) -> Option<char> {
    char::from_u32(FIRST_MARK + u32::try_from(mark).ok()?)
}
