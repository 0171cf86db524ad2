//! A model and the one before it, on rows that neither has seen.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::cli::compare::{print_figures, same_labels};
use crate::cli::inputs::usage;
use crate::evaluate::{Compared, Comparison, LabeledPrediction};
use crate::train::{FoldPredictions, Row, rows_sha256};
use crate::write::Style;
use crate::{Classifier, LabelSet, Threads, Verdict};

/// The model before, and which rows are new to it.
pub struct Before {
    classifier: Classifier,
    new: Vec<usize>,
}

impl Before {
    /// The rows of the last file are new. Says so where the model was not trained on just the others: then it may have seen some.
    ///
    /// # Errors
    /// No rows before or in the last file, other labels than the model's, or no folds.
    pub fn of(
        classifier: Classifier,
        rows: &[Row],
        is_new: &[bool],
        folds: u32,
    ) -> anyhow::Result<(Self, Option<String>)> {
        if folds == 0 {
            return Err(usage("--compare-with needs rows that were held out; give --folds"));
        }
        let new: Vec<usize> =
            is_new.iter().enumerate().filter(|(_, new)| **new).map(|(row, _)| row).collect();
        if new.is_empty() || new.len() == is_new.len() {
            return Err(usage(
                "--compare-with needs the rows that the model before was trained on and a last file with new ones: \
                 train OLD.csv NEW.csv --compare-with OLD.safetensors",
            ));
        }
        same_labels(classifier.labels(), &LabelSet::new(rows.iter().map(|row| row.label.clone()))?)?;
        let old = rows.iter().enumerate().filter(|(row, _)| !is_new.get(*row).copied().unwrap_or(false));
        let same = rows_sha256(old.map(|(_, row)| row)) == classifier.model().provenance.data_sha256;
        let warning = (!same).then(|| {
            format!(
                "{} was not trained on just the rows before those of the last file: if it has seen rows of that file, its \
                 figures flatter",
                classifier.id()
            )
        });
        Ok((Before { classifier, new }, warning))
    }

    /// Compares the answers of the model before with the held-out answers of the new one.
    pub fn compare(&self, rows: &[Row], held: &[FoldPredictions], (pool, seed): (&Threads, u64)) -> Compared {
        let labels = self.classifier.labels();
        let mut comparison = Comparison::new(labels.len());
        let answers: HashMap<usize, &Vec<f64>> = held.iter().map(|(row, answer)| (*row, answer)).collect();
        let mut worker = self.classifier.worker();
        for &number in &self.new {
            let Some((row, probabilities)) = rows.get(number).zip(answers.get(&number)) else { continue };
            let Some(gold) = labels.get(&row.label) else { continue };
            let (before, after) = (
                worker.score_unit(&row.text),
                Verdict::from_probabilities(labels.clone(), probabilities.to_vec()),
            );
            let judged = |verdict| LabeledPrediction {
                gold,
                verdict,
                weight: row.weight,
                group: row.group.as_deref(),
                date: row.date.as_deref(),
            };
            comparison.add([&judged(&before), &judged(&after)]);
        }
        pool.run(|| comparison.compared(seed))
    }

    /// The table.
    pub fn print(&self, out: &mut impl Write, compared: &Compared, style: Style) -> io::Result<()> {
        writeln!(out, "\n{}", style.bold("On the rows of the last file, held out of both models"))?;
        print_figures(out, [self.classifier.id(), "this training"], compared, style)
    }
}
