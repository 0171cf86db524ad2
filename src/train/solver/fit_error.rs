//! Says why a fit of the logistic regression failed.

use crate::error::{Error, ErrorKind};

/// Why a fit failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum FitError {
    /// A parameter outside its range.
    Parameter(Error),
    /// Rows that cannot be fitted.
    Data(String),
    /// The fit was stopped.
    Stopped,
    /// An error of linfa's own.
    Linfa(linfa::Error),
}

impl std::fmt::Display for FitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FitError::Parameter(error) => error.fmt(f),
            FitError::Data(message) => f.write_str(message),
            FitError::Stopped => f.write_str("the fit was stopped"),
            FitError::Linfa(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FitError {}

impl From<linfa::Error> for FitError {
    fn from(error: linfa::Error) -> Self {
        FitError::Linfa(error)
    }
}

impl From<FitError> for Error {
    fn from(error: FitError) -> Self {
        match error {
            FitError::Parameter(error) => error,
            FitError::Stopped => Error::new(ErrorKind::Stopped),
            other => Error::data(other.to_string()),
        }
    }
}
