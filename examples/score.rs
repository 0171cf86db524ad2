//! Scores one text with the bundled model, prints the words that decided it, and scores a folder.
//!
//! `cargo run --example score`, or `cargo run --example score -- "Another text."`

use standpoint::Classifier;

fn main() -> standpoint::Result<()> {
    let text = std::env::args().nth(1);
    let text = text.as_deref().unwrap_or("NATO must give Ukraine binding security guarantees now.");

    let classifier = Classifier::bundled()?; // or Classifier::open("mine.safetensors")?
    let verdict = classifier.score(text);
    println!("{} p={:.2}", verdict.label().unwrap_or("(abstained)"), verdict.confidence());
    for term in classifier.explain(text, 3) {
        println!("{:+.3} {}", term.contribution, term.text);
    }
    for scored in classifier.score_files(["data/articles"])? {
        let scored = scored?;
        println!("{}\t{}", scored.id, scored.verdict.top());
    }
    Ok(())
}
