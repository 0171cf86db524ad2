//! Where results go: standard output, or a file that is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A writer that is told when all is written.
pub trait Output: Write {
    /// Hands all bytes to the system, and gives a file its name.
    ///
    /// # Errors
    /// What the system answers.
    fn commit(self) -> io::Result<()>;
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
    /// The file at `path`, or standard output.
    ///
    /// # Errors
    /// As [`OutputFile::create`].
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        Ok(match path {
            Some(path) => Destination::File(OutputFile::create(path)?),
            None => Destination::Stdout(BufWriter::with_capacity(64 << 10, io::stdout())),
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
    fn commit(self) -> io::Result<()> {
        match self {
            Destination::Stdout(mut out) => out.flush(),
            Destination::File(out) => out.commit(),
        }
    }
}

/// Written under another name beside its own, and renamed when it is complete. A device or a pipe is written directly.
#[derive(Debug)]
pub struct OutputFile {
    out: BufWriter<File>,
    path: PathBuf,
    partial: Option<PathBuf>,
}

impl OutputFile {
    /// Opens the file for writing, so that a place that cannot be written is known before the work starts.
    ///
    /// # Errors
    /// What the system answers.
    pub fn create(path: &Path) -> io::Result<Self> {
        // A link stays a link: what it leads to is replaced.
        let resolved = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let path = resolved.as_path();
        let existing = fs::metadata(path).ok();
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        let direct = existing.is_some_and(|metadata| !metadata.is_file());
        let partial = (!direct).then(|| {
            let mut name = path.as_os_str().to_owned();
            name.push(".partial");
            PathBuf::from(name)
        });
        let file = match &partial {
            Some(partial) => File::create(partial)?,
            None => File::options().write(true).open(path)?,
        };
        Ok(OutputFile { out: BufWriter::with_capacity(256 << 10, file), path: path.to_owned(), partial })
    }
}

impl Output for OutputFile {
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
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for OutputFile {
    /// What was not committed is not left lying about.
    fn drop(&mut self) {
        if let Some(partial) = &self.partial {
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
    fn a_folder_is_refused_at_once() {
        assert!(OutputFile::create(tempfile::tempdir().unwrap().path()).is_err());
    }
}
