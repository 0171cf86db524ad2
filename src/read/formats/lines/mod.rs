//! Reads each line of a file as a text, where a user asks for it.

mod several;

pub(crate) use several::may_be_texts;

use crate::error::{Message, Result};
use crate::read::bytes::sections::{Cut, Section, Sections};
use crate::read::bytes::source::Source;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::{Body, RawRecord};

/// The lines of a file that are not blank.
pub(crate) struct TextLines(Sections);

impl TextLines {
    pub(crate) fn new(source: Source, max_record: usize) -> Self {
        TextLines(Sections::new(source, max_record, Box::new(|_| Cut::After)))
    }
}

impl Iterator for TextLines {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        let Section { bytes, record, line, offset } = match self.0.read().transpose()? {
            Ok(section) => section,
            Err(error) => return Some(Err(error)),
        };
        let source = self.0.source();
        Some(Ok(RawRecord {
            path: source.path().clone(),
            record: Some(record),
            line: Some(line),
            offset,
            decoded: source.decoded(),
            body: Body::Item(Box::new(Line(bytes))),
        }))
    }
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

    fn read(&self, place: &Place, _: &crate::read::InputOptions) -> std::result::Result<Item, Message> {
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
    use crate::read::InputOptions;

    #[test]
    fn each_line_that_is_not_blank_is_a_text() {
        let bytes = "It rained, \"they\" said.\r\n\n  It snowed.\nNobody came";
        let source = Source::new("x".into(), Box::new(std::io::Cursor::new(bytes.as_bytes().to_vec())));
        let read: Vec<_> = TextLines::new(source, 999)
            .map(|record| record.unwrap().document(&InputOptions::default()).unwrap())
            .map(|document| (document.id, document.line, document.text))
            .collect();
        let expected =
            [("x#1", 1, "It rained, \"they\" said."), ("x#2", 3, "It snowed."), ("x#3", 4, "Nobody came")];
        assert_eq!(read, expected.map(|(id, line, text)| (id.to_owned(), Some(line), text.to_owned())));
    }
}
