//! Measures throughput, after checking that the answers are right.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Instant;

use standpoint::classify::in_order;
use standpoint::input::Inputs;
use standpoint::{Classifier, Document, Pool, Verdict};

use super::exit::Exit;
use super::inputs::{ReadArgs, files};
use super::model;

/// Measured runs for each number of jobs; the median is printed.
const RUNS: usize = 5;
/// Documents made up when no input is given, and words in each.
const MADE_UP: (usize, usize) = (2000, 500);

/// Measure how fast texts are scored, after checking that the answers do not depend on the number of threads
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint bench
  standpoint bench news.csv --jobs 1,2")]
pub struct Args {
    /// Files or folders [default: texts made up from the model's own vocabulary]
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Model file [default: the stance model inside the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Numbers of threads to measure
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1,2")]
    jobs: Vec<NonZeroUsize>,
    #[command(flatten)]
    read: ReadArgs,
}

impl Args {
    /// Checks, then measures.
    pub fn run(self) -> anyhow::Result<Exit> {
        let loaded = model::load(self.model.as_ref())?;
        let documents = if self.inputs.is_empty() {
            made_up(&loaded.classifier)
        } else {
            self.documents(&loaded.classifier)?
        };
        let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
        let mut out = io::stdout().lock();

        let alone = score_all(&loaded.classifier, &Pool::new(1)?, &documents)?;
        let words: usize = alone.iter().map(|verdict| verdict.words).sum();
        for jobs in &self.jobs {
            if score_all(&loaded.classifier, &Pool::new(jobs.get())?, &documents)? != alone {
                anyhow::bail!("the answers on {jobs} threads differ from those on 1; please report this");
            }
        }
        writeln!(
            out,
            "{} documents, {words} words, {:.1} MB; answers are the same for all --jobs",
            documents.len(),
            megabytes(bytes)
        )?;
        writeln!(out, "{:>4}  {:>9}  {:>8}  {:>11}  {:>8}", "jobs", "docs/s", "MB/s", "words/s", "seconds")?;
        for jobs in &self.jobs {
            let pool = Pool::new(jobs.get())?;
            let mut seconds = Vec::with_capacity(RUNS);
            for _ in 0..RUNS {
                let started = Instant::now();
                score_all(&loaded.classifier, &pool, &documents)?;
                seconds.push(started.elapsed().as_secs_f64());
            }
            seconds.sort_by(f64::total_cmp);
            let median = seconds.get(RUNS / 2).copied().unwrap_or(f64::NAN);
            writeln!(
                out,
                "{jobs:>4}  {:>9.0}  {:>8.1}  {:>11.0}  {median:>8.3}",
                documents.len() as f64 / median,
                megabytes(bytes) / median,
                words as f64 / median
            )?;
        }
        writeln!(out, "scoring in memory, without reading and writing; medians of {RUNS} runs")?;
        Ok(Exit::Done)
    }

    fn documents(&self, classifier: &Classifier) -> anyhow::Result<Vec<Document>> {
        let found = files(&self.inputs, None, false)?;
        let options = self.read.options_for(&classifier.model().preparation, true);
        let mut documents = Vec::new();
        for raw in Inputs::new(found.files, options.clone()) {
            documents.push(raw?.document(&options)?);
        }
        Ok(documents)
    }
}

fn score_all(classifier: &Classifier, pool: &Pool, documents: &[Document]) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::with_capacity(documents.len());
    in_order(
        classifier,
        pool,
        documents.iter().map(|document| (document, document.text.len())),
        |worker, document| worker.document(document),
        |verdict| {
            verdicts.push(verdict);
            Ok::<(), anyhow::Error>(())
        },
    )?;
    Ok(verdicts)
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// The same texts every time: single words of the vocabulary in a fixed scatter, in paragraphs of 100 words.
fn made_up(classifier: &Classifier) -> Vec<Document> {
    let words: Vec<&str> =
        classifier.model().featurizer.vocabulary().iter().filter(|term| !term.contains([' ', '~'])).collect();
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    (0..MADE_UP.0)
        .map(|number| {
            let mut text = String::new();
            for at in 0..MADE_UP.1 {
                text.push_str(words.get(next() % words.len().max(1)).unwrap_or(&"word"));
                text.push_str(if at % 100 == 99 { ".\n\n" } else { " " });
            }
            Document::new(number.to_string(), text)
        })
        .collect()
}
