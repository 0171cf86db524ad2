//! Gives the parquet crate its bytes, from a file or from memory.

use std::io::{BufReader, Seek, SeekFrom};

use ::bytes::Bytes;
use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};

use crate::read::bytes::seekable::Seekable;

impl Length for Seekable {
    fn len(&self) -> u64 {
        // What cannot be measured cannot be read.
        self.length().unwrap_or(0)
    }
}

impl ChunkReader for Seekable {
    type T = BufReader<Seekable>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let mut reader = self.try_clone()?;
        reader.seek(SeekFrom::Start(start))?;
        Ok(BufReader::new(reader))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        match self {
            Seekable::File(file) => file.get_bytes(start, length),
            // They are shared, not copied.
            Seekable::Bytes(cursor) => Bytes::from_owner(cursor.get_ref().clone()).get_bytes(start, length),
        }
    }
}
