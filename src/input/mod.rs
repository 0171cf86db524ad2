//! Files, folders and streams to documents.
//!
//! Reading is in two steps: [`Inputs`] cuts the bytes into [`Raw`] records, one after the other; [`Raw::document`] turns
//! one record into a [`Document`](crate::Document) and depends on nothing else, so that the threads that score can do it.

mod beginning;
mod coded;
mod compression;
mod decode;
mod delimited;
mod encoding;
mod fields;
mod fingerprint;
mod format;
mod html;
mod jsonl;
mod labelled;
mod markdown;
mod nesting;
#[cfg(not(all(feature = "parquet", feature = "spreadsheet")))]
mod not_built;
mod open;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod raw;
mod refused;
mod scored;
mod source;
#[cfg(feature = "spreadsheet")]
mod spreadsheet;
mod walk;
mod warc;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Result;
#[cfg(not(feature = "parquet"))]
use not_built::parquet;
#[cfg(not(feature = "spreadsheet"))]
use not_built::spreadsheet;
use open::open;
use raw::{Body, join_text};

pub use coded::{Coded, check_coders, read_coded};
pub use encoding::TextEncoding;
pub use fingerprint::Fingerprint;
pub use format::Format;
pub use labelled::{Condition, Gold, Labelled, LabelledColumns, read_labelled};
pub use options::{Column, InputOptions, Need};
pub use raw::Raw;
pub use scored::{ScoredName, Stratify, read_scored};
pub use walk::{Found, find};

/// An iterator over the records of one file. A new format is one file that makes such an iterator.
type Records = Box<dyn Iterator<Item = Result<Raw>> + Send>;

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
    type Item = Result<Raw>;

    /// An error is one file or one record that cannot be read; what follows can.
    fn next(&mut self) -> Option<Result<Raw>> {
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
