//! Reads lines of fastText: `__label__x` before a text.

use crate::error::Message;
use crate::read::bytes::source::Source;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::formats::item_reader::ItemReader;
use crate::read::{InputOptions, Requirement};

/// What stands before each label.
const PREFIX: &str = "__label__";
/// The column that a label gives.
const LABEL: &str = "label";

/// Whether a text begins like such a file.
pub(crate) fn begins(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(PREFIX.as_bytes())
}

/// Reads the lines of a file.
pub(crate) fn open(source: Source, max_record: usize) -> ItemReader {
    ItemReader::by_line(source, max_record, |bytes| Box::new(Line(bytes)))
}

#[derive(Debug)]
struct Line(Vec<u8>);

impl RawItem for Line {
    fn format(&self) -> &'static str {
        "fasttext"
    }

    fn note(&self) -> &'static str {
        "read as labeled fastText lines, by its content (`format` sets another format)"
    }

    fn parts(&self) -> Vec<&[u8]> {
        vec![&self.0]
    }

    fn read(&self, place: &Place, options: &InputOptions) -> std::result::Result<Item, Message> {
        let (line, replaced) = place.decode(&self.0);
        let (labels, text) = split(&line);
        let is_needed = |name: &str| {
            options.columns.iter().any(|column| column.name == name && column.need == Requirement::Always)
        };
        if labels.len() > 1 && is_needed(LABEL) {
            let message = format!("it has {} labels (`{}`); expected one", labels.len(), labels.join("`, `"));
            return Err(message.into());
        }
        let mut item = Item { text: text.to_owned(), replaced, ..Item::default() };
        item.push(LABEL, &labels.join(", "));
        for column in &options.columns {
            if column.need == Requirement::Always && column.name != LABEL {
                let message =
                    format!("no column `{}`; a line of fastText has `{LABEL}` and its text", column.name);
                return Err(message.into());
            }
        }
        Ok(item)
    }
}

/// The labels of a line, and the text behind them.
fn split(line: &str) -> (Vec<&str>, &str) {
    let (mut labels, mut rest) = (Vec::new(), line.trim());
    while let Some(behind) = rest.strip_prefix(PREFIX) {
        let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
        let (label, text) = behind.split_at(end);
        labels.push(label);
        rest = text.trim_start();
    }
    (labels, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Column, Input, Inputs};

    fn read(
        text: &'static str,
        need: Requirement,
    ) -> Vec<std::result::Result<(String, Option<String>), String>> {
        let columns = vec![Column { name: LABEL.to_owned(), need }];
        let options = InputOptions { columns, ..InputOptions::default() };
        Inputs::new([Input::from_bytes("rows.train", text.as_bytes())], options.clone())
            .map(|raw| raw.and_then(|raw| raw.document(&options)).map_err(|error| error.to_string()))
            .map(|document| document.map(|document| (document.text, document.columns[0].clone())))
            .collect()
    }

    #[test]
    fn labels_are_a_column_and_no_part_of_the_text() {
        let text = "__label__for The paper was signed .\n\n__label__against , Nobody signed it .\n";
        let row = |text: &str, label: &str| Ok((text.to_owned(), Some(label.to_owned())));
        let expected = [row("The paper was signed .", "for"), row(", Nobody signed it .", "against")];
        assert_eq!(read(text, Requirement::Always), expected);
    }

    #[test]
    fn several_labels_are_one_error_where_the_label_is_needed() {
        let text = "__label__a __label__b Two.\n__label__a One.\nNone.\n";
        let found = read(text, Requirement::Always);
        assert_eq!(
            found[0].as_ref().unwrap_err(),
            "rows.train, line 1, record 1: it has 2 labels (`a`, `b`); expected one"
        );
        assert_eq!(found[1].as_ref().unwrap().0, "One.");
        assert_eq!(found[2], Ok(("None.".to_owned(), None)));
        assert_eq!(read(text, Requirement::Optional)[0], Ok(("Two.".to_owned(), Some("a, b".to_owned()))));
    }
}
