//! Writes the page: its head, its style, its sections in order.

use std::io::{self, Write};

use crate::evaluate::{EvaluationResult, REPLICATES, Slice};
use crate::label::ClassId;
use crate::model::BlockKind;
use crate::write::evaluation_json::{CURVE_POINTS, LARGEST_GROUPS, WORST_GROUPS};
use crate::write::report::escape::{Escaped, Isolated};
use crate::write::report::{Report, charts, mistakes, tables};

/// Terms for each label.
const TERMS: usize = 15;
/// Steps of the curve in its table.
const CURVE_ROWS: usize = 10;

/// Writes the page. The same report gives the same bytes.
///
/// # Errors
/// The system's error if writing fails.
pub fn write_report(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let model = report.evaluated.model;
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Evaluation of {}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>",
        Escaped(model),
        include_str!("style.css")
    )?;
    head(out, report)?;
    figures(out, report)?;
    confidence(out, report)?;
    terms(out, report)?;
    groups(out, report)?;
    mistakes::write(out, report)?;
    writeln!(
        out,
        "</main>\n<footer><p>Written by standpoint {}.</p></footer>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    )
}

fn head(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let evaluated = &report.evaluated;
    let EvaluationResult { metrics, seed, clusters, weighted, groups, .. } = evaluated.findings;
    let drawn = if groups.is_empty() {
        "rows".to_owned()
    } else {
        format!("groups by {}", Isolated(&evaluated.group_columns.join(", ")))
    };
    let weight = if *weighted { format!(" of weight {:.1}", metrics.weight()) } else { String::new() };
    writeln!(
        out,
        "<h1>Evaluation of {}</h1>\n<p>{} labelled rows{weight}, {} skipped. Intervals hold with a confidence of 95 %: \
         percentiles of {REPLICATES} draws of {clusters} {drawn}, seed {seed}.</p>",
        Isolated(evaluated.model),
        metrics.rows(),
        evaluated.skipped
    )
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
    charts::reliability(out, &bins)?;
    writeln!(
        out,
        "<figcaption>How sure the answers were, and how many were right. On the dashed line confidence is what it says. \
         Calibration error {}.</figcaption>\n</figure>\n<figure>",
        tables::number(metrics.calibration_error())
    )?;
    charts::coverage(out, &curve.thinned(CURVE_POINTS))?;
    writeln!(
        out,
        "<figcaption>How many labels are wrong if only the surest rows are answered. Area under the curve {}.\
         </figcaption>\n</figure>\n</div>\n<div class=\"pair\">",
        tables::number(curve.area())
    )?;
    tables::bins(out, &bins)?;
    tables::curve(out, &curve.thinned(CURVE_ROWS))?;
    writeln!(out, "</div>\n</section>")
}

fn terms(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"terms\">\n<h2 id=\"terms\">Strongest terms</h2>")?;
    let rows = report.evaluated.labels.names().iter().enumerate().map(|(class, name)| {
        let terms: Vec<String> = report
            .model
            .strongest_terms(ClassId::new(class), TERMS)
            .into_iter()
            .map(|of| {
                let (block, weight) = (BlockKind::mark(of.block), mistakes::signed(of.weight));
                format!("<span class=\"term\">{}{block} {weight}</span>", Isolated(&of.term))
            })
            .collect();
        [Isolated(name).to_string(), terms.join(", ")]
    });
    let caption = format!("The {TERMS} terms with the greatest weights for each label");
    tables::table(out, &caption, ["label", "terms"], rows)?;
    writeln!(out, "</section>")
}

fn groups(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let findings = report.evaluated.findings;
    if findings.groups.is_empty() && findings.dates.is_none() {
        return Ok(());
    }
    writeln!(out, "<section aria-labelledby=\"parts\">\n<h2 id=\"parts\">Groups and dates</h2>")?;
    let all = findings.groups.len();
    let largest: Vec<&Slice> = findings.groups.iter().take(LARGEST_GROUPS).collect();
    if all > LARGEST_GROUPS {
        let worst = findings.worst_groups(WORST_GROUPS);
        tables::parts(out, &format!("Largest {LARGEST_GROUPS} of {all} groups"), "group", &largest)?;
        let caption = "Worst groups, by the upper end of the interval of their accuracy";
        tables::parts(out, caption, "group", &worst)?;
    } else if all > 0 {
        tables::parts(out, &format!("{all} group(s)"), "group", &largest)?;
    }
    if let Some(dates) = &findings.dates {
        tables::dates(out, dates)?;
    }
    writeln!(out, "</section>")
}
