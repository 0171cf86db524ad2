//! Scores texts.

mod duplicates;
mod group_by;
mod output_format;
mod resume;
mod run;
mod summary;

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use group_by::{ByArgs, Table};
use output_format::FormArgs;
use resume::ResumeArgs;
use run::{Run, Task, items};

use crate::classifier::{ScoreOptions, Workers};
use crate::cli::exit::Exit;
use crate::cli::inputs::{JobArgs, ReadArgs, SetRuleArg, files, refuse_input_as_output, usage};
use crate::cli::model::LoadedModelArgs;
use crate::cli::progress::Progress;
use crate::cli::terminal;
use crate::model::Unit;
use crate::pipeline::{Context, RunOptions};
use crate::read::{Column, Inputs, Requirement};
use crate::tabulate::GroupKey;
use crate::write::{Output, OutputFile, write_summary};

/// Score texts: a label or a reason for none, probabilities, and on request the terms that made them
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint score data/articles
  standpoint score news.csv --text-column title,body --output scores.csv
  cat news.jsonl | standpoint score - --paragraphs --explain 5")]
pub struct Args {
    /// Files or folders of .txt, .md, .html, .csv, .tsv, .jsonl, .warc, .parquet, .xlsx and .ods; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the stance model inside the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    loaded_language: LoadedModelArgs,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    resume: ResumeArgs,
    /// Carry these columns of the input to the results: source,date,url
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    keep: Vec<String>,
    /// Say of each document which earlier one it repeats, as reprints of one story do
    #[arg(long)]
    mark_duplicates: bool,
    #[command(flatten)]
    by: ByArgs,
    /// Give a set of labels that holds the right one in this share of cases: 0.9 for nine in ten. A document of a paragraph model
    /// has no set of its own: give --paragraphs
    #[arg(long, value_name = "SHARE", alias = "coverage")]
    confidence_level: Option<f64>,
    /// Whether the confidence level holds over all texts, or for the texts of each label by themselves
    #[arg(long, value_enum, default_value_t = SetRuleArg::Lac, requires = "confidence_level")]
    set_rule: SetRuleArg,
    /// Score boilerplate too: comment forms, bylines, share lines (see `standpoint paragraphs`)
    #[arg(long)]
    keep_boilerplate: bool,
    /// Label every text, however unsure
    #[arg(long)]
    no_abstain: bool,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    jobs: JobArgs,
    /// Write the counts of the run here, as JSON
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// Print nothing but results and errors
    #[arg(long, short)]
    quiet: bool,
}

impl Args {
    /// Scores the inputs; `settings` are the options as they were given.
    pub fn run(self, mut settings: RunOptions) -> anyhow::Result<Exit> {
        let output = self.form.output.as_deref();
        let form = self.form.resolve(self.by.output().is_some())?;
        self.resume.check(output)?;
        let found = files(&self.inputs, output, self.quiet)?;
        self.refuse_inputs_as_outputs(&found.files)?;
        let pool = self.jobs.pool()?;
        let model = self.model.as_ref();
        let classifier = pool.run(|| self.loaded_language.open(model))?;
        let bias_model = classifier.loaded_language_id().map(str::to_owned);
        settings.insert("model".to_owned(), vec![classifier.id().to_owned()]);
        settings.insert("bias_model".to_owned(), bias_model.iter().cloned().collect());
        if self.keep_boilerplate && classifier.model().preparation.drop_boilerplate {
            terminal::warn(self.quiet, &["boilerplate is kept, which the model was not made for".to_owned()]);
        }
        let mut score = ScoreOptions {
            keep_boilerplate: self.keep_boilerplate,
            label_always: self.no_abstain,
            ..ScoreOptions::default()
        };
        if let Some(level) = self.confidence_level {
            if classifier.model().unit == Unit::Paragraph && !self.form.paragraphs {
                return Err(usage(
                    "--confidence-level: the model scores paragraphs, and what holds of them does not hold of their mean; \
                     give --paragraphs, or train with --unit document",
                ));
            }
            score.prediction_sets = Some(classifier.prediction_sets(level, self.set_rule.rule())?);
        }
        let keys = self.by.keys(classifier.labels())?;
        let columns = self.columns(&keys);
        let mut options = self.read.options_for(&classifier.model().preparation, self.quiet);
        options.columns =
            columns.iter().map(|name| Column { name: name.clone(), need: Requirement::InHeader }).collect();
        let context = Context {
            labels: classifier.labels().clone(),
            model: classifier.id().to_owned(),
            bias_model,
            paragraphs: self.form.paragraphs,
            paragraph_text: !self.form.no_text,
            explain: self.form.explain,
            keep: self.keep.clone(),
            duplicates: self.mark_duplicates,
            sets: self.confidence_level.is_some(),
            reference: classifier.model().reference.clone(),
        };
        let summary = self.summary.as_deref().map(create).transpose()?;
        let by_output = self.by.output().map(create).transpose()?;
        let table = by_output.is_some().then(|| Table::new(keys, &columns, &context)).transpose()?;
        // Last of what can fail: from here on something stands beside the output.
        let begun = self.resume.begin(output, &settings)?;

        let total = total_bytes(&found.files);
        let inputs = Inputs::new(found.files, options.clone());
        let hidden = self.quiet || output.is_none() && terminal::stdout_is_terminal();
        let progress = Progress::new(hidden, inputs.bytes_read(), total);
        let records = items(inputs.chain(found.errors.into_iter().map(Err)), begun.journal.is_some());
        let sink = form.sink(begun.destination, &context, &begun.checkpoints)?;
        let task =
            Task { workers: Workers::new(&classifier, score, &pool), options: &options, context: &context };
        let started = Instant::now();
        let mut run = Run::new(sink, begun.journal, progress, &context, table);
        let scored = run.score(&task, begun.checkpoints, records);
        let Run { sink, journal, progress, tally, table, .. } = run;
        let (documents, bytes) = progress.finish();
        scored?;
        let speed = summary::speed(started, documents, bytes);
        // What is counted has its place before the results have theirs: a kill between the two can be gone on with.
        if let (Some(table), Some(out)) = (table, by_output) {
            table.write(out, &context, self.form.excel, self.quiet)?;
        }
        if let Some(mut out) = summary {
            let written = write_summary(&mut out, &context, &tally, speed).and_then(|()| out.commit());
            written.context("cannot write the summary")?;
        }
        // Where no text could be scored, what stood at the output before stays there.
        if tally.documents > 0 || tally.failed() == 0 || output.is_none() {
            sink.finish().context("cannot write the results")?;
        } else {
            sink.discard();
        }
        if let Some(journal) = journal {
            journal.remove().context("cannot remove the journal of the run")?;
        }
        summary::print(&context, &tally, speed, self.quiet);
        Ok(Exit::of_counts(tally.documents, tally.failed()))
    }

    fn refuse_inputs_as_outputs(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        let read: Vec<PathBuf> =
            files.iter().chain(&self.model).chain(self.loaded_language.file()).cloned().collect();
        [self.form.output.as_deref(), self.summary.as_deref(), self.by.output()]
            .into_iter()
            .try_for_each(|written| refuse_input_as_output(&read, written))
    }

    /// The columns that documents carry: those to keep, then those to count by.
    fn columns(&self, keys: &[GroupKey]) -> Vec<String> {
        let mut columns = self.keep.clone();
        for key in keys {
            if !columns.iter().any(|column| column == key.column()) {
                columns.push(key.column().to_owned());
            }
        }
        columns
    }
}

fn create(path: &Path) -> anyhow::Result<OutputFile> {
    OutputFile::create(path).with_context(|| format!("{}: cannot write there", path.display()))
}

/// Bytes of all files, if all are files.
fn total_bytes(files: &[PathBuf]) -> Option<u64> {
    let length =
        |file: &PathBuf| file.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len());
    files.iter().map(length).sum()
}
