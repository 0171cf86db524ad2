//! Reads each line of a file as a text, where a user asks for it.

mod several;
mod side_by_side;

pub(crate) use several::may_be_texts;
pub(crate) use side_by_side::are_columns;

use crate::error::Message;
use crate::read::InputOptions;
use crate::read::bytes::source::Source;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::formats::item_reader::ItemReader;

/// Reads the lines of a file that are not blank.
pub(crate) fn open(source: Source, max_record: usize) -> ItemReader {
    ItemReader::by_line(source, max_record, |bytes| Box::new(Line(bytes)))
}

#[derive(Debug)]
struct Line(Vec<u8>);

impl RawItem for Line {
    fn format(&self) -> &'static str {
        "lines"
    }

    fn note(&self) -> &'static str {
        "read as one text per line (`format` sets another format)"
    }

    fn parts(&self) -> Vec<&[u8]> {
        vec![&self.0]
    }

    fn read(&self, place: &Place, _: &InputOptions) -> std::result::Result<Item, Message> {
        if self.0.contains(&0) {
            return Err("it contains a zero byte, so it is not text".into());
        }
        let (line, replaced) = place.decode(&self.0);
        Ok(Item { text: line.trim().to_owned(), replaced, ..Item::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_that_is_not_blank_is_a_text() {
        let bytes = "It rained, \"they\" said.\r\n\n  It snowed.\nNobody came";
        let source = Source::new("x".into(), Box::new(std::io::Cursor::new(bytes.as_bytes().to_vec())));
        let read: Vec<_> = open(source, 999)
            .map(|record| record.unwrap().document(&InputOptions::default()).unwrap())
            .map(|document| (document.id, document.line, document.text))
            .collect();
        let expected =
            [("x#1", 1, "It rained, \"they\" said."), ("x#2", 3, "It snowed."), ("x#3", 4, "Nobody came")];
        assert_eq!(read, expected.map(|(id, line, text)| (id.to_owned(), Some(line), text.to_owned())));
    }
}
