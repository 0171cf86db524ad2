//! Opens the folder that holds all that labeling leaves behind: decisions, models, what the coder
//! chose.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Position, Result};
use crate::labeling::clock::now;
use crate::labeling::decision::{Decision, Line, Undo};
use crate::labeling::files::{read_json, read_toml, replace_toml};
use crate::labeling::lock::FolderLock;
use crate::labeling::log::{Log, Opened, read};
use crate::labeling::session::Session;
use crate::labeling::state::Decisions;

/// The name of the log in a work folder.
const LOG: &str = "labels.jsonl";
const LOCK: &str = "lock";
const SESSION: &str = "session.toml";
/// What the session was called in older work folders: it is read once, and replaced.
const OLDER_SESSION: &str = "session.json";
const MODELS: &str = "models";

/// A work folder that is open for writing. Nothing is ever written outside of it.
#[derive(Debug)]
pub struct WorkFolder {
    path: PathBuf,
    lock: FolderLock,
    log: Log,
    session: Session,
    notes: Vec<String>,
}

impl WorkFolder {
    /// Opens a work folder, or makes it, with the decisions that its log holds.
    ///
    /// # Errors
    /// A folder that another program has open, which the message says where; files that cannot be
    /// read or written; a log or a session that holds something else.
    pub fn open(path: impl Into<PathBuf>) -> Result<(Self, Decisions)> {
        let path = path.into();
        let failed = |error| Error::io(Position::from_path(path.display().to_string()), "make", error);
        fs::create_dir_all(path.join(MODELS)).map_err(failed)?;
        let lock = FolderLock::take(&path.join(LOCK))?;
        let session = replace_older_session(&path)?.unwrap_or_default();
        let Opened { log, lines, note } = Log::open(&path.join(LOG))?;
        let folder = WorkFolder { path, lock, log, session, notes: note.into_iter().collect() };
        Ok((folder, Decisions::new(lines)))
    }

    /// Reads the decisions of a work folder that somebody else may have open. Nothing is written.
    ///
    /// # Errors
    /// A folder without a log, and a log that holds something else.
    pub fn read_decisions(path: &Path) -> Result<Decisions> {
        Ok(Decisions::new(read(&Self::log_path(path))?))
    }

    /// Where a work folder keeps its decisions.
    pub fn log_path(path: &Path) -> PathBuf {
        path.join(LOG)
    }

    /// Reads what the coder of a work folder chose, which somebody else may have open; `None` where
    /// nothing was saved. Nothing is written.
    ///
    /// # Errors
    /// A file that cannot be read, or holds something else.
    pub fn read_session(path: &Path) -> Result<Option<Session>> {
        match read_toml(&path.join(SESSION))? {
            Some(session) => Ok(Some(session)),
            None => read_json(&path.join(OLDER_SESSION)),
        }
    }

    /// Says in the lock file at which address the folder is open, for whoever opens it a second
    /// time.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn set_address(&mut self, address: &str) -> Result<()> {
        let failed = |error| Error::io(Position::from_path(LOCK), "write", error);
        self.lock.set_address(address).map_err(failed)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What there is to tell of its opening, one sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What the coder chose.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Changes what the coder chose.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn set_session(&mut self, session: Session) -> Result<()> {
        if self.session != session {
            replace_toml(&self.path.join(SESSION), &session)?;
            self.session = session;
        }
        Ok(())
    }

    /// The folder of the models.
    pub(super) fn models(&self) -> PathBuf {
        self.path.join(MODELS)
    }

    /// Saves a decision: when this returns, it is on disk.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn save(&mut self, decision: Decision) -> Result<Line> {
        self.append(Line::Decision(decision))
    }

    /// Saves that a decision is taken back.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn save_undo(&mut self, sequence: u64, undone: &Decision) -> Result<Line> {
        self.append(Line::Undo(Undo {
            sequence,
            undo: undone.sequence,
            coder: undone.coder.clone(),
            time: now(),
            text: String::new(),
            label: None,
        }))
    }

    fn append(&mut self, line: Line) -> Result<Line> {
        self.log.append(&line)?;
        Ok(line)
    }
}

/// Reads the session of a folder. One of an older program is written anew, and its file goes.
fn replace_older_session(path: &Path) -> Result<Option<Session>> {
    let session = WorkFolder::read_session(path)?;
    let (own, older) = (path.join(SESSION), path.join(OLDER_SESSION));
    if let Some(session) = session.as_ref().filter(|_| older.is_file() && !own.exists()) {
        replace_toml(&own, session)?;
        // What cannot be read again is not yet replaced.
        read_toml::<Session>(&own)?;
        let failed = |error| Error::io(Position::from_path(older.display().to_string()), "remove", error);
        fs::remove_file(&older).map_err(failed)?;
    }
    Ok(session)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labeling::decision::samples::decision;

    #[test]
    fn decisions_and_choices_are_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("work");
        let (mut work, decisions) = WorkFolder::open(&path).unwrap();
        assert!(decisions.is_empty());
        assert!(WorkFolder::open(&path).is_err(), "one writer");
        work.save(decision(1, "u", Some("a"))).unwrap();
        work.save_undo(2, &decision(1, "u", Some("a"))).unwrap();
        work.save(decision(3, "v", Some("b"))).unwrap();
        work.set_session(Session { coder: "eva".to_owned(), ..Session::default() }).unwrap();
        assert_eq!(
            WorkFolder::read_decisions(&path).unwrap().len(),
            1,
            "another program reads while this writes"
        );
        drop(work);
        let (work, decisions) = WorkFolder::open(&path).unwrap();
        assert_eq!((decisions.len(), decisions.next_sequence()), (1, 4));
        assert_eq!((work.session().coder.as_str(), work.notes().len()), ("eva", 0));
    }

    #[test]
    fn an_older_session_is_read_once_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("work");
        fs::create_dir(&path).unwrap();
        let keys = [(":undo".to_owned(), "z".to_owned()), ("</script>\n\"".to_owned(), "1".to_owned())];
        let session = Session {
            coder: "Eva \u{201c}E\u{201d}".to_owned(),
            labels: vec!["for".to_owned(), "a \"b\"".to_owned()],
            inputs: vec!["C:\\news\\a.csv".to_owned()],
            keys: keys.into(),
            ..Session::default()
        };
        fs::write(path.join(OLDER_SESSION), serde_json::to_vec(&session).unwrap()).unwrap();
        assert_eq!(WorkFolder::read_session(&path).unwrap().as_ref(), Some(&session));
        let (work, _) = WorkFolder::open(&path).unwrap();
        assert_eq!(work.session(), &session);
        drop(work);
        assert!(path.join(SESSION).is_file() && !path.join(OLDER_SESSION).exists());
        assert_eq!(WorkFolder::read_session(&path).unwrap().as_ref(), Some(&session));
        fs::write(path.join(SESSION), "every = 5\n").unwrap();
        let (work, _) = WorkFolder::open(&path).unwrap();
        assert_eq!(work.session(), &Session { every: 5, ..Session::default() }, "all else is left out");
        drop(work);
        fs::write(path.join(SESSION), "every = 5\nevery").unwrap();
        let said = WorkFolder::open(&path).unwrap_err().to_string();
        assert!(said.contains("session.toml") && said.contains("mend the file"), "{said}");
    }

    type Held = Vec<(String, Option<String>)>;

    fn held(decisions: &Decisions) -> Held {
        decisions.current().map(|decision| (decision.unit.clone(), decision.label.clone())).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// Whatever was decided and undone, and wherever in the log the program was killed: what
        /// was said to be saved holds.
        #[test]
        fn a_folder_that_was_killed_at_any_byte_holds_what_was_saved(
            steps in proptest::collection::vec((0..3u8, 0..4u8), 1..12), at in 0.0..=1.0f64
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("work");
            let log = path.join(LOG);
            let (mut work, mut decisions) = WorkFolder::open(&path).unwrap();
            let mut saved = vec![(0, held(&decisions))];
            for (unit, what) in steps {
                let sequence = decisions.next_sequence();
                let line = match (what, decisions.last().cloned()) {
                    (3, None) => continue,
                    (3, Some(last)) => work.save_undo(sequence, &last).unwrap(),
                    _ => {
                        let label = ["a", "b"].get(usize::from(what)).copied();
                        work.save(decision(sequence, &format!("unit \u{2028} {unit}"), label)).unwrap()
                    }
                };
                decisions.apply(line);
                saved.push((fs::metadata(&log).unwrap().len(), held(&decisions)));
            }
            drop(work);
            let length = (at * saved.last().unwrap().0 as f64) as u64;
            fs::File::options().write(true).open(&log).unwrap().set_len(length).unwrap();
            let (mut work, mut again) = WorkFolder::open(&path).unwrap();
            // A line of which only the end is missing is whole.
            let expected = saved.iter().rfind(|(end, _)| *end <= length + 1).unwrap();
            prop_assert_eq!(&held(&again), &expected.1);
            let next = decision(again.next_sequence(), "last", Some("c"));
            again.apply(work.save(next).unwrap());
            prop_assert_eq!(held(&again), held(&WorkFolder::read_decisions(&path).unwrap()));
        }
    }
}
