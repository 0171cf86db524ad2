//! Compresses output as gzip members or zstd frames, one a segment, which can be read one by one or
//! as one stream.

use std::io::{self, Write};
use std::path::Path;

use flate2::write::GzEncoder;

use crate::write::{Destination, Mark, Output};

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
    /// The compression that a path's extension tells.
    pub fn for_path(path: &Path) -> Self {
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

    /// Does not begin a segment: nothing may stand in the file that was not written.
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Between(out) => out.flush(),
            State::Gzip(out) => out.flush(),
            State::Zstd(out) => out.flush(),
            State::Failed => Ok(()),
        }
    }
}

impl Output for Compressed {
    fn end_segment(&mut self) -> io::Result<Mark> {
        self.close()?.end_segment()
    }

    fn finish(&mut self) -> io::Result<Mark> {
        // A compressed file of nothing is one empty member, not an empty file.
        if self.empty {
            self.open()?;
        }
        self.end_segment()
    }

    fn commit(mut self) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::write::{OutputFile, OutputPaths};

    fn begin(path: &Path, kept: &Mark, compression: Compression) -> Compressed {
        let claimed = OutputPaths::default().claim("output", path).unwrap();
        let mut file = OutputFile::open(&claimed).unwrap();
        if kept.bytes > 0 {
            assert!(file.keep(kept).unwrap());
        }
        file.cut().unwrap();
        file.keep_unfinished();
        Compressed::new(Destination::File(file), compression, kept.bytes == 0)
    }

    #[test]
    fn an_output_that_was_gone_on_with_is_the_one_of_a_run_without_a_break() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let mut whole = begin(&path, &Mark::default(), compression);
            whole.write_all(b"one ").unwrap();
            let end = whole.end_segment().unwrap();
            whole.write_all(b"two").unwrap();
            whole.commit().unwrap();
            let expected = std::fs::read(&path).unwrap();
            let mut broken = begin(&path, &Mark::default(), compression);
            broken.write_all(b"one ").unwrap();
            assert_eq!(broken.end_segment().unwrap(), end);
            broken.write_all(b"lost").unwrap();
            broken.flush().unwrap();
            drop(broken);
            let mut again = begin(&path, &end, compression);
            again.flush().unwrap();
            again.write_all(b"two").unwrap();
            again.commit().unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), expected, "{compression:?}");
            if compression == Compression::Gzip {
                let mut text = String::new();
                flate2::read::MultiGzDecoder::new(&expected[..]).read_to_string(&mut text).unwrap();
                assert_eq!(text, "one two");
            }
        }
    }

    #[test]
    fn nothing_is_an_empty_member_and_a_segment_at_the_end_adds_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        begin(&path, &Mark::default(), Compression::Gzip).commit().unwrap();
        let empty = std::fs::read(&path).unwrap();
        assert!(empty.starts_with(b"\x1f\x8b"), "{empty:?}");
        let mut out = begin(&path, &Mark::default(), Compression::Gzip);
        out.write_all(b"one").unwrap();
        let end = out.end_segment().unwrap();
        out.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap().len() as u64, end.bytes);
    }
}
