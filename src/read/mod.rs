//! Files, folders and streams to documents.
//!
//! Reading is in two steps: [`Inputs`] cuts the bytes into [`RawRecord`] records, one after the other; [`RawRecord::document`] turns
//! one record into a [`Document`](crate::Document) and depends on nothing else, so that the threads that score can do it.

pub(crate) mod bytes;
pub(crate) mod detect;
mod fingerprint;
pub(crate) mod formats;
mod open;
mod options;
mod raw;
pub(crate) mod tables;
mod walk;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use bytes::encoding::TextEncoding;
pub use detect::format::Format;
pub use fingerprint::Fingerprint;
use open::open;
pub use options::{Column, InputOptions, Requirement};
pub use raw::RawRecord;
pub(crate) use raw::{Body, join_text};
pub use tables::annotations::{Coded, check_coders, read_annotations};
pub use tables::labeled::{Condition, Gold, Labeled, LabeledColumns, read_labeled};
pub use tables::scored::{ScoredName, Stratify, read_scored};
pub use walk::{Found, find};

use crate::error::Result;

/// An iterator over the records of one file. A new format is one file that makes such an iterator.
type Records = Box<dyn Iterator<Item = Result<RawRecord>> + Send>;

/// The records of many files, one file open at a time.
pub struct Inputs {
    files: std::vec::IntoIter<PathBuf>,
    options: InputOptions,
    open: Option<Records>,
    read: BytesRead,
    /// Bytes of all files up to the open one, with it.
    length: u64,
}

/// Bytes of files that were read so far, for any thread to look at.
pub type BytesRead = Arc<AtomicU64>;

impl Inputs {
    /// The records of `files`, in order; `-` is standard input.
    pub fn new(files: Vec<PathBuf>, options: InputOptions) -> Self {
        Inputs { files: files.into_iter(), options, open: None, read: BytesRead::default(), length: 0 }
    }

    /// How far the reading has come.
    pub fn bytes_read(&self) -> BytesRead {
        self.read.clone()
    }
}

impl std::fmt::Debug for Inputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs").field("files", &self.files.as_slice()).finish_non_exhaustive()
    }
}

impl Iterator for Inputs {
    type Item = Result<RawRecord>;

    /// An error is one file or one record that cannot be read; what follows can.
    fn next(&mut self) -> Option<Result<RawRecord>> {
        loop {
            if let Some(records) = &mut self.open {
                match records.next() {
                    Some(record) => return Some(record),
                    None => {
                        self.open = None;
                        // Of what is read from its end not every byte passes by.
                        self.read.store(self.length, Ordering::Relaxed);
                    }
                }
            }
            let path = self.files.next()?;
            self.length += path.metadata().map_or(0, |metadata| metadata.len());
            match open(&path, &self.options, &self.read) {
                Ok(records) => self.open = Some(records),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
