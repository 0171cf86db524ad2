//! An evaluation's figures for reading on a terminal.

use std::io::{self, Write};

use crate::ClassId;
use crate::cli::report::{confusion, share};
use crate::evaluate::{BestTemperature, Dates, EvaluationResult, REPLICATES, Slice};
use crate::statistics::{Estimate, Interval};
use crate::write::{Evaluated, LARGEST_GROUPS as LARGEST, Style, WORST_GROUPS as WORST};

/// So many periods are shown, the last ones.
const PERIODS: usize = 24;
/// Widest name of a group.
const NAME: usize = 40;

/// Prints all tables.
pub fn print(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    let EvaluationResult { metrics, .. } = evaluated.findings;
    whole(out, evaluated, style)?;
    classes(out, evaluated, style)?;
    confusion(out, metrics, evaluated.labels, style)?;
    shares(out, evaluated, style)?;
    coverage(out, evaluated.findings, style)?;
    sets(out, evaluated)?;
    groups(out, evaluated, style)?;
    match &evaluated.findings.dates {
        Some(dates) => periods(out, dates, style),
        None => Ok(()),
    }
}

fn sets(out: &mut impl Write, evaluated: &Evaluated<'_>) -> io::Result<()> {
    let Some(sets) = &evaluated.findings.sets else { return Ok(()) };
    let interval =
        sets.interval().map_or(String::new(), |found| format!(" ({:.3} to {:.3})", found.low, found.high));
    writeln!(
        out,
        "\nsets of labels: the right label is in {}{interval} of them, mean size {}, {} empty",
        share(sets.correct_share()),
        share(sets.mean_size()),
        sets.empty
    )?;
    let names = evaluated.labels.names().iter().enumerate();
    let each = names.map(|(class, name)| {
        format!("{} {}", name.escape_debug(), share(sets.class_correct_share(ClassId::new(class))))
    });
    writeln!(out, "by label: {}", each.collect::<Vec<_>>().join(", "))
}

fn whole(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    let EvaluationResult { metrics, estimates, .. } = evaluated.findings;
    writeln!(out, "{}", style.bold(&format!("{:<20} {:>6}  95 % interval", "", "value")))?;
    for (name, estimate) in [
        ("accuracy", estimates.accuracy),
        ("macro-F1", estimates.macro_f1),
        ("MCC", estimates.mcc),
        ("log loss", estimates.log_loss),
        ("Brier", estimates.brier),
        ("calibration error", estimates.calibration_error),
        ("mean confidence", estimates.confidence),
        ("coverage", estimates.coverage),
        ("accuracy, answered", estimates.accuracy_answered),
    ] {
        writeln!(out, "{name:<20} {:>6}  {}", share(estimate.map(|of| of.value)), ends(estimate))?;
    }
    let EvaluationResult { clusters, seed, .. } = evaluated.findings;
    let by = if evaluated.findings.groups.is_empty() {
        "rows".to_owned()
    } else {
        format!("groups by {}", evaluated.group_columns.join(", ").escape_debug())
    };
    let weight = if evaluated.findings.weighted {
        format!(" of weight {:.1}", metrics.weight())
    } else {
        String::new()
    };
    writeln!(
        out,
        "{} rows{weight}; intervals from {REPLICATES} draws of {clusters} {by}, seed {seed}",
        metrics.rows()
    )?;
    temperature(out, evaluated.findings)
}

/// Which temperature suits these rows best.
fn temperature(out: &mut impl Write, findings: &EvaluationResult) -> io::Result<()> {
    let Some((best, now)) = findings.best_temperature.zip(findings.metrics.log_loss()) else { return Ok(()) };
    let BestTemperature { factor, log_loss, .. } = best;
    if factor == 1.0 {
        return writeln!(out, "no other temperature would give a lower log loss on these rows");
    }
    let [temperature, before] = match best.temperature {
        Some(temperature) => {
            [format!("{temperature:.2}"), format!(" at the model's {:.2}", temperature / factor)]
        }
        None => [format!("{factor:.2} on top of the model's vector scaling"), " without".to_owned()],
    };
    writeln!(
        out,
        "a temperature of {temperature} would give the least log loss on these rows: {log_loss:.3}, and not {now:.3} as{before}"
    )
}

fn classes(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    let width = width(evaluated);
    let header =
        format!("{:width$}  {:<20}  {:<20}  {:<20}  {:>6}", "label", "precision", "recall", "F1", "rows");
    writeln!(out, "\n{}", style.bold(&header))?;
    let EvaluationResult { metrics, estimates, .. } = evaluated.findings;
    let named = evaluated.labels.names().iter().zip(metrics.class_figures()).zip(&estimates.classes);
    for ((name, of), estimates) in named {
        let [precision, recall, f1] = [estimates.precision, estimates.recall, estimates.f1].map(cell);
        writeln!(out, "{name:width$}  {precision:<20}  {recall:<20}  {f1:<20}  {:>6}", of.gold)?;
    }
    Ok(())
}

fn width(evaluated: &Evaluated<'_>) -> usize {
    let names = evaluated.labels.names().iter();
    names.map(|name| name.chars().count()).max().unwrap_or(0).max("label".len())
}

/// Shares of labels, where rows stand for more or fewer than themselves.
fn shares(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    if !evaluated.findings.weighted {
        return Ok(());
    }
    let width = width(evaluated);
    writeln!(out, "\n{}", style.bold("Label shares by the rows' weights"))?;
    let header = format!("{:width$}  {:<20}  {:<20}", "label", "as predicted", "corrected for errors");
    writeln!(out, "{}", style.bold(&header))?;
    for (name, of) in evaluated.labels.names().iter().zip(&evaluated.findings.estimates.classes) {
        writeln!(out, "{name:width$}  {:<20}  {:<20}", cell(of.predicted_share), cell(of.gold_share))?;
    }
    Ok(())
}

fn coverage(out: &mut impl Write, findings: &EvaluationResult, style: Style) -> io::Result<()> {
    let Some(area) = findings.curve.area() else { return Ok(()) };
    writeln!(
        out,
        "\n{}",
        style.bold(&format!("{:<20} {:>6}  {:>9}", "answered, surest", "error", "threshold"))
    )?;
    for point in findings.curve.thinned(5) {
        let answered = format!("{:.0} %", 100.0 * point.coverage);
        writeln!(out, "{answered:<20} {:>6.3}  {:>9.3}", point.error, point.threshold)?;
    }
    writeln!(out, "area under the curve {area:.3}")
}

fn groups(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    let findings = evaluated.findings;
    if findings.groups.is_empty() {
        return Ok(());
    }
    let all = findings.groups.len();
    let many = all > LARGEST;
    let title = if many { format!("Largest {LARGEST} of {all} groups") } else { format!("{all} group(s)") };
    let largest: Vec<&Slice> = findings.groups.iter().take(LARGEST).collect();
    parts(out, &title, &largest, style)?;
    if many {
        let title = format!("Worst {WORST} groups, by the upper end of the interval of their accuracy");
        parts(out, &title, &findings.worst_groups(WORST), style)?;
    }
    Ok(())
}

fn periods(out: &mut impl Write, dates: &Dates, style: Style) -> io::Result<()> {
    let earlier = dates.slices.len().saturating_sub(PERIODS);
    let shown: Vec<&Slice> = dates.slices.iter().skip(earlier).collect();
    let note =
        if earlier > 0 { format!(", the last {PERIODS} of {}", dates.slices.len()) } else { String::new() };
    parts(out, &format!("By {}{note}", dates.period.name()), &shown, style)?;
    let unknown = &dates.unknown;
    let example = unknown.example.as_ref().map_or(String::new(), |example| format!(" such as {example:?}"));
    match (unknown.missing, unknown.unreadable) {
        (0, 0) => Ok(()),
        (missing, unreadable) => writeln!(
            out,
            "{missing} rows without a date, {unreadable} with one that cannot be read or has two readings{example}"
        ),
    }
}

fn parts(out: &mut impl Write, title: &str, parts: &[&Slice], style: Style) -> io::Result<()> {
    let names: Vec<String> = parts.iter().map(|part| name(part)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(20);
    writeln!(out, "\n{}", style.bold(title))?;
    let header =
        format!("{:width$}  {:>6}  {:<20}  {:>8}  {:>8}", "", "rows", "accuracy", "macro-F1", "log loss");
    writeln!(out, "{}", style.bold(&header))?;
    for (name, part) in names.iter().zip(parts) {
        let Slice { metrics, accuracy, .. } = part;
        writeln!(
            out,
            "{name:width$}  {:>6}  {:<20}  {:>8}  {:>8}",
            metrics.rows(),
            cell(*accuracy),
            share(metrics.macro_f1()),
            share(metrics.log_loss())
        )?;
    }
    Ok(())
}

/// A group's name on one line of bounded width.
fn name(part: &Slice) -> String {
    let Some(name) = &part.name else { return "(no group)".to_owned() };
    let short: String = name.chars().take(NAME).collect();
    let cut = if name.chars().nth(NAME).is_some() { "…" } else { "" };
    format!("{}{cut}", short.escape_debug())
}

/// A figure with its interval.
fn cell(estimate: Option<Estimate>) -> String {
    let value = share(estimate.map(|of| of.value));
    let interval = estimate.and_then(|of| of.interval);
    interval.map_or(value.clone(), |Interval { low, high }| format!("{value} [{low:.3}, {high:.3}]"))
}

fn ends(estimate: Option<Estimate>) -> String {
    let interval = estimate.and_then(|of| of.interval);
    interval.map_or("-".to_owned(), |Interval { low, high }| format!("{low:.3} to {high:.3}"))
}
