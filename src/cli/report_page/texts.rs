//! Reads the texts that a page shows again from what was scored.

use std::path::{Path, PathBuf};

use crate::Classifier;
use crate::cli::flags;
use crate::cli::found::files;
use crate::cli::report_page::seen::SeenDocuments;
use crate::read::{InputOptions, Inputs};
use crate::tabulate::Overview;

/// The files under the paths of the texts; none if there are no paths.
pub fn files_of_texts(paths: &[PathBuf], output: &Path, quiet: bool) -> anyhow::Result<Vec<PathBuf>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let found = files(paths, &[output], quiet)?;
    match found.errors.into_iter().next() {
        Some(error) => Err(error.into()),
        None => Ok(found.files),
    }
}

/// What texts are read for.
pub struct Wanted<'a> {
    /// The texts worth reading.
    pub overview: &'a mut Overview,
    /// All documents of the page.
    pub seen: &'a mut SeenDocuments,
}

/// Looks for the texts worth reading in some files, and says which of their sentences decided;
/// compares all texts with those of the training. Gives what is to be told: texts that were not
/// found, and records that cannot be read.
pub fn add_texts(
    Wanted { overview, seen }: Wanted<'_>,
    classifier: &Classifier,
    files: Vec<PathBuf>,
    options: &InputOptions,
) -> Vec<String> {
    let mut worker = classifier.worker();
    let mut notes = Vec::new();
    let mut wanted = overview.picks().iter().count();
    for raw in Inputs::new(files, options.clone()) {
        if wanted == 0 && !seen.wants_texts() {
            break;
        }
        let document = match raw.and_then(|raw| raw.document(options)) {
            Ok(document) => document,
            Err(error) => {
                notes.push(flags::in_error(&error));
                continue;
            }
        };
        seen.add_text(&document.id, document.record, &document.text);
        let open = overview.picks_mut().iter_mut().filter(|pick| {
            pick.explained.is_none() && pick.id == document.id && pick.record == document.record
        });
        for pick in open {
            wanted -= usize::from(pick.explain(&mut worker, &document));
        }
    }
    notes.truncate(MAX_NOTES);
    if wanted > 0 {
        notes.push(format!(
            "{wanted} of the texts to show were not found under --texts with the same scores, and are shown without their text. \
             Give the reading options that `score` had"
        ));
    }
    notes
}

/// Records that cannot be read and are told.
const MAX_NOTES: usize = 5;
