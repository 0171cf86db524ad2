//! Finds the files under given paths. Folders are walked in the order of their paths' bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, Position, Result};
use crate::read::formats::unsupported;
use crate::read::{FileIdentity, Format};

/// The files under given paths.
#[derive(Debug, Default)]
pub struct FoundFiles {
    /// Files to read, in order; `-` for standard input.
    pub files: Vec<PathBuf>,
    /// Folders and files that could not be looked at.
    pub errors: Vec<Error>,
    /// Files of a known type in folders that have the name of an output, and are passed over.
    pub outputs: Vec<PathBuf>,
    /// Links to a folder above them, which are not followed.
    pub loops: Vec<PathBuf>,
    /// The number of files in folders whose type is not known, by extension.
    pub unknown: BTreeMap<String, usize>,
}

impl FoundFiles {
    /// The files, where all folders could be read and hold files.
    ///
    /// # Errors
    /// A folder that cannot be read, or nothing to read.
    pub(crate) fn or_error(self, paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
        match self.errors.into_iter().next() {
            Some(error) => Err(error),
            // Who names nothing wants nothing.
            None if self.files.is_empty() && !paths.is_empty() => {
                let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                let (shown, expected) = (shown.join(", "), Format::list_extensions());
                Err(Error::data(format!("found nothing to read in {shown}; expected {expected} files")))
            }
            None => Ok(self.files),
        }
    }

    /// What was passed over: one line each.
    pub fn notes(&self) -> Vec<String> {
        let loops = self.loops.iter();
        let mut notes: Vec<String> = loops
            .map(|path| format!("{}: a link to a parent folder; not followed", path.display()))
            .collect();
        if !self.unknown.is_empty() {
            let kinds: Vec<String> =
                self.unknown.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            let is_explained = |kind: &String| {
                kind.strip_prefix('.').is_some_and(|kind| unsupported::by_extension(kind).is_some())
            };
            let how = match self.unknown.keys().any(is_explained) {
                true => "; name one on its own to learn how to convert it",
                false => "",
            };
            notes.push(format!("skipped files of unknown type: {}{how}", kinds.join(", ")));
        }
        notes
    }
}

/// Finds files: those that are given, and those in folders that are given. In folders, hidden
/// files, files of an unknown type and `outputs`, the files that will be written, are passed over.
pub fn find_files(paths: &[PathBuf], outputs: &[&Path]) -> FoundFiles {
    let mut found = FoundFiles::default();
    for path in paths {
        if path.is_dir() {
            walk(path, outputs, &mut found);
        } else {
            found.files.push(path.clone());
        }
    }
    found
}

fn walk(folder: &Path, outputs: &[&Path], found: &mut FoundFiles) {
    let written: Vec<FileIdentity> =
        outputs.iter().filter_map(|output| FileIdentity::from_path(output)).collect();
    let is_output = |path: &Path| {
        !written.is_empty() && FileIdentity::from_path(path).is_some_and(|found| written.contains(&found))
    };
    // Comparing folders with their slash gives the order of the whole paths' bytes.
    let key = |entry: &DirEntry| {
        let mut name = entry.file_name().as_encoded_bytes().to_vec();
        if entry.file_type().is_dir() {
            name.push(b'/');
        }
        name
    };
    // Excel leaves `~$book.xlsx` beside a book that is open.
    let hidden = |entry: &DirEntry| {
        let name = entry.file_name().as_encoded_bytes();
        entry.depth() > 0
            && (name.starts_with(b".") || name.starts_with(b"~$") || is_left_by_spark(entry.path(), name))
    };
    let entries = WalkDir::new(folder)
        .follow_links(true)
        .sort_by(move |a, b| key(a).cmp(&key(b)))
        .into_iter()
        .filter_entry(move |entry| !hidden(entry));
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if is_output(entry.path()) => {
                if entry.file_type().is_file() && Format::from_path(entry.path()).is_some() {
                    found.outputs.push(entry.into_path());
                }
            }
            Ok(entry) if outputs.iter().any(|output| unfinished(entry.path(), output)) => {}
            Ok(entry) if entry.file_type().is_file() && Format::from_path(entry.path()).is_some() => {
                found.files.push(entry.into_path());
            }
            Ok(entry) => {
                let extension = match entry.path().extension() {
                    // Reading a pipe that nobody asked for could wait for ever.
                    _ if !entry.file_type().is_file() => "not a regular file".to_owned(),
                    None => "no extension".to_owned(),
                    Some(extension) => format!(".{}", extension.to_string_lossy().to_lowercase()),
                };
                *found.unknown.entry(extension).or_default() += 1;
            }
            Err(error) if error.loop_ancestor().is_some() => {
                found.loops.push(error.path().unwrap_or(folder).to_owned());
            }
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_string_lossy().into_owned();
                let source =
                    error.into_io_error().unwrap_or_else(|| std::io::Error::other("cannot be listed"));
                found.errors.push(Error::io(Position::from_path(path), "read", source));
            }
        }
    }
}

/// Whether a name is one that Spark, Hive or Delta Lake leave beside the files of a table:
/// `_SUCCESS`, `_metadata`, and in folders such as `source=A` all that begins with `_`.
fn is_left_by_spark(path: &Path, name: &[u8]) -> bool {
    const NAMES: [&[u8]; 6] =
        [b"_SUCCESS", b"_metadata", b"_common_metadata", b"_temporary", b"_delta_log", b"_spark_metadata"];
    const BEGINNINGS: [&[u8]; 2] = [b"_committed_", b"_started_"];
    name.starts_with(b"_")
        && (NAMES.contains(&name)
            || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
            || path
                .parent()
                .and_then(Path::file_name)
                .is_some_and(|folder| folder.as_encoded_bytes().contains(&b'=')))
}

fn same(a: &Path, b: &Path) -> bool {
    FileIdentity::from_path(a).is_some_and(|a| Some(a) == FileIdentity::from_path(b))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a file is what an unfinished run has left of that output.
fn unfinished(path: &Path, output: &Path) -> bool {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let (Some(own), Some(of)) = (name(path), name(output)) else { return false };
    let rest = own.strip_prefix(&of).unwrap_or("");
    (rest == ".partial" || rest == ".partial.journal") && same(folder_of(path), folder_of(output))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn folders_are_walked_in_the_order_of_path_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("a")).unwrap();
        for name in [
            "a.txt",
            "a/x.md",
            "b.txt",
            ".hidden.txt",
            "c.docx",
            "out.jsonl",
            "out.jsonl.partial",
            "~$book.xlsx",
        ] {
            fs::write(root.join(name), "x").unwrap();
        }
        let found = find_files(&[root.to_owned()], &[&root.join("out.jsonl")]);
        let names: Vec<_> =
            found.files.iter().map(|file| file.strip_prefix(root).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.txt", "a/x.md", "b.txt"]);
        assert_eq!(found.unknown, BTreeMap::from([(".docx".to_owned(), 1)]));
        assert_eq!(found.outputs, [root.join("out.jsonl")]);
    }

    #[test]
    fn what_spark_leaves_is_no_file_of_the_table() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("source=A/_temporary")).unwrap();
        fs::create_dir(root.join("_posts")).unwrap();
        for name in [
            "_SUCCESS",
            "_metadata",
            "source=A/part.csv",
            "source=A/_part.csv",
            "source=A/_temporary/x.csv",
            "_posts/_x.md",
        ] {
            fs::write(root.join(name), "x").unwrap();
        }
        let found = find_files(&[root.to_owned()], &[]);
        let names: Vec<_> =
            found.files.iter().map(|file| file.strip_prefix(root).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["_posts/_x.md", "source=A/part.csv"]);
        assert!(found.unknown.is_empty() && found.notes().is_empty());
    }

    #[test]
    fn a_folder_without_files_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [folder.path().to_owned()];
        let error = find_files(&paths, &[]).or_error(&paths).unwrap_err().to_string();
        assert!(error.starts_with("found nothing to read in ") && error.contains(".csv"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_a_folder_above_is_followed_once_and_reported() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        let found = find_files(&[folder.path().to_owned()], &[]);
        assert_eq!((found.files.len(), found.loops.len(), found.errors.len()), (1, 1, 0));
    }
}
