//! Reads an archive: which texts its files hold, what is kept of each, and what could not be read.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Message, Result};
use crate::labeling::archive::{Archive, ArchiveInput, ArchivedText};
use crate::labeling::unit::{Unit, cut};
use crate::model::Model;
use crate::progress::Progress;
use crate::random::hash_name;
use crate::read::{
    Column, FoundFiles, GROUP_COLUMNS, InputOptions, Inputs, RawRecord, Requirement, find_files,
};
use crate::text::document::Document;
use crate::threads::Threads;

/// Failures that are reported one by one.
const MAX_NOTES: usize = 20;
/// So many texts are shown before the others are read.
const FIRST_TEXTS: usize = 50;

impl Archive {
    /// The usual options of reading for an archive that a model scores: its preparation, with
    /// titles, dates and sources.
    pub fn options(model: &Model) -> InputOptions {
        InputOptions {
            preparation: model.preparation.clone(),
            guess_text_column: true,
            ..InputOptions::default()
        }
    }

    /// Reads files and folders; without any, the archive is empty.
    ///
    /// # Errors
    /// No text at all in what is named, and [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
    /// Records that cannot be read are counted and told.
    pub fn open(input: ArchiveInput, progress: &dyn Progress, threads: &Threads) -> Result<Self> {
        Self::open_showing(input, progress, threads, |_| ())
    }

    /// As [`Archive::open`]; `show` gets the first fifty texts as soon as they are read, if there
    /// are so many.
    pub(in crate::labeling) fn open_showing(
        input: ArchiveInput,
        progress: &dyn Progress,
        threads: &Threads,
        mut show: impl FnMut(&[ArchivedText]) + Send,
    ) -> Result<Self> {
        progress.begin("reading", None);
        let ArchiveInput { paths, options, is_whole, passed_over } = input;
        let options = &with_columns(&options);
        let found = find_files(&paths, &[]);
        let notes = found.notes().into_iter().map(Message::from).collect();
        let FoundFiles { mut files, errors, .. } = found;
        if let Some(folder) = passed_over {
            pass_over(&mut files, &paths, &folder);
        }
        let mut archive =
            Archive { paths, files: files.clone(), options: options.clone(), notes, ..Archive::default() };
        let records = Inputs::new(files, options.clone()).chain(errors.into_iter().map(Err));
        let items = records.map(RawRecord::sized);
        let mut reading = Reading::default();
        threads.map_in_order(
            items,
            |raw: Result<RawRecord>| {
                let document = raw?.document(options)?;
                let units = cut(&document, is_whole);
                Ok::<_, Error>((document, units))
            },
            |read| {
                progress.check()?;
                progress.advance(1);
                match read {
                    Ok((document, units)) => {
                        archive.add(document, units, &mut reading)?;
                        if archive.len() == FIRST_TEXTS {
                            show(archive.texts());
                        }
                    }
                    Err(error) => archive.fail(&error),
                }
                Ok::<(), Error>(())
            },
        )?;
        archive.source_columns = reading.columns;
        archive.finish()
    }

    fn add(&mut self, document: Document, units: Vec<Unit>, reading: &mut Reading) -> Result<()> {
        let number = u32::try_from(self.texts.len()).map_err(|_| too_large())?;
        let first_unit = u32::try_from(self.units.len()).map_err(|_| too_large())?;
        let of_text = u32::try_from(units.len()).map_err(|_| too_large())?;
        self.units.extend(units.into_iter().map(|unit| unit.in_text(number)));
        self.by_id.push((hash_name(0, document.id.as_bytes()), number));
        for note in document.notes() {
            self.note(note);
        }
        let text = reading.text(document);
        self.texts.push(ArchivedText { first_unit, units: of_text, ..text });
        Ok(())
    }

    fn fail(&mut self, error: &Error) {
        self.failed += 1;
        self.note(error.message());
    }

    fn note(&mut self, note: Message) {
        if self.notes.len() < MAX_NOTES && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn finish(mut self) -> Result<Self> {
        // Who names no input wants to paste texts.
        if self.texts.is_empty() && !self.paths.is_empty() {
            let shown: Vec<String> = self.paths.iter().map(|path| path.display().to_string()).collect();
            let found = Message::from(format!("found no text to label in {}", shown.join(", ")));
            return Err(Error::data(match self.notes.into_iter().next() {
                Some(why) => found.then(": ").then(why),
                None => found,
            }));
        }
        self.texts.shrink_to_fit();
        self.units.shrink_to_fit();
        self.by_id.sort_unstable();
        Ok(self)
    }
}

/// Leaves out the files of a folder that is inside of one of the paths.
fn pass_over(files: &mut Vec<PathBuf>, paths: &[PathBuf], folder: &Path) {
    let Ok(folder) = folder.canonicalize() else { return };
    let holds = |path: &PathBuf| path.canonicalize().is_ok_and(|path| folder.starts_with(path));
    if paths.iter().any(holds) {
        files.retain(|file| !file.canonicalize().is_ok_and(|file| file.starts_with(&folder)));
    }
}

fn too_large() -> Error {
    Error::data("the archive has more than 4,294,967,295 texts or passages; open a part of it")
}

/// The options with the columns that an archive keeps of each text: title, date, and candidates for
/// the source.
fn with_columns(options: &InputOptions) -> InputOptions {
    let optional = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
    let columns = ["title", "date"].into_iter().chain(GROUP_COLUMNS).map(optional).collect();
    InputOptions { columns, ..options.clone() }
}

/// What texts share.
#[derive(Default)]
struct Reading {
    sources: HashSet<Arc<str>>,
    columns: BTreeSet<&'static str>,
}

impl Reading {
    fn text(&mut self, document: Document) -> ArchivedText {
        let filled = |value: Option<String>| {
            value.filter(|value| !value.trim().is_empty()).map(String::into_boxed_str)
        };
        let mut columns = document.columns.into_iter();
        let (title, date) = (columns.next().flatten(), columns.next().flatten());
        let found = GROUP_COLUMNS.into_iter().zip(columns).find_map(|(of, value)| Some((of, filled(value)?)));
        let source = found.map(|(of, name)| {
            self.columns.insert(of);
            self.shared(&name)
        });
        ArchivedText {
            has_own_title: document.title.is_some(),
            extraction: document.extraction,
            id: document.id.into_boxed_str(),
            title: filled(document.title).or_else(|| filled(title)),
            date: filled(date),
            source,
            text: document.text.into_boxed_str(),
            first_unit: 0,
            units: 0,
        }
    }

    fn shared(&mut self, name: &str) -> Arc<str> {
        if let Some(found) = self.sources.get(name) {
            return Arc::clone(found);
        }
        let name: Arc<str> = name.into();
        self.sources.insert(Arc::clone(&name));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::archive::samples;
    use crate::progress::Silent;

    #[test]
    fn an_archive_without_texts_is_refused_and_broken_records_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let threads = Threads::new(2).unwrap();
        let open = |files: &[PathBuf]| Archive::open(samples::input(files.to_vec()), &Silent, &threads);
        let missing = open(&[folder.path().join("none.csv")]).unwrap_err().to_string();
        assert!(missing.contains("found no text to label in") && missing.contains("none.csv"), "{missing}");
        assert!(open(&[]).unwrap().is_empty());
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, "{\"text\": \"One.\"}\n{\"text\": 1}\n").unwrap();
        let archive = open(&[path]).unwrap();
        assert_eq!((archive.len(), archive.failed(), archive.notes().len()), (1, 1, 1));
    }

    #[test]
    fn a_work_folder_among_the_texts_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let work = folder.path().join("work");
        std::fs::create_dir(&work).unwrap();
        std::fs::write(work.join("labels.jsonl"), "{\"text\": \"Labeled.\"}\n").unwrap();
        std::fs::write(folder.path().join("a.txt"), "One text.").unwrap();
        let threads = Threads::new(1).unwrap();
        let count = |passed_over: Option<PathBuf>| {
            let paths = vec![folder.path().to_owned()];
            let input = ArchiveInput { passed_over, ..samples::input(paths) };
            Archive::open(input, &Silent, &threads).unwrap().len()
        };
        assert_eq!((count(None), count(Some(work)), count(Some("/none".into()))), (2, 1, 2));
    }
}
