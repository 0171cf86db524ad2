//! Draws texts to be coded by hand.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use crate::active_learning::sample::{Allocation, Draw, Stratum};
use crate::cli::exit::Exit;
use crate::cli::inputs::{ReadArgs, refuse_input_as_output, usage};
use crate::cli::{flags, terminal};
use crate::model::{Preparation, Unit};
use crate::pipeline::Notes;
use crate::random::Random;
use crate::read::{InputOptions, Inputs, ScoredName, Stratify, read_scored};
use crate::write::{CsvStyle, Destination, Output, Sheet};

/// Draw a random sample of scored texts to be coded by hand, without the model's labels, with weights for `evaluate`
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint sample scores.csv --n 200 --output blind.csv
  standpoint sample scores.jsonl --n 300 --stratify meta_source --allocate proportional --seed 2 --output blind.csv")]
pub struct Args {
    /// Results of `standpoint score`, one row a document: CSV, JSON lines or Parquet
    #[arg(value_name = "SCORED", required = true)]
    inputs: Vec<PathBuf>,
    /// How many texts to draw
    #[arg(long, short, value_name = "N")]
    n: NonZeroUsize,
    /// Draw from each value of this column: top, label, none, or meta_NAME for a column kept by `score --keep NAME`
    #[arg(long, value_name = "COLUMN", default_value = "top")]
    stratify: String,
    /// How many from each: equally many, or by their number
    #[arg(long, value_enum, default_value_t = AllocateArg::Equal)]
    allocate: AllocateArg,
    /// Decides what is drawn
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Write the sample here, as CSV [default: standard output]
    #[arg(long, value_name = "FILE.csv")]
    output: Option<PathBuf>,
    /// CSV as Excel reads it: a byte order mark, and no cell that it takes for a formula
    #[arg(long)]
    excel: bool,
    #[command(flatten)]
    read: ReadArgs,
    /// Print nothing but the sample and errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AllocateArg {
    Equal,
    Proportional,
}

/// A text that was drawn.
struct Drawn {
    name: ScoredName,
    weight: f64,
    text: Option<String>,
}

impl Args {
    /// Draws, reads the texts again and writes them.
    pub fn run(self) -> anyhow::Result<Exit> {
        let stratify = Stratify::parse(&self.stratify).map_err(|_| {
            usage(format!(
                "cannot stratify by `{}`; expected top, label, none, or meta_NAME for a column that \
                 `score --keep NAME` has kept",
                self.stratify
            ))
        })?;
        refuse_input_as_output(&self.inputs, self.output.as_deref())?;
        let options = self.read.options(&self.read.preparation(&Preparation::for_unit(Unit::Document)));
        let out = Destination::open(self.output.as_deref()).with_context(|| match &self.output {
            Some(path) => format!("{}: cannot write there", path.display()),
            None => "cannot write the sample".to_owned(),
        })?;
        let (strata, skipped) = self.draw(stratify, options.max_record)?;
        let mut sample: Vec<Drawn> = strata
            .into_iter()
            .flat_map(|stratum| {
                let weight = stratum.weight();
                stratum.drawn.into_iter().map(move |name| Drawn { name, weight, text: None })
            })
            .collect();
        read_texts(&mut sample, &options)?;
        Random::new(self.seed).shuffle(&mut sample);
        self.write(out, &sample).context("cannot write the sample")?;
        Ok(Exit::of_counts(sample.len() as u64, skipped))
    }

    /// Reads the results once and keeps what is drawn; gives the number of rows that could not be read, too.
    fn draw(&self, stratify: Stratify, max_record: usize) -> anyhow::Result<(Vec<Stratum<ScoredName>>, u64)> {
        let (mut failed, mut skipped) = (0u64, 0u64);
        let mut notes = Notes::default();
        let mut draw = Draw::new(self.seed, self.n.get());
        for row in read_scored(self.inputs.clone(), stratify, max_record) {
            match row {
                Ok(Some((name, stratum))) => {
                    let place =
                        format!("{}\0{}", name.path, name.record.map_or(String::new(), |r| r.to_string()));
                    draw.add(&stratum, &place, name).with_context(|| {
                        format!("--stratify {}: cannot draw {} texts", self.stratify, self.n)
                    })?;
                }
                Ok(None) => failed += 1,
                // What is about one record costs that record; what is about a file ends the reading.
                Err(error) if error.position().is_some_and(|position| position.record.is_some()) => {
                    skipped += 1;
                    notes.add(flags::in_error(&error));
                }
                Err(error) => return Err(error.into()),
            }
        }
        notes.lines().for_each(|line| terminal::say(&format!("warning: {line}")));
        if draw.is_empty() {
            bail!(
                "there is nothing to draw from: {failed} records could not be scored, {skipped} rows could not be read"
            );
        }
        let all = draw.len();
        let strata = draw.finish(match self.allocate {
            AllocateArg::Equal => Allocation::Equal,
            AllocateArg::Proportional => Allocation::Proportional,
        });
        if !self.quiet {
            self.tell(&strata, all, failed);
        }
        Ok((strata, skipped))
    }

    fn tell(&self, strata: &[Stratum<ScoredName>], all: u64, failed: u64) {
        if all < self.n.get() as u64 {
            terminal::say(&format!("warning: there are only {all} texts, all of which are taken"));
        }
        if failed > 0 {
            terminal::say(&format!("{failed} records that could not be scored are not drawn from"));
        }
        for stratum in strata {
            let name = match stratum.name.as_str() {
                "" if self.stratify == "none" => "all",
                "" => "(none)",
                name => name,
            };
            let drawn = stratum.drawn.len();
            terminal::say(&format!("{name}: {drawn} of {}, weight {:.3}", stratum.size, stratum.weight()));
        }
    }

    fn write(&self, out: Destination, sample: &[Drawn]) -> std::io::Result<()> {
        let header = ["id", "text", "label", "weight", "path", "record"];
        let mut sheet = Sheet::new(out, CsvStyle { excel: self.excel }, &header)?;
        for Drawn { name, weight, text } in sample {
            let record = name.record.map_or(String::new(), |record| record.to_string());
            let text = text.as_deref().unwrap_or_default();
            sheet.row(&[&name.id, text, "", &weight.to_string(), &name.path, &record])?;
        }
        sheet.finish()?.commit()
    }
}

/// Reads the texts from where they were scored, file by file.
fn read_texts(sample: &mut [Drawn], options: &InputOptions) -> anyhow::Result<()> {
    let mut files: BTreeMap<String, BTreeMap<Option<u64>, &mut Drawn>> = BTreeMap::new();
    for drawn in sample {
        let ScoredName { path, record, .. } = drawn.name.clone();
        if path == "-" {
            bail!("the texts were scored from standard input and cannot be read again; score a file");
        }
        if let Some(twice) = files.entry(path).or_default().insert(record, drawn) {
            bail!("{} stands twice among the results; sample the results of one run", shown(&twice.name));
        }
    }
    files.into_iter().try_for_each(|(path, wanted)| read_file(&path, wanted, options))
}

fn read_file(
    path: &str,
    mut wanted: BTreeMap<Option<u64>, &mut Drawn>,
    options: &InputOptions,
) -> anyhow::Result<()> {
    let again = || {
        format!(
            "{path}: cannot read the texts again; paths are looked up from where `sample` runs, as they were given to `score`"
        )
    };
    let mut inputs = Inputs::new(vec![PathBuf::from(path)], options.clone());
    while !wanted.is_empty() {
        let Some(raw) = inputs.next() else { break };
        let raw = match raw {
            Ok(raw) => raw,
            // A record that could not be read then either; any that is wanted is missed below.
            Err(error) if error.position().is_some_and(|position| position.record.is_some()) => continue,
            Err(error) => return Err(error).with_context(again),
        };
        let Some(drawn) = wanted.remove(&raw.position().record) else { continue };
        let document = raw.document(options).with_context(again)?;
        if document.id != drawn.name.id {
            bail!(
                "{}: its id is `{}`, and the results say `{}`; the file has changed since it was scored, or was read with \
                 another --id-column",
                document.place(),
                document.id,
                drawn.name.id
            );
        }
        drawn.text = Some(document.text);
    }
    match wanted.into_values().next() {
        Some(missing) => {
            bail!("{} is not there any more; the file has changed since it was scored", shown(&missing.name))
        }
        None => Ok(()),
    }
}

fn shown(name: &ScoredName) -> String {
    match name.record {
        Some(record) => format!("record {record} of {}", name.path),
        None => name.path.clone(),
    }
}
