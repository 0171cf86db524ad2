//! Reads and scores the texts of a workspace on a thread of its own.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::labeling::archive::{Archive, ArchivedText};
use crate::labeling::ranking::at_random;
use crate::labeling::reading::{ReadReport, Texts};
use crate::labeling::workspace::Workspace;
use crate::progress::Progress;

impl Workspace {
    /// Begins to read the texts, and then to score them with the model in use, on a thread of its
    /// own, which ends when all is scored. `told` is called when all are read, or cannot be.
    ///
    /// # Errors
    /// A system that gives no thread.
    pub fn start(self: &Arc<Self>, told: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        let workspace = Arc::clone(self);
        let thread = std::thread::Builder::new().name("reading".to_owned()).spawn(move || {
            let read = workspace.read(workspace.reading.stage());
            let is_read = read.is_ok();
            told(read);
            if is_read {
                workspace.score_all();
            }
        });
        thread.map(drop).map_err(|error| Error::run("no thread can be started", Some(error)))
    }

    /// Reads the texts, which takes its time. Texts that are read are not read again.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn read(&self, progress: &dyn Progress) -> Result<()> {
        self.reading.once(|input| {
            let show = |first: &[ArchivedText]| self.reading.show(first);
            let archive = Archive::open_showing(input, progress, &self.threads, show)?;
            self.find_decided(&archive);
            let random = at_random(&archive, self.session().seed);
            Ok(Texts { archive, random })
        })
    }

    /// How far the texts are read.
    pub fn reading(&self) -> ReadReport {
        self.reading.report()
    }

    /// The texts that can be shown: all of [`Workspace::archive`] once they are read, the first
    /// fifty as soon as these are, and none before that.
    pub fn shown(&self) -> &[ArchivedText] {
        self.reading.shown()
    }

    /// The texts.
    ///
    /// # Errors
    /// They are not read yet, or cannot be.
    pub fn archive(&self) -> Result<&Archive> {
        self.reading.texts().map(|texts| &texts.archive)
    }

    /// Every passage in the order of the session's seed.
    pub(super) fn random(&self) -> Result<&[u32]> {
        self.reading.texts().map(|texts| texts.random.as_slice())
    }
}
