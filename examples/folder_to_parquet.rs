//! Scores all articles in a folder on two threads and writes one row each to a Parquet file.
//!
//! `cargo run --example folder_to_parquet -- data/articles scores.parquet`

use standpoint::{Classifier, Result, Threads};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(output)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: folder_to_parquet FOLDER OUTPUT");
        std::process::exit(2);
    };
    let classifier = Classifier::bundled()?;
    let report = classifier.score_to_file([&folder], &output, &Threads::new(2)?)?;
    println!("{} documents, {} failed", report.tally.documents, report.tally.failed());
    for (label, documents) in &report.tally.labels {
        println!("{documents:>6} {label}");
    }
    Ok(())
}
