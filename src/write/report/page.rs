//! Writes the page: its head, its style, its sections in order.

use std::io::{self, Write};

use crate::evaluate::{CoveragePoint, EvaluationResult, REPLICATES, Slice};
use crate::label::ClassId;
use crate::model::BlockKind;
use crate::tabulate::{NO_VALUE, Period};
use crate::write::evaluation_json::{CURVE_POINTS, LARGEST_GROUPS, WORST_GROUPS};
use crate::write::report::chart::{self, Axis, Caption, RangeRow, TrendPoint};
use crate::write::report::escape::{Escaped, Isolated};
use crate::write::report::numbers::{count, counted, percent_with_ends, signed};
use crate::write::report::{Report, html, mistakes, tables, training};

/// Terms for each label.
const TERMS: usize = 15;
/// Steps of the curve in its table.
const CURVE_ROWS: usize = 10;

/// Writes the page. The same report gives the same bytes.
///
/// # Errors
/// The system's error if writing fails.
pub fn write_report(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    html::begin_page(out, &format!("Evaluation of {}", report.evaluated.model))?;
    head(out, report)?;
    figures(out, report)?;
    confidence(out, report)?;
    terms(out, report)?;
    groups(out, report)?;
    mistakes::write(out, report)?;
    html::end_page(out)
}

fn head(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let evaluated = &report.evaluated;
    let EvaluationResult { metrics, seed, clusters, weighted, groups, .. } = evaluated.findings;
    writeln!(out, "<header>")?;
    html::paragraph(out, "kicker", &format!("Evaluation of {}", Isolated(evaluated.model)))?;
    writeln!(out, "<h1>{}</h1>", Escaped(&sentence(evaluated.findings)))?;
    let drawn = if groups.is_empty() {
        "rows".to_owned()
    } else {
        format!("groups by {}", Isolated(&evaluated.group_columns.join(", ")))
    };
    let weight = if *weighted { format!(" of weight {:.1}", metrics.weight()) } else { String::new() };
    let shares = if *weighted {
        ""
    } else {
        " Intervals by label, group and date are Wilson’s, which treat rows as independent."
    };
    html::paragraph(
        out,
        "caveat",
        &format!(
            "{} labeled{weight}, {} skipped. Intervals are 95&nbsp;% confidence intervals: percentiles of {REPLICATES} resamples \
             of {clusters} {drawn}, seed {seed}.{shares} They account for chance in these rows and say nothing about texts of \
             another kind.",
            counted(metrics.rows(), "row"),
            evaluated.skipped
        ),
    )?;
    training::warnings(out, report.training)?;
    training::note(out, report.training)?;
    facts(out, report)?;
    writeln!(out, "</header>")
}

/// How good the answers are, in one sentence.
fn sentence(findings: &EvaluationResult) -> String {
    let EvaluationResult { metrics, estimates, .. } = findings;
    let Some(accuracy) = estimates.accuracy else { return "No row was evaluated".to_owned() };
    let correct = match metrics.rows() < MIN_ROWS {
        true => count(metrics.correct_rows()),
        false => percent_with_ends(accuracy),
    };
    let macro_f1 = estimates.macro_f1.map_or(String::new(), |f1| format!("; macro-F1 is {:.2}", f1.value));
    format!("{correct} of {} got their gold label{macro_f1}", counted(metrics.rows(), "row"))
}

/// What was evaluated.
fn facts(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let list =
        |names: &[String]| names.iter().map(|name| Isolated(name).to_string()).collect::<Vec<_>>().join(", ");
    let mut facts = vec![("Files", list(report.files))];
    if !report.filters.is_empty() {
        facts.push(("Only rows with", list(report.filters)));
    }
    let dates = report.evaluated.findings.dates.as_ref().map(|dates| &dates.slices);
    if let Some((first, last)) = dates.and_then(|slices| slices.first().zip(slices.last())) {
        let name = |slice: &Slice| Isolated(slice.name.as_deref().unwrap_or("")).to_string();
        facts.push(("Dates", format!("{} to {}", name(first), name(last))));
    }
    let provenance = &report.model.provenance;
    facts.push(("Trained on", counted(provenance.rows, "row")));
    writeln!(out, "<dl class=\"facts\">")?;
    for (name, value) in facts {
        writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>")?;
    }
    writeln!(out, "</dl>")
}

fn figures(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">Figures</h2>")?;
    tables::whole(out, report.evaluated.findings)?;
    tables::classes(out, &report.evaluated)?;
    tables::confusion(out, &report.evaluated)?;
    writeln!(out, "</section>")
}

fn confidence(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let EvaluationResult { metrics, curve, .. } = report.evaluated.findings;
    let bins: Vec<_> = metrics.bins().collect();
    if bins.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section aria-labelledby=\"confidence\">\n<h2 id=\"confidence\">Confidence</h2>\n<div class=\"pair\">\n<figure>"
    )?;
    chart::reliability(out, &bins)?;
    writeln!(
        out,
        "<figcaption>How confident the answers were, and how many were right. On the dashed line, confidence equals accuracy. \
         Lines are 95&nbsp;% intervals, numbers count rows; bins of fewer than ten rows are gray. Calibration error {}, \
         corrected for chance.</figcaption>\n</figure>",
        tables::number(metrics.debiased_calibration_error())
    )?;
    let (drawn, listed) = (curve.thinned(CURVE_POINTS), curve.thinned(CURVE_ROWS));
    if !drawn.is_empty() {
        coverage_chart(out, &drawn, curve.area())?;
    }
    writeln!(out, "</div>\n<div class=\"pair\">")?;
    tables::bins(out, &bins)?;
    if !listed.is_empty() {
        tables::curve(out, &listed)?;
    }
    writeln!(out, "</div>\n</section>")
}

fn coverage_chart(out: &mut dyn Write, points: &[CoveragePoint], area: Option<f64>) -> io::Result<()> {
    writeln!(out, "<figure>")?;
    chart::coverage(out, points)?;
    writeln!(
        out,
        "<figcaption>How many labels are wrong if only the most confident rows are answered, from ten rows on. Area under the \
         curve {}.</figcaption>\n</figure>",
        tables::number(area)
    )
}

fn terms(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"terms\">\n<h2 id=\"terms\">Strongest terms</h2>")?;
    let rows = report.evaluated.labels.names().iter().enumerate().map(|(class, name)| {
        let terms: Vec<String> = report
            .model
            .strongest_words(ClassId::new(class), TERMS)
            .into_iter()
            .map(|of| {
                let (block, weight) = (BlockKind::mark(of.block), signed(of.weight));
                format!("<span class=\"term\">{}{block} {weight}</span>", Isolated(&of.term))
            })
            .collect();
        [Isolated(name).to_string(), terms.join(", ")]
    });
    let caption = format!("The {TERMS} terms with the greatest weights for each label");
    if report.model.has_characters() {
        let note = "The weight of a word holds those of the character n-grams that it is made of.";
        html::paragraph(out, "soft", note)?;
    }
    html::table(out, &caption, ["label", "terms"], rows)?;
    writeln!(out, "</section>")
}

fn groups(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let findings = report.evaluated.findings;
    if findings.groups.is_empty() && findings.dates.is_none() {
        return Ok(());
    }
    html::begin_section(out, "parts", "Groups and dates")?;
    let all = findings.groups.len();
    let largest = findings.groups.get(..LARGEST_GROUPS).unwrap_or(&findings.groups);
    writeln!(out, "<div class=\"pair\">")?;
    if largest.len() > 1 {
        group_chart(out, largest)?;
    }
    if let Some(dates) = findings.dates.as_ref().filter(|dates| dates.slices.len() > 1) {
        date_chart(out, &dates.slices, dates.period)?;
    }
    writeln!(out, "</div>")?;
    if all > LARGEST_GROUPS {
        let worst = findings.worst_groups(WORST_GROUPS);
        tables::parts(out, &format!("Largest {LARGEST_GROUPS} of {all} groups"), "group", largest)?;
        if !worst.is_empty() {
            let caption = "Worst groups below the mean, by the upper end of the interval of their accuracy";
            tables::parts(out, caption, "group", worst)?;
        }
    } else if all > 0 {
        let caption = if all == 1 { "One group".to_owned() } else { format!("{all} groups") };
        tables::parts(out, &caption, "group", largest)?;
    }
    if let Some(dates) = &findings.dates {
        tables::dates(out, dates)?;
    }
    html::end_section(out)
}

/// Parts of fewer rows are drawn gray, and of fewer rows in all the headline gives counts: one row
/// is over a tenth of them.
const MIN_ROWS: u64 = 10;

fn group_chart(out: &mut dyn Write, groups: &[Slice]) -> io::Result<()> {
    let mut rows: Vec<RangeRow> = groups
        .iter()
        .map(|slice| RangeRow {
            name: slice.name.clone().unwrap_or_else(|| NO_VALUE.to_owned()),
            size: Some(slice.metrics.rows()).filter(|rows| *rows < MIN_ROWS),
            estimate: slice.accuracy,
            series: 0,
            muted: slice.metrics.rows() < MIN_ROWS,
        })
        .collect();
    let place = |row: &RangeRow| row.estimate.map_or(0.0, |of| of.value);
    rows.sort_by(|a, b| place(b).total_cmp(&place(a)).then_with(|| a.name.cmp(&b.name)));
    let caption = Caption {
        id: "groups-chart",
        title: "Accuracy by group",
        description: "One row for each group: its share of right answers with the 95 % interval. The table has the numbers.",
    };
    writeln!(out, "<figure>")?;
    chart::ranges(out, caption, Axis::SHARE, &rows)?;
    let sizes =
        if rows.iter().any(|row| row.size.is_some()) { ", with their number of rows (n)" } else { "" };
    writeln!(
        out,
        "<figcaption>Accuracy of the largest groups, the best first. Groups of fewer than ten rows are gray{sizes}.</figcaption>\n</figure>"
    )
}

fn date_chart(out: &mut dyn Write, periods: &[Slice], period: Period) -> io::Result<()> {
    let points: Vec<TrendPoint> = periods
        .iter()
        .map(|slice| TrendPoint {
            name: slice.name.clone().unwrap_or_default(),
            estimate: slice.accuracy,
            documents: slice.metrics.rows(),
            muted: slice.metrics.rows() < MIN_ROWS,
        })
        .collect();
    let caption = Caption {
        id: "dates-chart",
        title: "Accuracy over time",
        description: "A line through the accuracy of each period with a band for its 95 % interval, above bars for the number of \
                      rows. The table has the numbers.",
    };
    writeln!(out, "<figure>")?;
    chart::trend(out, caption, Axis::SHARE, period, &points)?;
    writeln!(out, "<figcaption>Accuracy by {}; bars count rows.</figcaption>\n</figure>", period.name())
}
