//! Runs `evaluate`: compares a model's answers with labels.

mod page;
mod seen;
mod tables;

use std::io::Write;
use std::path::PathBuf;

use page::{MAX_MISTAKES, Page, explain_mistakes};
use seen::EvaluatedRows;

use crate::classifier::ScoreOptions;
use crate::cli::common::{RowArgs, RunArgs};
use crate::cli::exit::{Exit, usage};
use crate::cli::figure_format::FigureFormat;
use crate::cli::headings::{ABSTENTION, INPUT, MODEL, OUTPUT, RUNNING};
use crate::cli::named::named;
use crate::cli::report::{caveat_line, explain_unknown_label};
use crate::cli::{model, report, terminal};
use crate::evaluate::{EvaluateParams, evaluate, respell};
use crate::label::LabelVariants;
use crate::model::SetRule;
use crate::read::{Origin, read_labeled};
use crate::write::{Evaluated, TrainingNote, write_figures};
use crate::{Classifier, Named};

/// Measure a model on labeled rows (CSV, JSON, Parquet, spreadsheets or fastText; files or folders)
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint evaluate held_out.csv --model mine.safetensors
  standpoint evaluate held_out.csv --model mine.safetensors --report held_out.html
  standpoint evaluate coded.jsonl --documents --ignore-label off-topic --fail-under 0.6")]
pub struct Args {
    /// Labeled files, with a column for the text and one for the label
    #[arg(value_name = "LABELED", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    /// Split each row into paragraphs, as `score` does, instead of scoring it as one unit
    #[arg(long, help_heading = MODEL)]
    documents: bool,
    /// Give each row a set of labels that should contain the right one in this share of cases, and
    /// count how often it does
    #[arg(long, value_name = "SHARE", alias = "coverage", conflicts_with = "documents", help_heading = ABSTENTION)]
    confidence_level: Option<f64>,
    /// Whether the confidence level holds over all texts (lac) or for the texts of each label
    /// (class-conditional)
    #[arg(long, value_parser = named::<SetRule>(), default_value = SetRule::Lac.name(), requires = "confidence_level", help_heading = ABSTENTION)]
    set_rule: SetRule,
    /// The training rows of the model (labeled files, or a corpus of `train --save-corpus`), to
    /// warn of rows and groups that it has seen [default: for the bundled model, its own]
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = INPUT)]
    training_rows: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = FigureFormat::Table, help_heading = OUTPUT)]
    format: FigureFormat,
    /// Write a page to this file: figures, charts, tables and the worst mistakes
    #[arg(long, value_name = "FILE.html", help_heading = OUTPUT)]
    report: Option<PathBuf>,
    /// Report the mean F1 over these labels, too, e.g. FAVOR,AGAINST for SemEval's F_avg
    #[arg(long, value_name = "LABEL,LABEL", value_delimiter = ',', help_heading = OUTPUT)]
    f1_labels: Vec<String>,
    /// Exit with code 5 if macro-F1 is below this
    #[arg(long, value_name = "F1", value_parser = share_of_one, help_heading = OUTPUT)]
    fail_under: Option<f64>,
    /// Random seed of the resampling for intervals
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = RUNNING)]
    seed: u64,
    #[command(flatten)]
    rows: RowArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Args {
    /// Evaluates the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let classifier = &model::open(self.model.as_ref())?;
        let sets = self
            .confidence_level
            .map(|level| classifier.prediction_sets(level, self.set_rule))
            .transpose()?;
        let score = ScoreOptions { prediction_sets: sets, ..ScoreOptions::default() };
        let read: Vec<&PathBuf> = self.inputs.iter().chain(&self.model).chain(&self.training_rows).collect();
        let mut page = Page::open(self.report.as_deref(), &read, &self.inputs)?;
        let options = self.rows.read.options_for(&classifier.model().preparation, self.run.quiet);
        let columns = self.rows.evaluation_columns();
        if let Some(page) = &mut page {
            page.note_filters(&columns);
        }
        let mut labeled = read_labeled(&self.inputs, &options, &columns)?;
        self.rows.groups.rewrite_dates(&mut labeled.rows);
        if self.rows.labels.label_variants == Some(LabelVariants::Merge) {
            respell(&mut labeled.rows, classifier.labels());
        }
        let reading = report::Reading::new(&labeled);
        terminal::warn(self.run.quiet, &reading.warnings);
        terminal::warn(false, &reading.skipped);
        explain_unknown_label(&labeled.rows, classifier.labels(), self.model.is_some())?;
        self.check_origin(&labeled.origin, classifier)?;
        let params = EvaluateParams {
            score,
            as_documents: self.documents,
            seed: self.seed,
            f1_labels: self.f1_labels.clone(),
            mistakes: if page.is_some() { MAX_MISTAKES } else { 0 },
        };
        let mut evaluation = evaluate(classifier, &labeled, params, &self.run.jobs.pool()?)?;
        terminal::warn(self.run.quiet, &evaluation.caveat.map(caveat_line).into_iter().collect::<Vec<_>>());
        let rows = EvaluatedRows {
            rows: &labeled.rows,
            options: &options,
            columns: &columns,
            as_documents: self.documents,
        };
        let seen = rows.compare(classifier, &self.training_rows)?;
        let (warnings, note) = (seen.warnings(), seen::note(&seen));
        terminal::warn(self.run.quiet, &warnings);
        let training = TrainingNote { warnings: &warnings, note: &note };
        evaluation.result.seen = seen.into_rows();
        let evaluated = Evaluated {
            model: classifier.id(),
            labels: classifier.labels(),
            findings: &evaluation.result,
            skipped: evaluation.skipped,
            group_columns: &evaluation.group_columns,
        };
        if let Some(page) = page {
            let mistakes = explain_mistakes(classifier, &labeled.rows, &evaluation.mistakes, self.documents);
            page.write(evaluated, training, classifier, &mistakes)?;
        }
        match self.format {
            FigureFormat::Json => {
                let mut out = terminal::data();
                write_figures(&mut out, &evaluated)?;
                out.flush()?;
            }
            FigureFormat::Table => tables::print(&mut terminal::screen(), &evaluated, terminal::style())?,
        }
        let below = |least| evaluation.result.metrics.macro_f1().is_none_or(|f1| f1 < least);
        Ok(match (self.fail_under.is_some_and(below), reading.skipped.is_empty()) {
            (true, _) => Exit::BelowThreshold,
            (false, false) => Exit::SomeRecordsFailed,
            (false, true) => Exit::Done,
        })
    }

    /// Refuses to evaluate the default model on rows that were sampled from another model's
    /// results, and warns where the other model was chosen.
    fn check_origin(&self, origin: &Origin, classifier: &Classifier) -> anyhow::Result<()> {
        let others: Vec<&str> = origin.other_models(classifier.id()).collect();
        if others.is_empty() {
            return Ok(());
        }
        let found = format!(
            "the rows were sampled from results of {} (column `model`), but {} is evaluated here",
            others.join(", "),
            classifier.id()
        );
        match self.model {
            Some(_) => {
                let caution = "their weights are valid, but the strata are not those of this model's labels";
                terminal::warn(self.run.quiet, &[format!("{found}: {caution}")]);
                Ok(())
            }
            None => Err(usage(format!("{found}; give --model with the file of the model to evaluate"))),
        }
    }
}

fn share_of_one(written: &str) -> Result<f64, String> {
    let number: Option<f64> = written.parse().ok();
    number
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a number from 0 to 1".to_owned())
}
