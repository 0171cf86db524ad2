//! Bytes to compressed bytes: gzip members and zstd frames, one a segment, that can be read one by one or as one stream.

use std::io::{self, Write};
use std::path::Path;

use flate2::write::GzEncoder;

use super::{Destination, Output};

/// How a file's bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// Members of gzip.
    Gzip,
    /// Frames of zstd.
    Zstd,
}

impl Compression {
    /// As a path's extension says.
    pub fn of_path(path: &Path) -> Self {
        match path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).as_deref() {
            Some("gz" | "gzip") => Compression::Gzip,
            Some("zst" | "zstd") => Compression::Zstd,
            _ => Compression::None,
        }
    }
}

/// A destination behind a compressor.
pub struct Compressed {
    state: State,
    compression: Compression,
    /// Whether nothing was written to the file yet.
    empty: bool,
}

enum State {
    Between(Destination),
    Gzip(GzEncoder<Destination>),
    Zstd(zstd::stream::write::Encoder<'static, Destination>),
    /// An error has taken the destination.
    Failed,
}

impl Compressed {
    /// Compresses what is written to `destination`; `empty` if nothing is in it yet.
    pub fn new(destination: Destination, compression: Compression, empty: bool) -> Self {
        Compressed { state: State::Between(destination), compression, empty }
    }

    /// Begins a segment if none is open.
    fn open(&mut self) -> io::Result<&mut dyn Write> {
        self.empty = false;
        if matches!(self.state, State::Between(_)) {
            self.state = match (self.compression, std::mem::replace(&mut self.state, State::Failed)) {
                (Compression::Gzip, State::Between(out)) => {
                    State::Gzip(GzEncoder::new(out, flate2::Compression::default()))
                }
                (Compression::Zstd, State::Between(out)) => {
                    State::Zstd(zstd::stream::write::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?)
                }
                (_, state) => state,
            };
        }
        match &mut self.state {
            State::Between(out) => Ok(out),
            State::Gzip(out) => Ok(out),
            State::Zstd(out) => Ok(out),
            State::Failed => Err(io::Error::other("an earlier write has failed")),
        }
    }

    /// Ends the segment that is open, if one is.
    fn close(&mut self) -> io::Result<&mut Destination> {
        self.state = match std::mem::replace(&mut self.state, State::Failed) {
            State::Gzip(out) => State::Between(out.finish()?),
            State::Zstd(out) => State::Between(out.finish()?),
            state => state,
        };
        match &mut self.state {
            State::Between(out) => Ok(out),
            _ => Err(io::Error::other("an earlier write has failed")),
        }
    }
}

impl std::fmt::Debug for Compressed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compressed").field("compression", &self.compression).finish_non_exhaustive()
    }
}

impl Write for Compressed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.open()?.flush()
    }
}

impl Output for Compressed {
    fn end_segment(&mut self) -> io::Result<u64> {
        self.close()?.end_segment()
    }

    fn commit(mut self) -> io::Result<()> {
        // A compressed file of nothing is one empty member, not an empty file.
        if self.empty {
            self.open()?;
        }
        self.close()?;
        match self.state {
            State::Between(out) => out.commit(),
            _ => Err(io::Error::other("an earlier write has failed")),
        }
    }

    fn discard(mut self) {
        if self.close().is_ok()
            && let State::Between(out) = self.state
        {
            out.discard();
        }
    }
}
