//! Runs `vectors`: learns word vectors from texts without labels.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;

use crate::cli::common::RunArgs;
use crate::cli::exit::{Exit, usage};
use crate::cli::found::{files, total_bytes};
use crate::cli::headings::{INPUT, MODEL, OUTPUT, RUNNING};
use crate::cli::inputs::{ReadArgs, WordArgs};
use crate::cli::progress::ShownProgress;
use crate::cli::report::written;
use crate::cli::{flags, terminal};
use crate::model::{Preparation, Unit};
use crate::pipeline::Notes;
use crate::read::{Inputs, is_stdin};
use crate::vectors::{Archive, Vectors, VectorsParams, VectorsReport, make_vectors};
use crate::write::{Output, OutputFile, OutputPaths};

/// Learn word vectors from unlabeled texts, for `train --vectors`
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint vectors archive/ --output news.vectors
  standpoint vectors articles.csv.zst --text-column text --min-count 50 --output news.vectors
  standpoint train labeled.csv --vectors news.vectors --output mine.safetensors")]
pub struct Args {
    /// Files or folders with texts, in any format that `score` reads; they are read twice
    #[arg(value_name = "ARCHIVE", required = true)]
    inputs: Vec<PathBuf>,
    /// Write the vectors to this file
    #[arg(long, short, value_name = "FILE", help_heading = OUTPUT)]
    output: PathBuf,
    #[command(flatten, next_help_heading = MODEL)]
    words: WordArgs,
    /// Keep words that occur at least N times in the archive
    #[arg(long, value_name = "N", default_value_t = VectorsParams::default().min_count, help_heading = MODEL)]
    min_count: u64,
    /// Keep the N most frequent words
    #[arg(long, value_name = "N", default_value_t = VectorsParams::default().max_words, help_heading = MODEL)]
    max_words: usize,
    /// Number of dimensions
    #[arg(long, value_name = "N", default_value_t = VectorsParams::default().dimensions, help_heading = MODEL)]
    dimensions: usize,
    /// Maximum number of word pairs held at a time, of 32 bytes each; when there are more, the
    /// rarest half is dropped
    #[arg(long, value_name = "N", default_value_t = VectorsParams::default().max_pairs, help_heading = RUNNING)]
    max_pairs: usize,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Args {
    fn params(&self) -> anyhow::Result<VectorsParams> {
        let params = VectorsParams {
            language: self.words.language()?,
            stem: self.words.stem(),
            house_style: self.words.house_style(),
            social_text: self.words.social_text().unwrap_or_default(),
            min_count: self.min_count,
            max_words: self.max_words,
            dimensions: self.dimensions,
            max_pairs: self.max_pairs,
        };
        params.check()?;
        Ok(params)
    }

    /// Reads the archive and writes the vectors.
    pub fn run(self) -> anyhow::Result<Exit> {
        let started = Instant::now();
        let params = self.params()?;
        let own = Some(self.output.as_path());
        let found = files(&self.inputs, own.as_slice(), self.run.quiet)?;
        let is_stream = |file: &PathBuf| is_stdin(file) || file.exists() && !file.is_file();
        if found.files.iter().any(is_stream) {
            return Err(usage(
                "an archive is read twice, and standard input and pipes can be read only once; write the texts to a file first",
            ));
        }
        let mut paths = OutputPaths::new(&found.files).passing(&found.outputs);
        let output = paths.claim("output", &self.output).context("cannot write the vectors")?;
        let threads = self.run.jobs.pool()?;
        let mut output = OutputFile::create(&output).context("cannot write the vectors")?;

        let options = self.read.options(&self.read.preparation(&Preparation::for_unit(Unit::Paragraph)));
        let passes = [(); 2].map(|()| Inputs::new(found.files.clone(), options.clone()));
        let progress = ShownProgress::new(
            self.run.quiet,
            passes.iter().map(Inputs::bytes_read).collect(),
            total_bytes(&found.files),
        );
        let reading = passes.first().map(Inputs::notes);
        let mut failures = Notes::default();
        let [first, second] = passes;
        let archive = Archive {
            passes: [Box::new(first.chain(found.errors.into_iter().map(Err))), Box::new(second)],
            options: &options,
            on_failure: &mut |error| failures.add(flags::in_error(&error)),
        };
        let made = make_vectors(archive, &params, &threads, &progress);
        progress.finish();
        failures.lines().for_each(|line| terminal::say(&format!("warning: {line}")));
        terminal::warn(self.run.quiet, &reading.map_or(Vec::new(), |notes| notes.lines()));
        let (vectors, report) = made?;
        let bytes = vectors.to_bytes()?;
        output
            .write_all(&bytes)
            .and_then(|()| output.commit())
            .with_context(|| format!("{}: cannot write the vectors", self.output.display()))?;
        if !self.run.quiet {
            describe(&vectors, &report);
            terminal::say(&written("vectors", &self.output, bytes.len(), started.elapsed()));
        }
        Ok(Exit::of_counts(report.texts, report.failed))
    }
}

/// Says on stderr what was learned, and what was forgotten for want of room.
fn describe(vectors: &Vectors, report: &VectorsReport) {
    terminal::say(&format!(
        "vectors of {} words, {} numbers each, from {} texts and {} word pairs",
        vectors.len(),
        vectors.dimensions(),
        report.texts,
        report.pairs
    ));
    if report.forgotten_words > 0 {
        terminal::say(&format!(
            "warning: the archive has too many distinct words: words with a count of up to {} were dropped along the way, and \
             rare words may be missing",
            report.forgotten_words
        ));
    }
    if report.forgotten_pairs > 0.0 {
        terminal::say(&format!(
            "warning: the archive has more word pairs than --max-pairs: pairs with a weight of up to {:.1} were dropped along \
             the way",
            report.forgotten_pairs
        ));
    }
}
