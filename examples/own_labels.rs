//! Trains a model with labels of its own, scores texts with it, and saves it.
//!
//! `cargo run --example own_labels`

use standpoint::model::Unit;
use standpoint::train::{Row, TrainParams, train};
use standpoint::{Classifier, Result, Threads};

const HOPEFUL: [&str; 3] = ["a mild wind and long sun", "the first warm day", "sun over the whole valley"];
const GLOOMY: [&str; 3] = ["snow and a hard frost", "a bitter wind from the north", "fog and freezing rain"];

fn main() -> Result<()> {
    let rows: Vec<Row> = (0..60)
        .map(|n| {
            let (label, texts) = if n % 2 == 0 { ("hopeful", HOPEFUL) } else { ("gloomy", GLOOMY) };
            Row::new(label, format!("day {n} brings {}", texts[n / 2 % texts.len()]))
        })
        .collect();

    let params = TrainParams { unit: Unit::Document, ..TrainParams::default() };
    let (model, report) = train(rows, params, &Threads::new(1)?)?;
    if let Some(accuracy) = report.cross_validation.and_then(|held_out| held_out.accuracy()) {
        println!("accuracy in cross-validation {accuracy:.2}");
    }

    let file = model.to_bytes()?;
    let classifier = Classifier::from_bytes(&file)?;
    println!("model {} ({} bytes)", classifier.id(), file.len());
    for text in
        ["Tomorrow brings sun and a warm wind.", "Snow and rain, with frost at night.", "Nothing at all"]
    {
        let verdict = classifier.score(text);
        println!("{text}");
        match (verdict.label(), verdict.reason()) {
            (Some(label), _) => println!("  {label}"),
            (None, reason) => println!("  no label: {}", reason.map_or("", |reason| reason.name())),
        }
        for (label, probability) in verdict.by_label() {
            println!("  {probability:.2} {label}");
        }
    }
    Ok(())
}
