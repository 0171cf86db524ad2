//! Writes a file that is there whole or not at all, and that a later run can continue.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::Result;
use crate::read::Fingerprint;
use crate::write::Mark;
use crate::write::claimed_path::ClaimedPath;
use crate::write::sinks::temporary::open_locked;

/// A writer that is told when all is written.
pub trait Output: Write + Send {
    /// Ends a segment, which can be read by itself, hands it to the system, and says where it ends.
    ///
    /// # Errors
    /// The system's error.
    fn end_segment(&mut self) -> io::Result<Mark>;

    /// Ends the last segment, after which nothing is written.
    ///
    /// # Errors
    /// The system's error.
    fn finish(&mut self) -> io::Result<Mark> {
        self.end_segment()
    }

    /// Hands all bytes to the system, and gives a file its name.
    ///
    /// # Errors
    /// The system's error.
    fn commit(self) -> io::Result<()>;

    /// Gives a file up: what stood at its place stays, and nothing is left beside it.
    fn discard(self);
}

/// Written under another name beside its own, and renamed when it is complete. A device or a pipe
/// is written directly.
#[derive(Debug)]
pub struct OutputFile {
    out: BufWriter<File>,
    path: ClaimedPath,
    /// Whether there is a temporary file that is not yet renamed.
    is_partial: bool,
    /// The bytes of an unfinished file that stood there.
    found: Option<u64>,
    /// Whether an unfinished file stays, to be continued.
    kept: bool,
    written: u64,
    /// Of all bytes up to here, for a file that can be continued.
    hash: Option<Box<Fingerprint>>,
}

impl OutputFile {
    /// Opens the file for writing, so that a place that cannot be written is known before the work
    /// starts.
    ///
    /// # Errors
    /// The system's error, or a file that another run is writing.
    pub fn create(path: &ClaimedPath) -> Result<Self> {
        let file = OutputFile::open(path)?;
        if file.found.is_some() && path.journal().is_some_and(Path::exists) {
            let message = "found an unfinished run of `score`; finish it, or remove its two files";
            return Err(path.cannot_write(io::Error::new(io::ErrorKind::AlreadyExists, message)));
        }
        file.emptied()
    }

    /// As [`OutputFile::create`], but throws away what an unfinished run has left.
    ///
    /// # Errors
    /// The system's error, or a file that another run is writing.
    pub(crate) fn create_anew(path: &ClaimedPath) -> Result<Self> {
        let file = OutputFile::open(path)?;
        if let Some(journal) = path.journal().filter(|journal| journal.exists()) {
            fs::remove_file(journal).map_err(|error| path.cannot_write(error))?;
        }
        file.emptied()
    }

    /// The file without what was in it, which nothing continues.
    fn emptied(mut self) -> Result<Self> {
        let path = self.path.clone();
        let file = &mut self;
        file.hash = None;
        file.cut().map_err(|error| path.cannot_write(error))?;
        file.kept = false;
        Ok(self)
    }

    /// Opens a file that may be continued, and changes nothing in what an unfinished run has left
    /// of it. An unfinished file stays if this run does not come to its end.
    ///
    /// # Errors
    /// The system's error, or a file that another run is writing.
    pub(crate) fn open(path: &ClaimedPath) -> Result<Self> {
        let opened = match path.partial() {
            Some(partial) => open_locked(partial),
            None => File::options().write(true).open(path.given()).map(|file| (file, None)),
        };
        let (file, found) = opened.map_err(|error| path.cannot_write(error))?;
        Ok(OutputFile {
            out: BufWriter::with_capacity(256 << 10, file),
            path: path.clone(),
            is_partial: path.is_regular(),
            found,
            kept: found.is_some(),
            written: 0,
            hash: path.is_regular().then(Box::default),
        })
    }

    /// The bytes of an unfinished file that stood there.
    pub(crate) fn found(&self) -> Option<u64> {
        self.found
    }

    /// Keeps the bytes up to a mark, which is behind those kept before; `false` if they are not
    /// those that were written.
    ///
    /// # Errors
    /// The system's error.
    pub(crate) fn keep(&mut self, mark: &Mark) -> io::Result<bool> {
        let Some(hash) = &mut self.hash else { return Ok(false) };
        let Some(mut left) = mark.bytes.checked_sub(self.written) else { return Ok(false) };
        let mut block = vec![0; 64 << 10];
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
            let Some(room) = block.get_mut(..wanted) else { return Ok(false) };
            self.out.get_mut().read_exact(room)?;
            hash.update(room);
            left -= wanted as u64;
        }
        self.written = mark.bytes;
        Ok(hash.hex() == mark.hash)
    }

    /// Removes what stands behind the bytes that are kept.
    ///
    /// # Errors
    /// The system's error.
    pub(crate) fn cut(&mut self) -> io::Result<()> {
        if self.is_partial {
            take_mode(self.out.get_ref(), &self.path, true);
            let file = self.out.get_mut();
            file.set_len(self.written)?;
            file.seek(SeekFrom::Start(self.written))?;
        }
        Ok(())
    }

    /// A system's error with the name of the file.
    fn told(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: {error}", self.path.given().display()))
    }

    /// Leaves an unfinished file where it is, to be continued.
    pub(crate) fn keep_unfinished(&mut self) {
        self.kept = true;
    }
}

/// Gives a temporary file the mode of the file that it replaces; while it is written, its owner may
/// write it in any case.
#[cfg(unix)]
fn take_mode(file: &File, path: &ClaimedPath, is_being_written: bool) {
    use std::os::unix::fs::PermissionsExt;
    if path.is_regular()
        && let Ok(replaced) = fs::metadata(path.target())
    {
        let mode = replaced.permissions().mode() & 0o7777;
        let mode = if is_being_written { mode | 0o600 } else { mode };
        // A file system without modes is no reason not to write.
        let _ = file.set_permissions(fs::Permissions::from_mode(mode));
    }
}

#[cfg(not(unix))]
fn take_mode(_: &File, _: &ClaimedPath, _: bool) {}

impl Output for OutputFile {
    fn end_segment(&mut self) -> io::Result<Mark> {
        self.flush()?;
        if self.is_partial {
            self.out.get_ref().sync_data().map_err(|error| self.told(&error))?;
        }
        let hash = self.hash.as_ref().map_or(String::new(), |hash| hash.hex());
        Ok(Mark { bytes: self.written, hash, footers: Vec::new() })
    }

    fn commit(mut self) -> io::Result<()> {
        self.flush()?;
        if let (true, Some(partial)) = (self.is_partial, self.path.partial()) {
            take_mode(self.out.get_ref(), &self.path, false);
            let finished =
                self.out.get_ref().sync_all().and_then(|()| fs::rename(partial, self.path.target()));
            finished.map_err(|error| self.told(&error))?;
            self.is_partial = false;
        }
        Ok(())
    }

    fn discard(mut self) {
        self.kept = false;
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes).map_err(|error| self.told(&error))?;
        if let (Some(hash), Some(bytes)) = (&mut self.hash, bytes.get(..written)) {
            hash.update(bytes);
        }
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().map_err(|error| self.told(&error))
    }
}

impl Drop for OutputFile {
    /// Removes what was not committed, unless it can be continued.
    fn drop(&mut self) {
        if let (true, false, Some(partial)) = (self.is_partial, self.kept, self.path.partial()) {
            let _ = fs::remove_file(partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::OutputPaths;

    fn claimed(path: &Path) -> ClaimedPath {
        OutputPaths::default().claim("output", path).unwrap()
    }

    /// The file as a run that may be continued begins it.
    fn begun(path: &Path) -> OutputFile {
        let mut file = OutputFile::open(&claimed(path)).unwrap();
        file.keep_unfinished();
        file
    }

    #[test]
    fn a_file_appears_when_it_is_committed_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut file = OutputFile::create(&claimed(&path)).unwrap();
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
        let mut file = OutputFile::create(&claimed(&path)).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unfinished_file_is_gone_on_with_after_the_bytes_that_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut file = begun(&path);
        file.write_all(b"kept").unwrap();
        let mark = file.end_segment().unwrap();
        assert_eq!(mark.bytes, 4);
        file.write_all(b", and lost").unwrap();
        let error = OutputFile::open(&claimed(&path)).unwrap_err().to_string();
        assert!(error.ends_with("out: cannot write: another run is writing this file"), "{error}");
        drop(file);
        assert!(begun(&path).keep(&Mark { bytes: 99, ..mark.clone() }).is_err());
        let mut file = begun(&path);
        assert_eq!(file.found(), Some(14));
        assert!(file.keep(&mark).unwrap());
        file.cut().unwrap();
        file.write_all(b" on").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"kept on");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unfinished_run_is_not_replaced_by_another_command() {
        let folder = tempfile::tempdir().unwrap();
        let claimed = claimed(&folder.path().join("out"));
        fs::write(claimed.partial().unwrap(), "unfinished").unwrap();
        fs::write(claimed.journal().unwrap(), "{}\n").unwrap();
        assert!(
            OutputFile::create(&claimed).unwrap_err().to_string().contains("an unfinished run of `score`")
        );
        assert_eq!(fs::read(claimed.partial().unwrap()).unwrap(), b"unfinished");
        // What other commands leave when they are killed is worth nothing.
        fs::remove_file(claimed.journal().unwrap()).unwrap();
        OutputFile::create(&claimed).unwrap().commit().unwrap();
        assert_eq!(fs::read(claimed.target()).unwrap(), b"");
    }

    #[test]
    fn kept_bytes_that_have_changed_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut file = begun(&path);
        file.write_all(&[7; 100_000]).unwrap();
        let first = file.end_segment().unwrap();
        file.write_all(&[8; 10]).unwrap();
        let second = file.end_segment().unwrap();
        drop(file);
        let partial = claimed(&path).partial().unwrap().to_owned();
        let whole = fs::read(&partial).unwrap();
        for (at, kept) in [(99_999, [false, false]), (100_000, [true, false]), (0, [false, false])] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&partial, bytes).unwrap();
            let mut file = begun(&path);
            assert_eq!([&first, &second].map(|mark| file.keep(mark).unwrap()), kept, "byte {at}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_file_that_is_replaced_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        for wanted in [0o640, 0o600, 0o444] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(wanted)).unwrap();
            let mut file = OutputFile::create(&claimed(&path)).unwrap();
            assert_eq!(mode(claimed(&path).partial().unwrap()), wanted | 0o600);
            file.write_all(b"new").unwrap();
            file.commit().unwrap();
            assert_eq!(mode(&path), wanted);
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_link_that_takes_the_temporary_name_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, victim) = (folder.path().join("out"), folder.path().join("victim"));
        fs::write(&victim, "precious").unwrap();
        let claimed = claimed(&path);
        std::os::unix::fs::symlink(&victim, claimed.partial().unwrap()).unwrap();
        assert!(OutputFile::create(&claimed).is_err());
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }
}
