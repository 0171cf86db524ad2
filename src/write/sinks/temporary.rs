//! Opens a temporary file for one run alone: no link is followed, and no other run writes it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use crate::read::FileIdentity;
use crate::write::claimed_path::is_free;

/// Opens a file for a run alone: a new one, or one that an earlier run has left, with its length.
/// Nothing in it is changed.
pub(super) fn open_locked(path: &Path) -> io::Result<(File, Option<u64>)> {
    let (file, found) = open_own(path)?;
    lock(&file)?;
    // Until the lock was ours, another run could end: its file has another name now, and must not
    // be written.
    let open = FileIdentity::of_open(&file, path)?;
    if open.is_none() || open != FileIdentity::of_entry(path) {
        return Err(io::Error::new(io::ErrorKind::ResourceBusy, "another run has just written this file"));
    }
    Ok((file, found))
}

/// Opens a temporary file: a new one, or one that an earlier run has left, with its length. A link
/// is not followed.
pub(crate) fn open_own(path: &Path) -> io::Result<(File, Option<u64>)> {
    let mut options = File::options();
    options.read(true).write(true);
    match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        created => return created.map(|file| (file, None)),
    }
    is_free(path)?;
    let file = options.open(path)?;
    if FileIdentity::of_open(&file, path)? != FileIdentity::of_entry(path) {
        return Err(io::Error::new(io::ErrorKind::ResourceBusy, "another program has just replaced it"));
    }
    let length = file.metadata()?.len();
    Ok((file, Some(length)))
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
