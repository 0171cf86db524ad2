//! Parses fields whose quotes have a backslash before them, piece by piece, as Spark and MySQL
//! write them.

use crate::read::formats::delimited::dialect::Dialect;

/// Where a parser stands.
#[derive(Clone, Copy)]
enum State {
    FieldBegins,
    Plain,
    Quoted,
    /// Behind a quote that closes the field, unless another follows.
    QuoteEnds,
    /// Behind an escape, inside of quotes or not.
    Escaped {
        quoted: bool,
    },
}

/// What a byte does to a record.
pub(super) enum Step {
    /// Nothing yet.
    Nothing,
    Push(u8),
    /// An escape that was none, and what follows it.
    PushBoth(u8, u8),
    EndField,
    EndRecord,
}

/// A parser that keeps its state between pieces. An escape counts before a quote, a delimiter, a
/// line end or an escape; before anything else it is a character.
pub(super) struct Escaped {
    dialect: Dialect,
    escape: u8,
    state: State,
}

impl Escaped {
    pub(super) fn new(dialect: Dialect, escape: u8) -> Self {
        Escaped { dialect, escape, state: State::FieldBegins }
    }

    pub(super) fn restart(&mut self) {
        self.state = State::FieldBegins;
    }

    pub(super) fn step(&mut self, byte: u8) -> Step {
        let is_quote = Some(byte) == self.dialect.quote;
        let is_line_end = matches!(byte, b'\n' | b'\r');
        match self.state {
            State::Escaped { quoted } => {
                self.state = if quoted { State::Quoted } else { State::Plain };
                let counts = is_quote || is_line_end || byte == self.escape || byte == self.dialect.delimiter;
                return if counts { Step::Push(byte) } else { Step::PushBoth(self.escape, byte) };
            }
            State::Quoted if is_quote => self.state = State::QuoteEnds,
            State::Quoted if byte == self.escape => self.state = State::Escaped { quoted: true },
            State::Quoted => return Step::Push(byte),
            State::QuoteEnds if is_quote => {
                self.state = State::Quoted;
                return Step::Push(byte);
            }
            State::FieldBegins if is_quote => self.state = State::Quoted,
            _ if byte == self.dialect.delimiter => {
                self.state = State::FieldBegins;
                return Step::EndField;
            }
            _ if is_line_end => {
                self.state = State::FieldBegins;
                return Step::EndRecord;
            }
            _ if byte == self.escape => self.state = State::Escaped { quoted: false },
            _ => {
                self.state = State::Plain;
                return Step::Push(byte);
            }
        }
        Step::Nothing
    }
}
