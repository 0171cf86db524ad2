//! Defines the exit codes.

use std::io;
use std::process::ExitCode;

use crate::cli::flags;
use crate::{Error, ErrorKind};

/// How a run ended. The numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All well.
    Done = 0,
    /// It could not run.
    Failed = 1,
    /// The arguments make no sense.
    Usage = 2,
    /// It finished, but some records failed.
    SomeRecordsFailed = 3,
    /// The model file cannot be used.
    Model = 4,
    /// The figure asked for with `--fail-under` was not met.
    BelowThreshold = 5,
}

/// The code of a program that Ctrl-C has ended, as shells have it.
pub const INTERRUPTED: i32 = 130;

impl Exit {
    /// How a run over many records ended, by those that were done and those that failed.
    pub fn of_counts(done: u64, failed: u64) -> Exit {
        match (done, failed) {
            (_, 0) => Exit::Done,
            (0, _) => Exit::Failed,
            _ => Exit::SomeRecordsFailed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A mistake in the arguments that clap cannot see.
#[derive(Debug)]
pub struct UsageError(pub String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// An error that ends with the usage exit code.
pub fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(message.into()).into()
}

/// The exit code of an error.
pub fn of_error(error: &anyhow::Error) -> Exit {
    if error.downcast_ref::<UsageError>().is_some() {
        return Exit::Usage;
    }
    match error.downcast_ref::<Error>().map(Error::kind) {
        Some(ErrorKind::Model(_)) => Exit::Model,
        Some(ErrorKind::Parameter { .. }) => Exit::Usage,
        _ => Exit::Failed,
    }
}

/// What went wrong with its causes, each said once: some errors tell their cause themselves.
pub fn message(error: &anyhow::Error) -> String {
    let mut message = String::new();
    for cause in error.chain().map(said) {
        if message.is_empty() {
            message = cause;
        } else if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    message
}

/// What one cause says, with flags for parameters.
fn said(cause: &(dyn std::error::Error + 'static)) -> String {
    cause.downcast_ref::<Error>().map_or_else(|| cause.to_string(), flags::in_error)
}

/// Whether whoever read our output has stopped reading; that is their right and no failure.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
