//! Finds the files that a command reads, and reads them one after the other.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::Document;
use crate::cli::exit::Exit;
use crate::cli::{flags, terminal};
use crate::pipeline::Notes;
use crate::read::{Format, FoundFiles, InputOptions, Inputs, find_files, is_stdin};

/// The files under some paths, without the outputs; says on stderr what was passed over.
pub fn files(paths: &[PathBuf], outputs: &[&Path], quiet: bool) -> anyhow::Result<FoundFiles> {
    let found = find_files(paths, outputs);
    terminal::warn(quiet, &found.notes());
    if found.files.is_empty() && found.errors.is_empty() {
        let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        anyhow::bail!(
            "found nothing to read in {}; expected {} files",
            shown.join(", "),
            Format::list_extensions()
        );
    }
    // What is not there is no result, unless something else is there.
    let missing: Vec<String> = paths.iter().filter_map(|path| missing(path)).collect();
    if missing.len() == paths.len() {
        anyhow::bail!(missing.join("; "));
    }
    Ok(found)
}

/// Says that there is no file or folder of this name.
fn missing(path: &Path) -> Option<String> {
    let error = path.metadata().err().filter(|error| error.kind() == std::io::ErrorKind::NotFound)?;
    (!is_stdin(path)).then(|| format!("{}: cannot open: {error}", path.display()))
}

/// Bytes of all files, if all are files.
pub fn total_bytes(files: &[PathBuf]) -> Option<u64> {
    let length =
        |file: &PathBuf| file.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len());
    files.iter().map(length).sum()
}

/// Hands every document under some paths to `each`, one after the other; says on stderr what could
/// not be read.
pub fn for_each_document(
    paths: &[PathBuf],
    options: &InputOptions,
    each: impl FnMut(&Document) -> std::io::Result<()>,
) -> anyhow::Result<Exit> {
    for_each_found(files(paths, &[], false)?, options, each)
}

/// Hands every document of some files to `each`, one after the other; says on stderr what could not
/// be read.
pub fn for_each_found(
    found: FoundFiles,
    options: &InputOptions,
    mut each: impl FnMut(&Document) -> std::io::Result<()>,
) -> anyhow::Result<Exit> {
    let (mut read, mut failed, mut about) = (0u64, 0u64, Notes::default());
    let inputs = Inputs::new(found.files, options.clone());
    let notes = inputs.notes();
    for raw in inputs.chain(found.errors.into_iter().map(Err)) {
        match raw.and_then(|raw| raw.document(options)) {
            Ok(document) => {
                document.notes().for_each(|note| about.add(flags::in_message(&note)));
                each(&document)?;
                read += 1;
            }
            Err(error) => {
                terminal::say(&format!("warning: {}", flags::in_error(&error)));
                failed += 1;
            }
        }
    }
    let notes = notes.lines().into_iter().chain(about.lines());
    notes.for_each(|note| terminal::say(&format!("warning: {note}")));
    Ok(Exit::of_counts(read, failed))
}
