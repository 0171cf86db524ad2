//! The journal beside an unfinished file: what was asked for, and how far it has come.
//!
//! The first line holds the settings, each further line one checkpoint; all are JSON. A line that is not complete, as
//! a kill leaves it, counts for nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::pipeline::{Mark, Tally};
use crate::tabulate::Groups;

/// The options of a run under their names, with their values: two runs with the same write the same.
pub type RunOptions = BTreeMap<String, Vec<String>>;

/// A place in the input up to which the results are written.
#[derive(Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Records read, failed ones too.
    pub records: u64,
    /// The SHA-256 of these records, in hexadecimal digits.
    pub input: String,
    /// Where the results end.
    pub mark: Mark,
    /// What the records since the checkpoint before came to.
    pub tally: Tally,
    /// The same by groups, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Groups>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    settings: RunOptions,
}

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    out: File,
    path: PathBuf,
}

/// What a journal that was found says.
#[derive(Debug)]
pub struct Found {
    /// The settings of the run that began it.
    pub settings: RunOptions,
    /// Its checkpoints in order.
    pub checkpoints: Vec<Checkpoint>,
    /// Its bytes up to the last of these checkpoints.
    pub length: u64,
    /// Where its first line and each checkpoint end.
    ends: Vec<u64>,
}

impl Found {
    /// Forgets all but the first `kept` checkpoints.
    pub fn truncate(&mut self, kept: usize) {
        self.checkpoints.truncate(kept);
        self.length = self.ends.get(self.checkpoints.len()).copied().unwrap_or(0);
    }
}

impl Journal {
    /// Begins a journal; one that stands there is replaced.
    ///
    /// # Errors
    /// What the system answers.
    pub fn create(path: &Path, settings: &RunOptions) -> io::Result<Self> {
        let mut journal = Journal { out: File::create(path)?, path: path.to_owned() };
        journal.line(&Head { settings: settings.clone() })?;
        Ok(journal)
    }

    /// What the journal at `path` says, if there is one that has a first line. Nothing is changed: another run may be
    /// writing it.
    ///
    /// # Errors
    /// What the system answers.
    pub fn read(path: &Path) -> io::Result<Option<Found>> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n').filter(|line| line.ends_with(b"\n"));
        let first = lines.next();
        let Some(head) = first.and_then(|line| serde_json::from_slice::<Head>(line).ok()) else {
            return Ok(None);
        };
        let mut ends = vec![first.map_or(0, <[u8]>::len) as u64];
        let mut found =
            Found { settings: head.settings, checkpoints: Vec::new(), length: 0, ends: Vec::new() };
        for line in lines {
            let Ok(checkpoint) = serde_json::from_slice(line) else { break };
            found.checkpoints.push(checkpoint);
            ends.push(ends.last().copied().unwrap_or(0) + line.len() as u64);
        }
        found.ends = ends;
        found.truncate(found.checkpoints.len());
        Ok(Some(found))
    }

    /// Goes on with the journal at `path` after its first `length` bytes.
    ///
    /// # Errors
    /// What the system answers.
    pub fn go_on(path: &Path, length: u64) -> io::Result<Self> {
        let mut out = File::options().write(true).open(path)?;
        out.set_len(length)?;
        out.seek(SeekFrom::End(0))?;
        Ok(Journal { out, path: path.to_owned() })
    }

    /// Writes a checkpoint down. What it speaks of must have been handed to the system before.
    ///
    /// # Errors
    /// What the system answers.
    pub fn append(&mut self, checkpoint: &Checkpoint) -> io::Result<()> {
        self.line(checkpoint)
    }

    /// Takes the journal away: the file that it speaks of is complete, or given up.
    ///
    /// # Errors
    /// What the system answers.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(value).map_err(io::Error::from)?;
        line.push(b'\n');
        self.out.write_all(&line)?;
        self.out.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint(records: u64) -> Checkpoint {
        Checkpoint {
            records,
            input: "ab".into(),
            mark: Mark { bytes: records * 10, footers: vec!["f".into()] },
            tally: Tally::default(),
            groups: None,
        }
    }

    #[test]
    fn a_line_cut_short_counts_for_nothing_and_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let settings = RunOptions::from([("format".to_owned(), vec!["csv".to_owned()])]);
        let mut journal = Journal::create(&path, &settings).unwrap();
        journal.append(&checkpoint(1)).unwrap();
        let whole = fs::read(&path).unwrap();
        journal.append(&checkpoint(2)).unwrap();
        let all = fs::read(&path).unwrap();
        for length in whole.len()..all.len() {
            fs::write(&path, &all[..length]).unwrap();
            let found = Journal::read(&path).unwrap().unwrap();
            assert_eq!(found.settings, settings);
            assert_eq!(found.checkpoints.iter().map(|c| c.records).collect::<Vec<_>>(), [1]);
            Journal::go_on(&path, found.length).unwrap().append(&checkpoint(2)).unwrap();
            assert_eq!(fs::read(&path).unwrap(), all);
        }
        let mut found = Journal::read(&path).unwrap().unwrap();
        assert_eq!((found.checkpoints.len(), found.length), (2, all.len() as u64));
        found.truncate(1);
        assert_eq!(found.length, whole.len() as u64);
    }

    #[test]
    fn a_journal_without_a_first_line_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        assert!(Journal::read(&path).unwrap().is_none());
        for bytes in [&b""[..], b"{\"settings\":{", b"\xff\n"] {
            fs::write(&path, bytes).unwrap();
            assert!(Journal::read(&path).unwrap().is_none());
        }
    }
}
