//! Breaks the score of each part of a text down word by word: intercept + contributions = margin,
//! for every label.
//!
//! `cargo run --example explain`

use standpoint::Classifier;
use standpoint::classifier::explain::DocumentExplanation;

const TEXT: &str = "The alliance must give Ukraine binding security guarantees, because only a real deterrent keeps the peace.

Critics answered that promises of war guarantees would drag NATO into a conflict which it should never have provoked.";

fn main() -> standpoint::Result<()> {
    let classifier = Classifier::bundled()?;
    let verdict = classifier.score(TEXT);
    // A paragraph model gives exact sums for each paragraph, or passage of several short ones; a
    // document model for the whole text.
    let units = match classifier.explain_verdict(TEXT, &verdict) {
        DocumentExplanation::Ranking { paragraphs, .. } => paragraphs,
        DocumentExplanation::Sum(labels) => vec![labels],
    };
    for (number, labels) in (1..).zip(units) {
        println!("Part {number}");
        for label in labels {
            let (listed, rest) = label.top(3);
            println!("  {}: margin {:+.3} = intercept {:+.3}", label.label, label.margin, label.intercept);
            for term in listed {
                let place = term.spans.first().map_or("", |span| span.of(TEXT));
                println!("    {:+.3} {} (\"{place}\")", term.contribution, term.text);
            }
            println!("    {rest:+.3} all other terms");
        }
    }
    println!("Together: {} p={:.2}", verdict.top(), verdict.confidence());
    Ok(())
}
