//! Prints what a training found.

use std::io::{self, Write};

use crate::cli::report::{figures, share, thresholds};
use crate::statistics::Interval;
use crate::train::{CurveStep, HeldOutFigures, LearningCurve, Row, RowPair, SplitKind, TrainReport, Trial};
use crate::write::Style;

/// The tables at the end of a training.
pub fn trained(out: &mut impl Write, report: &TrainReport, rows: &[Row], style: Style) -> io::Result<()> {
    writeln!(
        out,
        "{} features from {} groups; {} iterations, {}; objective {:.6}; {}",
        report.features,
        report.groups,
        report.iterations,
        if report.converged { "converged" } else { "NOT converged" },
        report.objective,
        report.calibration.describe_as(report.fixed_temperature),
    )?;
    writeln!(out, "settings: {}", report.settings)?;
    if !report.trials.is_empty() {
        trials(out, &report.trials, style)?;
    }
    let Some(metrics) = &report.cross_validation else {
        let reason = "--folds 0, or fewer different texts than folds";
        let calibration = if report.fixed_temperature { "" } else { ", no calibration" };
        writeln!(out, "no cross-validation{calibration} ({reason})")?;
        return leaks(out, report, rows, style);
    };
    held_out(out, &report.held_out, style)?;
    let flattery = if report.trials.is_empty() { "" } else { " (settings were chosen on these rows)" };
    writeln!(
        out,
        "\n{}",
        style.bold(&format!("Cross-validation, rows of a group held out together{flattery}"))
    )?;
    figures(out, metrics, &report.labels, style)?;
    let most = report.rows_by_class.iter().max().copied().unwrap_or(0);
    let all: u64 = report.rows_by_class.iter().sum();
    writeln!(out, "the most frequent label for every row: accuracy {:.3}", most as f64 / all.max(1) as f64)?;
    if let Some(found) = report.calibration_log_loss {
        writeln!(
            out,
            "log loss on held-out folds: {} {:.4}, by vector scaling {:.4}",
            found.fixed.map_or("by temperature".to_owned(), |fixed| {
                format!("by the fixed temperature {fixed:.4}, by a fitted one")
            }),
            found.temperature,
            found.vector
        )?;
    }
    thresholds(out, report.thresholds)?;
    if let Some(curve) = &report.learning_curve {
        learning_curve(out, curve, style)?;
    }
    leaks(out, report, rows, style)?;
    let suspects = report.suspects.len();
    writeln!(
        out,
        "\nlabels that look wrong: {suspects} of {} rows (--audit FILE.csv lists them)",
        metrics.rows()
    )
}

fn held_out(out: &mut impl Write, schemes: &[HeldOutFigures], style: Style) -> io::Result<()> {
    if schemes.is_empty() {
        return Ok(());
    }
    let header = format!(
        "{:16}{:>8}  {:14}  {:>8}  {:>8}",
        "Held out", "macro-F1", "95 % interval", "accuracy", "rows"
    );
    writeln!(out, "\n{}", style.bold(&header))?;
    for scheme in schemes {
        writeln!(
            out,
            "{:16}{:>8}  {:14}  {:>8}  {:>8}",
            scheme.kind.to_string(),
            share(scheme.metrics.macro_f1()),
            interval(scheme.interval),
            share(scheme.metrics.accuracy()),
            scheme.metrics.rows()
        )?;
    }
    let of =
        |kind| schemes.iter().find(|scheme| scheme.kind == kind).and_then(|scheme| scheme.metrics.macro_f1());
    for (kind, what) in
        [(SplitKind::Groups, "groups that it has never seen"), (SplitKind::Dates, "later texts")]
    {
        if let Some((random, other)) = of(SplitKind::Random).zip(of(kind))
            && random - other > 0.05
        {
            writeln!(out, "on {what} expect {other:.3}, not the {random:.3} of random rows")?;
        }
    }
    Ok(())
}

fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "-".to_owned(), |found| format!("{:.3} to {:.3}", found.low, found.high))
}

fn trials(out: &mut impl Write, trials: &[Trial], style: Style) -> io::Result<()> {
    let best = trials.iter().map(|trial| trial.macro_f1).fold(f64::NEG_INFINITY, f64::max);
    let best = trials.iter().position(|trial| trial.macro_f1 == best);
    writeln!(out, "\n{}", style.bold("Tried   macro-F1  settings"))?;
    for (number, trial) in trials.iter().enumerate() {
        let mark = if Some(number) == best { '*' } else { ' ' };
        writeln!(out, "{:>4} {mark}  {:>8.4}  {}", number + 1, trial.macro_f1, trial.settings)?;
        let scores: Vec<String> =
            trial.scores.iter().map(|score| format!("C {}: {}", score.c, share(score.macro_f1))).collect();
        writeln!(out, "                  {}", scores.join(", "))?;
    }
    Ok(())
}

fn learning_curve(out: &mut impl Write, curve: &LearningCurve, style: Style) -> io::Result<()> {
    writeln!(out, "\n{}", style.bold("Learned from  macro-F1  95 % interval"))?;
    for point in &curve.points {
        writeln!(out, "{:>12}  {:>8}  {}", point.rows, share(point.macro_f1), interval(point.interval))?;
    }
    if let Some(CurveStep { macro_f1: step, interval: range, .. }) = curve.last_step {
        let verdict = match (range.low > 0.0, range.high < 0.0) {
            (true, _) => "more labels would help",
            (_, true) => "the last rows did harm: look at their labels (--audit)",
            _ if step > 0.01 => "more labels would probably help",
            _ => "no sign that more labels of the same kind would help",
        };
        writeln!(
            out,
            "the last step brought {step:+.3} ({:+.3} to {:+.3}): {verdict}",
            range.low, range.high
        )?;
    }
    Ok(())
}

fn leaks(out: &mut impl Write, report: &TrainReport, rows: &[Row], style: Style) -> io::Result<()> {
    let duplicates = &report.near_duplicates;
    if duplicates.rows > 0 {
        writeln!(
            out,
            "\n{} row(s) repeat an earlier one, {} of them one of another group, {} one with another label; they are held out together",
            duplicates.rows, duplicates.across_groups, duplicates.other_label
        )?;
        for &RowPair { row, earlier, .. } in &duplicates.pairs {
            writeln!(out, "  row {} repeats row {}: {}", row + 1, earlier + 1, beginning(rows, row))?;
        }
    }
    if !report.source_terms.is_empty() {
        let header =
            format!("{:24}  {:>6}  {:>5}  {:>6}  group", "Terms of one group", "weight", "rows", "share");
        writeln!(out, "\n{}", style.bold(&header))?;
        for term in &report.source_terms {
            writeln!(
                out,
                "{:24}  {:>6.2}  {:>5}  {:>5.0}%  {}",
                term.term.escape_debug().to_string(),
                term.weight,
                term.rows,
                100.0 * term.share,
                term.group.escape_debug()
            )?;
        }
        writeln!(out, "such terms tell who wrote, not what is argued; --strip-source-terms leaves them out")?;
    }
    Ok(())
}

fn beginning(rows: &[Row], row: usize) -> String {
    let text: String = rows.get(row).map_or(String::new(), |row| row.text.chars().take(60).collect());
    text.escape_debug().to_string()
}
