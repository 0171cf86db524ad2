//! Trains a model.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::ValueEnum;
use standpoint::feature::Pruning;
use standpoint::input::{Column, InputOptions, Inputs, LabelledColumns, Need, read_labelled};
use standpoint::model::{ParagraphWeight, Preparation, Unit};
use standpoint::output::{Output, OutputFile};
use standpoint::token::{Language, Quotations, Recipe};
use standpoint::train::{ClassWeight, Row, TrainParams, train};

use super::exit::Exit;
use super::inputs::{GroupArgs, JobArgs, LabelArgs, ReadArgs, axis, range, refuse_input_as_output, usage};
use super::{report, terminal};

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
    /// Language of the texts, for stemming and to abstain from others: en, de, fr, ru ... or none
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: String,
    /// Leave words as they are
    #[arg(long)]
    no_stem: bool,
    /// Word n-grams, or 0 for none
    #[arg(long, value_name = "LOW-HIGH", default_value = "1-2", value_parser = range)]
    ngrams: (u8, u8),
    /// Character n-grams within words, e.g. 3-5 [default: none]
    #[arg(long, value_name = "LOW-HIGH", value_parser = range)]
    chars: Option<(u8, u8)>,
    /// What becomes of quotations of four words and more: scored as other words are, or one token for each
    #[arg(long, value_enum, default_value_t = QuotationsArg::Score)]
    quotations: QuotationsArg,
    /// Least number of rows that hold a term
    #[arg(long, value_name = "N", default_value_t = 2)]
    min_df: u32,
    /// Greatest share of rows that hold a term
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    max_df: f64,
    /// Most features: those that occur most often [default: all]
    #[arg(long, value_name = "N")]
    max_features: Option<usize>,
    /// Inverse strength of the penalty: more follows the training rows more closely
    #[arg(long, value_name = "C", default_value_t = 10.0)]
    c: f64,
    /// Weigh rows so that all labels count alike
    #[arg(long, value_enum, default_value_t = ClassWeightArg::None)]
    class_weight: ClassWeightArg,
    /// A text of fewer words is not labelled
    #[arg(long, value_name = "N", default_value_t = 5)]
    min_words: u32,
    /// Abstain where labels would be wrong more often than this share: 0.1 for one in ten
    #[arg(long, value_name = "SHARE")]
    max_error: Option<f64>,
    /// Texts about anything else, at least 50: what is more like them than like the rows is off-topic. May be given several times
    #[arg(long, value_name = "FILE")]
    outside: Vec<PathBuf>,
    /// Folds of the cross-validation that the report, the calibration and the thresholds come from; 0 for none
    #[arg(long, value_name = "N", default_value_t = 5)]
    folds: u32,
    /// Decides which groups share a fold
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Greatest relative distance of the objective from its least value
    #[arg(long, value_name = "T", default_value_t = 1e-8)]
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
enum QuotationsArg {
    Score,
    Skip,
}

#[derive(Clone, Copy, ValueEnum)]
enum ClassWeightArg {
    None,
    Balanced,
}

impl Args {
    fn params(&self, outside: Vec<String>) -> anyhow::Result<TrainParams> {
        let language = match self.language.as_str() {
            "none" => None,
            code => {
                Some(*Language::ALL.iter().find(|language| language.code() == code).ok_or_else(|| {
                    let codes: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
                    usage(format!("--language {code}: expected none or one of {}", codes.join(", ")))
                })?)
            }
        };
        Ok(TrainParams {
            recipe: Recipe {
                language,
                stem: !self.no_stem && language.is_some(),
                words: (self.ngrams != (0, 0)).then_some(self.ngrams),
                chars: self.chars,
                quotations: match self.quotations {
                    QuotationsArg::Score => Quotations::Score,
                    QuotationsArg::Skip => Quotations::Skip,
                },
                ..Recipe::default()
            },
            pruning: Pruning { min_df: self.min_df, max_df: self.max_df, max_features: self.max_features },
            c: self.c,
            class_weight: match self.class_weight {
                ClassWeightArg::None => ClassWeight::None,
                ClassWeightArg::Balanced => ClassWeight::Balanced,
            },
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
            outside,
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
        self.read.preparation(&Preparation::of(self.unit()))
    }

    fn columns(&self) -> LabelledColumns {
        let weight = self.weight_column.clone().map(|name| Column { name, need: Need::Always });
        self.groups.columns(LabelledColumns { weight, ..self.labels.columns() })
    }

    /// Trains and writes the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let options = self.read.options(&self.preparation());
        let params = self.params(self.outside(&options)?)?;
        params.clone().check()?;
        if !(self.train_only_weight.is_finite() && self.train_only_weight >= 0.0) {
            return Err(usage(format!(
                "--train-only-weight {}: expected a number from 0 up",
                self.train_only_weight
            )));
        }
        let read: Vec<PathBuf> =
            self.inputs.iter().chain(&self.train_only).chain(&self.outside).cloned().collect();
        refuse_input_as_output(&read, Some(&self.output))?;
        let pool = self.jobs.pool()?;
        let mut output = OutputFile::create(&self.output)
            .with_context(|| format!("{}: cannot write the model there", self.output.display()))?;

        let (mut rows, mut reading) = self.rows(&options)?;
        let by_row = rows.iter().all(|row| row.group.is_none());
        if by_row && self.folds > 0 {
            reading.warnings.push(format!(
                "{}: rows that belong together may share folds, and the figures may flatter",
                GroupArgs::missing()
            ));
        }
        rows.extend(self.phrases(&options, &mut reading)?);
        let (model, trained) = train(rows, params, &pool)?;

        output
            .write_all(&model.to_bytes()?)
            .and_then(|()| output.commit())
            .with_context(|| format!("{}: cannot write the model", self.output.display()))?;
        if !self.quiet {
            let mut out = std::io::stdout().lock();
            reading.print(&mut out)?;
            report::trained(&mut out, &trained, terminal::style())?;
        }
        if self.quiet {
            terminal::warn(false, &reading.skipped);
        }
        terminal::warn(self.quiet, &reading.warnings);
        terminal::warn(self.quiet, &trained.warnings);
        Ok(if reading.skipped.is_empty() { Exit::Done } else { Exit::SomeRecordsFailed })
    }

    fn rows(&self, options: &InputOptions) -> anyhow::Result<(Vec<Row>, report::Reading)> {
        let labelled = read_labelled(&self.inputs, options, &self.columns())?;
        let reading = report::Reading::of(&labelled);
        if labelled.rows.is_empty() {
            terminal::warn(false, &reading.skipped);
            anyhow::bail!(
                "no labelled row was read ({} left out, {} skipped)",
                labelled.left_out,
                reading.skipped.len()
            );
        }
        let row = |gold: standpoint::input::Gold| Row {
            text: gold.document.text,
            label: gold.label,
            group: gold.group,
            date: gold.date,
            weight: gold.weight,
            train_only: false,
        };
        Ok((labelled.rows.into_iter().map(row).collect(), reading))
    }

    /// Texts about anything else; a label column, if there is one, is not looked at.
    fn outside(&self, options: &InputOptions) -> anyhow::Result<Vec<String>> {
        let texts = Inputs::new(self.outside.clone(), options.clone())
            .map(|raw| Ok(raw?.document(options)?.text))
            .collect::<standpoint::Result<Vec<String>>>()?;
        Ok(texts)
    }

    /// Rows for training only have no groups, no conditions, and one weight.
    fn phrases(&self, options: &InputOptions, reading: &mut report::Reading) -> anyhow::Result<Vec<Row>> {
        if self.train_only.is_empty() {
            return Ok(Vec::new());
        }
        let columns = LabelledColumns { conditions: Vec::new(), ..self.labels.columns() };
        let labelled = read_labelled(&self.train_only, options, &columns)?;
        reading.warnings.extend(labelled.warnings);
        if let Some(error) = labelled.skipped.into_iter().next() {
            return Err(error.into());
        }
        let row = |gold: standpoint::input::Gold| Row {
            weight: self.train_only_weight,
            train_only: true,
            ..Row::new(gold.label, gold.document.text)
        };
        Ok(labelled.rows.into_iter().map(row).collect())
    }
}
