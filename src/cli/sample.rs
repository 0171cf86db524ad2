//! Runs `sample`: draws texts to be coded by hand.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::active_learning::sample::{Allocation, Sample, SampleParams, SampledDocument, draw_sample};
use crate::cli::exit::{Exit, usage};
use crate::cli::headings::{GROUPS, INPUT, OUTPUT, RUNNING};
use crate::cli::inputs::ReadArgs;
use crate::cli::named::named;
use crate::cli::{flags, terminal};
use crate::error::counted;
use crate::model::{Preparation, Unit};
use crate::pipeline::Notes;
use crate::read::{Stratify, WEIGHTS_FILE_COLUMN};
use crate::tabulate::NO_VALUE;
use crate::write::{ClaimedPath, CsvStyle, Destination, Output, OutputPaths, Sheet};
use crate::{ErrorKind, Named};

/// Draw a random sample of scored texts for blind coding by hand, with weights for `evaluate`
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint sample scores.csv --n 200 --output blind.csv
  standpoint sample scores.jsonl --n 300 --stratify source --allocate proportional --seed 2 --output blind.csv")]
pub struct Args {
    /// Results of `standpoint score`, one row per document: JSON, CSV, TSV, Parquet or spreadsheets
    #[arg(value_name = "SCORED", required = true)]
    inputs: Vec<PathBuf>,
    /// How many texts to draw
    #[arg(long, short, value_name = "N", help_heading = OUTPUT)]
    n: NonZeroUsize,
    /// Stratify by this column: top, label, none, or a column kept by `score --keep`
    #[arg(long, value_name = "COLUMN", default_value = "top", help_heading = GROUPS)]
    stratify: String,
    /// How many from each stratum: the same number, or in proportion to its size
    #[arg(long, value_parser = named::<Allocation>(), default_value = Allocation::default().name(), help_heading = GROUPS)]
    allocate: Allocation,
    /// Random seed of the draw
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = RUNNING)]
    seed: u64,
    /// Write the sample to this file, as CSV, and its weights to FILE.weights.csv, for `evaluate`
    /// to find [default: standard output, with the weights]
    #[arg(long, value_name = "FILE.csv", help_heading = OUTPUT)]
    output: Option<PathBuf>,
    /// Write CSV for Excel: with a byte order mark, and no cell that Excel takes for a formula
    #[arg(long, help_heading = OUTPUT)]
    excel: bool,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    /// Print only the sample and errors
    #[arg(long, short, help_heading = RUNNING)]
    quiet: bool,
}

impl Args {
    /// Draws, reads the texts again and writes them.
    pub fn run(self) -> anyhow::Result<Exit> {
        let stratify = Stratify::parse(&self.stratify).map_err(|_| {
            usage(format!(
                "cannot stratify by `{}`; expected top, label, none, or a column that `score --keep` has kept",
                self.stratify
            ))
        })?;
        let mut paths = OutputPaths::new(&self.inputs);
        let output = paths.claim_if("output", self.output.as_deref())?;
        let weights = output
            .as_ref()
            .filter(|output| output.is_regular())
            .map(|output| paths.claim("output", &weights_path(output)))
            .transpose()?;
        let options = self.read.options(&self.read.preparation(&Preparation::for_unit(Unit::Document)));
        let out = Destination::open(output.as_ref())?;
        let params = SampleParams {
            documents: self.n.get(),
            stratify,
            allocation: self.allocate,
            seed: self.seed,
            replaced: output.iter().chain(&weights).filter_map(ClaimedPath::identity).collect(),
        };
        let mut notes = Notes::default();
        let drawn = draw_sample(&self.inputs, &params, options.max_record, &mut |error| {
            notes.add(flags::in_error(&error));
        });
        let sample = drawn.map_err(|error| match error.kind() {
            ErrorKind::Data(_) => anyhow::Error::from(error)
                .context(format!("--stratify {}: cannot draw {} texts", self.stratify, self.n)),
            _ => error.into(),
        })?;
        notes.lines().for_each(|line| terminal::say(&format!("warning: {line}")));
        if !self.quiet && !sample.strata.is_empty() {
            self.describe(&sample);
        }
        let skipped = sample.skipped;
        let documents = sample.read_texts(&options)?;
        match &weights {
            Some(weights) => self.write_weights(weights, &documents)?,
            None if self.quiet => {}
            None => terminal::say(
                "note: the column weight tells rows of different strata apart; hide it from coders, or give --output, which \
                 writes the weights to a file of their own",
            ),
        }
        self.write(out, &documents, weights.as_ref()).context("cannot write the sample")?;
        Ok(Exit::of_counts(documents.len() as u64, skipped))
    }

    /// Says on stderr what was drawn from each stratum.
    fn describe(&self, sample: &Sample) {
        let population = sample.population();
        if population < self.n.get() as u64 {
            let all = match population {
                1 => "there is only 1 text, and it was drawn".to_owned(),
                all => format!("there are only {all} texts, and all were drawn"),
            };
            terminal::say(&format!("warning: {all}"));
        }
        if sample.failed > 0 {
            let failed = counted(sample.failed, "record");
            terminal::say(&format!("not drawn from: {failed} that could not be scored"));
        }
        if self.stratify == "top" {
            terminal::say(
                "strata: the likeliest label (top) of every text, also where the model gives no label",
            );
        }
        for stratum in &sample.strata {
            let name = match stratum.name.as_str() {
                "" if self.stratify == "none" => "all",
                "" => NO_VALUE,
                name => name,
            };
            terminal::say(&format!(
                "{name}: {} of {}, weight {:.3}",
                stratum.drawn, stratum.size, stratum.weight
            ));
        }
    }

    /// Writes the sheet. Where the weights have a file of their own, each row names that file.
    fn write(
        &self,
        out: Destination,
        sample: &[SampledDocument],
        weights: Option<&ClaimedPath>,
    ) -> std::io::Result<()> {
        let weights = weights.map(|path| name_of(path.given()));
        let header = match weights {
            Some(_) => ["id", "text", "label", "path", "record", "model", WEIGHTS_FILE_COLUMN],
            None => ["id", "text", "label", "weight", "path", "record", "model"],
        };
        let mut sheet = Sheet::new(out, CsvStyle { excel: self.excel }, &header)?;
        for document in sample {
            let (record, weight) = (record(document), document.weight.to_string());
            let SampledDocument { id, text, path, model, .. } = document;
            match &weights {
                Some(file) => sheet.row(&[id.as_str(), text, "", path, &record, model, file])?,
                None => sheet.row(&[id.as_str(), text, "", &weight, path, &record, model])?,
            }
        }
        sheet.finish()?.commit()
    }

    /// Writes the weights, which coders do not need.
    fn write_weights(&self, path: &ClaimedPath, sample: &[SampledDocument]) -> anyhow::Result<()> {
        let out = Destination::open(Some(path))?;
        let written = || {
            let header = ["id", "path", "record", "weight"];
            let mut sheet = Sheet::new(out, CsvStyle { excel: self.excel }, &header)?;
            for document in sample {
                let cells = [&document.id, &document.path, &record(document), &document.weight.to_string()];
                sheet.row(&cells)?;
            }
            sheet.finish()?.commit()
        };
        written().context("cannot write the weights of the sample")
    }
}

/// The record of a text as a cell.
fn record(document: &SampledDocument) -> String {
    document.record.map_or(String::new(), |record| record.to_string())
}

/// Where the weights of a sheet are written: `coded.weights.csv` for `coded.csv`.
fn weights_path(sheet: &ClaimedPath) -> PathBuf {
    sheet.given().with_extension("weights.csv")
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
