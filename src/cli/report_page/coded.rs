//! Reads a sample that people have coded, and compares the model with it.

use std::path::Path;

use crate::cli::common::with_weight;
use crate::cli::report::{Reading, explain_unknown_label};
use crate::cli::terminal;
use crate::evaluate::{EvaluateParams, EvaluationReport, evaluate};
use crate::read::{InputOptions, LabeledColumns, read_labeled};
use crate::{Classifier, Threads};

/// Evaluates the model on the coded rows of a sample; rows that nobody has coded yet are left out.
pub fn read_coded(
    file: &Path,
    classifier: &Classifier,
    options: &InputOptions,
    quiet: bool,
) -> anyhow::Result<EvaluationReport> {
    let columns = with_weight(LabeledColumns::default());
    let labeled = read_labeled(&[file.to_owned()], options, &columns)?;
    let reading = Reading::new(&labeled);
    terminal::warn(quiet, &reading.warnings);
    terminal::warn(false, &reading.skipped);
    if labeled.rows.is_empty() {
        anyhow::bail!("{}: no row has a label; expected a sample that people have coded", file.display());
    }
    explain_unknown_label(&labeled.rows, classifier.labels(), true)?;
    let params = EvaluateParams { as_documents: true, ..EvaluateParams::default() };
    Ok(evaluate(classifier, &labeled, params, &Threads::new(1)?)?)
}
