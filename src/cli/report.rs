//! Tables of figures, shared by `train` and `evaluate`.

use std::io::{self, Write};

use crate::cli::flags;
use crate::evaluate::Metrics;
use crate::model::Thresholds;
use crate::read::Labeled;
use crate::write::Style;
use crate::{ClassId, LabelSet};

/// What reading labelled files gave.
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
    pub fn of(labelled: &Labeled) -> Self {
        Reading {
            rows: labelled.rows.len(),
            left_out: labelled.left_out,
            skipped: labelled.skipped.iter().map(flags::in_error).collect(),
            warnings: labelled.warnings.iter().map(flags::in_message).collect(),
        }
    }

    #[cfg(feature = "train")]
    pub fn of_training(read: &crate::train::TrainingRows) -> Self {
        Reading {
            rows: read.sources.len(),
            left_out: read.left_out,
            skipped: read.skipped.iter().map(ToString::to_string).collect(),
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
            "off-topic       likeness under {:.3}: {:.1} % of the outside texts, {:.1} % of the rows",
            off.least,
            100.0 * off.recall,
            100.0 * off.false_alarms
        )?;
    }
    writeln!(out, "other-language  {}", if thresholds.other_language { "asked" } else { "not asked" })
}

/// Figures of each class, of all, and the confusion matrix.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub fn figures(out: &mut impl Write, meter: &Metrics, labels: &LabelSet, style: Style) -> io::Result<()> {
    let width =
        labels.names().iter().map(|name| name.chars().count()).max().unwrap_or(0).max("accuracy".len());
    let header =
        format!("{:width$}  {:>9}  {:>6}  {:>5}  {:>6}", "label", "precision", "recall", "F1", "rows");
    writeln!(out, "{}", style.bold(&header))?;
    for (class, name) in labels.names().iter().enumerate() {
        let of = meter.class(ClassId::new(class));
        let (precision, recall, f1) = (share(of.precision), share(of.recall), share(of.f1));
        writeln!(out, "{name:width$}  {precision:>9}  {recall:>6}  {f1:>5}  {:>6}", of.gold)?;
    }
    writeln!(
        out,
        "macro-F1 {}, accuracy {}, log loss {}, Brier {}, rows {}",
        share(meter.macro_f1()),
        share(meter.accuracy()),
        share(meter.log_loss()),
        share(meter.brier()),
        meter.rows()
    )?;
    confusion(out, meter, labels, style)
}

/// At most this many classes are shown as a matrix; more do not fit on a screen.
const WIDEST_MATRIX: usize = 12;

/// Gold labels against predictions, in rows; nothing for too many classes.
pub fn confusion(out: &mut impl Write, meter: &Metrics, labels: &LabelSet, style: Style) -> io::Result<()> {
    if labels.len() > WIDEST_MATRIX {
        return Ok(());
    }
    let width = labels.names().iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let heads: String = (1..=labels.len()).map(|number| format!("{number:>7}")).collect();
    writeln!(out, "\n{}", style.bold(&format!("{:width$}     {heads}", "gold \\ predicted")))?;
    for (gold, name) in labels.names().iter().enumerate() {
        let cells: String = (0..labels.len())
            .map(|predicted| format!("{:>7}", meter.pair(ClassId::new(gold), ClassId::new(predicted))))
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
