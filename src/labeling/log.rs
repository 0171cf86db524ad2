//! Keeps decisions in a file that only grows: a line counts when it is on disk.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Position, Result};
use crate::labeling::decision::Line;
use crate::write::open_own;

/// A log that is open for writing.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
    /// Bytes that are whole lines.
    length: u64,
    /// Whether a line could be neither written nor taken back.
    is_spoiled: bool,
}

/// What opening a log found.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) log: Log,
    pub(super) lines: Vec<Line>,
    /// What was cut off its end, if a line was torn there.
    pub(super) note: Option<String>,
}

impl Log {
    /// Opens or creates a log. What a writer that was killed left of its last line is cut off:
    /// nobody was told that it was saved.
    ///
    /// # Errors
    /// A file that cannot be read or written or is a link, and a line that is no decision.
    pub(super) fn open(path: &Path) -> Result<Opened> {
        let failed = |action| move |error| Error::io(position(path, None), action, error);
        let (mut file, found) = open_own(path).map_err(failed("open"))?;
        let bytes = match found {
            Some(_) => fs::read(path).map_err(failed("read"))?,
            None => {
                sync_folder_of(path).map_err(failed("create"))?;
                Vec::new()
            }
        };
        let Parsed { lines, whole, torn } = parse(path, &bytes)?;
        let mut note = None;
        if torn > 0 {
            file.set_len(whole).and_then(|()| file.sync_all()).map_err(failed("mend"))?;
            note = Some(format!(
                "{}: {torn} bytes were cut off its end, a line that was never said to be saved",
                path.display()
            ));
        }
        file.seek(SeekFrom::Start(whole)).map_err(failed("read"))?;
        let mut log = Log { path: path.to_owned(), file, length: whole, is_spoiled: false };
        if bytes.get(..whole as usize).is_some_and(|kept| kept.last().is_some_and(|&last| last != b'\n')) {
            log.write(b"\n").map_err(failed("mend"))?;
        }
        Ok(Opened { log, lines, note })
    }

    /// Writes a line. It is on disk when this returns.
    ///
    /// # Errors
    /// The line cannot be written. Then nothing of it stays, or, if that cannot be done either,
    /// nothing more is written.
    pub(super) fn append(&mut self, line: &Line) -> Result<()> {
        if self.is_spoiled {
            return Err(Error::run(
                format!(
                    "{}: an earlier line could not be written whole, and nothing is written after it; free space on the disk and \
                     open the work folder again",
                    self.path.display()
                ),
                None,
            ));
        }
        let written = serde_json::to_vec(line).map_err(io::Error::other).and_then(|mut bytes| {
            bytes.push(b'\n');
            self.write(&bytes)
        });
        written.map_err(|error| {
            let whole = self.file.set_len(self.length);
            let back = whole.and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
            self.is_spoiled = back.is_err();
            Error::io(position(&self.path, None), "save a decision", error)
        })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_data()?;
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// Reads the log of another work folder, which somebody may be writing. Its last line may be torn.
///
/// # Errors
/// A file that cannot be read, and a line that is no decision.
pub(super) fn read(path: &Path) -> Result<Vec<Line>> {
    let bytes = fs::read(path).map_err(|error| Error::io(position(path, None), "read", error))?;
    Ok(parse(path, &bytes)?.lines)
}

struct Parsed {
    lines: Vec<Line>,
    /// Bytes up to the end of the last line.
    whole: u64,
    /// Bytes after it.
    torn: u64,
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Parsed> {
    let mut parsed = Parsed { lines: Vec::new(), whole: 0, torn: 0 };
    for (number, line) in (1..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
        if !line.trim_ascii().is_empty() {
            match serde_json::from_slice(line) {
                Ok(line) => parsed.lines.push(line),
                Err(error) if line.last() != Some(&b'\n') && is_torn(&error, line) => {
                    parsed.torn = line.len() as u64;
                    break;
                }
                Err(error) => {
                    return Err(Error::malformed(
                        position(path, Some(number)),
                        "json",
                        format!("it is no decision: {error}; expected an object as the lines around it are"),
                    )
                    .with_hint("mend the line or take it out; the log is plain text"));
                }
            }
        }
        parsed.whole += line.len() as u64;
    }
    Ok(parsed)
}

/// Whether a last line is the beginning of one. A system that lost its power may leave zeros in the
/// place of what was not written.
fn is_torn(error: &serde_json::Error, line: &[u8]) -> bool {
    let end = line.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let (written, zeros) = line.split_at_checked(end).unwrap_or((line, &[]));
    match zeros.is_empty() {
        true => error.is_eof() || is_cut_in_character(line),
        false => {
            written.is_empty()
                || serde_json::from_slice::<serde_json::Value>(written).is_err_and(|error| error.is_eof())
        }
    }
}

/// Whether a line ends within a character.
fn is_cut_in_character(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_err_and(|error| error.error_len().is_none())
}

fn position(path: &Path, line: Option<u64>) -> Position {
    Position { line, ..Position::from_path(path.display().to_string()) }
}

/// Makes the name of a new file last.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labeling::decision::samples::decision;

    fn line(sequence: u64) -> Line {
        Line::Decision(decision(sequence, &format!("u{sequence}"), Some("a \u{2028}\r\n b")))
    }

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.jsonl");
        (folder, path)
    }

    #[test]
    fn lines_stay_when_the_log_is_opened_again() {
        let (_folder, path) = folder();
        let mut opened = Log::open(&path).unwrap();
        assert!(opened.lines.is_empty() && opened.note.is_none());
        opened.log.append(&line(1)).unwrap();
        opened.log.append(&line(2)).unwrap();
        drop(opened);
        let mut again = Log::open(&path).unwrap();
        assert_eq!((again.lines.len(), again.note), (2, None));
        again.log.append(&line(3)).unwrap();
        assert_eq!(read(&path).unwrap(), [line(1), line(2), line(3)]);
    }

    #[test]
    fn a_last_line_without_its_end_stays_if_it_is_whole() {
        let (_folder, path) = folder();
        fs::write(&path, serde_json::to_string(&line(1)).unwrap()).unwrap();
        let mut opened = Log::open(&path).unwrap();
        assert_eq!((opened.lines.len(), &opened.note), (1, &None));
        opened.log.append(&line(2)).unwrap();
        assert_eq!(read(&path).unwrap(), [line(1), line(2)]);
    }

    #[test]
    fn a_line_that_is_no_decision_is_refused_by_its_number() {
        let (_folder, path) = folder();
        let good = serde_json::to_string(&line(1)).unwrap();
        fs::write(&path, format!("{good}\n\n{{\"sequence\": 2}}\n{good}\n")).unwrap();
        let said = Log::open(&path).unwrap_err().to_string();
        assert!(said.contains("labels.jsonl, line 3: it is no decision"), "{said}");
        assert!(read(&path).is_err());
    }

    #[test]
    fn a_last_line_that_is_not_torn_is_not_cut() {
        let (_folder, path) = folder();
        let good = serde_json::to_string(&line(1)).unwrap();
        for wrong in [r#"{"sequence": 2}"#, "notes", r#"{"sequence": 2,}"#] {
            fs::write(&path, format!("{good}\n{wrong}")).unwrap();
            let said = Log::open(&path).unwrap_err().to_string();
            assert!(said.contains("line 2: it is no decision"), "{said}");
            assert_eq!(fs::read_to_string(&path).unwrap(), format!("{good}\n{wrong}"), "it stays");
        }
        for torn in ["{\"sequence\": 2, \"ki", "\0\0\0", "{\"seq\0\0", "{\"unit\": \"\u{fc}"] {
            for end in [torn.len(), torn.len() - 1] {
                fs::write(&path, [good.as_bytes(), b"\n", &torn.as_bytes()[..end]].concat()).unwrap();
                let opened = Log::open(&path).unwrap();
                assert!(opened.lines.len() == 1 && opened.note.is_some(), "{torn:?}");
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_another_file_is_not_written_through() {
        let (folder, path) = folder();
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "").unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(Log::open(&path).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        /// Whatever byte a writer was killed at: lines that were whole stay, the rest is cut off
        /// and said, and writing goes on.
        #[test]
        fn a_log_that_ends_at_any_byte_holds_the_lines_before(lines in 1..5u64, at in 0.0..1.0f64) {
            let (_folder, path) = folder();
            let mut opened = Log::open(&path).unwrap();
            let mut ends = vec![0];
            for number in 1..=lines {
                opened.log.append(&line(number)).unwrap();
                ends.push(opened.log.length);
            }
            drop(opened);
            let kept = (at * *ends.last().unwrap() as f64) as u64;
            File::options().write(true).open(&path).unwrap().set_len(kept).unwrap();
            let mut opened = Log::open(&path).unwrap();
            // A line of which only the end is missing is whole.
            let whole = ends.iter().skip(1).filter(|&&end| end <= kept + 1).count();
            prop_assert_eq!(opened.lines.len(), whole);
            let is_torn = !ends.iter().any(|&end| end == kept || end == kept + 1);
            prop_assert_eq!(opened.note.is_some(), is_torn);
            opened.log.append(&line(9)).unwrap();
            let again = Log::open(&path).unwrap();
            prop_assert_eq!(again.note, None);
            prop_assert_eq!(again.lines.len(), whole + 1);
        }
    }
}
