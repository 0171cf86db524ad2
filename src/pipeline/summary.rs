//! Writes the counts of a run as JSON.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use crate::model::BatchProfile;
use crate::pipeline::{Failures, RunReport};
use crate::write::{RunContext, SCHEMA_VERSION};

/// Writes one JSON object and a line end.
///
/// # Errors
/// The system's error if writing fails.
pub fn write_summary(out: &mut impl Write, context: &RunContext, report: &RunReport) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Summary::new(context, report)).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// How fast a run was, since it was last resumed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Speed {
    /// Wall time.
    pub seconds: f64,
    /// Records scored in a second.
    pub documents_per_second: f64,
    /// Megabytes (10^6 bytes) of their texts in a second.
    pub megabytes_per_second: f64,
}

impl Speed {
    /// The speed at which records with so many bytes of text were scored.
    pub(super) fn new(time: Duration, records: u64, text_bytes: u64) -> Self {
        let seconds = time.as_secs_f64();
        let rate = |amount: f64| amount / seconds.max(1e-9);
        Speed {
            seconds,
            documents_per_second: rate(records as f64),
            megabytes_per_second: rate(text_bytes as f64 / 1e6),
        }
    }
}

#[derive(Serialize)]
struct Summary<'a> {
    schema: u32,
    model: &'a str,
    documents: u64,
    /// Documents that repeat no earlier one; `None` if that was not looked for.
    stories: Option<u64>,
    labels: Vec<Share<'a>>,
    abstained: Vec<Share<'a>>,
    failed: u64,
    failures: Vec<KindJson<'a>>,
    text_bytes: u64,
    notes: Vec<String>,
    /// How the batch differs from the model's training, if it does by much.
    unlike_training: Vec<String>,
    /// Means over the units that this was told by.
    units: Units,
    #[serde(flatten)]
    speed: Speed,
}

#[derive(Serialize)]
struct Units {
    count: u64,
    known: Option<f64>,
    confidence: Option<f64>,
}

impl Units {
    fn new(batch: &BatchProfile) -> Self {
        let share = |part: f64, whole: u64| (whole > 0).then(|| part / whole as f64);
        Units {
            count: batch.units,
            known: share(batch.known_words as f64, batch.words),
            confidence: share(batch.confidence, batch.units),
        }
    }
}

#[derive(Serialize)]
struct Share<'a> {
    name: &'a str,
    documents: u64,
    /// Of all documents.
    share: f64,
}

#[derive(Serialize)]
struct KindJson<'a> {
    kind: &'a str,
    #[serde(flatten)]
    failures: &'a Failures,
}

impl<'a> Summary<'a> {
    fn new(context: &'a RunContext, report: &'a RunReport) -> Self {
        let RunReport { tally, speed, .. } = report;
        let share = |name: &'a str, documents: u64| Share {
            name,
            documents,
            share: documents as f64 / tally.documents.max(1) as f64,
        };
        Summary {
            schema: SCHEMA_VERSION,
            model: &context.model,
            documents: tally.documents,
            stories: context.duplicates.then(|| tally.documents - tally.repeats),
            labels: context
                .labels
                .names()
                .iter()
                .map(|name| share(name, tally.labels.get(name).copied().unwrap_or(0)))
                .collect(),
            abstained: tally.abstained.iter().map(|(reason, count)| share(reason, *count)).collect(),
            failed: tally.failed(),
            failures: tally.failures.iter().map(|(kind, failures)| KindJson { kind, failures }).collect(),
            text_bytes: tally.text_bytes,
            notes: tally.reading_notes(context),
            unlike_training: tally.drift(context),
            units: Units::new(&tally.batch),
            speed: *speed,
        }
    }
}
