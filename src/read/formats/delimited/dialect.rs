//! Describes how delimited values are written: the delimiter, the quote and the escape.

use crate::read::options::{InputOptions, Quote};

/// The delimiters that are detected, the most likely first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The quote that files have where nobody says otherwise.
pub(super) const QUOTE: u8 = b'"';
/// The escape that is detected.
pub(super) const BACKSLASH: u8 = b'\\';

/// How fields are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// The character around a field that holds delimiters or line ends.
    pub(super) quote: Option<u8>,
    /// The character that takes a quote's meaning away.
    pub(super) escape: Option<u8>,
}

impl Dialect {
    /// That of the options, with this delimiter.
    pub(super) fn new(delimiter: u8, options: &InputOptions) -> Self {
        let quote = match options.quote {
            Quote::Detect => Some(QUOTE),
            Quote::None => None,
            Quote::Character(quote) => Some(quote),
        };
        Dialect { delimiter, quote, escape: options.escape }
    }

    /// Whether texts hardly ever hold the delimiter, so that a line of as many fields as the header
    /// is a row.
    pub(super) fn has_rare_delimiter(self, width: usize) -> bool {
        match self.delimiter {
            b'\t' => width >= 2,
            b';' | b'|' => width >= 3,
            _ => false,
        }
    }
}

/// The delimiter that occurs most often in a line; a comma if none does.
pub(super) fn most_frequent_delimiter(line: &[u8]) -> u8 {
    let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// Whether a backslash stands before a quote.
pub(super) fn has_escaped_quote(raw: &[u8]) -> bool {
    raw.windows(2).any(|pair| pair == [BACKSLASH, QUOTE])
}
