//! Trains a model on a labeled CSV, prints how well it does on rows that it did not see, and saves
//! it.
//!
//! `cargo run --example train_and_evaluate -- rows.csv model.safetensors`; without arguments it
//! trains on a small sample and writes to a temporary folder.

use std::path::PathBuf;

use standpoint::Threads;
use standpoint::train::{LabelVariants, TrainParams, TrainingFiles, train};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let rows = args.next().unwrap_or_else(|| "tests/parity/rows.csv".into());
    let output = args.next().unwrap_or_else(|| std::env::temp_dir().join("standpoint-example.safetensors"));

    // The columns `text` and `label`, and, where the file has them, `source`, `outlet`, `author` or
    // `article`, and `date`.
    let files = TrainingFiles { label_variants: Some(LabelVariants::Merge), ..TrainingFiles::new([rows]) };
    let read = files.read()?;
    read.skipped.iter().for_each(|error| eprintln!("skipped: {error}"));

    let (model, report) = train(&read.rows, TrainParams::default(), &Threads::new(2)?)?;
    report.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    let metrics = report.cross_validation.ok_or("there was no cross-validation")?;
    let figure = |value: Option<f64>| value.map_or("undefined".to_owned(), |value| format!("{value:.3}"));
    println!("{} rows were held out", metrics.rows());
    println!("{} features", report.features);
    println!("macro-F1 {} in {}-fold cross-validation", figure(metrics.macro_f1()), model.provenance.folds);
    println!("accuracy {}", figure(metrics.accuracy()));

    std::fs::write(&output, model.to_bytes()?)?;
    println!("saved to {}", output.display());
    Ok(())
}
