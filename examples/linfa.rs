//! Fits the sparse logistic regression on linfa's terms: sparse records in a linfa dataset, linfa's
//! traits, linfa's metrics.
//!
//! linfa's own estimators take dense records only. [`Csc`](standpoint::train::Csc) is a sparse
//! matrix that linfa's datasets can hold, and [`Logistic`] fits it: `cargo run --example linfa`.

use linfa::dataset::{DatasetBase, Records};
use linfa::prelude::{Fit, Predict, ToConfusionMatrix};
use ndarray::Array1;
use standpoint::train::{ClassWeight, Csc, CscBuilder, Logistic};

/// Features: a text has a feature for each of 30,000 words and holds few of them.
const WORDS: u32 = 30_000;
const CLASSES: usize = 3;

/// Made-up texts of seven words: four that any text may hold, and three of every ten words that one
/// class prefers.
fn dataset(texts: std::ops::Range<u32>) -> DatasetBase<Csc, Array1<usize>> {
    let (mut records, mut targets) = (CscBuilder::new(WORDS as usize), Vec::new());
    for text in texts {
        let class = text % CLASSES as u32;
        let common = (0..4).map(|n| (text * 7919 + n * 104_729) % WORDS);
        let preferred = (0..3).map(|n| 10 * class + (text + 3 * n) % 10);
        let mut words: Vec<u32> = common.chain(preferred).collect();
        words.sort_unstable();
        words.dedup();
        let length = (words.len() as f64).sqrt();
        records.push(words.into_iter().map(|word| (word, 1.0 / length)));
        targets.push(class as usize);
    }
    DatasetBase::new(records.build(), Array1::from(targets))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (train, test) = (dataset(0..600), dataset(600..900));
    println!("{} texts of {CLASSES} classes", train.nsamples() + test.nsamples());

    let fitted = Logistic::new(CLASSES).c(10.0).class_weight(ClassWeight::Balanced).fit(&train)?;
    println!("{} Newton steps, objective {:.3}", fitted.iterations(), fitted.objective());

    let predicted = fitted.predict(&test);
    let confusion = predicted.confusion_matrix(&test)?;
    println!("{confusion:?}");
    println!("accuracy {:.3}, Matthews correlation {:.3}", confusion.accuracy(), confusion.mcc());
    Ok(())
}
