//! Holds the texts of a workspace once they are read, and tells how many are read before.

use std::sync::{Mutex, OnceLock, PoisonError};

use serde::Serialize;

use crate::error::{Error, Result};
use crate::labeling::archive::{Archive, ArchiveInput, ArchivedText};
use crate::labeling::places::{message_without_folders, name_of};
use crate::labeling::stage::Stage;

/// Whether texts are read, in words that programs read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadState {
    /// Not all of them.
    Reading,
    /// All of them.
    Read,
    /// They cannot be read.
    Failed,
}

/// How far the texts of a workspace are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReadReport {
    /// Whether they are.
    pub state: ReadState,
    /// Texts that are read.
    pub texts: u64,
    /// Why they cannot be read, without folders.
    pub error: Option<String>,
}

/// The texts of a workspace: first what they are read from, then what was read.
#[derive(Debug)]
pub(super) struct Reading {
    input: Mutex<Option<ArchiveInput>>,
    stage: Stage,
    /// The first texts, from when they are read.
    first: OnceLock<Vec<ArchivedText>>,
    texts: OnceLock<Texts>,
    failure: OnceLock<String>,
}

#[derive(Debug)]
pub(super) struct Texts {
    pub(super) archive: Archive,
    /// Every passage in the order of the session's seed.
    pub(super) random: Vec<u32>,
}

impl Reading {
    pub(super) fn new(input: ArchiveInput) -> Self {
        Reading {
            input: Mutex::new(Some(input)),
            stage: Stage::default(),
            first: OnceLock::new(),
            texts: OnceLock::new(),
            failure: OnceLock::new(),
        }
    }

    /// How far the reading is, for the thread that reads.
    pub(super) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Ends the reading soon.
    pub(super) fn stop(&self) {
        self.stage.stop();
    }

    /// Reads the texts by `read`, unless they were read. A second call waits for the first.
    ///
    /// # Errors
    /// Those of `read`, and texts that could not be read before.
    pub(super) fn once(&self, read: impl FnOnce(ArchiveInput) -> Result<Texts>) -> Result<()> {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(input) = input.take() else { return self.texts().map(drop) };
        let paths: Vec<String> = input.paths.iter().map(|path| path.display().to_string()).collect();
        let texts = read(input).inspect_err(|error| {
            self.failure.get_or_init(|| without_these_folders(error, &paths));
        })?;
        self.texts.get_or_init(|| texts);
        Ok(())
    }

    /// Shows the first texts before the others are read.
    pub(super) fn show(&self, first: &[ArchivedText]) {
        self.first.get_or_init(|| first.to_vec());
    }

    /// The texts that can be shown: all once they are read, the first ones before that, and none
    /// before those.
    pub(super) fn shown(&self) -> &[ArchivedText] {
        match self.texts.get() {
            Some(texts) => texts.archive.texts(),
            None => self.first.get().map_or(&[], Vec::as_slice),
        }
    }

    /// The texts.
    ///
    /// # Errors
    /// They are not read yet, or cannot be.
    pub(super) fn texts(&self) -> Result<&Texts> {
        self.texts.get().ok_or_else(|| match self.failure.get() {
            Some(why) => Error::run(format!("the texts cannot be read: {why}"), None),
            None => Error::run("the texts are not read yet", None).with_hint("wait until they are"),
        })
    }

    /// How far they are read.
    pub(super) fn report(&self) -> ReadReport {
        let error = self.failure.get().cloned();
        let (state, texts) = match self.texts.get() {
            Some(texts) => (ReadState::Read, texts.archive.len() as u64),
            None if error.is_some() => (ReadState::Failed, 0),
            None => (ReadState::Reading, self.stage.place().1),
        };
        ReadReport { state, texts, error }
    }
}

/// What an error says, for readers who need not know in which folders the inputs are.
fn without_these_folders(error: &Error, paths: &[String]) -> String {
    let said = paths.iter().fold(error.to_string(), |said, path| said.replace(path, name_of(path)));
    message_without_folders(error, &said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::archive::samples;

    #[test]
    fn texts_are_read_once_and_a_failure_names_no_folder() {
        let reading = |path: &str| Reading::new(samples::input(vec![path.into()]));
        let read = reading("a.csv");
        assert_eq!(read.report(), ReadReport { state: ReadState::Reading, texts: 0, error: None });
        assert!(read.texts().unwrap_err().to_string().contains("not read yet"));
        let texts = |_| Ok(Texts { archive: Archive::default(), random: vec![7] });
        assert!(read.once(texts).is_ok() && read.once(|_| Err(Error::data("again"))).is_ok());
        assert_eq!(
            (read.report().state, read.texts().unwrap().random.as_slice()),
            (ReadState::Read, &[7][..])
        );
        let failed = reading("/home/eva smith/my texts");
        let error = |_| Err(Error::data("found no text to label in /home/eva smith/my texts"));
        assert!(failed.once(error).is_err() && failed.once(texts).is_err());
        let said = failed.report().error.unwrap();
        assert_eq!(said, "found no text to label in my texts");
        assert!(failed.texts().unwrap_err().to_string().contains(&said));
    }
}
