//! Claims the names of the files that a command writes: none is read, no two are one file, none
//! leads elsewhere.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Message, Position, Result};
use crate::read::{FileIdentity, find_files};
use crate::write::earlier::is_earlier_result;

/// The files that one command reads, and those that it writes. Every output of a command is claimed
/// here, all of them before the first is created.
///
/// ```
/// use standpoint::write::{Output, OutputFile, OutputPaths};
/// use std::io::Write;
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let (texts, scores) = (folder.path().join("texts.csv"), folder.path().join("scores.csv"));
/// # std::fs::write(&texts, "text\n").unwrap();
/// let mut paths = OutputPaths::new([&texts]);
/// assert!(paths.claim("output", &texts).is_err());
/// let mut file = OutputFile::create(&paths.claim("output", &scores)?)?;
/// file.write_all(b"id,label\n").unwrap();
/// file.commit().unwrap();
/// # Ok::<(), standpoint::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct OutputPaths {
    read: Vec<PathBuf>,
    /// Files in folders that are read, which have the name of an output and are passed over.
    passed: Vec<PathBuf>,
    claimed: Vec<ClaimedPath>,
}

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

impl OutputPaths {
    /// Claims names for a command that reads these files, and all files of these folders; `-` is
    /// standard input.
    pub fn new(read: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        OutputPaths { read: read.into_iter().map(Into::into).collect(), ..OutputPaths::default() }
    }

    /// Says which files of the input's folders were passed over because an output has their name.
    /// An output may replace one of them if it holds results of this program, and no text.
    #[must_use]
    pub fn passing(mut self, files: &[PathBuf]) -> Self {
        self.passed.extend_from_slice(files);
        self
    }

    /// Claims the file that `parameter` names. Nothing is created or changed.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for a file that is read, or that
    /// another output takes; [`ErrorKind::Io`](crate::ErrorKind::Io) for a folder, a link that
    /// leads nowhere, or a temporary name that is taken by something other than what a run has
    /// left.
    pub fn claim(&mut self, parameter: &'static str, path: &Path) -> Result<ClaimedPath> {
        let place = Place::find(path).map_err(|error| cannot_write(path, error))?;
        let claimed = ClaimedPath { parameter, given: path.to_owned(), place };
        self.refuse_what_is_read(&claimed)?;
        self.refuse_what_is_claimed(&claimed)?;
        if let Place::File(names) = &claimed.place {
            let free = [&names.partial, &names.journal].into_iter().try_for_each(|name| is_free(name));
            free.map_err(|error| claimed.cannot_write(error))?;
        }
        self.claimed.push(claimed.clone());
        Ok(claimed)
    }

    /// Claims the file, if one is named.
    ///
    /// # Errors
    /// As [`OutputPaths::claim`].
    pub fn claim_if(&mut self, parameter: &'static str, path: Option<&Path>) -> Result<Option<ClaimedPath>> {
        path.map(|path| self.claim(parameter, path)).transpose()
    }

    fn refuse_what_is_read(&self, claimed: &ClaimedPath) -> Result<()> {
        let mut written = claimed.names().filter_map(FileIdentity::from_path).peekable();
        if written.peek().is_none() {
            return Ok(());
        }
        let written: Vec<FileIdentity> = written.collect();
        let is_written = |file: &&PathBuf| {
            FileIdentity::from_path(file).is_some_and(|identity| written.contains(&identity))
        };
        // A folder stands for its files. They are not looked for where nothing would be replaced.
        let files = find_files(&self.read, &[]).files;
        let read = files.iter().find(is_written);
        let read =
            read.or_else(|| self.passed.iter().filter(is_written).find(|file| !is_earlier_result(file)));
        match read {
            Some(file) => Err(claimed
                .refused(format!("{}: this file is an input and would be overwritten", file.display()))),
            None => Ok(()),
        }
    }

    fn refuse_what_is_claimed(&self, claimed: &ClaimedPath) -> Result<()> {
        for other in &self.claimed {
            if claimed.names().any(|name| other.names().any(|taken| are_one(name, taken))) {
                let given = claimed.given.display();
                let found = Message::from(format!("{given}: "))
                    .then(Message::parameter(other.parameter))
                    .then(format!(" {} writes this file or its temporary ones", other.given.display()));
                return Err(claimed.refused(found));
            }
        }
        Ok(())
    }
}

impl ClaimedPath {
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
    fn names(&self) -> impl Iterator<Item = &Path> {
        let pipe = match self.place {
            Place::Direct if is_pipe(&self.given) => Some(self.given.as_path()),
            _ => None,
        };
        let files = self.file_names().into_iter();
        let files = files.flat_map(|names| [&names.target, &names.partial, &names.journal]);
        files.map(PathBuf::as_path).chain(pipe)
    }

    fn refused(&self, found: impl Into<Message>) -> Error {
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
fn are_one(a: &Path, b: &Path) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            let folder = Folder(tempfile::tempdir().unwrap());
            fs::write(folder.at("read.csv"), "id,text\n1,a\n").unwrap();
            folder
        }

        fn at(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        /// Why the outputs cannot be claimed, one after the other, where `read.csv` is read.
        fn refusal(&self, outputs: &[&str]) -> String {
            let mut paths = OutputPaths::new([self.at("read.csv")]);
            let claimed: Result<Vec<_>> =
                outputs.iter().map(|name| paths.claim("output", &self.at(name))).collect();
            claimed.map_or_else(|error| error.to_string(), |_| String::new())
        }
    }

    #[test]
    fn what_is_read_is_refused_under_every_name() {
        let folder = Folder::new();
        let mut names = vec!["read.csv", "./read.csv"];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.at("read.csv"), folder.at("link.csv")).unwrap();
            fs::hard_link(folder.at("read.csv"), folder.at("hard.csv")).unwrap();
            fs::hard_link(folder.at("read.csv"), folder.at("out.csv.partial")).unwrap();
            names.extend(["link.csv", "hard.csv", "out.csv"]);
        }
        for name in names {
            let refusal = folder.refusal(&[name]);
            assert!(
                refusal.contains(
                    "read.csv: this file is an input and would be overwritten; choose another `output`"
                ),
                "{refusal}"
            );
        }
        assert_eq!(folder.refusal(&["new.csv"]), "");
    }

    #[test]
    fn two_outputs_are_two_files_with_their_temporary_ones() {
        let folder = Folder::new();
        fs::write(folder.at("old.csv"), "old").unwrap();
        for pair in [
            ["a.csv", "a.csv"],
            ["a.csv", "A.csv"],
            ["a.csv", "a.csv.partial"],
            ["a.csv.partial", "a.csv"],
            ["a.csv", "a.csv.partial.journal"],
            ["old.csv", "./old.csv"],
        ] {
            let refusal = folder.refusal(&pair);
            assert!(refusal.contains("writes this file or its temporary ones"), "{pair:?}: {refusal}");
        }
        assert_eq!(folder.refusal(&["a.csv", "b.csv", "old.csv"]), "");
    }

    #[test]
    #[cfg(unix)]
    fn temporary_names_lead_nowhere_else() {
        use std::os::unix::fs::symlink;
        let folder = Folder::new();
        fs::write(folder.at("victim"), "precious").unwrap();
        symlink(folder.at("victim"), folder.at("a.csv.partial")).unwrap();
        fs::hard_link(folder.at("victim"), folder.at("b.csv.partial")).unwrap();
        fs::create_dir(folder.at("c.csv.partial")).unwrap();
        symlink(folder.at("victim"), folder.at("d.csv.partial.journal")).unwrap();
        for name in ["a.csv", "b.csv", "c.csv", "d.csv"] {
            let refusal = folder.refusal(&[name]);
            assert!(refusal.contains("move it away"), "{name}: {refusal}");
        }
        symlink(folder.at("nowhere"), folder.at("dangling.csv")).unwrap();
        assert!(folder.refusal(&["dangling.csv"]).contains("which does not exist"));
        symlink(folder.at("victim"), folder.at("link.csv")).unwrap();
        let claimed = OutputPaths::default().claim("output", &folder.at("link.csv")).unwrap();
        assert!(claimed.target().ends_with("victim"));
        fs::write(folder.at("e.csv.partial"), "left by a run").unwrap();
        assert_eq!(folder.refusal(&["e.csv"]), "");
    }

    #[test]
    fn folders_are_refused_and_devices_are_written_directly() {
        let folder = Folder::new();
        assert!(folder.refusal(&["."]).contains("it is a folder"));
        assert!(folder.refusal(&["new/"]).contains("it names no file"));
        assert!(folder.refusal(&["no/such/folder.csv"]).contains("folder.csv: cannot write:"));
        #[cfg(unix)]
        {
            let mut paths = OutputPaths::new(["/dev/null"]);
            for _ in 0..2 {
                assert!(!paths.claim("output", Path::new("/dev/null")).unwrap().is_regular());
            }
        }
    }

    #[test]
    fn an_output_in_a_folder_that_is_read_replaces_results_only() {
        let folder = Folder::new();
        fs::write(folder.at("results.csv"), "id,path,record,label,top,reason\n").unwrap();
        let passed = [folder.at("results.csv"), folder.at("read.csv")];
        let claim = |name: &str| {
            OutputPaths::new(Vec::<PathBuf>::new()).passing(&passed).claim("output", &folder.at(name))
        };
        assert!(claim("results.csv").is_ok());
        assert!(claim("read.csv").unwrap_err().to_string().contains("would be overwritten"));
    }
}
