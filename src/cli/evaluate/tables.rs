//! Prints the figures of an evaluation as tables.

use crate::error::counted;
use std::io::{self, Write};

use crate::cli::report::{confusion, share};
use crate::cli::terminal::{self, print_title, print_wrapped, visible};
use crate::evaluate::{BestTemperature, Dates, EvaluationResult, F1OfLabels, REPLICATES, Slice};
use crate::label::ClassId;
use crate::statistics::{Estimate, Interval};
use crate::tabulate::NO_VALUE;
use crate::write::{
    Evaluated, LARGEST_GROUPS as MAX_GROUPS, Style, TextColumn, TextTable, WORST_GROUPS as WORST,
};

/// So many periods are shown, the last ones.
const PERIODS: usize = 24;
/// Columns for a name of a group where there is room, and those that it and a label are cut to at
/// the least.
const NAME: usize = 20;
const GROUP: usize = 18;
const LABEL: usize = 12;

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
    writeln!(out)?;
    print_wrapped(
        out,
        &format!(
            "prediction sets: {}{interval} contain the right label; mean size {}, {} empty",
            share(sets.correct_share()),
            share(sets.mean_size()),
            sets.empty
        ),
    )?;
    let names = evaluated.labels.names().iter().enumerate();
    let each = names.map(|(class, name)| {
        format!("{} {}", visible(name), share(sets.class_correct_share(ClassId::new(class))))
    });
    print_wrapped(out, &format!("by label: {}", each.collect::<Vec<_>>().join(", ")))
}

fn whole(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    let EvaluationResult { metrics, estimates, .. } = evaluated.findings;
    let mut table = TextTable::new(vec![
        TextColumn::text("").widened(NAME - 1).shrinking(LABEL),
        TextColumn::number("value").widened(6),
        TextColumn::text("95 % interval"),
    ]);
    for (name, estimate) in [
        ("accuracy", estimates.accuracy),
        ("macro-F1", estimates.macro_f1),
        ("MCC", estimates.mcc),
        ("log loss", estimates.log_loss),
        ("Brier", estimates.brier),
        ("calibration error", estimates.debiased_calibration_error),
        ("mean confidence", estimates.confidence),
        ("coverage", estimates.coverage),
        ("accuracy, answered", estimates.accuracy_answered),
    ] {
        table.push([name.to_owned(), share(estimate.map(|of| of.value)), ends(estimate)]);
    }
    if let Some(F1OfLabels { labels, f1, .. }) = &evaluated.findings.f1_of_labels {
        let name = format!("F1 of {}", visible(&labels.join(", ")));
        table.push([name, share(f1.map(|of| of.value)), ends(*f1)]);
    }
    table.write(out, terminal::width(), style)?;
    let EvaluationResult { clusters, seed, .. } = evaluated.findings;
    let by = if evaluated.findings.groups.is_empty() {
        "rows".to_owned()
    } else {
        format!("groups by {}", visible(&evaluated.group_columns.join(", ")))
    };
    let weight = if evaluated.findings.weighted {
        format!(" of weight {:.1}", metrics.weight())
    } else {
        String::new()
    };
    let shares =
        if evaluated.findings.weighted { "" } else { "; those by label, group and date are Wilson's" };
    print_wrapped(
        out,
        &format!(
            "{}{weight}; intervals from {REPLICATES} resamples of {clusters} {by}, seed {seed}{shares}",
            counted(metrics.rows(), "row")
        ),
    )?;
    temperature(out, evaluated.findings)
}

/// Which temperature suits these rows best.
fn temperature(out: &mut impl Write, findings: &EvaluationResult) -> io::Result<()> {
    let Some((best, now)) = findings.best_temperature.zip(findings.metrics.log_loss()) else { return Ok(()) };
    let BestTemperature { factor, log_loss, .. } = best;
    if factor == 1.0 {
        return print_wrapped(out, "no other temperature would give a lower log loss on these rows");
    }
    if share(Some(log_loss)) == share(Some(now)) {
        return print_wrapped(
            out,
            "no other temperature would give a noticeably lower log loss on these rows",
        );
    }
    let [temperature, before] = match best.temperature {
        Some(temperature) => {
            [format!("{temperature:.2}"), format!(" at the model's {:.2}", temperature / factor)]
        }
        None => [format!("{factor:.2} on top of the model's vector scaling"), " without".to_owned()],
    };
    print_wrapped(
        out,
        &format!(
            "a temperature of {temperature} would give the lowest log loss on these rows: {log_loss:.3} instead of {now:.3}{before}"
        ),
    )
}

fn classes(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    let mut table = TextTable::new(vec![
        TextColumn::text("label").widened(LABEL).shrinking(LABEL),
        TextColumn::text("precision").ranked(2),
        TextColumn::text("recall").ranked(1),
        TextColumn::number("F1").widened(5),
        TextColumn::number("rows").widened(6).shrinking(4),
    ]);
    let EvaluationResult { metrics, estimates, .. } = evaluated.findings;
    let named = evaluated.labels.names().iter().zip(metrics.class_figures()).zip(&estimates.classes);
    for ((name, of), estimates) in named {
        let [precision, recall] = [estimates.precision, estimates.recall].map(cell);
        table.push([name.clone(), precision, recall, share(of.f1), of.gold.to_string()]);
    }
    writeln!(out)?;
    table.write(out, terminal::width(), style)
}

/// Shares of labels, where rows stand for more than themselves.
fn shares(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    if !evaluated.findings.has_weights {
        return Ok(());
    }
    let mut table = TextTable::new(vec![
        TextColumn::text("label").widened(LABEL).shrinking(LABEL),
        TextColumn::text("as predicted").ranked(1),
        TextColumn::text("corrected for the model's errors").cutting_heading(),
    ]);
    for (name, of) in evaluated.labels.names().iter().zip(&evaluated.findings.estimates.classes) {
        table.push([name.clone(), cell(of.predicted_share), cell(of.gold_share)]);
    }
    writeln!(out, "\n{}", style.bold("Label shares by the rows' weights"))?;
    table.write(out, terminal::width(), style)
}

fn coverage(out: &mut impl Write, findings: &EvaluationResult, style: Style) -> io::Result<()> {
    let points = findings.curve.thinned(5);
    let Some(area) = findings.curve.area().filter(|_| !points.is_empty()) else { return Ok(()) };
    let mut table = TextTable::new(vec![
        TextColumn::text("answered, surest").widened(NAME - 1),
        TextColumn::number("error").widened(6),
        TextColumn::number("threshold"),
    ]);
    for point in points {
        let answered = format!("{:.0} %", 100.0 * point.coverage);
        table.push([answered, format!("{:.3}", point.error), format!("{:.3}", point.threshold)]);
    }
    writeln!(out)?;
    table.write(out, terminal::width(), style)?;
    writeln!(out, "area under the curve {area:.3}")
}

fn groups(out: &mut impl Write, evaluated: &Evaluated<'_>, style: Style) -> io::Result<()> {
    let findings = evaluated.findings;
    if findings.groups.is_empty() {
        return Ok(());
    }
    let all = findings.groups.len();
    let largest: Vec<&Slice> = findings.groups.iter().take(MAX_GROUPS).collect();
    let title = if all > MAX_GROUPS {
        format!("Largest {MAX_GROUPS} of {all} groups")
    } else {
        counted(all, "group")
    };
    parts(out, &title, &largest, style)?;
    if all > MAX_GROUPS {
        writeln!(out, "and {} more (--format json has all)", all - MAX_GROUPS)?;
        let worst = findings.worst_groups(WORST);
        if !worst.is_empty() {
            parts(out, "Worst groups below the mean, by the upper end of their interval", &worst, style)?;
        }
    }
    Ok(())
}

fn periods(out: &mut impl Write, dates: &Dates, style: Style) -> io::Result<()> {
    let earlier = dates.slices.len().saturating_sub(PERIODS);
    let shown: Vec<&Slice> = dates.slices.iter().skip(earlier).collect();
    parts(out, &format!("By {}", dates.period.name()), &shown, style)?;
    if earlier > 0 {
        writeln!(out, "and {earlier} earlier (--format json has all)")?;
    }
    let unknown = &dates.unknown;
    let example = unknown.example.as_ref().map_or(String::new(), |example| format!(" such as {example:?}"));
    match (unknown.missing, unknown.unreadable) {
        (0, 0) => Ok(()),
        (missing, unreadable) => print_wrapped(
            out,
            &format!(
                "{missing} rows without a date, {unreadable} with an unreadable or ambiguous one{example}"
            ),
        ),
    }
}

fn parts(out: &mut impl Write, title: &str, parts: &[&Slice], style: Style) -> io::Result<()> {
    let mut table = TextTable::new(vec![
        TextColumn::text("").widened(NAME).shrinking(GROUP),
        TextColumn::number("rows").widened(6).shrinking(4).ranked(1),
        TextColumn::text("accuracy"),
        TextColumn::number("macro-F1").ranked(2),
        TextColumn::number("log loss").ranked(3),
    ]);
    for part in parts {
        table.push([
            name(part),
            part.metrics.rows().to_string(),
            cell(part.accuracy),
            share(part.macro_f1()),
            share(part.metrics.log_loss()),
        ]);
    }
    writeln!(out)?;
    print_title(out, title, style)?;
    table.write(out, terminal::width(), style)
}

/// A group's name on one line.
fn name(part: &Slice) -> String {
    part.name.as_ref().map_or_else(|| NO_VALUE.to_owned(), |name| visible(name))
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
