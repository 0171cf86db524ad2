//! Reads files and bytes in memory from any place, for formats that are read from their end.

use std::fs::File;
use std::io::{Cursor, Read, Result, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

/// What can be opened more than once: a file, or bytes in memory.
pub(crate) enum Stored {
    File(PathBuf),
    Bytes(Arc<[u8]>),
}

impl Stored {
    /// Opens it at its beginning.
    pub(crate) fn open(&self) -> Result<Seekable> {
        Ok(match self {
            Stored::File(path) => Seekable::File(File::open(path)?),
            Stored::Bytes(bytes) => bytes.clone().into(),
        })
    }
}

/// An open file, or bytes in memory.
pub(crate) enum Seekable {
    File(File),
    Bytes(Cursor<Arc<[u8]>>),
}

#[cfg(any(feature = "parquet", feature = "spreadsheet"))]
impl Seekable {
    /// The number of bytes from the first to the last.
    pub(crate) fn length(&self) -> Result<u64> {
        match self {
            Seekable::File(file) => Ok(file.metadata()?.len()),
            Seekable::Bytes(bytes) => Ok(bytes.get_ref().len() as u64),
        }
    }

    /// The same bytes once more. Clones of a file share their position.
    pub(crate) fn try_clone(&self) -> Result<Self> {
        match self {
            Seekable::File(file) => file.try_clone().map(Seekable::File),
            Seekable::Bytes(bytes) => Ok(Seekable::Bytes(bytes.clone())),
        }
    }
}

impl From<Arc<[u8]>> for Seekable {
    fn from(bytes: Arc<[u8]>) -> Self {
        Seekable::Bytes(Cursor::new(bytes))
    }
}

impl Read for Seekable {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        match self {
            Seekable::File(file) => file.read(bytes),
            Seekable::Bytes(cursor) => cursor.read(bytes),
        }
    }
}

impl Seek for Seekable {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        match self {
            Seekable::File(file) => file.seek(to),
            Seekable::Bytes(cursor) => cursor.seek(to),
        }
    }
}

#[cfg(test)]
#[cfg(any(feature = "parquet", feature = "spreadsheet"))]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_the_same_bytes_are_read_alike() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, b"abcdef").unwrap();
        for stored in [Stored::File(path), Stored::Bytes(b"abcdef"[..].into())] {
            let mut open = stored.open().unwrap();
            assert_eq!(open.length().unwrap(), 6);
            open.seek(SeekFrom::End(-2)).unwrap();
            let mut rest = String::new();
            open.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, "ef");
            open.rewind().unwrap();
            let mut again = open.try_clone().unwrap();
            again.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, "efabcdef");
        }
    }
}
