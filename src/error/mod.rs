//! Tells what went wrong in words that a user can act on: where, what was found, what was expected,
//! what to do.

mod message;
mod names;

use std::{fmt, io};

pub(crate) use message::counted;
pub use message::{Message, Spelling};
pub(crate) use names::quoted;
pub use names::{list, nearest};

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
    pub fn from_path(path: impl Into<String>) -> Self {
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

/// The kinds of error. New kinds, and new fields of a kind, may be added.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading or writing failed; `action` is a verb phrase such as "open".
    #[non_exhaustive]
    Io {
        /// Which file.
        position: Position,
        /// What was being done.
        action: &'static str,
        /// What the system answered.
        source: io::Error,
    },
    /// A file or record could be read but is not what its format demands.
    #[non_exhaustive]
    Malformed {
        /// Which record.
        position: Position,
        /// The format's short name: `csv`, `json`, `parquet`, `spreadsheet`, `text`, `warc`.
        format: &'static str,
        /// What was found and what was expected.
        message: Message,
    },
    /// A record is larger than the limit.
    #[non_exhaustive]
    TooLarge {
        /// Which record.
        position: Position,
        /// The limit in bytes.
        limit: usize,
    },
    /// A column or field that was asked for is missing.
    #[non_exhaustive]
    MissingColumn {
        /// Which file or record.
        position: Position,
        /// The name asked for.
        column: String,
        /// The names that are there.
        found: Vec<String>,
    },
    /// A parameter is outside its range or contradicts another.
    #[non_exhaustive]
    Parameter {
        /// The parameter's name, as the library spells it: `max_error`.
        name: &'static str,
        /// What was found: the value, or what it contradicts.
        found: String,
        /// What was expected.
        expected: String,
        /// The sentence that says so.
        message: Message,
    },
    /// The labeled rows cannot be trained on or evaluated.
    Data(Message),
    /// A model file is damaged, of another version, or not a model at all.
    Model(Message),
    /// A run cannot begin, be resumed or write its results.
    #[non_exhaustive]
    Run {
        /// What went wrong.
        message: Message,
        /// The system's error.
        source: Option<io::Error>,
    },
    /// The run was stopped by [`Progress::is_stopped`](crate::progress::Progress::is_stopped).
    Stopped,
}

/// The error of every fallible function of this library.
///
/// It names parameters as the library does, in backticks: `max_error`. [`Error::display_with`]
/// spells them as a front end does.
#[derive(Debug)]
pub struct Error(Box<Details>);

#[derive(Debug)]
struct Details {
    kind: ErrorKind,
    hint: Option<Message>,
}

/// `Result` with this library's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Wraps a kind, with the hint that goes with every error of the kind.
    pub fn new(kind: ErrorKind) -> Self {
        let hint = match &kind {
            ErrorKind::TooLarge { .. } => {
                Some(Message::naming("raise the limit with `max_record` or split the record"))
            }
            ErrorKind::MissingColumn { column, found, .. } => {
                nearest(column, found).map(|name| format!("did you mean `{name}`?").into())
            }
            _ => None,
        };
        Error(Box::new(Details { kind, hint }))
    }

    /// Reports that reading or writing failed at `position`.
    pub fn io(position: Position, action: &'static str, source: io::Error) -> Self {
        Error::new(ErrorKind::Io { position, action, source })
    }

    /// Reports a record that is not what its format demands.
    pub fn malformed(position: Position, format: &'static str, message: impl Into<Message>) -> Self {
        Error::new(ErrorKind::Malformed { position, format, message: message.into() })
    }

    /// Reports a parameter outside its range: "`max_df` 1.5: expected a share above 0, at most 1".
    pub fn invalid_parameter(
        name: &'static str,
        found: impl fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        let (found, expected) = (found.to_string(), expected.into());
        let message = Message::parameter(name).then(format!(" {found}: expected {expected}"));
        Error::new(ErrorKind::Parameter { name, found, expected, message })
    }

    /// Reports rows that cannot be used together.
    pub fn data(message: impl Into<Message>) -> Self {
        Error::new(ErrorKind::Data(message.into()))
    }

    /// Reports a model file that cannot be used.
    pub fn model(message: impl Into<Message>) -> Self {
        Error::new(ErrorKind::Model(message.into()))
    }

    /// Reports a run that cannot begin, be resumed or write its results.
    pub fn run(message: impl Into<Message>, source: Option<io::Error>) -> Self {
        Error::new(ErrorKind::Run { message: message.into(), source })
    }

    /// The same error in other words. Kinds that have no words of their own, as
    /// [`ErrorKind::TooLarge`], stay as they are.
    #[must_use]
    pub fn with_message(mut self, words: impl Into<Message>) -> Self {
        if let ErrorKind::Malformed { message, .. }
        | ErrorKind::Parameter { message, .. }
        | ErrorKind::Data(message)
        | ErrorKind::Model(message) = &mut self.0.kind
        {
            *message = words.into();
        }
        self
    }

    /// The same error with a hint that says what to do.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Message>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What kind of error this is.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The short name of the kind, as it stands in the `error.kind` field of a result record.
    pub fn name(&self) -> &'static str {
        match self.kind() {
            ErrorKind::Io { .. } => "io",
            ErrorKind::Malformed { format, .. } => format,
            ErrorKind::TooLarge { .. } => "too-large",
            ErrorKind::MissingColumn { .. } => "missing-column",
            ErrorKind::Parameter { .. } => "parameter",
            ErrorKind::Data(_) => "data",
            ErrorKind::Model(_) => "model",
            ErrorKind::Run { .. } => "run",
            ErrorKind::Stopped => "stopped",
        }
    }

    /// The name of the parameter that is wrong, as the library spells it: `max_error`.
    pub fn parameter(&self) -> Option<&str> {
        match self.kind() {
            ErrorKind::Parameter { name, .. } => Some(name),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&Message> {
        self.0.hint.as_ref()
    }

    /// Where the error stands, if it is about a place in the input.
    pub fn position(&self) -> Option<&Position> {
        match self.kind() {
            ErrorKind::Io { position, .. }
            | ErrorKind::Malformed { position, .. }
            | ErrorKind::TooLarge { position, .. }
            | ErrorKind::MissingColumn { position, .. } => Some(position),
            ErrorKind::Parameter { .. }
            | ErrorKind::Data(_)
            | ErrorKind::Model(_)
            | ErrorKind::Run { .. }
            | ErrorKind::Stopped => None,
        }
    }

    /// All that there is to tell: where, what was found, what was expected, what to do.
    pub fn message(&self) -> Message {
        let message = match self.kind() {
            ErrorKind::Io { position, action, source } => {
                format!("{position}: cannot {action}: {source}").into()
            }
            ErrorKind::Malformed { position, message, .. } => {
                Message::from(format!("{position}: ")).then(message.clone())
            }
            ErrorKind::TooLarge { position, limit } => {
                format!("{position}: larger than {limit} bytes, the limit for one record").into()
            }
            ErrorKind::MissingColumn { position, column, found } => {
                format!("{position}: no column `{}`; found {}", quoted(column), list(found)).into()
            }
            ErrorKind::Parameter { message, .. }
            | ErrorKind::Data(message)
            | ErrorKind::Model(message)
            | ErrorKind::Run { message, .. } => message.clone(),
            ErrorKind::Stopped => "the run was stopped".into(),
        };
        let message = match self.hint() {
            Some(hint) => message.then_hint(hint),
            None => message,
        };
        match self.kind() {
            ErrorKind::Run { source: Some(source), .. } => message.then(format!(": {source}")),
            _ => message,
        }
    }

    /// The error's text, with parameters spelled by `spell`: as `max_error=` in Python, say.
    pub fn display_with(&self, spell: impl Fn(&str) -> String) -> String {
        self.message().with_names(spell)
    }

    /// The error's text, with parameters and the values to give them as a front end spells them.
    pub fn spelled(&self, spelling: Spelling) -> String {
        self.message().spelled(spelling)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
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

    fn python(name: &str) -> String {
        format!("{name}=")
    }

    #[test]
    fn a_parameter_is_named_as_the_front_end_spells_it() {
        let error = Error::invalid_parameter("max_df", 1.5, "a share above 0, at most 1");
        assert_eq!(error.to_string(), "`max_df` 1.5: expected a share above 0, at most 1");
        assert_eq!(error.display_with(python), "max_df= 1.5: expected a share above 0, at most 1");
        assert_eq!(error.parameter(), Some("max_df"));
        let ErrorKind::Parameter { found, expected, .. } = error.kind() else { panic!("{error}") };
        assert_eq!((found.as_str(), expected.as_str()), ("1.5", "a share above 0, at most 1"));
        assert!(error.hint().is_none());
    }

    #[test]
    fn a_parameter_may_be_found_wrong_in_other_words() {
        let error = Error::invalid_parameter("max_error", "0 folds", "cross-validation")
            .with_message(Message::naming("`max_error` needs cross-validation"))
            .with_hint(Message::naming("give `folds`"));
        assert_eq!(error.to_string(), "`max_error` needs cross-validation; give `folds`");
        assert_eq!(error.display_with(python), "max_error= needs cross-validation; give folds=");
        assert_eq!(error.parameter(), Some("max_error"));
        assert_eq!(error.hint().unwrap().parameters().collect::<Vec<_>>(), ["folds"]);
    }

    #[test]
    fn a_column_named_like_a_parameter_keeps_its_name() {
        let error = Error::data("too few rows of `folds`").with_hint(Message::naming("lower `folds`"));
        assert_eq!(error.display_with(python), "too few rows of `folds`; lower folds=");
        let error = Error::new(ErrorKind::MissingColumn {
            position: Position::default(),
            column: "max_records".into(),
            found: vec!["max_record".into()],
        });
        assert_eq!(
            error.display_with(python),
            "input: no column `max_records`; found `max_record`; did you mean `max_record`?"
        );
    }

    #[test]
    fn what_is_too_large_says_which_limit_to_raise() {
        let error = Error::new(ErrorKind::TooLarge { position: Position::from_path("a.txt"), limit: 16 });
        assert_eq!(
            error.display_with(python),
            "a.txt: larger than 16 bytes, the limit for one record; raise the limit with max_record= or \
             split the record"
        );
        assert_eq!(error.parameter(), None);
    }
}
