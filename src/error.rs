//! What went wrong, in words that a user can act on: where, what was found, what was expected, what to do.

use std::{fmt, io};

/// Where in the input something stands. All parts are optional: an error says what it knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The path as the user gave it; `-` for standard input.
    pub path: Option<String>,
    /// Record number within the file, from 1.
    pub record: Option<u64>,
    /// Line number within the file, from 1.
    pub line: Option<u64>,
}

impl Position {
    /// A position that names a file only.
    pub fn of_path(path: impl Into<String>) -> Self {
        Position { path: Some(path.into()), record: None, line: None }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path.as_deref().unwrap_or("input"))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(record) = self.record {
            write!(f, ", record {record}")?;
        }
        Ok(())
    }
}

/// The kinds of error. New kinds may be added.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed; `action` is a verb phrase such as "open".
    Io {
        /// Which file.
        position: Position,
        /// What was being done.
        action: &'static str,
        /// What the system answered.
        source: io::Error,
    },
    /// A file or record could be read but is not what its format demands.
    Malformed {
        /// Which record.
        position: Position,
        /// The format's short name: `csv`, `json`, `parquet`, `spreadsheet`, `text`, `warc`.
        format: &'static str,
        /// What was found, what was expected, what to do.
        message: String,
    },
    /// A record is larger than the limit.
    TooLarge {
        /// Which record.
        position: Position,
        /// The limit in bytes.
        limit: usize,
    },
    /// A column or field that was asked for is not there.
    MissingColumn {
        /// Which file or record.
        position: Position,
        /// The name asked for.
        column: String,
        /// The names that are there.
        found: Vec<String>,
    },
    /// A parameter is outside its range or contradicts another.
    Parameter(String),
    /// The labelled rows cannot be trained on or evaluated.
    Data(String),
    /// A model file is damaged, of another version, or not a model at all.
    Model(String),
    /// A run cannot begin, be resumed or write its results.
    Run {
        /// What went wrong.
        message: String,
        /// What to do about it.
        remedy: Option<Remedy>,
        /// The system's error.
        source: Option<io::Error>,
    },
    /// The run was stopped by [`Progress::is_stopped`](crate::progress::Progress::is_stopped).
    Stopped,
}

/// What to do about a run that cannot begin or has ended too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Resume the unfinished run: what was written is kept.
    Resume,
    /// Throw the unfinished run away and begin anew.
    Restart,
    /// Either of the two.
    ResumeOrRestart,
    /// Give the same options as the unfinished run, or begin anew.
    SameOptionsOrRestart,
}

/// The error of every fallible function of this library.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

/// `Result` with this library's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Wraps a kind.
    pub fn new(kind: ErrorKind) -> Self {
        Error(Box::new(kind))
    }

    /// An input or output error at `position`.
    pub fn io(position: Position, action: &'static str, source: io::Error) -> Self {
        Error::new(ErrorKind::Io { position, action, source })
    }

    /// A record that is not what its format demands.
    pub fn malformed(position: Position, format: &'static str, message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Malformed { position, format, message: message.into() })
    }

    /// A parameter outside its range.
    pub fn parameter(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Parameter(message.into()))
    }

    /// Rows that cannot be used together.
    pub fn data(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Data(message.into()))
    }

    /// A model file that cannot be used.
    pub fn model(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Model(message.into()))
    }

    /// A run that cannot begin, be resumed or write its results.
    pub fn run(message: impl Into<String>, remedy: Option<Remedy>, source: Option<io::Error>) -> Self {
        Error::new(ErrorKind::Run { message: message.into(), remedy, source })
    }

    /// What kind of error this is.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The short name of the kind, as it stands in the `error.kind` field of a result record.
    pub fn name(&self) -> &'static str {
        match self.kind() {
            ErrorKind::Io { .. } => "io",
            ErrorKind::Malformed { format, .. } => format,
            ErrorKind::TooLarge { .. } => "too-large",
            ErrorKind::MissingColumn { .. } => "missing-column",
            ErrorKind::Parameter(_) => "parameter",
            ErrorKind::Data(_) => "data",
            ErrorKind::Model(_) => "model",
            ErrorKind::Run { .. } => "run",
            ErrorKind::Stopped => "stopped",
        }
    }

    /// Where the error stands, if it is about a place in the input.
    pub fn position(&self) -> Option<&Position> {
        match self.kind() {
            ErrorKind::Io { position, .. }
            | ErrorKind::Malformed { position, .. }
            | ErrorKind::TooLarge { position, .. }
            | ErrorKind::MissingColumn { position, .. } => Some(position),
            ErrorKind::Parameter(_)
            | ErrorKind::Data(_)
            | ErrorKind::Model(_)
            | ErrorKind::Run { .. }
            | ErrorKind::Stopped => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::Io { position, action, source } => write!(f, "{position}: cannot {action}: {source}"),
            ErrorKind::Malformed { position, message, .. } => write!(f, "{position}: {message}"),
            ErrorKind::TooLarge { position, limit } => write!(
                f,
                "{position}: larger than {limit} bytes, the most that one record may have; \
                 raise the limit with --max-record or split the record"
            ),
            ErrorKind::MissingColumn { position, column, found } => {
                write!(f, "{position}: no column `{column}`; found {}", list(found))?;
                match nearest(column, found) {
                    Some(name) => write!(f, "; did you mean `{name}`?"),
                    None => Ok(()),
                }
            }
            ErrorKind::Parameter(message) | ErrorKind::Data(message) | ErrorKind::Model(message) => {
                f.write_str(message)
            }
            ErrorKind::Run { message, remedy, source } => {
                f.write_str(message)?;
                f.write_str(match remedy {
                    None => "",
                    Some(Remedy::Resume) => "; what was written is kept: resume the run",
                    Some(Remedy::Restart) => "; restart the run",
                    Some(Remedy::ResumeOrRestart) => "; resume or restart it",
                    Some(Remedy::SameOptionsOrRestart) => "; give the same options, or restart it",
                })?;
                source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))
            }
            ErrorKind::Stopped => f.write_str("the run was stopped"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            ErrorKind::Io { source, .. } => Some(source),
            ErrorKind::Run { source, .. } => source.as_ref().map(|source| source as _),
            _ => None,
        }
    }
}

/// Names in backticks, at most twenty of them, cut to sixty characters.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    const MOST: usize = 20;
    const LONGEST: usize = 60;
    if names.is_empty() {
        return "none".to_owned();
    }
    let short = |name: &str| name.chars().take(LONGEST).collect::<String>();
    let shown: Vec<String> = names.iter().take(MOST).map(|n| format!("`{}`", short(n.as_ref()))).collect();
    let mut out = shown.join(", ");
    if names.len() > MOST {
        out.push_str(&format!(" and {} more", names.len() - MOST));
    }
    out
}

/// The name closest to `wanted`, if one is close enough to be a slip: every third letter may be wrong, missing, too
/// many or swapped with its neighbour.
pub fn nearest<'a, S: AsRef<str>>(wanted: &str, names: &'a [S]) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let most = (wanted.chars().count() / 3).max(1);
    names
        .iter()
        .map(|name| (strsim::osa_distance(&wanted, &name.as_ref().to_lowercase()), name.as_ref()))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_column_names_what_is_there_and_the_nearest() {
        let error = Error::new(ErrorKind::MissingColumn {
            position: Position { path: Some("a.csv".into()), record: None, line: Some(1) },
            column: "txt".into(),
            found: vec!["id".into(), "Text".into()],
        });
        assert_eq!(
            error.to_string(),
            "a.csv, line 1: no column `txt`; found `id`, `Text`; did you mean `Text`?"
        );
        assert_eq!(error.name(), "missing-column");
    }

    #[test]
    fn nothing_is_suggested_when_nothing_is_near() {
        assert_eq!(nearest("text", &["date", "outlet"]), None);
    }
}
