//! Parses bytes into fields, piece by piece, with the csv crate's parser.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::read::tables::fields::split;

/// The csv crate's parser with the buffers that it writes to.
pub(super) struct Parser {
    core: Reader,
    pub(super) delimiter: u8,
    bytes: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    pub(super) fields: usize,
}

pub(super) enum Parsed {
    /// A record is complete; so many bytes of what was fed last belong to it.
    Record(usize),
    /// All was taken and the record is not complete.
    More,
    /// The input has ended and there is no further record.
    End,
}

impl Parser {
    pub(super) fn new(delimiter: u8) -> Self {
        let core = ReaderBuilder::new().delimiter(delimiter).build();
        Parser { core, delimiter, bytes: vec![0; 4096], used: 0, ends: vec![0; 64], fields: 0 }
    }

    /// Forgets a record that was begun.
    pub(super) fn restart(&mut self) {
        self.core.reset();
        self.used = 0;
        self.fields = 0;
    }

    /// Begins a new record if the last one is complete.
    pub(super) fn begin(&mut self) {
        self.used = 0;
        self.fields = 0;
    }

    pub(super) fn feed(&mut self, input: &[u8], last: bool) -> Parsed {
        let mut taken = 0;
        loop {
            let rest = input.get(taken..).unwrap_or(&[]);
            if rest.is_empty() && !last {
                return Parsed::More;
            }
            let (bytes, ends) = (self.bytes.get_mut(self.used..), self.ends.get_mut(self.fields..));
            let (result, read, wrote, ended) =
                self.core.read_record(rest, bytes.unwrap_or(&mut []), ends.unwrap_or(&mut []));
            taken += read;
            self.used += wrote;
            self.fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return Parsed::Record(taken),
                ReadRecordResult::End => return Parsed::End,
            }
        }
    }

    /// The fields' bytes one after the other, and where each ends.
    pub(super) fn parts(&self) -> (&[u8], &[usize]) {
        (self.bytes.get(..self.used).unwrap_or(&[]), self.ends.get(..self.fields).unwrap_or(&[]))
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let (bytes, ends) = self.parts();
        split(bytes, ends)
    }
}
