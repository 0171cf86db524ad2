//! Scores one record; this runs on every thread.

use crate::classifier::Worker;
use crate::classifier::explain::{Detail, DocumentExplanation};
use crate::error::Result;
use crate::near_duplicates::Signature;
use crate::pipeline::MAX_UNSAVED;
use crate::pipeline::duplicates::signature;
use crate::progress::Progress;
use crate::read::{Fingerprint, InputOptions, RawRecord};
use crate::text::document::Document;
use crate::write::{Failure, Outcome, RunContext, Scored};

/// A record as it was read.
pub(super) struct Record {
    raw: Result<RawRecord>,
    /// The hash of all records up to this one, where a checkpoint falls.
    hash: Option<String>,
}

/// Gives records with their sizes until the run is stopped; with hashes where `hashed`.
pub(super) fn numbered<'a>(
    records: impl Iterator<Item = Result<RawRecord>> + Send + 'a,
    hashed: bool,
    progress: &'a dyn Progress,
) -> impl Iterator<Item = (Record, usize)> + Send + 'a {
    let mut hash = Fingerprint::default();
    let records = records.take_while(|_| !progress.is_stopped());
    (1u64..).zip(records).map(move |(number, raw)| {
        if hashed {
            hash.add(&raw);
        }
        let (raw, size) = RawRecord::sized(raw);
        let hash = (hashed && number.is_multiple_of(MAX_UNSAVED)).then(|| hash.hex());
        (Record { raw, hash }, size)
    })
}

/// How records are scored.
pub(super) struct Task<'a> {
    pub(super) input: &'a InputOptions,
    pub(super) context: &'a RunContext,
    pub(super) progress: &'a dyn Progress,
}

/// What comes of a record.
pub(super) struct ScoredRecord {
    pub(super) outcome: Outcome,
    pub(super) signature: Option<Signature>,
    pub(super) hash: Option<String>,
}

/// What must be known of a record that was scored before the run was broken off.
pub(super) struct KnownRecord {
    /// The document without its text, where duplicates are looked for.
    pub(super) document: Option<(Document, Option<Signature>)>,
    pub(super) hash: Option<String>,
}

impl Task<'_> {
    /// Decodes and scores a record.
    ///
    /// # Errors
    /// The run is stopped. A record that cannot be scored is an outcome.
    pub(super) fn score(&self, worker: &mut Worker, record: Record) -> Result<ScoredRecord> {
        self.progress.check()?;
        let Record { raw, hash } = record;
        let document = match raw.and_then(|raw| raw.document(self.input)) {
            Ok(document) => document,
            Err(error) => {
                return Ok(ScoredRecord { outcome: Err(Failure::new(error)), signature: None, hash });
            }
        };
        let verdict = worker.score_document(&document);
        let mut scored = Scored::new(document, verdict);
        if let Some(terms) = self.context.explain {
            scored.explanation = Some(self.explained(worker, &scored, terms));
        }
        if !self.context.paragraphs {
            // They may take more room than the text itself, and results wait to be written.
            scored.verdict = scored.verdict.without_paragraphs();
        }
        let signature = self.context.duplicates.then(|| signature(worker, &scored.document)).flatten();
        Ok(ScoredRecord { outcome: Ok(scored), signature, hash })
    }

    /// Explains an answer by so many terms. Results wait to be written: they hold no more.
    fn explained(&self, worker: &Worker, scored: &Scored, terms: usize) -> DocumentExplanation {
        let classifier = worker.classifier();
        let (text, verdict) = (&scored.document.text, &scored.verdict);
        let explained = |terms| {
            let detail = Detail { terms, paragraphs: self.context.paragraphs };
            classifier.explain_verdict_in(text, verdict, detail)
        };
        match self.context.explain_in_words && classifier.model().has_characters() {
            // A word's share is known when all its n-grams are.
            true => explained(usize::MAX).in_words(text).listing(terms),
            false => explained(terms),
        }
    }

    /// Reads a record again that was scored before; it is not scored again.
    ///
    /// # Errors
    /// The run is stopped.
    pub(super) fn reread(&self, worker: &Worker, record: Record) -> Result<KnownRecord> {
        self.progress.check()?;
        let Record { raw, hash } = record;
        let wanted = self.context.duplicates.then_some(raw);
        let document = wanted.and_then(|raw| raw.and_then(|raw| raw.document(self.input)).ok());
        let document = document.map(|mut document| {
            let signature = signature(worker, &document);
            document.text = String::new();
            (document, signature)
        });
        Ok(KnownRecord { document, hash })
    }
}
