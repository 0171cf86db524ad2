//! Holds the texts of an archive in memory, cut into the passages that are labeled.

mod open;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Message;
use crate::labeling::unit::{Unit, UnitId};
use crate::model::{Model, Unit as ModelUnit};
use crate::random::hash_name;
use crate::read::InputOptions;
use crate::text::Extraction;

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
    notes: Vec<Message>,
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
    /// Whether a model's texts are labeled as wholes.
    pub fn is_whole(model: &Model) -> bool {
        model.unit == ModelUnit::Document
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
    pub fn notes(&self) -> &[Message] {
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

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::progress::Silent;
    use crate::threads::Threads;

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
}
