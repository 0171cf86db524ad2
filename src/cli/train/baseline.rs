//! Compares the new model with the one of `--compare-with`.

use std::io::{self, Write};

use crate::cli::compare::print_figures;
use crate::cli::exit::usage;
use crate::cli::terminal::print_title;
use crate::evaluate::{ComparisonResult, check_same_labels};
use crate::train::{Baseline, Row};
use crate::write::Style;
use crate::{Classifier, LabelSet};

/// The comparison, and a warning where the model was not trained on exactly the rows that are not
/// new.
///
/// # Errors
/// No folds, no rows before or in the last file, or other labels than the model's.
pub fn baseline<'m>(
    opened: &'m Classifier,
    rows: &[Row],
    new: Vec<usize>,
    folds: u32,
) -> anyhow::Result<(Baseline<'m>, Option<String>)> {
    if folds == 0 {
        return Err(usage("--compare-with needs rows that were held out; give --folds"));
    }
    let baseline = Baseline::new(opened, rows, new).map_err(|_| {
        usage(
            "--compare-with needs the rows that the old model was trained on, then a file with new ones: train OLD.csv NEW.csv \
             --compare-with OLD.safetensors",
        )
    })?;
    check_same_labels(opened.labels(), &LabelSet::new(rows.iter().map(|row| row.label.clone()))?)?;
    let warning = (!baseline.was_trained_on_the_others(rows)).then(|| {
        format!(
            "{} was not trained on exactly the rows of the earlier files; if it has seen rows of the last file, its figures are \
             too good",
            opened.id()
        )
    });
    Ok((baseline, warning))
}

/// Prints the table.
pub fn print(
    out: &mut impl Write,
    opened: &Classifier,
    compared: &ComparisonResult,
    style: Style,
) -> io::Result<()> {
    writeln!(out)?;
    print_title(out, "On the rows of the last file, which neither model was trained on", style)?;
    print_figures(out, [opened.id(), "this training"], compared, style)
}
