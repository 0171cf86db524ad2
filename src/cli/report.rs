//! Prints what `train`, `evaluate` and `compare` have in common: notes about the rows, thresholds,
//! tables of figures.

use std::io::{self, Write};
#[cfg(feature = "train")]
use std::path::Path;
#[cfg(feature = "train")]
use std::time::Duration;

use crate::cli::flags;
use crate::cli::inputs::GroupArgs;
use crate::cli::terminal;
use crate::cli::terminal::{print_hanging, print_wrapped, visible};
use crate::evaluate::{IntervalCaveat, Metrics, gold_classes};
use crate::label::{ClassId, LabelSet};
use crate::model::{OffTopicWindow, Thresholds};
use crate::read::{Gold, Labeled};
use crate::statistics::Estimate;
#[cfg(feature = "train")]
use crate::train::{TrainingFiles, TrainingRows};
use crate::write::{Style, TextColumn, TextTable};

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
    pub fn new(labeled: &Labeled) -> Self {
        Reading {
            rows: labeled.rows.len(),
            left_out: labeled.left_out,
            skipped: labeled.skipped.iter().map(flags::in_error).collect(),
            warnings: labeled.warnings.iter().map(flags::in_message).collect(),
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
        self.skipped.iter().try_for_each(|line| print_hanging(out, &format!("  skipped: {}", visible(line))))
    }
}

/// Reads rows to train on, with what there is to say about them and, where they are held out, about
/// their groups.
#[cfg(feature = "train")]
pub fn read_rows(files: &TrainingFiles, held_out: bool) -> anyhow::Result<(TrainingRows, Reading)> {
    let read = files.read()?;
    let mut reading = Reading::of_training(&read);
    if read.sources.is_empty() {
        terminal::warn(false, &reading.skipped);
        anyhow::bail!("found no labeled row ({} left out, {} skipped)", read.left_out, reading.skipped.len());
    }
    if held_out && read.rows.iter().all(|row| row.group.is_none()) {
        reading.warnings.push(format!(
            "{}: rows that belong together may be in different folds, and the figures may be too good",
            GroupArgs::missing()
        ));
    }
    reading.warnings.extend(read.unreadable_dates.iter().map(flags::in_message));
    reading.warnings.extend(read.train_only_warnings.iter().map(flags::in_message));
    Ok((read, reading))
}

/// Says what to do about rows with a label that the model does not know, if there are any: leave
/// them out, or name the model where none was named and it knows none of the labels.
pub fn explain_unknown_label(rows: &[Gold], labels: &LabelSet, is_model_named: bool) -> anyhow::Result<()> {
    let Err(error) = gold_classes(rows, labels) else { return Ok(()) };
    let knows_none = rows.iter().all(|row| labels.get(&row.label).is_none());
    let hint = if knows_none && !is_model_named {
        "This is the bundled model; name the model of these labels with --model"
    } else {
        "Leave such rows out with --ignore-label"
    };
    anyhow::bail!("{}. {hint}", flags::in_error(&error))
}

/// Says why intervals may be wrong; where no row has a group, it names the columns that were looked
/// for.
pub fn caveat_line(caveat: IntervalCaveat) -> String {
    match caveat {
        IntervalCaveat::Ungrouped => format!("{}: {caveat}", GroupArgs::missing()),
        _ => caveat.to_string(),
    }
}

/// Prints when the model abstains, in lines that fit.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub fn thresholds(out: &mut impl Write, thresholds: Thresholds) -> io::Result<()> {
    print_hanging(out, &threshold_lines(thresholds))
}

/// When the model abstains, one line for each reason.
pub fn threshold_lines(thresholds: Thresholds) -> String {
    let mut lines = vec![format!("too-short       fewer than {} words", thresholds.min_words)];
    lines.extend(thresholds.low_confidence.map(|low| {
        format!(
            "low-confidence  p below {}; at most {} of the labels wrong, {} answered",
            with_documents(format!("{:.3}", low.unit), format!("{:.3}", low.document)),
            low.max_error,
            with_documents(
                format!("{:.0} %", 100.0 * low.unit_coverage),
                format!("{:.0} %", 100.0 * low.document_coverage)
            ),
        )
    }));
    let not_checked = || "off-topic       not checked; `train --outside` teaches it".to_owned();
    lines.push(thresholds.off_topic.map_or_else(not_checked, |off| {
        format!(
            "off-topic       topic below {:.3}{}: {:.1} % of the outside texts, {:.1} % of the rows",
            off.least,
            off.document.map_or(String::new(), |least| format!(" (documents of several units: {least:.3})")),
            100.0 * off.recall,
            100.0 * off.false_alarms
        )
    }));
    lines.extend(thresholds.off_topic.and_then(|off| off.window).map(window_line));
    let language = if thresholds.other_language { "checked" } else { "not checked" };
    lines.push(format!("other-language  {language}"));
    lines.join("\n")
}

/// A figure of units, with that of documents of several units where it is another.
fn with_documents(unit: String, document: String) -> String {
    if unit == document { unit } else { format!("{unit} (documents of several units: {document})") }
}

/// How long texts are judged.
fn window_line(window: OffTopicWindow) -> String {
    let shares = window.recall.zip(window.false_alarms).map_or(String::new(), |(recall, false_alarms)| {
        let (recall, false_alarms) = (100.0 * recall, 100.0 * false_alarms);
        format!(": {recall:.1} % of documents made of the outside texts, {false_alarms:.1} % of those made of rows")
    });
    format!(
        "off-topic long  topic of the best {} words below {:.3}, for texts of {} words or more{shares}",
        window.words,
        window.least,
        window.min_text_words()
    )
}

/// The columns that the name of a label is cut to at the least.
const MIN_LABEL: usize = 8;

/// Figures of each class, of all, and the confusion matrix.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub fn figures(out: &mut impl Write, metrics: &Metrics, labels: &LabelSet, style: Style) -> io::Result<()> {
    let mut table = TextTable::new(vec![
        TextColumn::text("label").widened(MIN_LABEL).shrinking(MIN_LABEL),
        TextColumn::number("precision").ranked(2),
        TextColumn::number("recall").ranked(1),
        TextColumn::number("F1").widened(5),
        TextColumn::number("rows").widened(6),
    ]);
    for (class, name) in labels.names().iter().enumerate() {
        let of = metrics.class(ClassId::new(class));
        let [precision, recall, f1] = [of.precision, of.recall, of.f1].map(share);
        table.push([name.clone(), precision, recall, f1, of.gold.to_string()]);
    }
    table.write(out, terminal::width(), style)?;
    print_wrapped(
        out,
        &format!(
            "macro-F1 {}, accuracy {}, log loss {}, Brier {}, rows {}",
            share(metrics.macro_f1()),
            share(metrics.accuracy()),
            share(metrics.log_loss()),
            share(metrics.brier()),
            metrics.rows()
        ),
    )?;
    confusion(out, metrics, labels, style)
}

/// The columns that a name beside a matrix is cut to at the least where those above it are numbers.
const MIN_NUMBERED: usize = 5;

/// Counts by two labels: the rows by one, the columns by the other.
pub struct Matrix<'m> {
    /// What stands above the names of the rows.
    pub corner: String,
    /// The labels.
    pub names: &'m [String],
    /// The counts, row by row.
    pub counts: Vec<Vec<u64>>,
}

impl Matrix<'_> {
    /// Prints the matrix with names on rows and columns; with numbers on columns where names have
    /// no room, and not at all where numbers have none.
    pub fn print(&self, out: &mut impl Write, style: Style) -> io::Result<()> {
        let width = terminal::width();
        let corner = || TextColumn::text(self.corner.as_str());
        let names = self.names.iter().map(|name| TextColumn::number(name.as_str()));
        let named = self.table(corner().cutting_heading(), names, false);
        let numbers = (1..=self.names.len()).map(|number| TextColumn::number(number.to_string()));
        let numbered = || self.table(corner().shrinking(MIN_NUMBERED), numbers, true);
        match named.fits(width) {
            true => named.write(out, width, style),
            false => match numbered() {
                table if table.fits(width) => table.write(out, width, style),
                _ => Ok(()),
            },
        }
    }

    fn table(
        &self,
        corner: TextColumn,
        columns: impl Iterator<Item = TextColumn>,
        numbered: bool,
    ) -> TextTable {
        let mut table = TextTable::new(std::iter::once(corner).chain(columns).collect());
        for (number, (name, counts)) in (1..).zip(self.names.iter().zip(&self.counts)) {
            let name = if numbered { format!("{number} {name}") } else { name.clone() };
            table.push(std::iter::once(name).chain(counts.iter().map(u64::to_string)));
        }
        table
    }
}

/// Gold labels against predictions.
pub fn confusion(out: &mut impl Write, metrics: &Metrics, labels: &LabelSet, style: Style) -> io::Result<()> {
    let row = |gold| {
        (0..labels.len()).map(|predicted| metrics.pair(ClassId::new(gold), ClassId::new(predicted))).collect()
    };
    writeln!(out)?;
    let counts = (0..labels.len()).map(row).collect();
    Matrix { corner: "gold \\ predicted".to_owned(), names: labels.names(), counts }.print(out, style)
}

/// Says where a file was written, how large it is and how long that took.
#[cfg(feature = "train")]
pub fn written(what: &str, path: &Path, bytes: usize, time: Duration) -> String {
    let megabytes = bytes as f64 / 1e6;
    format!("{what} written to {} ({megabytes:.1} MB) in {:.1} s", path.display(), time.as_secs_f64())
}

/// Three decimals; a dash for what is undefined.
pub fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}

/// A figure with its 95 % interval, if it has one.
pub fn with_interval(estimate: Option<Estimate>) -> String {
    let value = share(estimate.map(|estimate| estimate.value));
    match estimate.and_then(|estimate| estimate.interval) {
        Some(interval) => format!("{value}  (95 %: {:.3} to {:.3})", interval.low, interval.high),
        None => value,
    }
}
