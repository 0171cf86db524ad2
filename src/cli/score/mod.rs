//! Scores texts: turns the options into a run of the library, and prints what it came to.

mod column_names;
mod group_by;
mod output_format;
mod report;
mod resume;
mod summary;

use std::path::PathBuf;

use anyhow::Context as _;
use group_by::ByArgs;
use output_format::{ChosenFormat, FormatArgs};
use report::RunPage;
use resume::ResumeArgs;

use crate::Named;
use crate::classifier::ScoreOptions;
use crate::cli::common::RunArgs;
use crate::cli::exit::{Exit, usage};
use crate::cli::found::{files, total_bytes};
use crate::cli::headings::{ABSTENTION, GROUPS, INPUT, MODEL, OUTPUT, RUNNING};
use crate::cli::inputs::ReadArgs;
use crate::cli::model::LoadedModelArgs;
use crate::cli::named::named;
use crate::cli::progress::ShownProgress;
use crate::cli::{flags, interrupt, terminal};
use crate::model::{SetRule, Unit};
use crate::pipeline::{Run, RunOptions, RunReport, SortBy, Sorting, carried_columns, write_summary};
use crate::read::{Column, FoundFiles, Inputs, Requirement};
use crate::write::{ClaimedPath, OutputFile, OutputPaths, TableFormat, TableOptions};
use crate::{Classifier, Threads};

/// Score texts: give each a label or the reason for none, probabilities and, on request, the terms
/// that decided
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint score data/articles
  standpoint score news.csv --text-column title,body --output scores.csv
  standpoint score data/articles --output scores.jsonl --report page.html
  standpoint score news.csv --sort slant --columns id,label,slant --output table.md
  cat news.jsonl | standpoint score - --paragraphs --explain 5")]
pub struct Args {
    /// Files or folders of .txt, .md, .html, .csv, .tsv, .jsonl, .json, .warc, .eml, .mbox, .rss,
    /// .atom, .parquet, .xlsx and .ods; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    #[command(flatten, next_help_heading = MODEL)]
    loaded_language: LoadedModelArgs,
    #[command(flatten, next_help_heading = OUTPUT)]
    form: FormatArgs,
    #[command(flatten, next_help_heading = RUNNING)]
    resume: ResumeArgs,
    /// Copy these columns of the input to the results, e.g. source,date,url
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', help_heading = OUTPUT)]
    keep: Vec<String>,
    /// Mark near-duplicates: name the earlier text that each one repeats
    #[arg(long, help_heading = OUTPUT)]
    mark_duplicates: bool,
    /// Leave near-duplicates out of the results and of --by, so that shares are of stories
    #[arg(long, help_heading = OUTPUT)]
    drop_duplicates: bool,
    #[command(flatten, next_help_heading = GROUPS)]
    by: ByArgs,
    /// Add a set of labels that contains the right one in this share of cases: 0.9 for nine in ten.
    /// A paragraph model has sets for paragraphs only: add --paragraphs
    #[arg(long, value_name = "SHARE", alias = "coverage", help_heading = ABSTENTION)]
    confidence_level: Option<f64>,
    /// Whether the confidence level holds over all texts (lac) or for the texts of each label
    /// (class-conditional)
    #[arg(long, value_parser = named::<SetRule>(), default_value = SetRule::Lac.name(), requires = "confidence_level", help_heading = ABSTENTION)]
    set_rule: SetRule,
    /// Score boilerplate, too: comment forms, bylines, share lines (`standpoint paragraphs` shows
    /// them)
    #[arg(long, help_heading = INPUT)]
    keep_boilerplate: bool,
    /// Label every text, however uncertain
    #[arg(long, help_heading = ABSTENTION)]
    no_abstain: bool,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    /// Write the counts of the run to this file, as JSON
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    summary: Option<PathBuf>,
    /// Write a page about the texts to this file: charts, and the texts to read with the sentences
    /// that decided
    #[arg(long, value_name = "FILE.html", conflicts_with = "resume", help_heading = OUTPUT)]
    report: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

/// The names of the files that are written.
struct Claimed {
    output: Option<ClaimedPath>,
    summary: Option<ClaimedPath>,
    groups: Option<ClaimedPath>,
    report: Option<ClaimedPath>,
}

/// Files for the counts of a run, opened before the run begins.
struct CountFiles {
    summary: Option<OutputFile>,
    groups: Option<OutputFile>,
    /// The format of the counts by group.
    by_format: TableFormat,
    report: Option<(OutputFile, RunPage)>,
}

impl Args {
    /// Scores the inputs; `options` are the options as they were given.
    pub fn run(self, mut options: RunOptions) -> anyhow::Result<Exit> {
        let output = self.form.output.as_deref();
        // An output that is read has its own message, whatever its extension.
        let formats = self.formats();
        let written = [output, self.summary.as_deref(), self.by.output(), self.report.as_deref()];
        let found = files(&self.inputs, &written.into_iter().flatten().collect::<Vec<_>>(), self.run.quiet);
        let found = match (&formats, found) {
            (_, Ok(found)) => found,
            (Ok(_), Err(error)) => return Err(error),
            (Err(_), Err(_)) => return formats.map(|_| Exit::Usage),
        };
        let claimed = self.claim(&found)?;
        let (format, by_format) = formats?;
        let threads = self.run.jobs.pool()?;
        let classifier = threads.run(|| self.loaded_language.open(self.model.as_ref()))?;
        options.insert("model".to_owned(), vec![classifier.id().to_owned()]);
        let loaded_language = classifier.loaded_language_id().map(str::to_owned);
        options.insert("bias_model".to_owned(), loaded_language.into_iter().collect());
        let mut run = self.prepare(&classifier, &threads)?;
        run.context.explain_in_words = format.is_table();
        let page = claimed
            .report
            .as_ref()
            .map(|_| RunPage::new(&mut run, &self.inputs, self.by.date_order()))
            .transpose()?;
        let watch = page.as_ref().map(RunPage::watch);
        let report = claimed.report.as_ref().map(OutputFile::create).transpose()?;
        let count_files = CountFiles {
            summary: claimed.summary.as_ref().map(OutputFile::create).transpose()?,
            groups: claimed.groups.as_ref().map(OutputFile::create).transpose()?,
            by_format,
            report: report.zip(page),
        };
        group_by::check_columns(&run.group_keys, &found.files, &run.input)?;
        // The last step that can fail: it creates files beside the output.
        let opened = self.resume.open(claimed.output.as_ref(), format.is_resumable(), &options)?;
        let FoundFiles { files, errors, .. } = found;
        let total = total_bytes(&files);
        let inputs = Inputs::new(files, run.input.clone());
        let hidden = self.run.quiet || output.is_none() && terminal::stdout_is_terminal();
        let progress = ShownProgress::new(hidden, vec![inputs.bytes_read()], total);
        let notes = inputs.notes();
        run.progress = &progress;
        if let Some(output) = output {
            interrupt::explain(resume::safe(output, format.is_resumable()))?;
        }
        let is_shown = format.is_shown(output);
        let left_out = format.left_out(&run.context).filter(|_| is_shown && !self.run.quiet);
        let mut output = format.sink(opened, &run.context)?;
        if let Some(watch) = watch {
            output = output.watched(watch);
        }
        let scored = run.score(inputs.chain(errors.into_iter().map(Err)), output);
        progress.finish();
        let scored = scored?;
        let written = self.write_counts(count_files, &run, &scored.report)?;
        let report = scored.commit_with(written)?;
        let empty =
            summary::no_result(&self.form.conditions, &report).filter(|_| !self.resume.is_asked_for());
        notes.lines().iter().chain(&empty).for_each(|note| terminal::say(&format!("warning: {note}")));
        if let (Some(groups), None) = (&report.groups, self.by.output()) {
            group_by::print(&run.context.labels, groups, is_shown || self.form.output.is_some())?;
        }
        left_out.iter().for_each(|note| terminal::say(&format!("note: {note}")));
        summary::print(&run.context, &report, self.run.quiet);
        Ok(Exit::of_counts(report.tally.documents, report.tally.failed()))
    }

    /// The formats of the results and of the counts by group, if they support the other options.
    fn formats(&self) -> anyhow::Result<(ChosenFormat, TableFormat)> {
        let format = self.form.resolve(self.by.output().is_some())?;
        let by_format = self.by.format()?;
        self.resume.check(self.form.output.as_deref(), format.is_resumable())?;
        Ok((format, by_format))
    }

    /// The run that the options ask for.
    fn prepare<'a>(&self, classifier: &'a Classifier, threads: &'a Threads) -> anyhow::Result<Run<'a>> {
        let mut run = Run::new(classifier, threads);
        run.score = self.score_options(classifier)?;
        run.group_keys = self.by.keys(classifier.labels())?;
        run.input = self.read.options_for(&classifier.model().preparation, self.run.quiet);
        run.input.columns = carried_columns(&self.keep, &run.group_keys);
        run.context.paragraphs = self.form.paragraphs;
        run.context.paragraph_text = !self.form.no_text;
        run.context.explain = self.form.explain;
        run.context.keep = self.keep.clone();
        run.context.duplicates = self.mark_duplicates || self.drop_duplicates;
        run.context.drop_duplicates = self.drop_duplicates;
        run.context.columns = self.form.columns.clone();
        run.context.output_conditions = self.form.conditions.clone();
        run.context.sets = self.confidence_level.is_some();
        run.context.spelling = flags::SPELLING;
        self.sort(&mut run)?;
        run.check()?;
        terminal::warn(self.run.quiet, &column_names::clashes(&run.context, self.form.sort.as_ref()));
        Ok(run)
    }

    /// Makes the run sort its results, and carry the column that they are sorted by.
    fn sort(&self, run: &mut Run<'_>) -> anyhow::Result<()> {
        let Some(by) = self.form.sort.clone() else { return Ok(()) };
        if by == SortBy::Slant && run.context.labels.axis().is_none() {
            return Err(usage(
                "--sort slant: the model has no axis, so no text has a slant; sort by confidence",
            ));
        }
        let by = column_names::sorted_by(by, &self.keep)?;
        let is_carried = |name: &str| run.input.columns.iter().any(|column| column.name == name);
        if let Some(name) = by.column().filter(|name| !is_carried(name)) {
            run.input.columns.push(Column { name: name.to_owned(), need: Requirement::Optional });
        }
        run.sorting = Some(Sorting { by, date_order: self.by.date_order() });
        Ok(())
    }

    fn score_options(&self, classifier: &Classifier) -> anyhow::Result<ScoreOptions> {
        if self.keep_boilerplate && classifier.model().preparation.drop_boilerplate {
            terminal::warn(
                self.run.quiet,
                &["boilerplate is scored, but the model was trained without it".to_owned()],
            );
        }
        let mut score = ScoreOptions {
            keep_boilerplate: self.keep_boilerplate,
            label_always: self.no_abstain,
            ..ScoreOptions::default()
        };
        if let Some(level) = self.confidence_level {
            if classifier.model().unit == Unit::Paragraph && !self.form.paragraphs {
                return Err(usage(
                    "--confidence-level: this is a paragraph model, so its sets hold for paragraphs and not for documents; add \
                     --paragraphs, or train with --unit document",
                ));
            }
            score.prediction_sets = Some(classifier.prediction_sets(level, self.set_rule)?);
        }
        Ok(score)
    }

    /// Writes the counts of a run to files that do not have their names yet.
    fn write_counts(
        &self,
        files: CountFiles,
        run: &Run<'_>,
        report: &RunReport,
    ) -> anyhow::Result<Vec<OutputFile>> {
        let mut written = Vec::new();
        if let Some(groups) = &report.groups {
            group_by::warn(groups, self.run.quiet);
        }
        if let (Some(groups), Some(mut out)) = (&report.groups, files.groups) {
            let options = TableOptions {
                format: files.by_format,
                excel: self.form.excel,
                digits: self.form.digits.map(usize::from),
            };
            group_by::write_file(&mut out, &run.context.labels, groups, options)?;
            written.push(out);
        }
        if let Some((mut out, page)) = files.report {
            terminal::warn(self.run.quiet, &page.write(&mut out, run, report)?);
            written.push(out);
        }
        if let Some(mut out) = files.summary {
            write_summary(&mut out, &run.context, report).context("cannot write the summary")?;
            written.push(out);
        }
        Ok(written)
    }

    /// The names of all files that are written.
    fn claim(&self, found: &FoundFiles) -> crate::Result<Claimed> {
        let read = found.files.iter().chain(&self.model).chain(self.loaded_language.file());
        let mut paths = OutputPaths::new(read).passing(&found.outputs);
        Ok(Claimed {
            output: paths.claim_if("output", self.form.output.as_deref())?,
            summary: paths.claim_if("summary", self.summary.as_deref())?,
            groups: paths.claim_if("by_output", self.by.output())?,
            report: paths.claim_if("report", self.report.as_deref())?,
        })
    }
}
