//! Keeps the journal beside an unfinished file: the options of the run, and how far it has come.
//!
//! The first line holds the options, each further line one checkpoint, and the last of a run whose
//! results are written one more, until they have their name. All are JSON, and carry the hash of
//! all lines up to there, so that a journal that has changed is recognized. A line that a kill has
//! left incomplete is ignored.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::pipeline::Tally;
use crate::read::Fingerprint;
use crate::tabulate::Groups;
use crate::write::{Mark, open_own};

/// The options of a run under their names, with their values: two runs with the same options write
/// the same bytes.
pub type RunOptions = BTreeMap<String, Vec<String>>;

/// A place in the input up to which the results are written.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Records read, failed ones too.
    pub records: u64,
    /// The hash of these records, in hexadecimal digits.
    pub input: String,
    /// Where the results end.
    pub mark: Mark,
    /// The counts of the records since the checkpoint before.
    pub tally: Tally,
    /// The same by groups, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Groups>,
}

/// What a line says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Settings(RunOptions),
    Checkpoint(Checkpoint),
    /// All results are written; the mark is the end of the file.
    Finished(Checkpoint),
}

/// A line with the hash of the entries up to this one.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    entry: &'a RawValue,
    hash: String,
}

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    out: File,
    path: PathBuf,
    /// Of the entries so far.
    hash: Fingerprint,
}

/// What a journal says of an unfinished run.
#[derive(Debug)]
pub struct UnfinishedRun {
    /// The options of the run that began it.
    pub options: RunOptions,
    /// Its checkpoints in order.
    pub checkpoints: Vec<Checkpoint>,
    /// The last part of a run that has written all its results.
    pub finished: Option<Checkpoint>,
    /// Where its first line and each checkpoint end, with the hash up to there.
    ends: Vec<(u64, Fingerprint)>,
}

impl UnfinishedRun {
    /// Forgets all but the first `kept` checkpoints.
    pub fn truncate(&mut self, kept: usize) {
        self.checkpoints.truncate(kept);
        self.ends.truncate(kept + 1);
        self.finished = None;
    }

    /// Adds what a line says; `false` where it has no place there.
    fn add(&mut self, entry: Entry) -> bool {
        match (entry, &self.finished) {
            (Entry::Checkpoint(checkpoint), None) => self.checkpoints.push(checkpoint),
            (Entry::Finished(last), None) => self.finished = Some(last),
            _ => return false,
        }
        true
    }
}

/// The entry of a line, and the hash with it, if both are sound.
fn read_line(line: &[u8], hash: &Fingerprint) -> Option<(Entry, Fingerprint)> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let mut hash = hash.clone();
    hash.update(line.entry.get().as_bytes());
    (hash.hex() == line.hash).then_some(())?;
    Some((serde_json::from_str(line.entry.get()).ok()?, hash))
}

impl Journal {
    /// Begins a journal; one that stands there is replaced.
    ///
    /// # Errors
    /// The system's error.
    pub fn create(path: &Path, options: &RunOptions) -> io::Result<Self> {
        let (out, _) = open_own(path)?;
        out.set_len(0)?;
        let mut journal = Journal { out, path: path.to_owned(), hash: Fingerprint::default() };
        journal.write(&Entry::Settings(options.clone()))?;
        Ok(journal)
    }

    /// Reads the journal at `path`, if there is one that has a first line. Nothing is changed:
    /// another run may be writing it.
    ///
    /// # Errors
    /// The system's error, or a journal that is not as it was written.
    pub fn read(path: &Path) -> io::Result<Option<UnfinishedRun>> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n').filter(|line| line.ends_with(b"\n"));
        let Some(first) = lines.next() else { return Ok(None) };
        let Some((Entry::Settings(options), hash)) = read_line(first, &Fingerprint::default()) else {
            return Ok(None);
        };
        let ends = vec![(first.len() as u64, hash)];
        let mut found = UnfinishedRun { options, checkpoints: Vec::new(), finished: None, ends };
        for (number, line) in (2..).zip(lines) {
            let Some((end, hash)) = found.ends.last() else { break };
            let read = read_line(line, hash).map(|(entry, hash)| (entry, end + line.len() as u64, hash));
            let sound = read.is_some_and(|(entry, end, hash)| {
                found.ends.push((end, hash));
                found.add(entry)
            });
            if !sound {
                let message = format!("its line {number} is not as it was written");
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(Some(found))
    }

    /// Continues the journal at `path` after what the run keeps of it.
    ///
    /// # Errors
    /// The system's error.
    pub fn resume(path: &Path, run: &UnfinishedRun) -> io::Result<Self> {
        let (mut out, _) = open_own(path)?;
        let (length, hash) = run.ends.last().cloned().unwrap_or_default();
        out.set_len(length)?;
        out.seek(SeekFrom::End(0))?;
        Ok(Journal { out, path: path.to_owned(), hash })
    }

    /// Appends a checkpoint. The results up to there must have been handed to the system before.
    ///
    /// # Errors
    /// The system's error.
    pub fn append(&mut self, checkpoint: Checkpoint) -> io::Result<()> {
        self.write(&Entry::Checkpoint(checkpoint))
    }

    /// Writes down that all results are written, before the file gets its name.
    ///
    /// # Errors
    /// The system's error.
    pub fn finish(&mut self, last: Checkpoint) -> io::Result<()> {
        self.write(&Entry::Finished(last))
    }

    /// Removes the journal: the file beside it is complete, or given up.
    ///
    /// # Errors
    /// The system's error.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }

    fn write(&mut self, entry: &Entry) -> io::Result<()> {
        let entry = serde_json::value::to_raw_value(entry).map_err(io::Error::from)?;
        self.hash.update(entry.get().as_bytes());
        let mut line =
            serde_json::to_vec(&Line { entry: &entry, hash: self.hash.hex() }).map_err(io::Error::from)?;
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
            mark: Mark { bytes: records * 10, footers: vec!["f".into()], ..Mark::default() },
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
        journal.append(checkpoint(1)).unwrap();
        let whole = fs::read(&path).unwrap();
        journal.append(checkpoint(2)).unwrap();
        let all = fs::read(&path).unwrap();
        for length in whole.len()..all.len() {
            fs::write(&path, &all[..length]).unwrap();
            let found = Journal::read(&path).unwrap().unwrap();
            assert_eq!(found.options, settings);
            assert_eq!(found.checkpoints.iter().map(|c| c.records).collect::<Vec<_>>(), [1]);
            Journal::resume(&path, &found).unwrap().append(checkpoint(2)).unwrap();
            assert_eq!(fs::read(&path).unwrap(), all);
        }
        let mut found = Journal::read(&path).unwrap().unwrap();
        assert_eq!(found.checkpoints.len(), 2);
        found.truncate(1);
        drop(Journal::resume(&path, &found).unwrap());
        assert_eq!(fs::read(&path).unwrap(), whole);
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

    #[test]
    fn a_bit_that_turned_anywhere_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, &RunOptions::new()).unwrap();
        journal.append(checkpoint(1)).unwrap();
        journal.finish(checkpoint(2)).unwrap();
        let all = fs::read(&path).unwrap();
        let found = Journal::read(&path).unwrap().unwrap();
        assert_eq!((found.checkpoints.len(), found.finished.map(|last| last.records)), (1, Some(2)));
        for at in 0..all.len() - 1 {
            let mut bytes = all.clone();
            bytes[at] ^= 1;
            fs::write(&path, bytes).unwrap();
            assert!(!matches!(Journal::read(&path), Ok(Some(_))), "byte {at}");
        }
        let lines: Vec<&[u8]> = all.split_inclusive(|&byte| byte == b'\n').collect();
        for lines in [[lines[0], lines[2]].concat(), [lines[0], lines[1], lines[1]].concat()] {
            fs::write(&path, lines).unwrap();
            assert!(Journal::read(&path).unwrap_err().to_string().contains("is not as it was written"));
        }
    }
}
