//! Reads JSON: an object is a text. Objects stand one per line, one after the other over several
//! lines, in an array, or in the one list of an object; a script may assign them to a name.

mod assigned;
mod field;
mod fill;
mod layout;
mod lines;
mod nesting;
mod object;
mod path;
mod rich_text;
mod shape;
mod tokens;
mod tweet;
mod values;

use crate::error::{Error, Result};
use crate::read::bytes::source::Source;
use crate::read::formats::json::assigned::{MAX_ASSIGNMENT, assignment};
pub(crate) use crate::read::formats::json::fill::fill;
use crate::read::formats::json::layout::{Layout, layout};
use crate::read::formats::json::lines::JsonLines;
use crate::read::formats::json::values::JsonValues;
use crate::read::{InputOptions, Records};

/// Whether a text begins like JSON: with an object, or with an array of objects, also behind an
/// assignment.
pub(crate) fn begins(head: &[u8]) -> bool {
    let head = head.get(assignment(head)..).unwrap_or(&[]);
    let mut significant = head.iter().copied().filter(|&byte| !is_separator(byte));
    match significant.next() {
        // A template of a wiki begins with two.
        Some(b'{') => significant.next() != Some(b'{'),
        Some(b'[') => match significant.next() {
            None | Some(b']') => true,
            Some(b'{') => matches!(significant.next(), Some(b'"' | b'}')),
            Some(_) => false,
        },
        _ => false,
    }
}

/// The records of a source.
pub(crate) fn open(mut source: Source, options: &InputOptions) -> Result<Records> {
    while source.window().len() < MAX_ASSIGNMENT && source.fill()? {}
    let assigned = assignment(source.window());
    source.take(assigned);
    Ok(match layout(&mut source, options)? {
        Layout::Lines if assigned == 0 => Box::new(JsonLines::new(source, options.max_record)),
        Layout::Lines | Layout::Values if assigned > 0 => {
            Box::new(JsonValues::of_script(source, options.max_record))
        }
        Layout::Lines | Layout::Values => Box::new(JsonValues::new(source, options.max_record)),
        Layout::List { list } => Box::new(JsonValues::in_list(source, options.max_record, list)),
        Layout::Refused(position, message) => {
            Box::new(std::iter::once(Err(Error::malformed(position, "json", message))))
        }
    })
}

/// Stands before each text of a JSON text sequence (RFC 7464).
const RECORD_SEPARATOR: u8 = 0x1e;

/// Whether a byte may stand between records.
fn is_separator(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | RECORD_SEPARATOR)
}

#[cfg(test)]
mod tests;
