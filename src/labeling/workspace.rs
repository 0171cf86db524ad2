//! Joins a work folder, an archive and a model: what a page calls, from many threads.

mod current_model;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use current_model::CurrentModel;

use crate::classifier::Classifier;
use crate::error::{Error, Message, Result};
use crate::labeling::archive::{Archive, ArchiveInput};
use crate::labeling::decided::Decided;
use crate::labeling::files::{read_json, replace_json};
use crate::labeling::held_out::HeldOut;
use crate::labeling::history::History;
use crate::labeling::ranking::{Ranking, by_use};
use crate::labeling::reading::Reading;
use crate::labeling::sample::Sample;
use crate::labeling::second::SecondCoder;
use crate::labeling::session::{NamedKey, Session};
use crate::labeling::stage::Stage;
use crate::labeling::training_run::TrainingRun;
use crate::labeling::work_folder::WorkFolder;
use crate::progress::{Progress, Silent};
use crate::read::{InputOptions, is_stdin};
use crate::threads::Threads;
use crate::train::TrainingCorpus;

const SAMPLE: &str = "sample.json";

/// What a [`Workspace`] is opened with.
#[derive(Debug)]
pub struct Opening {
    /// The work folder; it is made if it is not there.
    pub work: PathBuf,
    /// Files and folders with texts.
    pub inputs: Vec<PathBuf>,
    /// How they are read; [`Archive::options`] gives the usual options.
    pub options: InputOptions,
    /// The model to begin with.
    pub start: Classifier,
    /// Whether to begin with it though a later one of the folder was in use.
    pub is_start_chosen: bool,
    /// A model of sentences, which says how many of a text's sentences are loaded.
    pub loaded_language: Option<Classifier>,
    /// The corpus to train beside; `None` for the bundled one.
    pub corpus: Option<TrainingCorpus>,
    /// Who decides; `None` for whom the folder remembers.
    pub coder: Option<String>,
    /// The work folder of a second coder.
    pub second: Option<PathBuf>,
    /// Whether a training begins by itself when so many labels are new as the session says.
    pub trains_by_itself: bool,
    /// The threads that score and train.
    pub threads: Threads,
}

/// A work folder with an archive and a model. All methods may be called from any thread; none but
/// those that say so waits for the disk or for a training.
#[derive(Debug)]
pub struct Workspace {
    pub(super) reading: Reading,
    pub(super) threads: Threads,
    pub(super) start: Classifier,
    loaded_language: Option<Classifier>,
    corpus: OnceLock<Option<TrainingCorpus>>,
    folder: Mutex<WorkFolder>,
    session: RwLock<Session>,
    decided: RwLock<Decided>,
    history: Mutex<History>,
    current: RwLock<Arc<CurrentModel>>,
    pub(super) training: TrainingRun,
    pub(super) trains_by_itself: bool,
    scoring: Stage,
    sample: RwLock<Option<Sample>>,
    second: RwLock<Option<SecondCoder>>,
}

impl Workspace {
    /// Opens the folder. No text is read yet: [`Workspace::start`] or [`Workspace::read`].
    ///
    /// # Errors
    /// Inputs none of which exists: then no work folder is made. As [`WorkFolder::open`], a model
    /// of the folder that cannot be read, and a second coder's folder that cannot be.
    pub fn open(opening: Opening) -> Result<Arc<Self>> {
        let Opening { work, inputs, options, start, is_start_chosen, .. } = opening;
        let Opening { loaded_language, corpus, coder, second, threads, trains_by_itself, .. } = opening;
        if coder.as_ref().is_some_and(|coder| coder.trim().is_empty()) {
            return Err(Error::invalid_parameter("coder", "an empty name", "the name of whoever labels"));
        }
        let shown = inputs.iter().map(|path| path.display().to_string()).collect();
        let are_absent = !inputs.is_empty() && inputs.iter().all(|path| is_absent(path));
        let is_whole = Archive::is_whole(start.model());
        let input = ArchiveInput { paths: inputs, options, is_whole, passed_over: None };
        if are_absent {
            Archive::open(input.clone(), &Silent, &threads)?;
        }
        let (mut folder, decisions) = WorkFolder::open(work)?;
        let second = second.as_deref().map(SecondCoder::open).transpose()?;
        let remembered = folder.session().clone();
        let input = ArchiveInput { passed_over: Some(folder.path().to_owned()), ..input };
        let session =
            Session { coder: coder.unwrap_or(remembered.coder.clone()), inputs: shown, ..remembered };
        folder.set_session(session.clone())?;
        let history = History::open(folder.models(), &start)?;
        let sample: Option<Sample> = read_json(&folder.path().join(SAMPLE))?;
        let held_corpus = OnceLock::new();
        if let Some(corpus) = corpus {
            held_corpus.get_or_init(|| Some(corpus));
        }
        let workspace = Workspace {
            reading: Reading::new(input),
            decided: RwLock::new(Decided::new(decisions)),
            threads,
            current: RwLock::new(Arc::new(CurrentModel::new(0, start.clone(), HeldOut::default()))),
            start,
            loaded_language,
            corpus: held_corpus,
            folder: Mutex::new(folder),
            session: RwLock::new(session),
            history: Mutex::new(history),
            training: TrainingRun::default(),
            trains_by_itself,
            scoring: Stage::default(),
            sample: RwLock::new(sample),
            second: RwLock::new(second),
        };
        let number = workspace.history().current();
        if is_start_chosen {
            workspace.history().set_current(0)?;
        } else if number > 0 {
            *write(&workspace.current) = Arc::new(workspace.model(number)?);
        }
        Ok(Arc::new(workspace))
    }

    /// The model in use. It stays as it is while the caller holds it, whatever is trained
    /// meanwhile.
    pub fn current(&self) -> Arc<CurrentModel> {
        Arc::clone(&read(&self.current))
    }

    /// What the coder chose.
    pub fn session(&self) -> Session {
        read(&self.session).clone()
    }

    /// Changes what the coder chose. Writes to disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn set_session(&self, session: Session) -> Result<()> {
        self.folder().set_session(session.clone())?;
        *write(&self.session) = session;
        Ok(())
    }

    /// Says to whoever opens the folder a second time where it is open. Writes to disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn set_address(&self, address: &str) -> Result<()> {
        self.folder().set_address(address)
    }

    /// Where the work folder is.
    pub fn work(&self) -> PathBuf {
        self.folder().path().to_owned()
    }

    /// What there is to tell of the opening: of the folder, then of the archive once it is read.
    pub fn notes(&self) -> Vec<Message> {
        let of_archive = self.archive().map(Archive::notes).unwrap_or_default();
        let of_folder: Vec<Message> = self.folder().notes().iter().cloned().map(Message::from).collect();
        [of_folder.as_slice(), of_archive].concat()
    }

    /// The labels to choose from, with their keys. Those of the model that the folder was opened
    /// with come first: a model that learned fewer labels changes the meaning of no key. A model
    /// that has none of them has labels of its own.
    pub fn labels(&self) -> Vec<NamedKey> {
        self.labels_of(&read(&self.session))
    }

    /// The [labels](Self::labels) that there would be with another session.
    pub fn labels_of(&self, session: &Session) -> Vec<NamedKey> {
        let current = self.current();
        let (first, own) = (self.start.labels().names(), current.classifier.labels().names());
        let is_other = !own.iter().any(|name| first.contains(name));
        let first: &[String] = if is_other { &[] } else { first };
        let further = own.iter().filter(|name| !first.contains(name));
        let names: Vec<String> = first.iter().chain(further).cloned().collect();
        session.label_keys(&names)
    }

    /// Whether any of the labels to choose from is one of the model that the folder was opened
    /// with.
    pub fn has_first_labels(&self) -> bool {
        self.labels().iter().any(|label| self.start.labels().get(&label.name).is_some())
    }

    /// The work folder of the second coder.
    pub fn second_folder(&self) -> Option<PathBuf> {
        read(&self.second).as_ref().map(|second| second.path().to_owned())
    }

    /// Reads the decisions of a second coder, or reads them again. Reads from disk.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn set_second(&self, folder: &Path) -> Result<()> {
        let second = SecondCoder::open(folder)?;
        *write(&self.second) = Some(second);
        Ok(())
    }

    /// Scores the archive with the model in use.
    pub(super) fn score_all(&self) {
        Threads::give_way();
        let current = self.current();
        let is_scored = self.score(&current, &self.scoring).is_ok();
        // The first training does not wait for it, nor the label that begins it.
        let _ = is_scored && self.corpus().is_some();
    }

    /// Stops reading, scoring and training soon, as for an end of the program.
    pub fn stop(&self) {
        self.reading.stop();
        self.scoring.stop();
        self.training.stop();
    }

    /// Texts that the model in use has scored.
    pub fn scored(&self) -> usize {
        self.current().scores.view().texts()
    }

    /// Scores the archive with the model in use, as far as it is not scored, and waits for it.
    ///
    /// # Errors
    /// Texts that are not read, and [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
    pub fn score_now(&self, progress: &dyn Progress) -> Result<()> {
        self.score(&self.current(), progress)
    }

    /// Scores what is not scored and ranks the passages.
    pub(super) fn score(&self, current: &CurrentModel, progress: &dyn Progress) -> Result<()> {
        let archive = self.archive()?;
        current.scores.fill(archive, &current.classifier, progress, &self.threads)?;
        let view = current.scores.view();
        let rows = &current.classifier.model().provenance.rows_by_class;
        let ranked = by_use(&view, archive, rows, read(&self.session).seed);
        current.set_ranked(Ranking::new(ranked, self.random()?));
        Ok(())
    }

    /// Reads a model of the history. Reads from disk.
    pub(super) fn model(&self, number: u32) -> Result<CurrentModel> {
        let (file, held_out) = {
            let history = self.history();
            let file = history.file(number)?;
            (file, history.held_out(number)?)
        };
        let classifier = match file {
            None => self.start.clone(),
            Some(file) => {
                let classifier = Classifier::open(file)?;
                let loaded = self.loaded_language.as_ref();
                // Where both read texts differently, the share of loaded sentences is left out.
                let both = loaded.and_then(|loaded| classifier.with_loaded_language_model(loaded).ok());
                both.unwrap_or(classifier)
            }
        };
        Ok(CurrentModel::new(number, classifier, held_out))
    }

    /// Takes a scored model into use. Writes to disk.
    pub(super) fn replace_current(&self, model: CurrentModel) -> Result<()> {
        self.history().set_current(model.number)?;
        *write(&self.current) = Arc::new(model);
        Ok(())
    }

    /// The corpus to train beside. The bundled one is unpacked when it is first asked for.
    pub(super) fn corpus(&self) -> Option<&TrainingCorpus> {
        self.corpus.get_or_init(|| TrainingCorpus::bundled().ok()).as_ref()
    }

    pub(super) fn folder(&self) -> MutexGuard<'_, WorkFolder> {
        lock(&self.folder)
    }

    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        lock(&self.history)
    }

    pub(super) fn decided(&self) -> RwLockReadGuard<'_, Decided> {
        read(&self.decided)
    }

    pub(super) fn decided_mut(&self) -> RwLockWriteGuard<'_, Decided> {
        write(&self.decided)
    }

    /// Finds the passages of an archive that are decided, or in the sample.
    pub(super) fn find_decided(&self, archive: &Archive) {
        let mut sample = write(&self.sample);
        *sample = sample.take().map(|sample| sample.found_in(archive));
        self.decided_mut().find(archive);
    }

    pub(super) fn sample(&self) -> RwLockReadGuard<'_, Option<Sample>> {
        read(&self.sample)
    }

    pub(super) fn second(&self) -> RwLockReadGuard<'_, Option<SecondCoder>> {
        read(&self.second)
    }

    /// Draws a random sample of passages for checking, in the place of one that was drawn before.
    /// Models do not learn from it. Writes to disk.
    ///
    /// # Errors
    /// Texts that are not read, a size of 0, and a file that cannot be written.
    pub fn draw_sample(&self, size: usize, seed: u64) -> Result<u64> {
        let sample = Sample::draw(self.archive()?, size, seed)?;
        replace_json(&self.folder().path().join(SAMPLE), &sample)?;
        let drawn = sample.units.len() as u64;
        *write(&self.sample) = Some(sample);
        Ok(drawn)
    }
}

/// Whether there is no such file or folder. `-` is standard input.
fn is_absent(path: &Path) -> bool {
    !is_stdin(path) && path.try_exists().is_ok_and(|exists| !exists)
}

/// The error for an id that no passage of the archive has.
pub(super) fn no_unit(id: &str) -> Error {
    let shown: String = id.chars().take(80).collect();
    Error::invalid_parameter("unit", format!("`{shown}`"), "the id of a passage of this archive")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
