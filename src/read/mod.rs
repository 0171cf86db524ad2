//! Reads files, folders, bytes and streams into documents.
//!
//! Reading takes two steps. [`Inputs`] cuts the bytes into records, one after the other.
//! [`RawRecord::document`] turns one record into a [`Document`](crate::Document) and depends on
//! nothing else, so that the threads that score can do it.

pub(crate) mod bytes;
mod character;
pub(crate) mod detect;
mod fingerprint;
pub(crate) mod formats;
mod identity;
mod input;
mod notes;
mod open;
mod options;
mod plain_text;
mod quoted_printable;
mod raw;
pub(crate) mod signs;
pub(crate) mod tables;
mod walk;
mod written_out;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use fingerprint::Fingerprint;
#[cfg(feature = "train")]
pub(crate) use formats::delimited::{Quoting, TableForm};
pub use formats::format::Format;
pub use identity::FileIdentity;
pub use input::Input;
pub(crate) use input::is_stdin;
pub use notes::{DocumentNotes, ReadNotes};
#[cfg(feature = "train")]
pub(crate) use open::form_of_file;
use open::{Watched, open};
pub use options::{Column, InputOptions, Quote, Requirement};
pub(crate) use raw::{Body, fill_from_page};
pub use raw::{RawRecord, column_signs};
#[cfg(feature = "train")]
pub(crate) use tables::added_columns::{ADDED, ARTICLE, OF_PASSAGES, free_prefix};
pub use tables::annotations::{AnnotationRows, Coded, CodedColumns, check_coders, read_annotations};
pub use tables::cells::MISSING_VALUES;
pub(crate) use tables::column_names::KEPT;
pub use tables::column_names::column_names;
pub use tables::condition::Condition;
#[cfg(feature = "train")]
pub(crate) use tables::label_log::LabelLog;
pub use tables::labeled::{GROUP_COLUMNS, Gold, Labeled, LabeledColumns};
pub use tables::origin::Origin;
#[cfg(feature = "cli")]
pub(crate) use tables::origin::{RARE, UNCERTAIN};
pub use tables::read_labeled::{read_labeled, read_labeled_inputs};
pub use tables::result_files::ResultFiles;
pub use tables::results::{
    KeptColumns, KeptValues, ResultOptions, ResultRecord, ResultSurvey, ScoredResult, read_results,
    survey_results,
};
pub use tables::sample_weights::WEIGHTS_FILE_COLUMN;
pub(crate) use tables::scored::{FORMULA_STARTS, without_apostrophe};
pub use tables::scored::{ScoredName, Stratify, read_scored};
#[cfg(feature = "train")]
pub(crate) use tables::text_column::guess as guess_text_column;
pub use walk::{FoundFiles, find_files};

pub use self::bytes::encoding::TextEncoding;
use crate::error::Result;

/// An iterator over the records of one input.
type Records = Box<dyn Iterator<Item = Result<RawRecord>> + Send>;

/// The records of many inputs. One input is open at a time.
///
/// An error is one input or one record that cannot be read; reading continues with what follows.
pub struct Inputs {
    inputs: Box<dyn Iterator<Item = Input> + Send>,
    options: InputOptions,
    open: Option<Records>,
    read: BytesRead,
    notes: ReadNotes,
    /// Bytes of all inputs up to the open one, with it.
    length: u64,
}

/// The number of bytes that were read so far, for any thread to look at.
pub type BytesRead = Arc<AtomicU64>;

impl Inputs {
    /// Reads `inputs` in order: paths, of which `-` is standard input, or any [`Input`].
    ///
    /// Each is taken from the iterator when the one before it has been read.
    pub fn new<I>(inputs: I, options: InputOptions) -> Self
    where
        I: IntoIterator<Item: Into<Input> + 'static, IntoIter: Send + 'static>,
    {
        let inputs = Box::new(inputs.into_iter().map(Into::into));
        Inputs {
            inputs,
            options,
            open: None,
            read: BytesRead::default(),
            notes: ReadNotes::default(),
            length: 0,
        }
    }

    /// What is found in reading that no record tells.
    pub fn notes(&self) -> ReadNotes {
        self.notes.clone()
    }

    /// How far reading has come.
    pub fn bytes_read(&self) -> BytesRead {
        self.read.clone()
    }
}

impl std::fmt::Debug for Inputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Iterator for Inputs {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        loop {
            if let Some(records) = &mut self.open {
                match records.next() {
                    Some(record) => return Some(record),
                    None => {
                        self.open = None;
                        // Where an input is read from its end, not every byte is counted.
                        let read = self.read.fetch_max(self.length, Ordering::Relaxed);
                        self.length = self.length.max(read);
                    }
                }
            }
            let input = self.inputs.next()?;
            self.length += input.length();
            match open(input, &self.options, &Watched { read: &self.read, notes: &self.notes }) {
                Ok(records) => self.open = Some(records),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests;
