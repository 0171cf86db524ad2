//! Keeps the journal beside an unfinished file: the options of the run, and how far it has come.
//!
//! The first line holds the options, each further line one checkpoint; all are JSON. A line that a kill has left incomplete
//! is ignored.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::pipeline::Tally;
use crate::tabulate::Groups;
use crate::write::Mark;

/// The options of a run under their names, with their values: two runs with the same options write the same bytes.
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
    /// The counts of the records since the checkpoint before.
    pub tally: Tally,
    /// The same by groups, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Groups>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "settings")]
    options: RunOptions,
}

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    out: File,
    path: PathBuf,
}

/// What a journal says of an unfinished run.
#[derive(Debug)]
pub struct UnfinishedRun {
    /// The options of the run that began it.
    pub options: RunOptions,
    /// Its checkpoints in order.
    pub checkpoints: Vec<Checkpoint>,
    /// Its bytes up to the last of these checkpoints.
    pub length: u64,
    /// Where its first line and each checkpoint end.
    ends: Vec<u64>,
}

impl UnfinishedRun {
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
    /// The system's error.
    pub fn create(path: &Path, options: &RunOptions) -> io::Result<Self> {
        let mut journal = Journal { out: File::create(path)?, path: path.to_owned() };
        journal.line(&Head { options: options.clone() })?;
        Ok(journal)
    }

    /// Reads the journal at `path`, if there is one that has a first line. Nothing is changed: another run may be writing it.
    ///
    /// # Errors
    /// The system's error.
    pub fn read(path: &Path) -> io::Result<Option<UnfinishedRun>> {
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
            UnfinishedRun { options: head.options, checkpoints: Vec::new(), length: 0, ends: Vec::new() };
        for line in lines {
            let Ok(checkpoint) = serde_json::from_slice(line) else { break };
            found.checkpoints.push(checkpoint);
            ends.push(ends.last().copied().unwrap_or(0) + line.len() as u64);
        }
        found.ends = ends;
        found.truncate(found.checkpoints.len());
        Ok(Some(found))
    }

    /// Continues the journal at `path` after its first `length` bytes.
    ///
    /// # Errors
    /// The system's error.
    pub fn resume(path: &Path, length: u64) -> io::Result<Self> {
        let mut out = File::options().write(true).open(path)?;
        out.set_len(length)?;
        out.seek(SeekFrom::End(0))?;
        Ok(Journal { out, path: path.to_owned() })
    }

    /// Appends a checkpoint. The results up to there must have been handed to the system before.
    ///
    /// # Errors
    /// The system's error.
    pub fn append(&mut self, checkpoint: &Checkpoint) -> io::Result<()> {
        self.line(checkpoint)
    }

    /// Removes the journal: the file beside it is complete, or given up.
    ///
    /// # Errors
    /// The system's error.
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
            assert_eq!(found.options, settings);
            assert_eq!(found.checkpoints.iter().map(|c| c.records).collect::<Vec<_>>(), [1]);
            Journal::resume(&path, found.length).unwrap().append(&checkpoint(2)).unwrap();
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
