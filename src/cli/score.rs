//! Scores texts.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use clap::ValueEnum;
use indicatif::ProgressBar;
use standpoint::classify::{Worker, in_order};
use standpoint::input::{InputOptions, Inputs, Raw};
use standpoint::model::Preparation;
use standpoint::output::{
    Context, CsvSink, Destination, Failure, JsonlSink, Outcome, Scored, Sink, Style, TableSink,
};
use standpoint::{Error, explain};

use super::exit::Exit;
use super::inputs::{JobArgs, ReadArgs, files, refuse_input_as_output, usage};
use super::{model, terminal};

/// Score texts: a label or a reason for none, probabilities, and on request the terms that made them
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint score data/articles
  standpoint score news.csv --text-column title,body --output scores.csv
  cat news.jsonl | standpoint score - --paragraphs --explain 5")]
pub struct Args {
    /// Files or folders of .txt, .md, .html, .csv, .tsv and .jsonl; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the stance model inside the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Form of the results [default: by the output's extension, else a table on a terminal and JSON lines elsewhere]
    #[arg(long)]
    format: Option<Format>,
    /// Write the results here, when all is done
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Give every paragraph's score too
    #[arg(long)]
    paragraphs: bool,
    /// Leave the text out of paragraphs
    #[arg(long)]
    no_text: bool,
    /// Give the N strongest terms for each label
    #[arg(long, value_name = "N")]
    explain: Option<usize>,
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
    /// Print nothing but results and errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Jsonl,
    Csv,
}

impl Args {
    fn form(&self) -> Format {
        if let Some(format) = self.format {
            return format;
        }
        let Some(output) = &self.output else {
            return if terminal::stdout_is_terminal() { Format::Table } else { Format::Jsonl };
        };
        let extension = output.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv") => Format::Csv,
            Some("txt") => Format::Table,
            _ => Format::Jsonl,
        }
    }

    /// Scores the inputs.
    pub fn run(self) -> anyhow::Result<Exit> {
        let form = self.form();
        if form == Format::Csv && self.explain.is_some() {
            return Err(usage("--explain has no place in CSV; use --format jsonl"));
        }
        let found = files(&self.inputs, self.output.as_deref(), self.quiet)?;
        let read: Vec<PathBuf> = found.files.iter().chain(&self.model).cloned().collect();
        refuse_input_as_output(&read, self.output.as_deref())?;
        let mut loaded = model::load(self.model.as_ref())?;
        if self.keep_boilerplate && loaded.classifier.model().preparation.drop_boilerplate {
            terminal::warn(self.quiet, &["boilerplate is kept, which the model was not made for".to_owned()]);
            loaded.classifier = loaded.classifier.with_preparation(Preparation { drop_boilerplate: false });
        }
        let pool = self.jobs.pool()?;
        let options = self.read.options();
        let context = Context {
            labels: loaded.classifier.labels().clone(),
            model: loaded.id,
            paragraphs: self.paragraphs,
            paragraph_text: !self.no_text,
            explain: self.explain,
        };
        let output = self.output.as_deref();
        let destination = Destination::open(output).with_context(|| {
            format!("{}: cannot write there", output.map_or(Path::new("-"), |path| path).display())
        })?;
        let mut run = Run {
            sink: sink(destination, form, context),
            tally: Tally::default(),
            progress: terminal::progress(self.quiet || output.is_none() && terminal::stdout_is_terminal()),
        };
        let items =
            Inputs::new(found.files, options.clone()).chain(found.errors.into_iter().map(Err)).map(|raw| {
                let size = raw.as_ref().map_or(0, Raw::size);
                (raw, size)
            });
        let (explain, force) = (self.explain.is_some(), self.no_abstain);
        let written = run.sink.begin().and_then(|()| {
            in_order(
                &loaded.classifier,
                &pool,
                items,
                |worker, raw| score(worker, raw, &options, explain, force),
                |outcome| run.take(&outcome, loaded.classifier.labels().names()),
            )
        });
        let Run { sink, tally, progress } = run;
        progress.finish_and_clear();
        // Where no text could be scored, what stood at the output before stays there.
        let keep = tally.documents > 0 || tally.failures == 0 || output.is_none();
        let finished = written.and_then(|()| if keep { sink.finish() } else { Ok(()) });
        finished.context("cannot write the results")?;
        tally.print(self.quiet);
        Ok(Exit::of_counts(tally.documents, tally.failures))
    }
}

/// One record to its outcome: this runs on every thread.
fn score(
    worker: &mut Worker<'_>,
    raw: Result<Raw, Error>,
    options: &InputOptions,
    explain: bool,
    force: bool,
) -> Outcome {
    let document = match raw.and_then(|raw| raw.document(options)) {
        Ok(document) => document,
        Err(error) => return Err(Failure::of(error)),
    };
    let mut verdict = worker.document(&document);
    if force {
        verdict.decision = standpoint::Decision::Label(verdict.top);
    }
    let explanation = explain.then(|| explain::document(worker, &document.text, &verdict));
    Ok(Scored { document, verdict, explanation })
}

struct Run {
    sink: Box<dyn Sink>,
    tally: Tally,
    progress: ProgressBar,
}

impl Run {
    fn take(&mut self, outcome: &Outcome, labels: &[String]) -> io::Result<()> {
        self.tally.count(outcome, labels);
        self.progress.inc(1);
        self.sink.outcome(outcome)
    }
}

fn sink(out: Destination, form: Format, context: Context) -> Box<dyn Sink> {
    let style = if matches!(out, Destination::Stdout(_)) { terminal::style() } else { Style::Plain };
    match form {
        Format::Table => Box::new(TableSink::new(out, context, style)),
        Format::Jsonl => Box::new(JsonlSink::new(out, context)),
        Format::Csv => Box::new(CsvSink::new(out, context)),
    }
}

/// Counts for the line at the end.
struct Tally {
    documents: u64,
    failures: u64,
    by_answer: BTreeMap<String, u64>,
    warnings: terminal::Warnings,
    started: Instant,
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            documents: 0,
            failures: 0,
            by_answer: BTreeMap::new(),
            warnings: terminal::Warnings::default(),
            started: Instant::now(),
        }
    }
}

impl Tally {
    fn count(&mut self, outcome: &Outcome, labels: &[String]) {
        match outcome {
            Ok(scored) => {
                self.documents += 1;
                let answer = match (scored.verdict.decision.label(), scored.verdict.decision.reason()) {
                    (Some(class), _) => labels.get(class.index()).cloned().unwrap_or_default(),
                    (None, reason) => format!("({})", reason.map_or("", |reason| reason.name())),
                };
                *self.by_answer.entry(answer).or_default() += 1;
                scored.document.notes().for_each(|note| self.warnings.add(note));
            }
            Err(failure) => {
                self.failures += 1;
                self.warnings.add(failure.error.to_string());
            }
        }
    }

    fn print(&self, quiet: bool) {
        self.warnings.print();
        if quiet {
            return;
        }
        let mut parts: Vec<String> =
            self.by_answer.iter().map(|(answer, count)| format!("{count} {answer}")).collect();
        if self.failures > 0 {
            parts.push(format!("{} failed", self.failures));
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let colon = if parts.is_empty() { "" } else { ": " };
        let plural = if self.documents == 1 { "" } else { "s" };
        terminal::say(&format!(
            "{} document{plural} in {seconds:.1} s{colon}{}",
            self.documents,
            parts.join(", ")
        ));
    }
}
