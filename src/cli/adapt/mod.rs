//! Runs `adapt`: trains a model on your own labels together with the corpus of the bundled one, and
//! writes it.

mod print;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;

use crate::cli::common::{RowArgs, RunArgs};
use crate::cli::exit::Exit;
use crate::cli::headings::{MODEL, OUTPUT, VALIDATION};
use crate::cli::progress::ShownProgress;
use crate::cli::{flags, interrupt, report, terminal};
use crate::model::Preparation;
use crate::train::{AdaptOptions, TrainingCorpus, TrainingFiles, adapt};
use crate::vectors::Vectors;
use crate::write::{Output, OutputFile, OutputPaths};

/// Train on your own labels (fifty or more) together with the bundled model's training data
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint adapt mine.csv --output mine.safetensors
  standpoint adapt articles.jsonl --group-column outlet --ignore-label off-topic --output mine.safetensors
  standpoint adapt mine.csv --vectors news.vectors --output mine.safetensors
  standpoint train all.csv --output base.safetensors --save-corpus all.corpus
  standpoint adapt mine.csv --corpus all.corpus --output mine.safetensors")]
pub struct Args {
    /// Labeled files, with a column for the text (paragraphs or whole articles) and one for the
    /// label
    #[arg(value_name = "MINE", required = true)]
    inputs: Vec<PathBuf>,
    /// Write the model to this file
    #[arg(long, short, value_name = "FILE", help_heading = OUTPUT)]
    output: PathBuf,
    /// The corpus to adapt, written by `train --save-corpus` [default: the training data of the
    /// bundled model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    corpus: Option<PathBuf>,
    /// Word vectors from `standpoint vectors`: what a label teaches about one word carries over to
    /// similar words
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    vectors: Option<PathBuf>,
    /// Scale of the vectors: the larger it is, the more they count relative to the terms [default:
    /// 0.3]
    #[arg(long, value_name = "S", requires = "vectors", help_heading = MODEL)]
    vectors_scale: Option<f64>,
    /// Random seed that assigns groups to folds
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = VALIDATION)]
    seed: u64,
    /// Date to record in the model
    #[arg(long, value_name = "DATE", help_heading = OUTPUT)]
    date: Option<String>,
    /// Write no hashes of the texts and groups into the model. `evaluate` and `score --report` then
    /// cannot tell whether texts were in its training, unless --training-rows names the file
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    no_text_hashes: bool,
    #[command(flatten)]
    rows: RowArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Args {
    /// Adapts and writes the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let started = Instant::now();
        let mut paths = OutputPaths::new(self.inputs.iter().chain(&self.corpus).chain(&self.vectors));
        let output = paths.claim("output", &self.output).context("cannot write the model")?;
        let corpus = match &self.corpus {
            Some(path) => TrainingCorpus::open(path)?,
            None => TrainingCorpus::bundled()?,
        };
        let vectors = self.vectors.as_ref().map(Vectors::open).transpose()?.map(Arc::new);
        let threads = self.run.jobs.pool()?;
        let mut output = OutputFile::create(&output).context("cannot write the model")?;

        let preparation = self.preparation(&corpus);
        let (read, reading) = report::read_rows(&self.files(&preparation), true)?;
        let progress = ShownProgress::of_training(self.run.quiet, None);
        interrupt::explain(format!("no model was written, and {} is as it was", self.output.display()))?;
        let options = AdaptOptions {
            preparation: Some(preparation),
            label_variants: self.rows.labels.label_variants,
            vectors,
            vectors_scale: self.vectors_scale,
            seed: self.seed,
            date: self.date.clone(),
            name_texts: !self.no_text_hashes,
            progress: &progress,
        };
        let adapted = adapt(&corpus, read.rows, &options, &threads);
        progress.finish();
        let (model, adapted) = adapted?;

        let bytes = model.to_bytes()?;
        output
            .write_all(&bytes)
            .and_then(|()| output.commit())
            .with_context(|| format!("{}: cannot write the model", self.output.display()))?;
        if self.run.quiet {
            terminal::warn(false, &reading.skipped);
        } else {
            let mut out = terminal::screen();
            reading.print(&mut out)?;
            let base = if self.corpus.is_some() { "model of the corpus" } else { "bundled model" };
            print::adapted(&mut out, &adapted, base, terminal::style())?;
        }
        terminal::warn(self.run.quiet, &reading.warnings);
        terminal::warn(self.run.quiet, &adapted.warnings.iter().map(flags::in_message).collect::<Vec<_>>());
        if !self.run.quiet {
            terminal::say(&report::written("model", &self.output, bytes.len(), started.elapsed()));
        }
        Ok(if reading.skipped.is_empty() { Exit::Done } else { Exit::SomeRecordsFailed })
    }

    /// What is done to texts: what was asked for, and for the rest what was done to those of the
    /// corpus.
    fn preparation(&self, corpus: &TrainingCorpus) -> Preparation {
        let params = corpus.params();
        let of_corpus = params.preparation.clone().unwrap_or_else(|| Preparation::for_unit(params.unit));
        self.rows.read.preparation(&of_corpus)
    }

    fn files(&self, preparation: &Preparation) -> TrainingFiles {
        TrainingFiles {
            options: self.rows.read.options(preparation),
            columns: self.rows.training_columns(),
            date_format: self.rows.groups.date_format.order(),
            label_variants: self.rows.labels.label_variants,
            ..TrainingFiles::new(&self.inputs)
        }
    }
}
