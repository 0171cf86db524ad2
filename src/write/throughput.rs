//! Serializes measured throughput as JSON.

use std::io::{self, Write};

use serde::Serialize;

/// The figures of a measurement.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// Texts.
    pub documents: usize,
    /// Word tokens of all texts.
    pub words: usize,
    /// Bytes of all texts.
    pub bytes: usize,
    /// The answers were the same for all numbers of threads; else nothing is measured.
    pub verified: bool,
    /// Runs of which the medians are given.
    pub runs: usize,
    /// One a number of threads.
    pub jobs: Vec<Throughput>,
    /// Nanoseconds a word on one thread, each stage by itself.
    pub ns_per_word: Stages,
    /// Peak memory of the whole process; `None` where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
}

/// Scoring in memory, without reading and writing.
#[derive(Clone, Debug, Serialize)]
pub struct Throughput {
    /// Threads.
    pub jobs: usize,
    /// All texts.
    pub seconds: f64,
    /// Texts a second.
    pub documents_per_second: f64,
    /// Millions of bytes a second.
    pub megabytes_per_second: f64,
    /// Words per second.
    pub words_per_second: f64,
}

/// What each stage of scoring costs.
#[derive(Clone, Debug, Serialize)]
pub struct Stages {
    /// Bytes of the input to documents, once; `None` without an input.
    pub read: Option<f64>,
    /// The bare loop: text to tokens to numbers, of words that have been seen.
    #[serde(rename = "tokenise")]
    pub tokenize: f64,
    /// Tokens to features, weights, margins and a verdict: scoring without tokenizing.
    pub features_and_score: f64,
    /// Verdicts to lines of CSV, thrown away.
    pub write: f64,
}

/// Writes one JSON object and a line end.
///
/// # Errors
/// The system's error if writing fails.
pub fn write_throughput(out: &mut impl Write, figures: &Figures) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, figures)?;
    writeln!(out)
}
