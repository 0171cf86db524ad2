//! Runs `adapt`: trains a model on one's own labels together with the corpus of the bundled one, and writes it.

mod print;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::cli::exit::Exit;
use crate::cli::inputs::{GroupArgs, JobArgs, LabelArgs, ReadArgs};
use crate::cli::{flags, report, terminal};
use crate::model::Preparation;
use crate::read::{Column, LabeledColumns, Requirement};
use crate::train::{AdaptOptions, TrainingCorpus, TrainingFiles, adapt};
use crate::write::{Output, OutputFile, OutputPaths};

/// Train on your own labels together with what the bundled model was trained on, from fifty labels up
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint adapt mine.csv --output mine.safetensors
  standpoint adapt articles.jsonl --group-column outlet --ignore-label off-topic --output mine.safetensors
  standpoint train all.csv --output base.safetensors --save-corpus all.corpus
  standpoint adapt mine.csv --corpus all.corpus --output mine.safetensors")]
pub struct Args {
    /// Labelled files: a column for the text, paragraphs or whole articles, and one for the label
    #[arg(value_name = "MINE.csv", required = true)]
    inputs: Vec<PathBuf>,
    /// Write the model here
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// The corpus to adapt, a file of `train --save-corpus` [default: what the bundled model was trained on]
    #[arg(long, value_name = "FILE")]
    corpus: Option<PathBuf>,
    #[command(flatten)]
    groups: GroupArgs,
    /// Column with each row's weight
    #[arg(long, value_name = "COLUMN")]
    weight_column: Option<String>,
    /// Decides which groups share a fold
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// A date to note in the model
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    #[command(flatten)]
    labels: LabelArgs,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    jobs: JobArgs,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

impl Args {
    /// Adapts and writes the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let mut paths = OutputPaths::new(self.inputs.iter().chain(&self.corpus));
        let output = paths.claim("output", &self.output).context("cannot write the model there")?;
        let corpus = match &self.corpus {
            Some(path) => TrainingCorpus::open(path)?,
            None => TrainingCorpus::bundled()?,
        };
        let threads = self.jobs.pool()?;
        let mut output = OutputFile::create(&output).context("cannot write the model there")?;

        let preparation = self.preparation(&corpus);
        let (read, reading) = report::read_rows(&self.files(&preparation), true)?;
        let options = AdaptOptions {
            preparation: Some(preparation),
            label_variants: self.labels.label_variants,
            seed: self.seed,
            date: self.date.clone(),
            ..AdaptOptions::default()
        };
        let (model, adapted) = adapt(&corpus, read.rows, &options, &threads)?;

        output
            .write_all(&model.to_bytes()?)
            .and_then(|()| output.commit())
            .with_context(|| format!("{}: cannot write the model", self.output.display()))?;
        if self.quiet {
            terminal::warn(false, &reading.skipped);
        } else {
            let mut out = terminal::screen();
            reading.print(&mut out)?;
            let base = if self.corpus.is_some() { "model of the corpus" } else { "bundled model" };
            print::adapted(&mut out, &adapted, base, terminal::style())?;
        }
        terminal::warn(self.quiet, &reading.warnings);
        terminal::warn(self.quiet, &adapted.warnings.iter().map(flags::in_message).collect::<Vec<_>>());
        Ok(if reading.skipped.is_empty() { Exit::Done } else { Exit::SomeRecordsFailed })
    }

    /// What is done to texts: what was asked for, and for the rest what was done to those of the corpus.
    fn preparation(&self, corpus: &TrainingCorpus) -> Preparation {
        let params = corpus.params();
        let of_corpus = params.preparation.clone().unwrap_or_else(|| Preparation::for_unit(params.unit));
        self.read.preparation(&of_corpus)
    }

    fn files(&self, preparation: &Preparation) -> TrainingFiles {
        let weight = self.weight_column.clone().map(|name| Column { name, need: Requirement::Always });
        TrainingFiles {
            options: self.read.options(preparation),
            columns: self.groups.columns(LabeledColumns { weight, ..self.labels.columns() }),
            date_format: self.groups.date_format.order(),
            label_variants: self.labels.label_variants,
            ..TrainingFiles::new(&self.inputs)
        }
    }
}
