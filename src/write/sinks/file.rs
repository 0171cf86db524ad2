//! Opens where results go: standard output, or a file that is there whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A writer that is told when all is written.
pub trait Output: Write + Send {
    /// Ends a segment, which can be read by itself, hands it to the system, and gives the number of bytes up to here.
    ///
    /// # Errors
    /// The system's error.
    fn end_segment(&mut self) -> io::Result<u64>;

    /// Hands all bytes to the system, and gives a file its name.
    ///
    /// # Errors
    /// The system's error.
    fn commit(self) -> io::Result<()>;

    /// Gives a file up: what stood at its place stays, and nothing is left beside it.
    fn discard(self);
}

/// Standard output or a file.
#[derive(Debug)]
pub enum Destination {
    /// Standard output.
    Stdout(BufWriter<io::Stdout>),
    /// A file.
    File(OutputFile),
}

impl Destination {
    /// Standard output.
    pub fn stdout() -> Self {
        Destination::Stdout(BufWriter::with_capacity(64 << 10, io::stdout()))
    }

    /// The file at `path`, or standard output.
    ///
    /// # Errors
    /// As [`OutputFile::create`].
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        Ok(match path {
            Some(path) => Destination::File(OutputFile::create(path)?),
            None => Destination::stdout(),
        })
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Destination::Stdout(out) => out.write(bytes),
            Destination::File(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Destination::Stdout(out) => out.flush(),
            Destination::File(out) => out.flush(),
        }
    }
}

impl Output for Destination {
    fn end_segment(&mut self) -> io::Result<u64> {
        match self {
            // A stream cannot be continued, so its position does not matter.
            Destination::Stdout(out) => out.flush().map(|()| 0),
            Destination::File(out) => out.end_segment(),
        }
    }

    fn commit(self) -> io::Result<()> {
        match self {
            Destination::Stdout(mut out) => out.flush(),
            Destination::File(out) => out.commit(),
        }
    }

    fn discard(self) {
        if let Destination::File(out) = self {
            out.discard();
        }
    }
}

/// Written under another name beside its own, and renamed when it is complete. A device or a pipe is written directly.
#[derive(Debug)]
pub struct OutputFile {
    out: BufWriter<File>,
    path: PathBuf,
    partial: Option<PathBuf>,
    /// Whether an unfinished file stays, to be continued.
    kept: bool,
    written: u64,
}

impl OutputFile {
    /// Opens the file for writing, so that a place that cannot be written is known before the work starts.
    ///
    /// # Errors
    /// The system's error, or a file that another run is writing.
    pub fn create(path: &Path) -> io::Result<Self> {
        OutputFile::begin(path, 0, false)
    }

    /// Opens the file so that it stays, unfinished, if this run does not come to its end. The first `bytes` bytes of an
    /// unfinished file that is there already are kept.
    ///
    /// # Errors
    /// The system's error, or a file that another run is writing, or that has fewer bytes.
    pub fn resume(path: &Path, bytes: u64) -> io::Result<Self> {
        OutputFile::begin(path, bytes, true)
    }

    fn begin(path: &Path, bytes: u64, kept: bool) -> io::Result<Self> {
        // A link stays a link: what it leads to is replaced.
        let resolved = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(&resolved).is_ok_and(|metadata| metadata.is_dir()) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        let partial = partial_path(path);
        let file = match &partial {
            Some(partial) => {
                let mut file = File::options().write(true).create(true).truncate(false).open(partial)?;
                lock(&file)?;
                let length = file.metadata()?.len();
                if length < bytes {
                    let message = format!("the unfinished file has {length} bytes; it should have {bytes}");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                }
                file.set_len(bytes)?;
                file.seek(SeekFrom::Start(bytes))?;
                file
            }
            None => File::options().write(true).open(&resolved)?,
        };
        let out = BufWriter::with_capacity(256 << 10, file);
        Ok(OutputFile { out, path: resolved, partial, kept, written: bytes })
    }
}

/// Two runs that write one file would spoil it.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::ResourceBusy, "another run is writing this file"))
        }
        // A file system without locks is no reason not to write.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// The name under which a file is written until it is complete; `None` for a path that is not a regular file.
pub fn partial_path(path: &Path) -> Option<PathBuf> {
    let resolved = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&resolved).is_ok_and(|metadata| !metadata.is_file()) {
        return None;
    }
    let mut name = resolved.into_os_string();
    name.push(".partial");
    Some(PathBuf::from(name))
}

impl Output for OutputFile {
    fn end_segment(&mut self) -> io::Result<u64> {
        self.out.flush()?;
        if self.partial.is_some() {
            self.out.get_ref().sync_data()?;
        }
        Ok(self.written)
    }

    fn commit(mut self) -> io::Result<()> {
        self.out.flush()?;
        if let Some(partial) = self.partial.take() {
            let finished = self.out.get_ref().sync_all().and_then(|()| fs::rename(&partial, &self.path));
            if finished.is_err() {
                self.partial = Some(partial);
            }
            finished?;
        }
        Ok(())
    }

    fn discard(mut self) {
        self.kept = false;
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for OutputFile {
    /// Removes what was not committed, unless it can be continued.
    fn drop(&mut self) {
        if let Some(partial) = self.partial.as_ref().filter(|_| !self.kept) {
            let _ = fs::remove_file(partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_committed_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut file = OutputFile::create(&path).unwrap();
        file.write_all(b"all").unwrap();
        assert!(!path.exists());
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"all");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_dropped_leaves_the_old_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "old").unwrap();
        let mut file = OutputFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unfinished_file_is_gone_on_with_after_the_bytes_that_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut file = OutputFile::resume(&path, 0).unwrap();
        file.write_all(b"kept").unwrap();
        assert_eq!(file.end_segment().unwrap(), 4);
        file.write_all(b", and lost").unwrap();
        assert_eq!(OutputFile::resume(&path, 0).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        drop(file);
        assert!(OutputFile::resume(&path, 99).is_err());
        let mut file = OutputFile::resume(&path, 4).unwrap();
        file.write_all(b" on").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"kept on");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_is_refused_at_once() {
        assert!(OutputFile::create(tempfile::tempdir().unwrap().path()).is_err());
    }
}
