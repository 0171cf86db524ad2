//! Holds the texts of an archive in memory, cut into the passages that are labeled.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::labeling::unit::{Unit, UnitId, cut};
use crate::model::{Model, Unit as ModelUnit};
use crate::progress::Progress;
use crate::random::hash_name;
use crate::read::{
    Column, FoundFiles, GROUP_COLUMNS, InputOptions, Inputs, RawRecord, Requirement, find_files,
};
use crate::text::Extraction;
use crate::text::document::Document;
use crate::threads::Threads;

/// Failures that are told one by one.
const MAX_NOTES: usize = 20;
/// So many texts are shown before the others are read.
const FIRST_TEXTS: usize = 50;

/// The texts of an archive, in the order in which they were read.
#[derive(Debug, Default)]
pub struct Archive {
    paths: Vec<PathBuf>,
    /// The files that they stand for.
    files: Vec<PathBuf>,
    options: InputOptions,
    texts: Vec<ArchivedText>,
    units: Vec<Unit>,
    /// Hashes of ids with the texts that have them, sorted.
    by_id: Vec<(u64, u32)>,
    failed: u64,
    notes: Vec<String>,
    /// The columns that gave sources.
    source_columns: BTreeSet<&'static str>,
}

/// What an archive is read from.
#[derive(Clone, Debug)]
pub struct ArchiveInput {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// How they are read; [`Archive::options`] gives the usual options.
    pub options: InputOptions,
    /// Whether texts are labeled as wholes, as for a model of documents: [`Archive::is_whole`].
    pub is_whole: bool,
    /// A folder whose files are no texts, should it be inside of one of the paths: the work folder.
    pub passed_over: Option<PathBuf>,
}

/// A text of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArchivedText {
    /// Its id, as results of `score` have it.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its date, as it is written.
    pub date: Option<Box<str>>,
    /// Its outlet, author or other group. Texts of one source share it.
    pub source: Option<Arc<str>>,
    /// The text.
    pub text: Box<str>,
    /// How the text was found, if it was written in HTML.
    pub extraction: Option<Extraction>,
    /// Whether the title is that of a page or of front matter, and not a cell of a table.
    has_own_title: bool,
    first_unit: u32,
    units: u32,
}

impl ArchivedText {
    /// The title that scoring knows: a paragraph that repeats it is boilerplate. The column `title`
    /// of a table is shown but not scored, as in `score`.
    pub fn scored_title(&self) -> Option<&str> {
        self.has_own_title.then(|| self.title.as_deref().unwrap_or(""))
    }
}

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
    pub(super) fn open_showing(
        input: ArchiveInput,
        progress: &dyn Progress,
        threads: &Threads,
        mut show: impl FnMut(&[ArchivedText]) + Send,
    ) -> Result<Self> {
        progress.begin("reading", None);
        let ArchiveInput { paths, options, is_whole, passed_over } = input;
        let options = &with_columns(&options);
        let found = find_files(&paths, &[]);
        let notes = found.notes();
        let FoundFiles { mut files, errors, .. } = found;
        if let Some(folder) = passed_over {
            pass_over(&mut files, &paths, &folder);
        }
        let mut archive =
            Archive { paths, files: files.clone(), options: options.clone(), notes, ..Archive::default() };
        let records = Inputs::new(files, options.clone()).chain(errors.into_iter().map(Err));
        let items = records.map(|raw| {
            let size = raw.as_ref().map_or(0, RawRecord::size);
            (raw, size)
        });
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

    /// Whether a model's texts are labeled as wholes.
    pub fn is_whole(model: &Model) -> bool {
        model.unit == ModelUnit::Document
    }

    fn add(&mut self, document: Document, units: Vec<Unit>, reading: &mut Reading) -> Result<()> {
        let number = u32::try_from(self.texts.len()).map_err(|_| too_large())?;
        let first_unit = u32::try_from(self.units.len()).map_err(|_| too_large())?;
        let of_text = u32::try_from(units.len()).map_err(|_| too_large())?;
        self.units.extend(units.into_iter().map(|unit| unit.in_text(number)));
        self.by_id.push((hash_name(0, document.id.as_bytes()), number));
        for note in document.notes() {
            self.note(note.to_string());
        }
        let text = reading.text(document);
        self.texts.push(ArchivedText { first_unit, units: of_text, ..text });
        Ok(())
    }

    fn fail(&mut self, error: &Error) {
        self.failed += 1;
        self.note(error.to_string());
    }

    fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn finish(mut self) -> Result<Self> {
        // Who names no input wants to paste texts.
        if self.texts.is_empty() && !self.paths.is_empty() {
            let shown: Vec<String> = self.paths.iter().map(|path| path.display().to_string()).collect();
            let why = self.notes.first().map_or(String::new(), |note| format!(": {note}"));
            return Err(Error::data(format!("found no text to label in {}{why}", shown.join(", "))));
        }
        self.texts.shrink_to_fit();
        self.units.shrink_to_fit();
        self.by_id.sort_unstable();
        Ok(self)
    }

    /// The paths that were opened, as they were given.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The files that were read.
    pub(super) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// How they were read.
    pub(super) fn read_options(&self) -> &InputOptions {
        &self.options
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Records that could not be read.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// What there is to tell of the reading: one sentence each, the first twenty.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The columns that gave the texts their sources.
    pub fn source_columns(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.source_columns.iter().copied()
    }

    /// The texts in order.
    pub fn texts(&self) -> &[ArchivedText] {
        &self.texts
    }

    /// The text of a number, from 0.
    pub fn text(&self, number: usize) -> Option<&ArchivedText> {
        self.texts.get(number)
    }

    /// The passages of all texts, in order.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The numbers of the passages of a text.
    pub fn units_of(&self, text: &ArchivedText) -> Range<usize> {
        let first = text.first_unit as usize;
        first..first + text.units as usize
    }

    /// The text and the passage of a unit.
    pub fn passage(&self, unit: usize) -> Option<(&ArchivedText, &str)> {
        let unit = self.units.get(unit)?;
        let text = self.texts.get(unit.text as usize)?;
        Some((text, unit.span().of(&text.text)))
    }

    /// The id of a unit.
    pub fn unit_id(&self, unit: usize) -> Option<String> {
        let (text, passage) = self.passage(unit)?;
        let paragraph = self.units.get(unit)?.paragraph;
        Some(UnitId::new(&text.id, paragraph, passage).to_string())
    }

    /// The unit with an id. Of texts that share id and passage, the first.
    pub fn find(&self, id: &str) -> Option<usize> {
        let wanted = UnitId::parse(id)?;
        let hash = hash_name(0, wanted.article.as_bytes());
        let from = self.by_id.partition_point(|(other, _)| *other < hash);
        let texts = self.by_id.get(from..)?.iter().take_while(|(other, _)| *other == hash);
        texts.filter_map(|(_, number)| self.texts.get(*number as usize)).find_map(|text| {
            self.units_of(text).find(|&unit| {
                self.units.get(unit).is_some_and(|found| found.paragraph == wanted.paragraph)
                    && self.passage(unit).is_some_and(|(text, passage)| {
                        UnitId::new(&text.id, wanted.paragraph, passage) == wanted
                    })
            })
        })
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
pub(super) mod samples {
    use super::*;
    use crate::progress::Silent;

    pub(in crate::labeling) fn input(paths: Vec<PathBuf>) -> ArchiveInput {
        ArchiveInput { paths, options: InputOptions::default(), is_whole: false, passed_over: None }
    }

    /// An archive of one CSV file, of which everything is read.
    pub(in crate::labeling) fn archive(csv: &str) -> (tempfile::TempDir, Archive) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts.csv");
        std::fs::write(&path, csv).unwrap();
        let threads = Threads::new(1).unwrap();
        let archive = Archive::open(input(vec![path]), &Silent, &threads).unwrap();
        (folder, archive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn texts_keep_what_names_them_and_units_are_found_by_id() {
        let long = vec!["They must defend it and not wait. ".repeat(20); 3].join("\n\n");
        let csv = format!(
            "id,title,outlet,date,text\n7,On ice,Gazette,2024-05-01,Short one.\n7,,Gazette,,\"{long}\"\n8,,,,\" \"\n"
        );
        let (_folder, archive) = samples::archive(&csv);
        assert_eq!((archive.len(), archive.units().len(), archive.failed()), (3, 4, 0));
        let first = archive.text(0).unwrap();
        assert_eq!(
            (&*first.id, first.title.as_deref(), first.date.as_deref()),
            ("7", Some("On ice"), Some("2024-05-01"))
        );
        let second = archive.text(1).unwrap();
        assert!(Arc::ptr_eq(first.source.as_ref().unwrap(), second.source.as_ref().unwrap()));
        assert_eq!((archive.units_of(second), archive.units_of(archive.text(2).unwrap())), (1..4, 4..4));
        for unit in 0..4 {
            assert_eq!(archive.find(&archive.unit_id(unit).unwrap()), Some(unit));
        }
        assert_eq!(archive.find("7:1:0000000000000000"), None);
        assert_eq!(archive.find("7"), None);
        assert!(archive.passage(1).unwrap().1.starts_with("They must"));
    }

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
