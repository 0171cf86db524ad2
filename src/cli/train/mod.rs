//! Runs `train`: trains a model and writes it.

mod baseline;
mod block;
mod budget;
mod learn;
mod print;
mod source_words;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use budget::TuneArgs;
use learn::LearnArgs;
use print::Trained;

use crate::cli::common::{RowArgs, RunArgs};
use crate::cli::exit::Exit;
use crate::cli::headings::{ABSTENTION, INPUT, MODEL, OUTPUT, VALIDATION};
use crate::cli::named::named;
use crate::cli::progress::ShownProgress;
use crate::cli::values::axis;
use crate::cli::{flags, interrupt, report, terminal};
use crate::evaluate::classes_named;
use crate::model::{Model, ParagraphWeight, Preparation, Unit, bundled_stance};
use crate::read::InputOptions;
use crate::train::{
    CalibrationChoice, Hyperparameters, Preset, Row, SourceRow, TrainOptions, TrainParams, TrainReport,
    TrainingCorpus, TrainingFiles, TrainingRows, Tuning, read_texts, train_with,
};
use crate::vectors::Vectors;
use crate::write::{Output, OutputFile, OutputPaths, write_audit};
use crate::{Classifier, LabelSet, Named};

/// Train a model on labeled rows (CSV, JSON, Parquet, spreadsheets or fastText; files or folders)
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint train labeled.csv --output mine.safetensors
  standpoint train rows.csv --output m.safetensors --label-column stance --group-column outlet --axis for=1 --axis against=-1")]
pub struct Args {
    /// Labeled files, with a column for the text and one for the label
    #[arg(value_name = "LABELED", required = true)]
    inputs: Vec<PathBuf>,
    /// Write the model to this file
    #[arg(long, short, value_name = "FILE", help_heading = OUTPUT)]
    output: PathBuf,
    /// More labeled rows, which are trained on and never held out; --where does not apply to them
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    train_only: Vec<PathBuf>,
    /// Weight of each row of --train-only
    #[arg(long, value_name = "W", default_value_t = 1.0, help_heading = INPUT, hide_short_help = true)]
    train_only_weight: f64,
    /// What one row is: a paragraph model averages over the paragraphs of a text, a document model
    /// scores whole texts
    #[arg(long, value_parser = named::<Unit>(), default_value = Unit::Paragraph.name(), help_heading = MODEL)]
    unit: Unit,
    /// How much each paragraph counts in its document
    #[arg(long, value_parser = named::<ParagraphWeight>(), default_value = ParagraphWeight::Equal.name(), help_heading = MODEL, hide_short_help = true)]
    paragraph_weight: ParagraphWeight,
    /// Join a document's paragraphs into passages of at least N words before scoring; 0 to score
    /// each paragraph by itself
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = MODEL, hide_short_help = true)]
    passage_words: u32,
    /// With --quotations skip: how much quotations count in a text with fewer than --min-words
    /// words outside them, from 0 to 1
    #[arg(long, value_name = "W", default_value_t = 1.0, help_heading = MODEL, hide_short_help = true)]
    lone_quotation_weight: f64,
    /// How much passages of this label count in their document, from 0 to 1 (other labels: 1);
    /// useful for a label that means that nothing is argued. May be given several times
    #[arg(long, value_name = "LABEL=WEIGHT", value_parser = axis, help_heading = MODEL, hide_short_help = true)]
    passage_label_weight: Vec<(String, f64)>,
    /// Value of a label on the `slant` axis, from -1 to 1; may be given several times
    #[arg(long, value_name = "LABEL=VALUE", value_parser = axis, allow_hyphen_values = true, help_heading = MODEL)]
    axis: Vec<(String, f64)>,
    #[command(flatten, next_help_heading = MODEL)]
    learn: LearnArgs,
    #[command(flatten, next_help_heading = MODEL)]
    tune: TuneArgs,
    /// Give no label to texts with fewer words
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = ABSTENTION)]
    min_words: u32,
    /// Abstain where labels would be wrong more often than in this share of cases: 0.1 for one in
    /// ten
    #[arg(long, value_name = "SHARE", help_heading = ABSTENTION)]
    max_error: Option<f64>,
    /// Calibration method: temperature scaling, vector scaling (a scale and a shift for each label,
    /// which also fits the label shares of the rows), or whichever does better on held-out folds
    /// (auto)
    #[arg(long, value_parser = named::<CalibrationChoice>(), default_value = CalibrationChoice::Auto.name(), help_heading = MODEL, hide_short_help = true)]
    calibration: CalibrationChoice,
    /// Use this temperature, from 0.01 to 100, instead of fitting one: for texts unlike the labeled
    /// rows; `evaluate` on a few labels says which temperature suits them
    #[arg(long, value_name = "T", help_heading = MODEL, hide_short_help = true)]
    temperature: Option<f64>,
    /// At least 50 texts about other subjects: a text more like these than like the rows is
    /// off-topic. May be given several times
    #[arg(long, value_name = "FILE", help_heading = ABSTENTION)]
    outside: Vec<PathBuf>,
    /// Value of `topic` below which a text is off-topic [default: from held-out rows and outside
    /// texts]
    #[arg(long, value_name = "T", requires = "outside", allow_hyphen_values = true, help_heading = ABSTENTION, hide_short_help = true)]
    off_topic_threshold: Option<f64>,
    /// Judge texts of at least 2 x N words by their best N words in a row, those that are most like
    /// the rows; 0 to judge them as a whole
    #[arg(long, value_name = "N", default_value_t = 0, requires = "outside", help_heading = ABSTENTION, hide_short_help = true)]
    off_topic_window: u32,
    /// Value of `topic` below which a text judged by its best N words is off-topic [default: from
    /// held-out rows and outside texts]
    #[arg(long, value_name = "T", requires = "off_topic_window", allow_hyphen_values = true, help_heading = ABSTENTION, hide_short_help = true)]
    off_topic_window_threshold: Option<f64>,
    /// Unlabeled texts like those to score: their words count in the idf, which measures how rare a
    /// term is. May be given several times
    #[arg(long, alias = "unlabelled", value_name = "FILE", help_heading = INPUT, hide_short_help = true)]
    unlabeled: Vec<PathBuf>,
    /// Word vectors from `standpoint vectors`: what a label teaches about one word carries over to
    /// similar words
    #[arg(long, value_name = "FILE", help_heading = INPUT)]
    vectors: Option<PathBuf>,
    /// Write the rows whose labels look wrong to this file, as CSV, most suspicious first
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    audit: Option<PathBuf>,
    /// Write all rows and settings to this file, packed, for
    /// `adapt --corpus`; not possible with --vectors
    #[arg(long, value_name = "FILE", conflicts_with = "vectors", help_heading = OUTPUT)]
    save_corpus: Option<PathBuf>,
    /// Skip the table of random rows, unseen groups and later dates, which takes as long as the
    /// cross-validation
    #[arg(long, help_heading = VALIDATION)]
    no_splits: bool,
    /// Measure macro-F1 on fewer rows, to see whether more labels would help
    #[arg(long, help_heading = VALIDATION)]
    learning_curve: bool,
    /// Compare with this model, which was trained on all files but the last, on the held-out rows
    /// of the last file
    #[arg(long, value_name = "MODEL", help_heading = VALIDATION)]
    compare_with: Option<PathBuf>,
    /// Report the mean F1 over these labels, too, e.g. FAVOR,AGAINST for SemEval's F_avg; --tune
    /// maximizes it instead of macro-F1
    #[arg(long, value_name = "LABEL,LABEL", value_delimiter = ',', help_heading = VALIDATION)]
    f1_labels: Vec<String>,
    /// Number of folds of the cross-validation, which gives figures, calibration and thresholds; 0
    /// for none
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = VALIDATION)]
    folds: u32,
    /// Random seed that assigns groups to folds
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = VALIDATION)]
    seed: u64,
    /// Stop when the objective is within this relative distance of its minimum
    #[arg(long, value_name = "T", default_value_t = 1e-6, help_heading = MODEL, hide_short_help = true)]
    tolerance: f64,
    /// Date to record in the model
    #[arg(long, value_name = "DATE", help_heading = OUTPUT, hide_short_help = true)]
    date: Option<String>,
    /// Write no hashes of the texts and groups into the model. `evaluate` and `score --report` then
    /// cannot tell whether texts were in its training, unless --training-rows names the file
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    no_text_hashes: bool,
    #[command(flatten)]
    rows: RowArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl Args {
    fn params(&self, options: &InputOptions) -> anyhow::Result<TrainParams> {
        let (out_of_domain, unlabeled) =
            (read_texts(&self.outside, options)?, read_texts(&self.unlabeled, options)?);
        Ok(TrainParams {
            settings: self.settings(self.learn.preset().unwrap_or(Preset::General))?,
            unit: self.unit,
            preparation: Some(self.preparation()),
            paragraph_weight: self.paragraph_weight,
            passage_words: self.passage_words,
            lone_quotation_weight: self.lone_quotation_weight,
            passage_label_weights: self.passage_label_weight.clone(),
            axis: self.axis.clone(),
            min_words: self.min_words,
            max_error: self.max_error,
            calibration: self.calibration,
            temperature: self.temperature,
            out_of_domain,
            off_topic_threshold: self.off_topic_threshold,
            off_topic_window: self.off_topic_window,
            off_topic_window_threshold: self.off_topic_window_threshold,
            unlabeled,
            vectors: self.vectors.as_ref().map(Vectors::open).transpose()?.map(Arc::new),
            held_out: !self.no_splits,
            learning_curve: self.learning_curve,
            folds: self.folds,
            seed: self.seed,
            tolerance: self.tolerance,
            date: self.date.clone(),
            name_texts: !self.no_text_hashes,
        })
    }

    fn settings(&self, preset: Preset) -> anyhow::Result<Hyperparameters> {
        self.learn.settings(preset, self.vectors.is_some())
    }

    /// The parameters with the settings that suit the rows, which is said, where no preset was
    /// asked for.
    fn suited_to(&self, rows: &[Row], params: TrainParams) -> anyhow::Result<TrainParams> {
        let preset = Preset::for_rows(rows);
        if self.learn.preset().is_some() || preset == Preset::General {
            return Ok(params);
        }
        let params = TrainParams { settings: self.settings(preset)?, ..params };
        params.check()?;
        if !self.run.quiet {
            let (found, other) = (preset.name(), Preset::General.name());
            terminal::say(&format!(
                "the texts look like posts on social media, so training starts from --preset {found} ({}); --preset {other} \
                 gives the usual settings",
                params.settings
            ));
        }
        Ok(params)
    }

    fn preparation(&self) -> Preparation {
        self.rows.read.preparation(&Preparation::for_unit(self.unit))
    }

    fn files(&self, options: InputOptions) -> TrainingFiles {
        TrainingFiles {
            options,
            columns: self.rows.training_columns(),
            date_format: self.rows.groups.date_format.order(),
            train_only: self.train_only.clone(),
            train_only_weight: self.train_only_weight,
            label_variants: self.rows.labels.label_variants,
            ..TrainingFiles::new(&self.inputs)
        }
    }

    /// Trains and writes the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let started = Instant::now();
        let options = self.rows.read.options(&self.preparation());
        let params = self.params(&options)?;
        params.check()?;
        let tune = self.tune.is_asked(self.folds)?;
        self.files(options.clone()).check()?;
        let mut paths = OutputPaths::new(self.read_files());
        let output = paths.claim("output", &self.output).context("cannot write the model")?;
        let audit = paths.claim_if("audit", self.audit.as_deref()).context("cannot write the audit")?;
        let corpus =
            paths.claim_if("save_corpus", self.save_corpus.as_deref()).context("cannot write the corpus")?;
        let opened = self.compare_with.as_ref().map(Classifier::open).transpose()?;
        let threads = self.run.jobs.pool()?;
        let mut output = OutputFile::create(&output).context("cannot write the model")?;
        let audit = audit.as_ref().map(OutputFile::create).transpose().context("cannot write the audit")?;
        let corpus =
            corpus.as_ref().map(OutputFile::create).transpose().context("cannot write the corpus")?;

        let (read, mut reading) = report::read_rows(&self.files(options), self.folds > 0)?;
        let found = LabelSet::new(read.rows.iter().map(|row| row.label.as_str()))?;
        classes_named(&self.f1_labels, &found)?;
        let params = self.suited_to(read.rows.as_slice(), params)?;
        let baseline = opened
            .as_ref()
            .map(|opened| baseline::baseline(opened, &read.rows, self.new_rows(&read), self.folds))
            .transpose()?;
        reading.warnings.extend(baseline.iter().filter_map(|(_, warning)| warning.clone()));
        reading.warnings.extend(opened.as_ref().and_then(|_| self.suggested_warning(&read)));
        let given = corpus.as_ref().map(|_| params.clone());
        let progress = ShownProgress::of_training(self.run.quiet, self.tune.time());
        let safe = format!("no model was written, and {} was not changed", self.output.display());
        let learned = if tune {
            self.tune.within(self.run.quiet, safe, |tuning| {
                let tuning = Tuning { f1_labels: &self.f1_labels, ..*tuning };
                let options = TrainOptions { tuning: Some(&tuning), progress: &progress };
                train_with(&read.rows, params, &options, &threads)
            })?
        } else {
            interrupt::explain(safe)?;
            let options = TrainOptions { progress: &progress, ..TrainOptions::default() };
            train_with(&read.rows, params, &options, &threads)
        };
        progress.finish();
        let (model, trained) = learned?;
        let bytes = model.to_bytes()?;
        output
            .write_all(&bytes)
            .and_then(|()| output.commit())
            .with_context(|| format!("{}: cannot write the model", self.output.display()))?;
        if let Some((out, given)) = corpus.zip(given) {
            let params = TrainParams { settings: trained.settings.clone(), ..given };
            write_corpus(out, &TrainingCorpus::new(params, read.rows.as_slice()))?;
        }
        if let Some(out) = audit {
            write_suspects(out, &read, &trained)?;
        }
        if !self.run.quiet {
            let mut out = terminal::screen();
            let style = terminal::style();
            let printed = Trained { report: &trained, read: &read, f1_labels: &self.f1_labels, style };
            printed.print(&mut out)?;
            writeln!(out)?;
            reading.print(&mut out)?;
            if let Some((opened, (baseline, _))) = opened.as_ref().zip(baseline.as_ref()) {
                let compared = baseline.compare(&read.rows, &trained.predictions, self.seed, &threads);
                baseline::print(&mut out, opened, &compared, style)?;
            }
            printed.print_fit(&mut out)?;
        }
        if self.run.quiet {
            terminal::warn(false, &reading.skipped);
        }
        terminal::warn(self.run.quiet, &reading.warnings);
        terminal::warn(self.run.quiet, &trained.warnings.iter().map(flags::in_message).collect::<Vec<_>>());
        if !self.run.quiet {
            if cfg!(feature = "bundled-corpus") && has_labels_of_bundled(&model)? {
                terminal::say(
                    "note: these are the labels of the bundled model; `standpoint adapt` also tries your rows together with what that \
                     model was trained on, and keeps whichever does better",
                );
            }
            terminal::say(&report::written("model", &self.output, bytes.len(), started.elapsed()));
        }
        Ok(if reading.skipped.is_empty() { Exit::Done } else { Exit::SomeRecordsFailed })
    }

    /// All files that are read.
    fn read_files(&self) -> Vec<PathBuf> {
        let read = [&self.inputs, &self.train_only, &self.outside, &self.unlabeled];
        read.into_iter().flatten().chain(&self.compare_with).chain(&self.vectors).cloned().collect()
    }

    /// Says that rows which `suggest` picked are no sample, if the last file has any.
    fn suggested_warning(&self, read: &TrainingRows) -> Option<String> {
        let last = self.inputs.last()?.display().to_string();
        read.origin.suggested.contains(&last).then(|| {
            format!(
                "{last}: these rows were picked by `suggest`, so they are not a random sample: the old model was unsure of them, \
                 and the comparison flatters the new one; compare on rows that `sample` drew"
            )
        })
    }

    /// The numbers of the rows of the last file.
    fn new_rows(&self, read: &TrainingRows) -> Vec<usize> {
        let last = self.inputs.last().map(|path| path.display().to_string());
        let is_new = |(_, source): &(usize, &SourceRow)| Some(&source.path) == last.as_ref();
        read.sources.iter().enumerate().filter(is_new).map(|(row, _)| row).collect()
    }
}

/// Whether a model has the labels of the bundled one, and was trained on fewer rows.
fn has_labels_of_bundled(model: &Model) -> crate::Result<bool> {
    let Some(bytes) = bundled_stance() else { return Ok(false) };
    let bundled = Model::from_bytes(bytes)?;
    Ok(bundled.labels.names() == model.labels.names() && model.provenance.rows < bundled.provenance.rows)
}

/// Writes all rows and parameters.
fn write_corpus(mut out: OutputFile, corpus: &TrainingCorpus) -> anyhow::Result<()> {
    let bytes = corpus.to_bytes()?;
    out.write_all(&bytes).and_then(|()| out.commit()).context("cannot write the corpus")
}

/// Writes the rows whose labels look wrong.
fn write_suspects(mut out: OutputFile, read: &TrainingRows, trained: &TrainReport) -> anyhow::Result<()> {
    let source = |row: usize| read.sources.get(row);
    let text = |row: usize| read.rows.get(row).map_or("", |row| row.text.as_str());
    write_audit(&mut out, &trained.labels, &trained.suspects, &|row| (source(row), text(row)))
        .and_then(|()| out.commit())
        .context("cannot write the audit")
}
