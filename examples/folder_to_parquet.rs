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
    score_folder(&folder, &output)
}

fn score_folder(folder: &str, output: &str) -> Result<()> {
    let classifier = Classifier::bundled()?;
    let report = classifier.score_to_file([folder], output, &Threads::new(2)?)?;
    println!("{} documents, {} failed", report.tally.documents, report.tally.failed());
    for (label, documents) in &report.tally.labels {
        println!("{documents:>6} {label}");
    }
    Ok(())
}

#[test]
fn it_runs() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let articles = folder.path().join("articles");
    std::fs::create_dir(&articles)?;
    std::fs::write(articles.join("a.txt"), "NATO must give Ukraine binding security guarantees now.")?;
    std::fs::write(articles.join("b.md"), "# Costly\n\nThe alliance must not give Ukraine any guarantees.")?;
    let output = folder.path().join("scores.parquet");
    score_folder(&articles.to_string_lossy(), &output.to_string_lossy())?;
    let bytes = std::fs::read(&output)?;
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 2);
    Ok(())
}
