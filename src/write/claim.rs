//! Claims the names of the files that a command writes: none is read, no two are one file, none
//! leads elsewhere.

use std::path::{Path, PathBuf};

use crate::error::{Message, Result};
use crate::read::{FileIdentity, find_files};
use crate::write::claimed_path::{ClaimedPath, are_one};
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
        let claimed = ClaimedPath::find(parameter, path)?;
        self.refuse_what_is_read(&claimed)?;
        self.refuse_what_is_claimed(&claimed)?;
        claimed.check_temporary_names()?;
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
                let given = claimed.given().display();
                let found = Message::from(format!("{given}: "))
                    .then(Message::parameter(other.parameter()))
                    .then(format!(" {} writes this file or its temporary ones", other.given().display()));
                return Err(claimed.refused(found));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

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
