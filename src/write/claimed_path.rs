//! Resolves the name of an output: where it leads, and the names of its temporary files.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Message, Position, Result};
use crate::read::FileIdentity;

/// The name of an output.
#[derive(Clone, Debug)]
pub struct ClaimedPath {
    /// The parameter that names it.
    parameter: &'static str,
    given: PathBuf,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    /// A device or a pipe, written directly.
    Direct,
    File(FileNames),
}

/// The names of a regular file, without links.
#[derive(Clone, Debug)]
struct FileNames {
    target: PathBuf,
    /// Where it is written until it is complete.
    partial: PathBuf,
    journal: PathBuf,
}

impl ClaimedPath {
    /// Finds where the name leads. Nothing is created or changed.
    ///
    /// # Errors
    /// A folder, a link that leads nowhere, or a folder that does not exist.
    pub(super) fn find(parameter: &'static str, path: &Path) -> Result<Self> {
        let place = Place::find(path).map_err(|error| cannot_write(path, error))?;
        Ok(ClaimedPath { parameter, given: path.to_owned(), place })
    }

    /// Checks that its temporary names are free.
    ///
    /// # Errors
    /// A name that is taken by something other than what a run has left.
    pub(super) fn check_temporary_names(&self) -> Result<()> {
        let mut names = [self.partial(), self.journal()].into_iter().flatten();
        names.try_for_each(is_free).map_err(|error| self.cannot_write(error))
    }

    /// The parameter that names it.
    pub(super) fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// As it was given.
    pub fn given(&self) -> &Path {
        &self.given
    }

    /// Whether it is a regular file, or will be: a device or a pipe is written directly.
    pub fn is_regular(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    /// The file that stands there now, if one does.
    pub fn identity(&self) -> Option<FileIdentity> {
        FileIdentity::from_path(&self.given)
    }

    /// Where the file is written until it is complete.
    pub(crate) fn partial(&self) -> Option<&Path> {
        self.file_names().map(|names| names.partial.as_path())
    }

    /// Where the journal of an unfinished run stands.
    pub(crate) fn journal(&self) -> Option<&Path> {
        self.file_names().map(|names| names.journal.as_path())
    }

    /// Where the file stands when it is complete.
    pub(crate) fn target(&self) -> &Path {
        self.file_names().map_or(&self.given, |names| names.target.as_path())
    }

    /// The system's answer to writing there.
    pub(crate) fn cannot_write(&self, error: io::Error) -> Error {
        cannot_write(&self.given, error)
    }

    fn file_names(&self) -> Option<&FileNames> {
        match &self.place {
            Place::Direct => None,
            Place::File(names) => Some(names),
        }
    }

    /// All names under which something is written. Those of devices are not: `/dev/null` may be
    /// written and read by all.
    pub(super) fn names(&self) -> impl Iterator<Item = &Path> {
        let pipe = match self.place {
            Place::Direct if is_pipe(&self.given) => Some(self.given.as_path()),
            _ => None,
        };
        let files = self.file_names().into_iter();
        let files = files.flat_map(|names| [&names.target, &names.partial, &names.journal]);
        files.map(PathBuf::as_path).chain(pipe)
    }

    /// Why it cannot be claimed.
    pub(super) fn refused(&self, found: impl Into<Message>) -> Error {
        let found = found.into();
        Error::invalid_parameter(self.parameter, self.given.display(), "a file of its own")
            .with_message(found)
            .with_hint(Message::from("choose another ").then(Message::parameter(self.parameter)))
    }
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    Error::io(Position::from_path(path.display().to_string()), "write", error)
}

impl Place {
    fn find(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
            }
            Ok(metadata) if metadata.is_file() => return fs::canonicalize(path).map(Place::new),
            Ok(_) => return Ok(Place::Direct),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        if let Ok(to) = fs::read_link(path) {
            let message =
                format!("it is a link to `{}`, which does not exist; remove the link", to.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        let ends_as_folder =
            path.as_os_str().as_encoded_bytes().last().is_some_and(|byte| b"/\\".contains(byte));
        let name = path.file_name().filter(|_| !ends_as_folder);
        let name = name.ok_or_else(|| io::Error::new(io::ErrorKind::IsADirectory, "it names no file"))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::canonicalize(folder).map(|folder| Place::new(folder.join(name)))
    }

    fn new(target: PathBuf) -> Self {
        let with = |path: &Path, ending: &str| {
            let mut name = OsString::from(path);
            name.push(ending);
            PathBuf::from(name)
        };
        let partial = with(&target, ".partial");
        let journal = with(&partial, ".journal");
        Place::File(FileNames { target, partial, journal })
    }
}

/// Whether two names are one file, or would be one on a system that does not tell capitals from
/// small letters.
pub(super) fn are_one(a: &Path, b: &Path) -> bool {
    let lower = |path: &Path| path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    let is_one = |a: Option<&Path>, b: Option<&Path>| match (a, b) {
        (Some(a), Some(b)) => {
            FileIdentity::from_path(a).is_some_and(|a| Some(a) == FileIdentity::from_path(b))
        }
        _ => false,
    };
    a == b || is_one(Some(a), Some(b)) || (lower(a) == lower(b) && is_one(a.parent(), b.parent()))
}

/// Whether nothing stands under a temporary name, or only a file that a run may have left: no link,
/// no pipe, no second name of a file that stands elsewhere.
pub(super) fn is_free(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_file() && links(&metadata) == 1 => Ok(()),
        Ok(metadata) => {
            let what = match () {
                () if metadata.is_symlink() => "a link",
                () if metadata.is_dir() => "a folder",
                () if metadata.is_file() => "a second name of another file",
                () => "not a regular file",
            };
            let message = format!(
                "results are written to {} until they are complete, but it is {what}; move it away",
                path.display()
            );
            Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
        }
    }
}

#[cfg(unix)]
fn links(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path)
        .is_ok_and(|metadata| metadata.file_type().is_fifo() || metadata.file_type().is_socket())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}
