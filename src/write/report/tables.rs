//! Writes figures as the tables of the page.

use std::io::{self, Write};

use crate::evaluate::{Bin, CoveragePoint, Dates, EvaluationResult, Slice};
use crate::label::{ClassId, LabelSet};
use crate::statistics::Estimate;
use crate::tabulate::NO_VALUE;
use crate::write::Evaluated;
use crate::write::report::escape::Isolated;
use crate::write::report::html::table;

/// Three decimals; a dash for what is undefined.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

/// A figure with its interval.
fn cell(estimate: Option<Estimate>) -> String {
    format!(
        "{}{}",
        number(estimate.map(|of| of.value)),
        match estimate.and_then(|of| of.interval) {
            Some(interval) =>
                format!(" <span class=\"ends\">{:.3} to {:.3}</span>", interval.low, interval.high),
            None => String::new(),
        }
    )
}

/// The figures of the whole.
pub(super) fn whole(out: &mut dyn Write, findings: &EvaluationResult) -> io::Result<()> {
    let of = &findings.estimates;
    let row = |name: &str, estimate: Option<Estimate>| {
        let ends = estimate.and_then(|of| of.interval);
        [
            name.to_owned(),
            number(estimate.map(|of| of.value)),
            ends.map_or("–".to_owned(), |ends| {
                format!("<span class=\"term\">{:.3} to {:.3}</span>", ends.low, ends.high)
            }),
        ]
    };
    table(
        out,
        "Figures of all rows",
        ["figure", "value", "95 % interval"],
        [
            row("accuracy", of.accuracy),
            row("macro-F1", of.macro_f1),
            row("Matthews correlation (MCC)", of.mcc),
            row("log loss", of.log_loss),
            row("Brier score", of.brier),
            row("calibration error", of.debiased_calibration_error),
            row("mean confidence", of.confidence),
            row("coverage", of.coverage),
            row("accuracy among the answered", of.accuracy_answered),
        ],
    )
}

/// The figures of each label.
pub(super) fn classes(out: &mut dyn Write, evaluated: &Evaluated<'_>) -> io::Result<()> {
    let EvaluationResult { metrics, estimates, weighted, .. } = evaluated.findings;
    let named = || evaluated.labels.names().iter().zip(metrics.class_figures()).zip(&estimates.classes);
    let rows = named().map(|((name, of), estimates)| {
        [
            Isolated(name).to_string(),
            cell(estimates.precision),
            cell(estimates.recall),
            number(of.f1),
            of.gold.to_string(),
            of.predicted.to_string(),
        ]
    });
    let heads = ["label", "precision", "recall", "F1", "gold rows", "predicted rows"];
    table(out, "Figures of each label, with 95 % intervals of the shares", heads, rows)?;
    if *weighted {
        let rows = named().map(|((name, _), of)| {
            [Isolated(name).to_string(), cell(of.predicted_share), cell(of.gold_share)]
        });
        let caption = "Label shares by the rows' weights, as the model counts and corrected for its errors";
        table(out, caption, ["label", "as predicted", "corrected"], rows)?;
    }
    Ok(())
}

/// What the names of custom properties begin with in CSS.
const CUSTOM_PROPERTY: &str = "--";

/// With more labels than this, the commonest confusions are listed and no matrix is drawn.
const MAX_MATRIX: usize = 20;
/// Confusions that are listed.
const MAX_CONFUSIONS: usize = 40;

/// Gold labels against predictions.
pub(super) fn confusion(out: &mut dyn Write, evaluated: &Evaluated<'_>) -> io::Result<()> {
    let (labels, metrics) = (evaluated.labels, &evaluated.findings.metrics);
    if labels.len() > MAX_MATRIX {
        return confusions(out, evaluated);
    }
    writeln!(
        out,
        "<div class=\"wide\" role=\"group\" aria-label=\"Confusion matrix\" tabindex=\"0\"><table class=\"matrix\">\n<caption>Confusion matrix in rows: gold labels down, predictions \
         across. Right answers are framed; the shade is the share of the gold label's rows.</caption>\n<thead><tr><td></td>"
    )?;
    for name in labels.names() {
        writeln!(out, "<th scope=\"col\">{}</th>", Isolated(name))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for (gold, name) in labels.names().iter().enumerate() {
        write!(out, "<tr><th scope=\"row\">{}</th>", Isolated(name))?;
        let of = |predicted: usize| metrics.pair(ClassId::new(gold), ClassId::new(predicted));
        let all: u64 = (0..labels.len()).map(of).sum();
        for predicted in 0..labels.len() {
            let rows = of(predicted);
            let shade = if all > 0 { 0.45 * rows as f64 / all as f64 } else { 0.0 };
            let right = if gold == predicted { " right" } else { "" };
            write!(out, "<td class=\"cell{right}\" style=\"{CUSTOM_PROPERTY}share:{shade:.2}\">{rows}</td>")?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}

fn confusions(out: &mut dyn Write, evaluated: &Evaluated<'_>) -> io::Result<()> {
    let (labels, metrics) = (evaluated.labels, &evaluated.findings.metrics);
    let mut wrong: Vec<(u64, ClassId, ClassId)> = metrics.confusions().collect();
    wrong.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let name = |labels: &LabelSet, class: ClassId| Isolated(labels.name(class)).to_string();
    let rows = wrong
        .iter()
        .take(MAX_CONFUSIONS)
        .map(|&(rows, gold, predicted)| [name(labels, gold), name(labels, predicted), rows.to_string()]);
    let caption = format!("The most common confusions of {} labels, at most {MAX_CONFUSIONS}", labels.len());
    table(out, &caption, ["gold", "predicted", "rows"], rows)
}

/// The numbers of the reliability diagram.
pub(super) fn bins(out: &mut dyn Write, bins: &[Bin]) -> io::Result<()> {
    let rows = bins.iter().map(|bin| {
        [
            format!("{:.2} to {:.2}", bin.low, bin.high),
            bin.rows.to_string(),
            number(Some(bin.confidence)),
            cell(Some(Estimate { value: bin.accuracy, interval: bin.interval() })),
        ]
    });
    table(out, "Reliability", ["confidence", "rows", "mean confidence", "share right"], rows)
}

/// Some numbers of the curve.
pub(super) fn curve(out: &mut dyn Write, points: &[CoveragePoint]) -> io::Result<()> {
    let rows = points.iter().map(|point| {
        [format!("{:.0} %", 100.0 * point.coverage), number(Some(point.error)), number(Some(point.threshold))]
    });
    table(out, "Error against coverage", ["answered", "share wrong", "least confidence"], rows)
}

/// Figures of groups or periods.
pub(super) fn parts<'a>(
    out: &mut dyn Write,
    caption: &str,
    head: &str,
    parts: impl IntoIterator<Item = &'a Slice>,
) -> io::Result<()> {
    let rows = parts.into_iter().map(|part| {
        [
            part.name.as_ref().map_or(NO_VALUE.to_owned(), |name| Isolated(name).to_string()),
            part.metrics.rows().to_string(),
            cell(part.accuracy),
            number(part.macro_f1()),
            number(part.metrics.log_loss()),
        ]
    });
    table(out, caption, [head, "rows", "accuracy", "macro-F1", "log loss"], rows)
}

/// Figures by date, and how many rows have none.
pub(super) fn dates(out: &mut dyn Write, dates: &Dates) -> io::Result<()> {
    parts(out, &format!("By {}", dates.period.name()), dates.period.name(), &dates.slices)?;
    let unknown = &dates.unknown;
    writeln!(
        out,
        "<p>{} rows without a date, {} with an unreadable or ambiguous one.</p>",
        unknown.missing, unknown.unreadable
    )
}
