//! Writes small files of a work folder whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Position, Result};
use crate::write::open_own;

/// Writes a file beside its name, makes it last, and renames it.
///
/// # Errors
/// The file cannot be written.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = || -> io::Result<()> {
        let partial = partial(path);
        let (mut file, _) = open_own(&partial)?;
        file.set_len(0)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&partial, path)
    };
    written().map_err(|error| Error::io(Position::from_path(path.display().to_string()), "write", error))
}

/// Writes a value as indented JSON.
///
/// # Errors
/// As [`replace`].
pub(super) fn replace_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Error::data(format!("{}: it cannot be written: {error}", path.display())))?;
    bytes.push(b'\n');
    replace(path, &bytes)
}

/// Writes a value as TOML.
///
/// # Errors
/// As [`replace`].
pub(super) fn replace_toml(path: &Path, value: &impl Serialize) -> Result<()> {
    let written = basic_toml::to_string(value)
        .map_err(|error| Error::data(format!("{}: it cannot be written: {error}", path.display())))?;
    replace(path, written.as_bytes())
}

/// Reads a value that [`replace_json`] wrote; `None` where there is no file.
///
/// # Errors
/// A file that cannot be read, or holds something else.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let Some(bytes) = read(path)? else { return Ok(None) };
    let value = serde_json::from_slice(&bytes);
    value.map(Some).map_err(|error| malformed(path, "json", &error))
}

/// Reads a value that [`replace_toml`] wrote, or somebody by hand; `None` where there is no file.
///
/// # Errors
/// A file that cannot be read, or holds something else.
pub(super) fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let Some(bytes) = read(path)? else { return Ok(None) };
    let value = basic_toml::from_slice(&bytes);
    value.map(Some).map_err(|error| malformed(path, "toml", &error))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(Position::from_path(path.display().to_string()), "read", error)),
    }
}

fn malformed(path: &Path, format: &'static str, error: &dyn std::error::Error) -> Error {
    Error::malformed(Position::from_path(path.display().to_string()), format, error.to_string())
        .with_hint("mend the file, or move it away")
}

/// The name under which a file is written until it is whole.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_what_an_earlier_run_left_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        assert_eq!(read_json::<Vec<u8>>(&path).unwrap(), None);
        fs::write(partial(&path), "[1, 2, 3, 4, 5, 6, 7, 8, 9").unwrap();
        replace_json(&path, &[1, 2]).unwrap();
        assert_eq!(read_json::<Vec<u8>>(&path).unwrap(), Some(vec![1, 2]));
        assert!(!partial(&path).exists());
        fs::write(&path, "[1").unwrap();
        let said = read_json::<Vec<u8>>(&path).unwrap_err().to_string();
        assert!(said.contains("a.json: EOF") && said.contains("mend the file"), "{said}");
    }
}
