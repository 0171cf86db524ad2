//! Finds the files under given paths. Folders are walked in the order of their paths' bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, Position};
use crate::read::Format;

/// The files under given paths.
#[derive(Debug, Default)]
pub struct FoundFiles {
    /// Files to read, in order; `-` for standard input.
    pub files: Vec<PathBuf>,
    /// Folders and files that could not be looked at.
    pub errors: Vec<Error>,
    /// Links to a folder above them, which are not followed.
    pub loops: Vec<PathBuf>,
    /// The number of files in folders whose type is not known, by extension.
    pub unknown: BTreeMap<String, usize>,
}

/// Finds files: those that are given, and those in folders that are given. In folders, hidden files, files
/// of an unknown type and `except`, the output, are passed over.
pub fn find_files(paths: &[PathBuf], except: Option<&Path>) -> FoundFiles {
    let mut found = FoundFiles::default();
    for path in paths {
        if path.is_dir() {
            walk(path, except, &mut found);
        } else {
            found.files.push(path.clone());
        }
    }
    found
}

fn walk(folder: &Path, except: Option<&Path>, found: &mut FoundFiles) {
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
        entry.depth() > 0 && (name.starts_with(b".") || name.starts_with(b"~$"))
    };
    let entries = WalkDir::new(folder)
        .follow_links(true)
        .sort_by(move |a, b| key(a).cmp(&key(b)))
        .into_iter()
        .filter_entry(move |entry| !hidden(entry));
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if except.is_some_and(|except| same(entry.path(), except)) => {}
            Ok(entry) if except.is_some_and(|except| unfinished(entry.path(), except)) => {}
            Ok(entry) if entry.file_type().is_file() && Format::from_path(entry.path()).is_some() => {
                found.files.push(entry.into_path());
            }
            Ok(entry) => {
                let extension = match entry.path().extension() {
                    // Reading a pipe that nobody asked for could wait for ever.
                    _ if !entry.file_type().is_file() => "no regular file".to_owned(),
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
                    error.into_io_error().unwrap_or_else(|| std::io::Error::other("cannot be walked"));
                found.errors.push(Error::io(Position::from_path(path), "read", source));
            }
        }
    }
}

fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
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
        let found = find_files(&[root.to_owned()], Some(&root.join("out.jsonl")));
        let names: Vec<_> =
            found.files.iter().map(|file| file.strip_prefix(root).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.txt", "a/x.md", "b.txt"]);
        assert_eq!(found.unknown, BTreeMap::from([(".docx".to_owned(), 1)]));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_a_folder_above_is_followed_once_and_reported() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        let found = find_files(&[folder.path().to_owned()], None);
        assert_eq!((found.files.len(), found.loops.len(), found.errors.len()), (1, 1, 0));
    }
}
