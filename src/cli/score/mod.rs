//! Scores texts.

mod form;
mod resume;
mod run;
mod summary;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use standpoint::input::{Column, Inputs};
use standpoint::model::Preparation;
use standpoint::output::{Context, Destination, OutputFile, Settings, write_summary};

use super::exit::Exit;
use super::inputs::{JobArgs, ReadArgs, files, refuse_input_as_output};
use super::progress::Progress;
use super::{model, terminal};
use form::FormArgs;
use resume::{Begun, ResumeArgs};
use run::{Run, Task, items};

/// Score texts: a label or a reason for none, probabilities, and on request the terms that made them
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint score data/articles
  standpoint score news.csv --text-column title,body --output scores.csv
  cat news.jsonl | standpoint score - --paragraphs --explain 5")]
pub struct Args {
    /// Files or folders of .txt, .md, .html, .csv, .tsv, .jsonl and .warc; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the stance model inside the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    resume: ResumeArgs,
    /// Carry these columns of the input to the results: source,date,url
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    keep: Vec<String>,
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
    pub fn run(self, mut settings: Settings) -> anyhow::Result<Exit> {
        let output = self.form.output.as_deref();
        let form = self.form.resolve()?;
        self.resume.check(output)?;
        let found = files(&self.inputs, output, self.quiet)?;
        let read: Vec<PathBuf> = found.files.iter().chain(&self.model).cloned().collect();
        refuse_input_as_output(&read, output)?;
        refuse_input_as_output(&read, self.summary.as_deref())?;
        let mut loaded = model::load(self.model.as_ref())?;
        settings.insert("model".to_owned(), vec![loaded.id.clone()]);
        if self.keep_boilerplate && loaded.classifier.model().preparation.drop_boilerplate {
            terminal::warn(self.quiet, &["boilerplate is kept, which the model was not made for".to_owned()]);
            loaded.classifier = loaded.classifier.with_preparation(Preparation { drop_boilerplate: false });
        }
        let pool = self.jobs.pool()?;
        let mut options = self.read.options();
        options.columns =
            self.keep.iter().map(|name| Column { name: name.clone(), required: false }).collect();
        let context = Context {
            labels: loaded.classifier.labels().clone(),
            model: loaded.id,
            paragraphs: self.form.paragraphs,
            paragraph_text: !self.form.no_text,
            explain: self.form.explain,
            keep: self.keep.clone(),
            duplicates: false,
        };
        let (destination, journal, checkpoints) = match output {
            None => (Destination::stdout(), None, Vec::new()),
            Some(output) => {
                let Begun { file, journal, checkpoints } = self.resume.begin(output, &settings)?;
                (Destination::File(file), journal, checkpoints)
            }
        };
        let summary = self.summary.as_deref().map(|path| {
            OutputFile::create(path).with_context(|| format!("{}: cannot write there", path.display()))
        });
        let summary = summary.transpose()?;
        let total = found
            .files
            .iter()
            .map(|file| file.metadata().ok().filter(|m| m.is_file()).map(|m| m.len()))
            .sum();
        let inputs = Inputs::new(found.files, options.clone());
        let hidden = self.quiet || output.is_none() && terminal::stdout_is_terminal();
        let progress = Progress::new(hidden, inputs.bytes_read(), total);
        let records = items(inputs.chain(found.errors.into_iter().map(Err)), journal.is_some());
        let sink = form.sink(destination, &context, &checkpoints)?;
        let task = Task {
            classifier: &loaded.classifier,
            pool: &pool,
            options: &options,
            context: &context,
            force: self.no_abstain,
        };
        let started = Instant::now();
        let mut run = Run::new(sink, journal, progress, &context);
        let scored = run.score(&task, checkpoints, records);
        let Run { sink, journal, progress, tally, .. } = run;
        let (documents, bytes) = progress.finish();
        scored?;
        let speed = summary::speed(started, documents, bytes);
        // Where no text could be scored, what stood at the output before stays there.
        if tally.documents > 0 || tally.failed() == 0 || output.is_none() {
            sink.finish().context("cannot write the results")?;
        } else {
            sink.discard();
        }
        if let Some(journal) = journal {
            journal.remove().context("cannot remove the journal")?;
        }
        if let Some(mut out) = summary {
            write_summary(&mut out, &context, &tally, speed)
                .and_then(|()| standpoint::output::Output::commit(out))
                .context("cannot write the summary")?;
        }
        summary::print(&context, &tally, speed, self.quiet);
        Ok(Exit::of_counts(tally.documents, tally.failed()))
    }
}
