//! Writes measured throughput as a table or JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::error::Spelling;

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

/// Writes figures as a table, which names a parameter by `spelling`, or, with `json`, as one JSON object.
///
/// # Errors
/// The system's error if writing fails.
pub fn write_throughput(
    figures: &Figures,
    json: bool,
    spelling: Spelling,
    out: &mut impl Write,
) -> io::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut *out, figures)?;
        return writeln!(out);
    }
    let Figures { documents, words, bytes, jobs, ns_per_word, .. } = figures;
    writeln!(
        out,
        "{documents} documents, {words} words, {:.1} MB; every value of {} gives the same answers",
        *bytes as f64 / 1e6,
        spelling("jobs")
    )?;
    writeln!(out, "{:>4}  {:>9}  {:>8}  {:>11}  {:>8}", "jobs", "docs/s", "MB/s", "words/s", "seconds")?;
    for one in jobs {
        writeln!(
            out,
            "{:>4}  {:>9.0}  {:>8.1}  {:>11.0}  {:>8.3}",
            one.jobs, one.documents_per_second, one.megabytes_per_second, one.words_per_second, one.seconds
        )?;
    }
    let stages = [
        ("read", ns_per_word.read),
        ("tokenize", Some(ns_per_word.tokenize)),
        ("features and score", Some(ns_per_word.features_and_score)),
        ("write", Some(ns_per_word.write)),
    ];
    writeln!(out, "ns per word on one thread, each stage by itself:")?;
    for (name, ns) in stages {
        let ns = ns.map_or_else(|| "-".to_owned(), |ns| format!("{ns:.1}"));
        writeln!(out, "  {name:<18}  {ns:>6}")?;
    }
    if let Some(peak) = figures.peak_memory_bytes {
        writeln!(out, "peak memory {:.0} MB, with all texts in memory", peak as f64 / 1e6)?;
    }
    writeln!(out, "scoring is in memory, without reading and writing; medians of {} runs", figures.runs)
}
