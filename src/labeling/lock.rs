//! Keeps a second program from writing into a work folder.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::{Error, Position, Result};
use crate::write::open_own;

/// The lock of a work folder. The system takes it back when the program ends, however it ends.
#[derive(Debug)]
pub(super) struct FolderLock(File);

impl FolderLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// Another program has it: the message says at which address it has opened the folder, if it
    /// said so.
    pub(super) fn take(path: &Path) -> Result<Self> {
        let failed = |error| Error::io(Position::from_path(path.display().to_string()), "lock", error);
        let (mut file, _) = open_own(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(path)),
            // Without locks nobody can be kept out; but that is no reason not to work at all.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        write(&mut file, "").map_err(failed)?;
        Ok(FolderLock(file))
    }

    /// Says in the lock file where the folder is open.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn set_address(&mut self, address: &str) -> io::Result<()> {
        write(&mut self.0, address)
    }
}

fn write(file: &mut File, address: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(address.as_bytes())
}

fn taken(path: &Path) -> Error {
    let folder = path.parent().unwrap_or(path).display();
    let address = fs::read_to_string(path).unwrap_or_default();
    let address = address.trim();
    let open = match address.is_empty() {
        true => "it is open in another program".to_owned(),
        false => format!("it is open at {address}"),
    };
    Error::run(format!("{folder}: {open}; go there, or end that program first"), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_program_is_told_where_the_folder_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let mut lock = FolderLock::take(&path).unwrap();
        let said = FolderLock::take(&path).unwrap_err().to_string();
        assert!(said.contains("open in another program"), "{said}");
        lock.set_address("http://127.0.0.1:8765/").unwrap();
        if cfg!(unix) {
            let said = FolderLock::take(&path).unwrap_err().to_string();
            assert!(said.contains("it is open at http://127.0.0.1:8765/;"), "{said}");
        }
        drop(lock);
        assert!(FolderLock::take(&path).is_ok());
        assert_eq!(fs::read_to_string(&path).unwrap(), "", "the next program has not said where");
    }
}
