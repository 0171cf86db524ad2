//! Runs `suggest`: picks the texts to label next.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::active_learning::suggest::{Pick, SuggestInput, SuggestParams, Suggestions, Why, suggest};
use crate::cli::common::RunArgs;
use crate::cli::exit::Exit;
use crate::cli::found::files;
use crate::cli::headings::{INPUT, MODEL, OUTPUT, RUNNING};
use crate::cli::inputs::ReadArgs;
use crate::cli::{flags, model, terminal};
use crate::pipeline::Notes;
use crate::progress::Silent;
use crate::read::{FoundFiles, Inputs, RARE, ReadNotes, UNCERTAIN};
use crate::write::{CsvStyle, Destination, Output, OutputPaths, Sheet};

/// Pick the texts to label next from a pool of unlabeled ones: the least certain, and those likely
/// to have a rare label
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint suggest pool.csv --model mine.safetensors -n 50 --output next.csv
  standpoint suggest articles/ --model mine.safetensors -n 100 --labeled labeled.csv --rare-share 0.3 --output next.csv")]
pub struct Args {
    /// Files or folders with texts; each record is one text and is never split, as in `train`
    #[arg(value_name = "POOL", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file, trained on the labels so far [default: the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    /// How many texts to pick
    #[arg(long, short, value_name = "N", default_value = "50", help_heading = OUTPUT)]
    n: NonZeroUsize,
    /// Texts that are already labeled: neither they nor their near-duplicates are picked. May be
    /// given several times
    #[arg(long, alias = "labelled", value_name = "FILE", help_heading = INPUT)]
    labeled: Vec<PathBuf>,
    /// Share of the picks that goes to labels with few training rows
    #[arg(long, value_name = "SHARE", default_value_t = SuggestParams::RARE_SHARE, help_heading = OUTPUT)]
    rare_share: f64,
    /// Random seed for ties
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = RUNNING)]
    seed: u64,
    /// Write the texts to this file, as CSV [default: standard output]
    #[arg(long, value_name = "FILE.csv", help_heading = OUTPUT)]
    output: Option<PathBuf>,
    /// Write CSV for Excel: with a byte order mark, and no cell that Excel takes for a formula
    #[arg(long, help_heading = OUTPUT)]
    excel: bool,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Args {
    /// Reads the pool once, picks, and writes the picks.
    pub fn run(self) -> anyhow::Result<Exit> {
        let params =
            SuggestParams { texts: self.n.get(), rare_share: self.rare_share, seed: self.seed }.check()?;
        let own = self.output.as_deref();
        let found = files(&self.inputs, own.as_slice(), self.run.quiet)?;
        let labeled = match self.labeled.as_slice() {
            [] => FoundFiles::default(),
            given => files(given, own.as_slice(), self.run.quiet)?,
        };
        let read = found.files.iter().chain(&labeled.files).chain(&self.model);
        let mut paths = OutputPaths::new(read).passing(&found.outputs).passing(&labeled.outputs);
        let output = paths.claim_if("output", own)?;
        let classifier = &model::open(self.model.as_ref())?;
        let options = self.read.options_for(&classifier.model().preparation, self.run.quiet);
        let pool = self.run.jobs.pool()?;
        let out = Destination::open(output.as_ref())?;
        let mut notes = Notes::default();
        let [texts, known] = [found.files, labeled.files].map(|files| Inputs::new(files, options.clone()));
        let about_files = [texts.notes(), known.notes()];
        let input = SuggestInput {
            pool: Box::new(texts.chain(found.errors.into_iter().map(Err))),
            labeled: Box::new(known.chain(labeled.errors.into_iter().map(Err))),
            options: &options,
            on_failure: &mut |error| notes.add(flags::in_error(&error)),
            progress: &Silent,
        };
        let suggestions = suggest(classifier, input, params, &pool)?;
        let read = suggestions.notes.messages().iter().map(flags::in_message);
        let read = about_files.iter().flat_map(ReadNotes::lines).chain(read);
        terminal::warn(self.run.quiet, &read.collect::<Vec<_>>());
        notes.lines().for_each(|line| terminal::say(&format!("warning: {line}")));
        let picks = &suggestions.picks;
        if picks.is_empty() {
            bail!("there is no text to suggest: {}", describe_pool(&suggestions));
        }
        if !self.run.quiet {
            terminal::say(&format!("{}; {} picked", describe_pool(&suggestions), picks.len()));
            if picks.len() < self.n.get() {
                terminal::say(&format!(
                    "warning: the pool has only {} distinct texts to suggest",
                    picks.len()
                ));
            }
        }
        self.write(out, picks).context("cannot write the texts")?;
        Ok(Exit::of_counts(suggestions.read, suggestions.failed))
    }

    fn write(&self, out: Destination, picks: &[Pick]) -> std::io::Result<()> {
        let header = ["id", "text", "label", "path", "record", "why"];
        let mut sheet = Sheet::new(out, CsvStyle { excel: self.excel }, &header)?;
        for pick in picks {
            let record = pick.record.map_or(String::new(), |record| record.to_string());
            let why = match &pick.why {
                Why::Uncertain => UNCERTAIN.to_owned(),
                Why::Rare(label) => format!("{RARE}{label}"),
            };
            sheet.row(&[&pick.id, &pick.text, "", &pick.path, &record, &why])?;
        }
        sheet.finish()?.commit()
    }
}

/// Describes what was read from the pool, and what was passed over.
fn describe_pool(suggestions: &Suggestions) -> String {
    let counts = [(suggestions.already_labeled, "already labeled"), (suggestions.failed, "unreadable")];
    let abstained = suggestions.abstained.iter().map(|count| (count.texts, count.reason));
    let parts: Vec<String> = counts
        .into_iter()
        .chain(abstained)
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!(", {count} {what}"))
        .collect();
    format!("{} texts read{}", suggestions.read, parts.concat())
}
