//! Compares a model's answers with labels.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use standpoint::classify::in_order;
use standpoint::evaluate::Meter;
use standpoint::input::{Gold, read_labelled};
use standpoint::output::write_figures;
use standpoint::{ClassId, Classifier, LabelSet, Pool};

use super::exit::Exit;
use super::inputs::{JobArgs, LabelArgs, ReadArgs};
use super::model::{self, Loaded};
use super::report::{self, share};
use super::terminal;

/// Compare a model's answers with the labels of CSV, JSON lines, Parquet or spreadsheets
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint evaluate held_out.csv --model mine.safetensors
  standpoint evaluate coded.jsonl --documents --ignore-label off-topic --fail-under 0.6")]
pub struct Args {
    /// Labelled files: a column for the text, one for the label
    #[arg(value_name = "LABELED", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the stance model inside the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Score each row as `score` would, cut into paragraphs, and not as one unit
    #[arg(long)]
    documents: bool,
    /// Form of the figures
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Exit with code 5 if macro-F1 is below this
    #[arg(long, value_name = "F1", value_parser = share_of_one)]
    fail_under: Option<f64>,
    #[command(flatten)]
    labels: LabelArgs,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    jobs: JobArgs,
    /// Print nothing but figures and errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

impl Args {
    /// Evaluates the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let loaded = model::load(self.model.as_ref())?;
        let options = self.read.options_for(&loaded.classifier.model().preparation, self.quiet);
        let labelled = read_labelled(&self.inputs, &options, &self.labels.columns())?;
        let reading = report::Reading::of(&labelled);
        terminal::warn(self.quiet, &reading.warnings);
        terminal::warn(false, &reading.skipped);
        let gold = classes(&labelled.rows, loaded.classifier.labels())?;
        if labelled.rows.is_empty() {
            anyhow::bail!(
                "no labelled row was read ({} left out, {} skipped)",
                labelled.left_out,
                reading.skipped.len()
            );
        }
        let meter = measure(&loaded.classifier, &self.jobs.pool()?, labelled.rows, gold, self.documents)?;
        self.print(&loaded, &meter, reading.skipped.len())?;
        let below = self.fail_under.is_some_and(|least| meter.macro_f1().is_none_or(|f1| f1 < least));
        Ok(match (below, reading.skipped.is_empty()) {
            (true, _) => Exit::BelowThreshold,
            (false, false) => Exit::SomeRecordsFailed,
            (false, true) => Exit::Done,
        })
    }

    fn print(&self, loaded: &Loaded, meter: &Meter, skipped: usize) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        let labels = loaded.classifier.labels();
        if self.format == Format::Json {
            write_figures(&mut out, &loaded.id, labels, meter, skipped)?;
            return Ok(());
        }
        report::figures(&mut out, meter, labels, terminal::style())?;
        writeln!(
            out,
            "\ncoverage {}, accuracy among the answered {}, mean confidence {}",
            share(meter.coverage()),
            share(meter.accuracy_answered()),
            share(meter.confidence())
        )?;
        Ok(())
    }
}

fn share_of_one(written: &str) -> Result<f64, String> {
    let number: Option<f64> = written.parse().ok();
    number
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// The class of each row.
fn classes(rows: &[Gold], labels: &LabelSet) -> anyhow::Result<Vec<ClassId>> {
    const MOST_LINES: usize = 5;
    let unknown: Vec<&Gold> = rows.iter().filter(|gold| labels.get(&gold.label).is_none()).collect();
    let Some(first) = unknown.first() else {
        return Ok(rows.iter().filter_map(|gold| labels.get(&gold.label)).collect());
    };
    let places: Vec<String> = unknown
        .iter()
        .filter(|gold| gold.label == first.label)
        .take(MOST_LINES)
        .map(|gold| gold.document.place().to_string())
        .collect();
    let Err(error) = labels.require(&first.label) else { return Ok(Vec::new()) };
    anyhow::bail!(
        "{error}. It stands at {}; {} row(s) in all have a label that the model does not know. \
         Leave such rows out with --ignore-label",
        places.join("; "),
        unknown.len()
    )
}

fn measure(
    classifier: &Classifier,
    pool: &Pool,
    rows: Vec<Gold>,
    gold: Vec<ClassId>,
    documents: bool,
) -> anyhow::Result<Meter> {
    let mut meter = Meter::new(classifier.labels().len());
    let items = rows.into_iter().zip(gold).map(|(row, class)| {
        let length = row.document.text.len();
        ((row.document.text, class), length)
    });
    in_order(
        classifier,
        pool,
        items,
        |worker, (text, class)| (if documents { worker.score(&text) } else { worker.one_unit(&text) }, class),
        |(verdict, class)| {
            meter.add(class, verdict.top, &verdict.probabilities, verdict.decision.label().is_some());
            Ok::<(), anyhow::Error>(())
        },
    )?;
    Ok(meter)
}
