//! Trains a model.

mod baseline;
mod budget;
mod learn;
mod print;
mod variants;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use baseline::Before;
use budget::TuneArgs;
use clap::ValueEnum;
use learn::LearnArgs;
use variants::VariantsArg;

use crate::Classifier;
use crate::cli::exit::Exit;
use crate::cli::inputs::{GroupArgs, JobArgs, LabelArgs, ReadArgs, axis, refuse_input_as_output, usage};
use crate::cli::{flags, report, terminal};
use crate::model::{ParagraphWeight, Preparation, Unit};
use crate::read::{Column, Gold, InputOptions, Inputs, LabeledColumns, Requirement, read_labeled};
use crate::tabulate::Period;
use crate::train::{CalibrationChoice, Row, TrainParams, train, train_tuned};
use crate::write::{Output, OutputFile, write_audit};

/// Train a model on labelled rows of CSV, JSON lines, Parquet or spreadsheets
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint train labelled.csv --output mine.safetensors
  standpoint train rows.csv --output m.safetensors --label-column stance --group-column outlet --axis for=1 --axis against=-1")]
pub struct Args {
    /// Labelled files: a column for the text, one for the label
    #[arg(value_name = "LABELED.csv", required = true)]
    inputs: Vec<PathBuf>,
    /// Write the model here
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    groups: GroupArgs,
    /// Column with each row's weight
    #[arg(long, value_name = "COLUMN")]
    weight_column: Option<String>,
    /// Further labelled rows that are trained on and never held out; --where does not apply to them
    #[arg(long, value_name = "FILE")]
    train_only: Vec<PathBuf>,
    /// Weight of each of those rows
    #[arg(long, value_name = "W", default_value_t = 1.0)]
    train_only_weight: f64,
    /// What one row is: a document model scores whole texts, a paragraph model averages over paragraphs
    #[arg(long, value_enum, default_value_t = UnitArg::Paragraph)]
    unit: UnitArg,
    /// How much each paragraph counts in its document
    #[arg(long, value_enum, default_value_t = WeightArg::Equal)]
    paragraph_weight: WeightArg,
    /// Join a document's paragraphs into passages of at least so many words before they are scored; 0 for none
    #[arg(long, value_name = "N", default_value_t = 0)]
    passage_words: u32,
    /// Place of a label on the axis of `slant`, from -1 to 1; may be given several times
    #[arg(long, value_name = "LABEL=VALUE", value_parser = axis, allow_hyphen_values = true)]
    axis: Vec<(String, f64)>,
    #[command(flatten)]
    learn: LearnArgs,
    #[command(flatten)]
    tune: TuneArgs,
    /// A text of fewer words is not labelled
    #[arg(long, value_name = "N", default_value_t = 5)]
    min_words: u32,
    /// Abstain where labels would be wrong more often than this share: 0.1 for one in ten
    #[arg(long, value_name = "SHARE")]
    max_error: Option<f64>,
    /// How probabilities come of held-out margins: by one temperature, by a scale and a shift for each label (which also fits the
    /// shares of labels in the rows), or by the second where it has the lower log loss on held-out folds and no lower macro-F1
    #[arg(long, value_enum, default_value_t = CalibrationArg::Auto)]
    calibration: CalibrationArg,
    /// Texts about anything else, at least 50: what is more like them than like the rows is off-topic. May be given several times
    #[arg(long, value_name = "FILE")]
    outside: Vec<PathBuf>,
    /// Texts without labels, of the kind that will be scored: their words count in the idf. May be given several times
    #[arg(long, value_name = "FILE")]
    unlabelled: Vec<PathBuf>,
    /// List the rows whose labels look wrong here, as CSV, the most suspicious first
    #[arg(long, value_name = "FILE")]
    audit: Option<PathBuf>,
    /// Leave out the table of random rows, unseen groups and later dates, which takes as long as the cross-validation again
    #[arg(long)]
    no_splits: bool,
    /// Measure macro-F1 with fewer rows, to see whether more labels would help
    #[arg(long)]
    learning_curve: bool,
    /// Compare with this model, trained on the rows before those of the last LABELED file, on the rows of that file, held out
    #[arg(long, value_name = "MODEL")]
    compare_with: Option<PathBuf>,
    /// What labels are that differ only in case or blanks
    #[arg(long, value_enum, value_name = "merge|keep")]
    label_variants: Option<VariantsArg>,
    /// Folds of the cross-validation that the report, the calibration and the thresholds come from; 0 for none
    #[arg(long, value_name = "N", default_value_t = 5)]
    folds: u32,
    /// Decides which groups share a fold
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Greatest relative distance of the objective from its least value
    #[arg(long, value_name = "T", default_value_t = 1e-6)]
    tolerance: f64,
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

#[derive(Clone, Copy, ValueEnum)]
enum UnitArg {
    Paragraph,
    Document,
}

#[derive(Clone, Copy, ValueEnum)]
enum WeightArg {
    Equal,
    SquareRoot,
    Words,
}

#[derive(Clone, Copy, ValueEnum)]
enum CalibrationArg {
    Auto,
    Temperature,
    Vector,
}

impl Args {
    fn params(&self, outside: Vec<String>, unlabelled: Vec<String>) -> anyhow::Result<TrainParams> {
        Ok(TrainParams {
            settings: self.learn.settings()?,
            unit: self.unit(),
            preparation: Some(self.preparation()),
            paragraph_weight: match self.paragraph_weight {
                WeightArg::Equal => ParagraphWeight::Equal,
                WeightArg::SquareRoot => ParagraphWeight::SquareRoot,
                WeightArg::Words => ParagraphWeight::Words,
            },
            passage_words: self.passage_words,
            axis: self.axis.clone(),
            min_words: self.min_words,
            max_error: self.max_error,
            calibration: match self.calibration {
                CalibrationArg::Auto => CalibrationChoice::Auto,
                CalibrationArg::Temperature => CalibrationChoice::Temperature,
                CalibrationArg::Vector => CalibrationChoice::Vector,
            },
            outside,
            unlabelled,
            held_out: !self.no_splits,
            learning_curve: self.learning_curve,
            folds: self.folds,
            seed: self.seed,
            tolerance: self.tolerance,
            date: self.date.clone(),
        })
    }

    fn unit(&self) -> Unit {
        match self.unit {
            UnitArg::Paragraph => Unit::Paragraph,
            UnitArg::Document => Unit::Document,
        }
    }

    fn preparation(&self) -> Preparation {
        self.read.preparation(&Preparation::for_unit(self.unit()))
    }

    fn columns(&self) -> LabeledColumns {
        let weight = self.weight_column.clone().map(|name| Column { name, need: Requirement::Always });
        self.groups.columns(LabeledColumns { weight, ..self.labels.columns() })
    }

    /// Trains and writes the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let options = self.read.options(&self.preparation());
        let params = self.params(texts(&self.outside, &options)?, texts(&self.unlabelled, &options)?)?;
        params.clone().check()?;
        let tune = self.tune.is_asked(self.folds)?;
        if !(self.train_only_weight.is_finite() && self.train_only_weight >= 0.0) {
            return Err(usage(format!(
                "--train-only-weight {}: expected a number from 0 up",
                self.train_only_weight
            )));
        }
        self.refuse_inputs_as_outputs()?;
        let loaded = self.compare_with.as_ref().map(Classifier::open).transpose()?;
        let pool = self.jobs.pool()?;
        let create = |path: &PathBuf, what: &str| {
            OutputFile::create(path).with_context(|| format!("{}: cannot write {what} there", path.display()))
        };
        let mut output = create(&self.output, "the model")?;
        let audit = self.audit.as_ref().map(|path| create(path, "the audit")).transpose()?;

        let (mut gold, mut reading) = self.read(&options)?;
        let mut rows: Vec<Row> = gold.iter_mut().map(row).collect();
        let by_row = rows.iter().all(|row| row.group.is_none());
        if by_row && self.folds > 0 {
            reading.warnings.push(format!(
                "{}: rows that belong together may share folds, and the figures may flatter",
                GroupArgs::missing()
            ));
        }
        reading.warnings.extend(unreadable_dates(&gold));
        rows.extend(self.phrases(&options, &mut reading)?);
        variants::settle(&mut rows, self.label_variants)?;
        let before = match loaded {
            None => None,
            Some(loaded) => {
                let (before, warning) = Before::of(loaded, &rows, &self.are_new(&gold), self.folds)?;
                reading.warnings.extend(warning);
                Some(before)
            }
        };
        let (model, trained) = match tune {
            true => self.tune.within(self.quiet, |tuning| train_tuned(&rows, params, tuning, &pool))??,
            false => train(&rows, params, &pool)?,
        };

        output
            .write_all(&model.to_bytes()?)
            .and_then(|()| output.commit())
            .with_context(|| format!("{}: cannot write the model", self.output.display()))?;
        if let Some(mut out) = audit {
            let id = |row: usize| gold.get(row).map_or("", |gold| gold.document.id.as_str());
            let text = |row: usize| rows.get(row).map_or("", |row| row.text.as_str());
            write_audit(&mut out, &trained.labels, &trained.suspects, &|row| (id(row), text(row)))
                .and_then(|()| out.commit())
                .context("cannot write the audit")?;
        }
        if !self.quiet {
            let mut out = std::io::stdout().lock();
            reading.print(&mut out)?;
            print::trained(&mut out, &trained, &rows, terminal::style())?;
            if let Some(before) = &before {
                let compared = before.compare(&rows, &trained.predictions, (&pool, self.seed));
                before.print(&mut out, &compared, terminal::style())?;
            }
        }
        if self.quiet {
            terminal::warn(false, &reading.skipped);
        }
        terminal::warn(self.quiet, &reading.warnings);
        terminal::warn(self.quiet, &trained.warnings.iter().map(flags::in_message).collect::<Vec<_>>());
        Ok(if reading.skipped.is_empty() { Exit::Done } else { Exit::SomeRecordsFailed })
    }

    fn refuse_inputs_as_outputs(&self) -> anyhow::Result<()> {
        let read = [&self.inputs, &self.train_only, &self.outside, &self.unlabelled];
        let read: Vec<PathBuf> = read.into_iter().flatten().chain(&self.compare_with).cloned().collect();
        let written = [Some(&self.output), self.audit.as_ref()];
        written.into_iter().flatten().try_for_each(|path| refuse_input_as_output(&read, Some(path)))
    }

    /// Whether each row is of the last file.
    fn are_new(&self, gold: &[Gold]) -> Vec<bool> {
        let last = self.inputs.last().map(|path| path.display().to_string());
        gold.iter().map(|gold| Some(&gold.document.path) == last.as_ref()).collect()
    }

    fn read(&self, options: &InputOptions) -> anyhow::Result<(Vec<Gold>, report::Reading)> {
        let labelled = read_labeled(&self.inputs, options, &self.columns())?;
        let reading = report::Reading::of(&labelled);
        if labelled.rows.is_empty() {
            terminal::warn(false, &reading.skipped);
            anyhow::bail!(
                "no labelled row was read ({} left out, {} skipped)",
                labelled.left_out,
                reading.skipped.len()
            );
        }
        Ok((labelled.rows, reading))
    }

    /// Rows for training only have no groups, no conditions, and one weight.
    fn phrases(&self, options: &InputOptions, reading: &mut report::Reading) -> anyhow::Result<Vec<Row>> {
        if self.train_only.is_empty() {
            return Ok(Vec::new());
        }
        let columns = LabeledColumns { conditions: Vec::new(), ..self.labels.columns() };
        let labelled = read_labeled(&self.train_only, options, &columns)?;
        reading.warnings.extend(labelled.warnings.iter().map(flags::in_message));
        if let Some(error) = labelled.skipped.into_iter().next() {
            return Err(error.into());
        }
        let row = |gold: crate::read::Gold| Row {
            weight: self.train_only_weight,
            train_only: true,
            ..Row::new(gold.label, gold.document.text)
        };
        Ok(labelled.rows.into_iter().map(row).collect())
    }
}

/// A row to learn from. The text moves there: the corpus is held once.
fn row(gold: &mut Gold) -> Row {
    Row {
        text: std::mem::take(&mut gold.document.text),
        label: gold.label.clone(),
        group: gold.group.clone(),
        date: gold.date.clone(),
        weight: gold.weight,
        train_only: false,
    }
}

/// The texts of some files; a label column, if there is one, is not looked at.
fn texts(files: &[PathBuf], options: &InputOptions) -> anyhow::Result<Vec<String>> {
    let texts = Inputs::new(files.to_vec(), options.clone())
        .map(|raw| Ok(raw?.document(options)?.text))
        .collect::<crate::Result<Vec<String>>>()?;
    Ok(texts)
}

/// Rows whose date cannot be read take no part in the split by time.
fn unreadable_dates(rows: &[Gold]) -> Option<String> {
    let unreadable = |gold: &&Gold| gold.date.as_deref().is_some_and(|date| Period::Year.of(date).is_none());
    let count = rows.iter().filter(unreadable).count();
    let first = rows.iter().find(unreadable)?;
    Some(format!(
        "{}: the date `{}` cannot be read, as in {count} row(s); expected e.g. 2024-05-17 or 17.05.2024. \
         They take no part in the split by time",
        first.document.place(),
        first.date.as_deref().unwrap_or("")
    ))
}
