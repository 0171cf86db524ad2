//! Reads the items that stand in the sections of a file, one section after the other.

use crate::error::Result;
use crate::read::bytes::decode::Decoded;
use crate::read::bytes::sections::{Cut, Section, Sections};
use crate::read::bytes::source::Source;
use crate::read::formats::item::RawItem;
use crate::read::{Body, RawRecord};

/// Makes an item of the bytes of a section; `None` where a section holds none.
type MakeItem = Box<dyn Fn(Vec<u8>) -> Option<Box<dyn RawItem>> + Send>;

/// The items of a file, numbered from 1.
pub(crate) struct ItemReader {
    sections: Sections,
    item: MakeItem,
    /// How the file was decoded whose text the sections were made from; their lines are then not
    /// those of the file.
    made_from: Option<Decoded>,
    record: u64,
}

impl ItemReader {
    pub(crate) fn new(sections: Sections, item: MakeItem) -> Self {
        ItemReader { sections, item, made_from: None, record: 0 }
    }

    /// Reads an item from each line that is not blank.
    pub(crate) fn by_line(source: Source, max_record: usize, item: fn(Vec<u8>) -> Box<dyn RawItem>) -> Self {
        let sections = Sections::new(source, max_record, Box::new(|_| Cut::After));
        ItemReader::new(sections, Box::new(move |bytes| Some(item(bytes))))
    }

    /// Says how the file was decoded whose text the sections were made from, if they were.
    pub(crate) fn made_from(self, file: Option<Decoded>) -> Self {
        ItemReader { made_from: file, ..self }
    }
}

impl Iterator for ItemReader {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Section { bytes, line, offset } = match self.sections.read(self.record + 1).transpose()? {
                Ok(section) => section,
                Err(error) => {
                    self.record += 1;
                    return Some(Err(error));
                }
            };
            let Some(item) = (self.item)(bytes) else { continue };
            self.record += 1;
            let source = self.sections.source();
            return Some(Ok(RawRecord {
                path: source.path().clone(),
                record: Some(self.record),
                line: Some(line).filter(|_| self.made_from.is_none()),
                offset,
                decoded: self.made_from.unwrap_or_else(|| source.decoded()),
                body: Body::Item(item),
            }));
        }
    }
}
