//! Prints what a training found.

use std::io::{self, Write};

use crate::cli::report::{figures, share, thresholds};
use crate::cli::terminal::{self, print_hanging, print_title, print_wrapped, visible};
use crate::cli::train::source_words::source_words;
use crate::error::counted;
use crate::evaluate::{Metrics, classes_named};
use crate::statistics::Interval;
use crate::tokenizer::Tokenizer;
use crate::train::{
    CurveStep, HeldOutFigures, LearningCurve, Row, RowPair, Score, SourceTerm, SplitKind, TrainReport,
    TrainingRows, Trial,
};
use crate::write::{Style, TextColumn, TextTable, first_words};

/// On fewer rows than this, figures are too uncertain to tell anybody what to expect.
const MIN_EXPECTED_ROWS: u64 = 100;

/// The columns that the settings of a trial are wrapped to, and those that a group is cut to, at
/// the least.
const MIN_SETTINGS: usize = 20;
const MIN_GROUP: usize = 10;

/// What is printed of a training.
pub struct Trained<'t> {
    pub report: &'t TrainReport,
    pub read: &'t TrainingRows,
    /// The labels over which F1 is averaged besides.
    pub f1_labels: &'t [String],
    pub style: Style,
}

impl Trained<'_> {
    /// The tables at the end of a training: first what is published, then what there is to see to.
    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let Trained { report, style, .. } = *self;
        match &report.cross_validation {
            Some(metrics) => self.held_out_figures(out, metrics)?,
            None => {
                let reason = "--folds 0, or fewer distinct texts than folds, where near-duplicates (texts that differ in few \
                              words or in numbers) count as one";
                let calibration = if report.fixed_temperature { "" } else { ", no calibration" };
                print_wrapped(out, &format!("no cross-validation{calibration} ({reason})"))?;
            }
        }
        leaks(out, report, self.read, style)?;
        if let Some(metrics) = &report.cross_validation {
            writeln!(out)?;
            let (suspects, rows) = (report.suspects.len(), counted(metrics.rows(), "row"));
            let line = format!("labels that look wrong: {suspects} of {rows} (--audit FILE.csv lists them)");
            print_wrapped(out, &line)?;
        }
        match report.trials.as_slice() {
            [] => Ok(()),
            tried => self.trials(out, tried),
        }
    }

    /// How the model was fitted, in the last lines.
    pub fn print_fit(&self, out: &mut impl Write) -> io::Result<()> {
        let report = self.report;
        let (groups, iterations) = (counted(report.groups, "group"), counted(report.iterations, "iteration"));
        let line = format!(
            "{} features from {groups}; {iterations}, {}; objective {:.6}",
            report.features,
            if report.converged { "converged" } else { "NOT converged" },
            report.objective,
        );
        writeln!(out)?;
        print_wrapped(out, &line)?;
        print_wrapped(out, &report.calibration.describe_as(report.fixed_temperature))?;
        print_hanging(out, &format!("settings: {}", report.settings))
    }

    fn trials(&self, out: &mut impl Write, trials: &[Trial]) -> io::Result<()> {
        let measure = if self.f1_labels.is_empty() { "macro-F1" } else { "mean F1" };
        let mut table = TextTable::new(vec![
            TextColumn::text("Tried").widened(6),
            TextColumn::number(measure).widened(8),
            TextColumn::text("settings").wrapping(MIN_SETTINGS),
        ]);
        for (number, trial) in trials.iter().enumerate() {
            let mark = if trial.settings == self.report.settings { '*' } else { ' ' };
            let number = format!("{:>4} {mark}", number + 1);
            table.push([number, format!("{:.4}", trial.macro_f1), trial.settings.to_string()]);
            let of_c = |score: &Score| format!("C {}: {}", score.c, share(score.macro_f1));
            let scores: Vec<String> = trial.scores.iter().map(of_c).collect();
            table.push([String::new(), String::new(), scores.join(", ")]);
        }
        writeln!(out)?;
        table.write(out, terminal::width(), self.style)
    }

    fn held_out_figures(&self, out: &mut impl Write, metrics: &Metrics) -> io::Result<()> {
        let Trained { report, read, style, .. } = *self;
        held_out(out, &report.held_out, style)?;
        missing(out, &report.held_out, &read.rows)?;
        let how = if has_groups(&read.rows) { "groups held out together" } else { "rows held out" };
        let flattery = if report.trials.is_empty() { "" } else { " (settings were chosen on these rows)" };
        writeln!(out)?;
        print_title(out, &format!("Cross-validation, {how}{flattery}"), style)?;
        figures(out, metrics, &report.labels, style)?;
        if !self.f1_labels.is_empty() {
            let classes = classes_named(self.f1_labels, &report.labels).map_err(io::Error::other)?;
            let names = visible(&self.f1_labels.join(", "));
            print_wrapped(out, &format!("F1 of {names} {}", share(metrics.mean_f1(&classes))))?;
        }
        let most = report.rows_by_class.iter().max().copied().unwrap_or(0);
        let all: u64 = report.rows_by_class.iter().sum();
        let accuracy = most as f64 / all.max(1) as f64;
        let line = format!("baseline (the most frequent label for every row): accuracy {accuracy:.3}");
        print_wrapped(out, &line)?;
        if let Some(found) = report.calibration_log_loss {
            let by = found.fixed.map_or("by temperature".to_owned(), |fixed| {
                format!("by the fixed temperature {fixed:.4}, by a fitted one")
            });
            let (fitted, vector) = (found.temperature, found.vector);
            let line = format!("log loss on held-out folds: {by} {fitted:.4}, by vector scaling {vector:.4}");
            print_wrapped(out, &line)?;
        }
        writeln!(out)?;
        thresholds(out, report.thresholds)?;
        match &report.learning_curve {
            Some(curve) => learning_curve(out, curve, style),
            None => Ok(()),
        }
    }
}

/// Whether some row has a group.
fn has_groups(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.group.is_some())
}

/// Says why a row of the table of held-out figures is missing.
fn missing(out: &mut impl Write, schemes: &[HeldOutFigures], rows: &[Row]) -> io::Result<()> {
    let has_dates = rows.iter().any(|row| row.date.is_some());
    let is_there = |kind| schemes.iter().any(|scheme| scheme.kind == kind);
    if schemes.is_empty() && (has_groups(rows) || has_dates) {
        // --no-splits.
        return Ok(());
    }
    let reasons = [
        (SplitKind::Groups, has_groups(rows), "groups (--group-column)"),
        (SplitKind::Dates, has_dates, "dates (--date-column)"),
    ];
    for (kind, is_given, what) in reasons {
        if !is_there(kind) && !is_given {
            writeln!(out, "no figures for {kind}: the rows have no {what}")?;
        }
    }
    Ok(())
}

fn held_out(out: &mut impl Write, schemes: &[HeldOutFigures], style: Style) -> io::Result<()> {
    if schemes.is_empty() {
        return Ok(());
    }
    let mut table = TextTable::new(vec![
        TextColumn::text("Held out").widened(14).shrinking(8),
        TextColumn::number("macro-F1"),
        TextColumn::text("95 % interval"),
        TextColumn::number("accuracy").ranked(1),
        TextColumn::number("rows").widened(8).shrinking(4),
    ]);
    for scheme in schemes {
        table.push([
            scheme.kind.to_string(),
            share(scheme.metrics.macro_f1()),
            interval(scheme.interval),
            share(scheme.metrics.accuracy()),
            scheme.metrics.rows().to_string(),
        ]);
    }
    table.write(out, terminal::width(), style)?;
    let of =
        |kind| schemes.iter().find(|scheme| scheme.kind == kind).and_then(|scheme| scheme.metrics.macro_f1());
    let has_enough_rows = |kind: SplitKind| {
        schemes.iter().any(|scheme| scheme.kind == kind && scheme.metrics.rows() >= MIN_EXPECTED_ROWS)
    };
    for (kind, what) in
        [(SplitKind::Groups, "groups that it has never seen"), (SplitKind::Dates, "later texts")]
    {
        if let Some((random, other)) = of(SplitKind::Random).zip(of(kind))
            && random - other > 0.05
            && [SplitKind::Random, kind].into_iter().all(has_enough_rows)
        {
            let line = format!("expect {other:.3} on {what}, not the {random:.3} of random rows");
            print_wrapped(out, &line)?;
        }
    }
    Ok(())
}

fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "-".to_owned(), |found| format!("{:.3} to {:.3}", found.low, found.high))
}

fn learning_curve(out: &mut impl Write, curve: &LearningCurve, style: Style) -> io::Result<()> {
    let mut table = TextTable::new(vec![
        TextColumn::number("Learned from"),
        TextColumn::number("macro-F1"),
        TextColumn::text("95 % interval"),
    ]);
    for point in &curve.points {
        table.push([point.rows.to_string(), share(point.macro_f1), interval(point.interval)]);
    }
    writeln!(out)?;
    table.write(out, terminal::width(), style)?;
    if let Some(CurveStep { macro_f1: step, interval: range, .. }) = curve.last_step {
        let verdict = what_more_labels_promise(range);
        let ends =
            range.map_or_else(String::new, |Interval { low, high }| format!(" ({low:+.3} to {high:+.3})"));
        print_wrapped(out, &format!("the last step added {step:+.3}{ends}: {verdict}"))?;
    }
    Ok(())
}

/// What the interval of a learning curve's last step says about more labels. One that holds 0
/// promises nothing.
fn what_more_labels_promise(range: Option<Interval>) -> &'static str {
    match range {
        Some(Interval { low, .. }) if low > 0.0 => "more labels would help",
        Some(Interval { high, .. }) if high < 0.0 => {
            "the last rows lowered the score: check their labels (--audit)"
        }
        _ => "not distinguishable from chance; no sign that more labels of the same kind would help",
    }
}

fn leaks(out: &mut impl Write, report: &TrainReport, read: &TrainingRows, style: Style) -> io::Result<()> {
    let duplicates = &report.near_duplicates;
    if duplicates.rows > 0 {
        let groups = match has_groups(&read.rows) {
            true => format!("{} of them in another group, ", duplicates.across_groups),
            false => String::new(),
        };
        let repeat = match duplicates.rows {
            1 => "1 row repeats".to_owned(),
            rows => format!("{rows} rows repeat"),
        };
        let other = duplicates.other_label;
        writeln!(out)?;
        print_wrapped(
            out,
            &format!(
                "{repeat} an earlier one, {groups}{other} with another label; they are held out together"
            ),
        )?;
        for &RowPair { row, earlier, .. } in &duplicates.pairs {
            let [place, before] = [row, earlier].map(|row| place(read, row));
            print_hanging(out, &format!("  {place} repeats {before}: {}", beginning(&read.rows, row)))?;
        }
    }
    if report.source_terms.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let tokenizer = Tokenizer::new(&report.settings.tokenizer_config).map_err(io::Error::other)?;
    source_terms(&source_words(&report.source_terms, &read.rows, &tokenizer)).write(
        out,
        terminal::width(),
        style,
    )?;
    print_wrapped(
        out,
        "such terms show who wrote a text, not what it argues; --strip-source-terms removes them",
    )
}

fn source_terms(terms: &[SourceTerm]) -> TextTable {
    let mut table = TextTable::new(vec![
        TextColumn::text("Group-specific terms").widened(24).shrinking(12),
        TextColumn::number("weight"),
        TextColumn::number("rows").widened(5).ranked(1),
        TextColumn::number("share").widened(6),
        TextColumn::text("group").shrinking(MIN_GROUP),
    ]);
    for term in terms {
        table.push([
            visible(&term.term),
            format!("{:.2}", term.weight),
            term.rows.to_string(),
            format!("{:.0}%", 100.0 * term.share),
            visible(&term.group),
        ]);
    }
    table
}

/// Where a row stands in its file.
fn place(read: &TrainingRows, row: usize) -> String {
    let Some(source) = read.sources.get(row) else { return format!("row {}", row + 1) };
    let path = visible(&source.path);
    match (source.line, source.record) {
        (Some(line), _) => format!("{path}, line {line}"),
        (None, Some(record)) => format!("{path}, record {record}"),
        (None, None) => path,
    }
}

/// The columns of the beginning of a text.
const BEGINNING: usize = 60;

fn beginning(rows: &[Row], row: usize) -> String {
    visible(&rows.get(row).map_or(String::new(), |row| first_words(&row.text, BEGINNING)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::ClassId;

    #[test]
    fn nothing_is_expected_of_few_rows() {
        // So many rows of two labels, of which so many are right.
        let scheme = |kind, rows: usize, right: usize| {
            let mut metrics = Metrics::new(2);
            for row in 0..rows {
                let gold = ClassId::new(row % 2);
                let found = if row < right { gold } else { ClassId::new(1 - row % 2) };
                metrics.add(gold, found, &[0.5, 0.5], true);
            }
            HeldOutFigures { kind, metrics, interval: None, settings: Vec::new() }
        };
        let printed = |rows| {
            let mut out = Vec::new();
            let schemes = [scheme(SplitKind::Random, 200, 160), scheme(SplitKind::Dates, rows, rows / 2)];
            held_out(&mut out, &schemes, Style::Plain).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(printed(100).contains("expect 0.500 on later texts, not the 0.800 of random rows"));
        assert!(!printed(98).contains("expect"));
    }

    #[test]
    fn a_last_step_that_may_be_nothing_promises_no_help() {
        let said = |low, high| what_more_labels_promise(Some(Interval { low, high }));
        let nothing = "not distinguishable from chance; no sign that more labels of the same kind would help";
        assert_eq!(said(-0.007, 0.036), nothing);
        assert_eq!([said(0.0, 0.03), said(-0.02, 0.0)], [nothing; 2], "0 is the end of the interval");
        assert_eq!(what_more_labels_promise(None), nothing);
        assert_eq!(said(0.001, 0.036), "more labels would help");
        assert!(said(-0.03, -0.001).contains("lowered the score"));
    }
}
