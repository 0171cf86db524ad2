//! Prints what `train`, `evaluate` and `compare` have in common: notes about the rows, thresholds, tables of figures.

use std::io::{self, Write};

use crate::cli::flags;
use crate::cli::inputs::GroupArgs;
#[cfg(feature = "train")]
use crate::cli::terminal;
use crate::evaluate::{IntervalCaveat, Metrics, gold_classes};
use crate::model::Thresholds;
use crate::read::{Column, Gold, Labeled, LabeledColumns, Requirement};
#[cfg(feature = "train")]
use crate::train::{TrainingFiles, TrainingRows};
use crate::write::Style;
use crate::{ClassId, LabelSet};

/// The notes of a reading of labeled files.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub struct Reading {
    rows: usize,
    left_out: u64,
    /// One line for each row that could not be used.
    pub skipped: Vec<String>,
    /// One line each.
    pub warnings: Vec<String>,
}

impl Reading {
    pub fn new(labelled: &Labeled) -> Self {
        Reading {
            rows: labelled.rows.len(),
            left_out: labelled.left_out,
            skipped: labelled.skipped.iter().map(flags::in_error).collect(),
            warnings: labelled.warnings.iter().map(flags::in_message).collect(),
        }
    }

    #[cfg(feature = "train")]
    pub fn of_training(read: &TrainingRows) -> Self {
        Reading {
            rows: read.sources.len(),
            left_out: read.left_out,
            skipped: read.skipped.iter().map(flags::in_error).collect(),
            warnings: read.warnings.iter().map(flags::in_message).collect(),
        }
    }

    #[cfg_attr(not(feature = "train"), allow(dead_code))]
    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "rows: {} used, {} left out, {} skipped",
            self.rows,
            self.left_out,
            self.skipped.len()
        )?;
        self.skipped.iter().try_for_each(|line| writeln!(out, "  skipped: {}", line.escape_debug()))
    }
}

/// Reads rows to train on, with what there is to say about them and, where they are held out, about their groups.
#[cfg(feature = "train")]
pub fn read_rows(files: &TrainingFiles, held_out: bool) -> anyhow::Result<(TrainingRows, Reading)> {
    let read = files.read()?;
    let mut reading = Reading::of_training(&read);
    if read.sources.is_empty() {
        terminal::warn(false, &reading.skipped);
        anyhow::bail!(
            "no labelled row was read ({} left out, {} skipped)",
            read.left_out,
            reading.skipped.len()
        );
    }
    if held_out && read.rows.iter().all(|row| row.group.is_none()) {
        reading.warnings.push(format!(
            "{}: rows that belong together may share folds, and the figures may flatter",
            GroupArgs::missing()
        ));
    }
    reading.warnings.extend(read.unreadable_dates.iter().map(flags::in_message));
    reading.warnings.extend(read.train_only_warnings.iter().map(flags::in_message));
    Ok((read, reading))
}

/// The column that weights are taken from where none is named.
const WEIGHT: &str = "weight";

/// Adds a column for the weights: `named`, or the usual one if it is there.
pub fn with_weight(columns: LabeledColumns, named: Option<&String>) -> LabeledColumns {
    let weight = match named {
        Some(name) => Column { name: name.clone(), need: Requirement::Always },
        None => Column { name: WEIGHT.to_owned(), need: Requirement::Optional },
    };
    LabeledColumns { weight: Some(weight), ..columns }
}

/// Names the option that leaves rows with an unknown label out, if there are any.
pub fn explain_unknown_label(rows: &[Gold], labels: &LabelSet) -> anyhow::Result<()> {
    match gold_classes(rows, labels) {
        Ok(_) => Ok(()),
        Err(error) => anyhow::bail!("{}. Leave such rows out with --ignore-label", flags::in_error(&error)),
    }
}

/// Says why intervals may be wrong; where no row has a group, it names the columns that were looked for.
pub fn caveat_line(caveat: IntervalCaveat) -> String {
    match caveat {
        IntervalCaveat::Ungrouped => format!("{}: {caveat}", GroupArgs::missing()),
        _ => caveat.to_string(),
    }
}

/// When the model abstains.
pub fn thresholds(out: &mut impl Write, thresholds: Thresholds) -> io::Result<()> {
    writeln!(out, "too-short       under {} words", thresholds.min_words)?;
    if let Some(low) = thresholds.low_confidence {
        writeln!(
            out,
            "low-confidence  p under {:.3} (documents of several units {:.3}): at most {} of the labels wrong, {:.0} % answered (documents {:.0} %)",
            low.unit,
            low.document,
            low.max_error,
            100.0 * low.unit_coverage,
            100.0 * low.document_coverage
        )?;
    }
    if let Some(off) = thresholds.off_topic {
        writeln!(
            out,
            "off-topic       likeness under {:.3}{}: {:.1} % of the outside texts, {:.1} % of the rows",
            off.least,
            off.document.map_or(String::new(), |least| format!(" (documents of several units {least:.3})")),
            100.0 * off.recall,
            100.0 * off.false_alarms
        )?;
    }
    writeln!(out, "other-language  {}", if thresholds.other_language { "asked" } else { "not asked" })
}

/// Figures of each class, of all, and the confusion matrix.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub fn figures(out: &mut impl Write, metrics: &Metrics, labels: &LabelSet, style: Style) -> io::Result<()> {
    let width =
        labels.names().iter().map(|name| name.chars().count()).max().unwrap_or(0).max("accuracy".len());
    let header =
        format!("{:width$}  {:>9}  {:>6}  {:>5}  {:>6}", "label", "precision", "recall", "F1", "rows");
    writeln!(out, "{}", style.bold(&header))?;
    for (class, name) in labels.names().iter().enumerate() {
        let of = metrics.class(ClassId::new(class));
        let (precision, recall, f1) = (share(of.precision), share(of.recall), share(of.f1));
        writeln!(out, "{name:width$}  {precision:>9}  {recall:>6}  {f1:>5}  {:>6}", of.gold)?;
    }
    writeln!(
        out,
        "macro-F1 {}, accuracy {}, log loss {}, Brier {}, rows {}",
        share(metrics.macro_f1()),
        share(metrics.accuracy()),
        share(metrics.log_loss()),
        share(metrics.brier()),
        metrics.rows()
    )?;
    confusion(out, metrics, labels, style)
}

/// At most this many classes are shown as a matrix; more do not fit on a screen.
const WIDEST_MATRIX: usize = 12;

/// Gold labels against predictions, in rows; nothing for too many classes.
pub fn confusion(out: &mut impl Write, metrics: &Metrics, labels: &LabelSet, style: Style) -> io::Result<()> {
    if labels.len() > WIDEST_MATRIX {
        return Ok(());
    }
    let width = labels.names().iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let heads: String = (1..=labels.len()).map(|number| format!("{number:>7}")).collect();
    writeln!(out, "\n{}", style.bold(&format!("{:width$}     {heads}", "gold \\ predicted")))?;
    for (gold, name) in labels.names().iter().enumerate() {
        let cells: String = (0..labels.len())
            .map(|predicted| format!("{:>7}", metrics.pair(ClassId::new(gold), ClassId::new(predicted))))
            .collect();
        let pad = "gold \\ predicted".len().max(width);
        writeln!(out, "{:pad$}  {:>2} {cells}", name, gold + 1)?;
    }
    Ok(())
}

/// Three decimals; a dash for what is undefined.
pub fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}
