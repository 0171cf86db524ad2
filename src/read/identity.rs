//! Recognizes a file under any of its names: another path, a link, a hard link, other capitals.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use crate::read::is_stdin;

/// One file of the system. Two names are of one file if their identities are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileIdentity(system::Key);

impl FileIdentity {
    /// The file that `path` leads to, links followed; `-` is what standard input is read from.
    /// `None` where nothing stands.
    pub fn from_path(path: &Path) -> Option<Self> {
        let path = if is_stdin(path) { Path::new("/dev/stdin") } else { path };
        FileIdentity::new(path, &fs::metadata(path).ok()?)
    }

    /// What stands in the folder under this name: a link is itself, not what it leads to.
    pub(crate) fn of_entry(path: &Path) -> Option<Self> {
        FileIdentity::new(path, &fs::symlink_metadata(path).ok()?)
    }

    /// The open file, which was opened as `path`.
    pub(crate) fn of_open(file: &File, path: &Path) -> io::Result<Option<Self>> {
        file.metadata().map(|metadata| FileIdentity::new(path, &metadata))
    }

    fn new(path: &Path, metadata: &Metadata) -> Option<Self> {
        system::key(path, metadata).map(FileIdentity)
    }
}

#[cfg(unix)]
mod system {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    /// Device and number.
    pub(super) type Key = (u64, u64);

    #[expect(clippy::unnecessary_wraps, reason = "other systems do not always know")]
    pub(super) fn key(_: &Path, metadata: &Metadata) -> Option<Key> {
        Some((metadata.dev(), metadata.ino()))
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::Metadata;
    use std::path::{Path, PathBuf};

    /// The path without links.
    pub(super) type Key = PathBuf;

    pub(super) fn key(path: &Path, _: &Metadata) -> Option<Key> {
        path.canonicalize().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_file_are_recognized_and_copies_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "x").unwrap();
        fs::copy(path("a"), path("copy")).unwrap();
        let identity = |name: &str| FileIdentity::from_path(&path(name));
        assert!(identity("a").is_some());
        assert_eq!(identity("a"), identity("./a"));
        assert_ne!(identity("a"), identity("copy"));
        assert_eq!(identity("none"), None);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(path("a"), path("link")).unwrap();
            fs::hard_link(path("a"), path("hard")).unwrap();
            assert_eq!((identity("link"), identity("hard")), (identity("a"), identity("a")));
            assert_ne!(FileIdentity::of_entry(&path("link")), identity("a"));
        }
        let open = File::open(path("a")).unwrap();
        assert_eq!(FileIdentity::of_open(&open, &path("a")).unwrap(), identity("a"));
    }
}
