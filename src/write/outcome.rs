//! Holds what comes of one record: a scored document, or why there is none.

use crate::classifier::explain::DocumentExplanation;
use crate::classifier::verdict::Verdict;
use crate::error::Error;
use crate::text::document::Document;

/// A scored document.
#[derive(Debug)]
#[non_exhaustive]
pub struct Scored {
    /// The document's id, as it stands in the results.
    pub id: String,
    /// The document.
    pub document: Document,
    /// The answer.
    pub verdict: Verdict,
    /// The terms that made the answer, if they were asked for.
    pub explanation: Option<DocumentExplanation>,
    /// The id of the first document with the same text, if duplicates were looked for and this is
    /// one.
    pub duplicate_of: Option<String>,
}

impl Scored {
    /// A document and its verdict, without explanation.
    pub fn new(document: Document, verdict: Verdict) -> Self {
        Scored { id: document.id.clone(), document, verdict, explanation: None, duplicate_of: None }
    }
}

/// A record that could not be scored.
#[derive(Debug)]
pub struct Failure {
    /// The record's name, as far as it is known.
    pub id: String,
    /// What went wrong, and where.
    pub error: Error,
}

impl Failure {
    /// Names the record after the place that the error speaks of.
    pub fn new(error: Error) -> Self {
        let position = error.position();
        let path = position.and_then(|position| position.path.as_deref()).unwrap_or("");
        let id = match position.and_then(|position| position.record) {
            Some(record) => format!("{path}#{record}"),
            None => path.to_owned(),
        };
        Failure { id, error }
    }
}

/// What comes of one record.
pub type Outcome = std::result::Result<Scored, Failure>;
