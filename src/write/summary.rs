//! What a run came to as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::model::BatchProfile;
use crate::pipeline::{Context, Failures, SCHEMA, Tally};

/// Writes one JSON object and a line end. `seconds` is the time of this run, `documents` the documents scored in it: a
/// run that was gone on with has counted more than it scored.
///
/// # Errors
/// What the system answers to writing.
pub fn write_summary(out: &mut impl Write, context: &Context, tally: &Tally, speed: Speed) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Summary::of(context, tally, speed)).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// How fast a run was.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Speed {
    /// Wall time.
    pub seconds: f64,
    /// Documents scored in that time, in a second.
    pub documents_per_second: f64,
    /// Megabytes (10^6 bytes) of their texts, in a second.
    pub megabytes_per_second: f64,
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
    failures: Vec<OfKind<'a>>,
    text_bytes: u64,
    notes: &'a [String],
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
    fn of(batch: &BatchProfile) -> Self {
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
struct OfKind<'a> {
    kind: &'a str,
    #[serde(flatten)]
    failures: &'a Failures,
}

impl<'a> Summary<'a> {
    fn of(context: &'a Context, tally: &'a Tally, speed: Speed) -> Self {
        let share = |name: &'a str, documents: u64| Share {
            name,
            documents,
            share: documents as f64 / tally.documents.max(1) as f64,
        };
        Summary {
            schema: SCHEMA,
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
            failures: tally.failures.iter().map(|(kind, failures)| OfKind { kind, failures }).collect(),
            text_bytes: tally.text_bytes,
            notes: tally.notes.first(),
            unlike_training: context.unlike_training(tally),
            units: Units::of(&tally.batch),
            speed,
        }
    }
}
