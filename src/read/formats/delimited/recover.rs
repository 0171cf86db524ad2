//! Goes on after a row that cannot be read: behind a forgotten quote, or behind a row that is too
//! long.

use crate::error::{Error, ErrorKind};
use crate::read::bytes::decode::newlines;
use crate::read::formats::delimited::Delimited;
use crate::read::formats::delimited::parser::{Parsed, Parser};
use crate::read::formats::delimited::quotes::broken_quote;
use crate::scan::find_byte;

/// Most bytes of a record that is tried when a place to go on after a broken quote is looked for.
const MAX_TRIAL_BYTES: usize = 64 << 10;
/// Fewest bytes that a trial counts for.
const MIN_TRIAL_COST: usize = 16;
/// Most bytes that are tried for one broken quote: hostile quotes cannot make the search quadratic.
const MAX_TRIED_BYTES: usize = 64 << 20;

impl Delimited {
    /// Goes on after a quote that does not close where it should, at the next line whose record has
    /// as many fields as the header.
    pub(super) fn skip_broken_quote(&mut self, quote: usize) -> Error {
        self.record += 1;
        let opened = self.line + newlines(self.source.window().get(..quote).unwrap_or(&[]));
        let resumed = self.find_sound_line(quote);
        let skipped = resumed.unwrap_or(self.source.window().len());
        self.line += newlines(self.source.window().get(..skipped).unwrap_or(&[]));
        self.source.take(skipped);
        self.parser.restart();
        self.finished = resumed.is_none();
        let rest = match resumed {
            Some(_) if self.line == opened + 1 => {
                format!("skipped this line; reading continues at line {}", self.line)
            }
            Some(_) => format!("skipped lines {opened} to {}; reading continues", self.line - 1),
            None => "skipped the rest of the file".to_owned(),
        };
        let message = format!(
            "the quote that opens here is not closed; {rest}. Close it, or double it if it is part of the text"
        );
        Error::malformed(self.at(opened), "csv", message)
    }

    /// The place in the window of the next line after `from` whose record is sound; the window
    /// moves on until there is one.
    fn find_sound_line(&mut self, from: usize) -> Option<usize> {
        let mut trial = Parser::new(self.parser.dialect);
        let (mut at, mut tried) = (from, 0);
        while tried < MAX_TRIED_BYTES {
            let window = self.source.window();
            let Some(end) = find_byte(window, at, |byte| byte == b'\n').map(|found| found + 1) else {
                // No line of what was read will do: go on with what comes, if anything does.
                self.line += newlines(window);
                self.source.take(window.len());
                at = 0;
                match self.source.fill() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => {
                        self.failed = Some(error);
                        return None;
                    }
                }
            };
            at = end;
            let bytes = window.get(at..(at + MAX_TRIAL_BYTES).min(window.len())).unwrap_or(&[]);
            let last = self.source.ended() && at + bytes.len() == window.len();
            trial.restart();
            // A trial costs something even where it reads little.
            tried += MIN_TRIAL_COST;
            match trial.feed(bytes, last) {
                Parsed::Record(length) => {
                    tried += length;
                    let raw = bytes.get(..length).unwrap_or(&[]);
                    if self.has_all_fields(&trial) && broken_quote(raw, self.parser.dialect).is_none() {
                        return Some(at);
                    }
                }
                Parsed::More => tried += bytes.len(),
                Parsed::End => return None,
            }
        }
        None
    }

    /// Goes on at the line after a row that is too long.
    pub(super) fn skip_long_row(&mut self) -> Error {
        self.record += 1;
        let error = Error::new(ErrorKind::TooLarge { position: self.at(self.line), limit: self.max_record });
        loop {
            let window = self.source.window();
            let end = window.iter().position(|&byte| byte == b'\n');
            let length = end.map_or(window.len(), |at| at + 1);
            self.line += u64::from(end.is_some());
            self.source.take(length);
            if end.is_some() || !matches!(self.source.fill(), Ok(true)) {
                self.parser.restart();
                return error;
            }
        }
    }
}
