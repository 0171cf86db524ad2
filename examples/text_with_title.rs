//! Scores a text from memory that has a title: a paragraph that repeats the title is left out as
//! boilerplate.
//!
//! `cargo run --example text_with_title`

use standpoint::Classifier;
use standpoint::text::Record;

const TITLE: &str = "Guarantees that bind";
const BODY: &str = "Guarantees that bind

The alliance must give Ukraine security guarantees that bind its members, because only a real deterrent keeps the peace.";

fn main() -> standpoint::Result<()> {
    let classifier = Classifier::bundled()?;
    let record = Record::new(BODY).with_title(TITLE);
    let verdict = classifier.score_record(&record);
    println!("{} p={:.2}", verdict.label().unwrap_or("(abstained)"), verdict.confidence());

    // Whether the title is scored, and how columns are joined, is a part of the model: this gives
    // what was scored.
    let prepared = classifier.model().preparation.prepare_record(&record);
    for paragraph in verdict.paragraphs() {
        println!(
            "{} p={:.2}: {}",
            paragraph.top(),
            paragraph.confidence(),
            paragraph.span().of(&prepared.text)
        );
    }
    Ok(())
}
