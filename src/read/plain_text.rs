//! Says of a plain text that it seems to be something else.

use crate::error::Message;
use crate::read::InputOptions;
use crate::read::formats::{exports, headless, lines, plain, printed, unsupported};

/// What is said of a table that no line names the columns of.
const HIVE: &str = "it is a table with U+0001 between its fields, as Hive writes it, and has no column names; export it as \
                    CSV or tab-separated, with column names";

/// What is said of a text that seems to be many.
pub(crate) const MAY_HOLD_SEVERAL: &str = "it looks like several articles in one file, but is read as one text; write one file per \
                                article, or a table with one row per article";

/// What is said of a text that seems to be one short text per line.
const MAY_BE_LINES: &str =
    "it looks like one text per line, but is read as one text; `format=lines` reads each line as a text";

/// What is said of a text in which two columns of a page seem to be mixed.
const MAY_BE_COLUMNS: &str = "its lines seem to hold two columns side by side, whose sentences are mixed; convert the PDF again in \
                              reading order, for example with `pdftotext` without `-layout`";

/// What is said of a table, or of what programs print, that was taken for a text.
pub(crate) fn refusal(bytes: &[u8], options: &InputOptions) -> Option<Message> {
    if plain::is_hive(bytes) {
        return Some(HIVE.into());
    }
    let is_drawn = plain::is_drawn_table(bytes, &options.preparation.text_columns);
    if is_drawn {
        return Some(plain::DRAWN.into());
    }
    if let Some(message) = unsupported::by_text(bytes) {
        return Some(message.into());
    }
    let message = headless::message(bytes).or_else(|| printed::message(bytes))?;
    Some(Message::from(message).then("; ").then(Message::naming("`format=text` reads it as one text")))
}

/// What is said of a text that is read as one and looks like many.
pub(crate) fn remark(text: &str, options: &InputOptions) -> Option<&'static str> {
    let is_free = options.format.is_none();
    let lines = || (is_free && lines::may_be_texts(text)).then_some(MAY_BE_LINES);
    let columns = || (is_free && lines::are_columns(text)).then_some(MAY_BE_COLUMNS);
    exports::may_hold_several(text).then_some(MAY_HOLD_SEVERAL).or_else(columns).or_else(lines)
}
