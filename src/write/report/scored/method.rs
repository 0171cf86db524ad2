//! Writes what was scored, with which model, and how far its answers can be trusted.

use std::io::{self, Write};

use crate::model::{Model, TrainingProfile, Unit};
use crate::tabulate::Overview;
use crate::write::report::escape::Isolated;
use crate::write::report::html::{begin_section, end_section, paragraph, table};
use crate::write::report::numbers::{count, counted, percent};
use crate::write::report::scored::ScoredPage;

/// Files that are named; the others are counted.
const MAX_FILES: usize = 12;

/// The model's figure that comes nearest to new texts: what it was measured on, and the macro-F1.
pub(super) fn measured(model: Option<&Model>) -> Option<(String, f64)> {
    let provenance = &model?.provenance;
    let nearest = provenance.held_out.iter().min_by_key(|figure| match figure.by.as_str() {
        "unseen groups" => 0,
        "later dates" => 1,
        _ => 2,
    });
    match nearest {
        Some(figure) => Some((
            format!("{} that it was not trained on ({})", counted(figure.rows, "row"), figure.by),
            figure.macro_f1,
        )),
        None => provenance.macro_f1.map(|f1| ("held-out rows of its training data".to_owned(), f1)),
    }
}

/// Writes the section.
pub(super) fn write(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    begin_section(out, "method", "How this was made")?;
    let mut rows = vec![
        ["files".to_owned(), files(page.files)],
        ["model".to_owned(), Isolated(page.model_id).to_string()],
    ];
    if !page.filters.is_empty() {
        rows.push(["only results with".to_owned(), files(page.filters)]);
    }
    rows.extend(
        page.loaded_language_id.map(|id| ["loaded-language model".to_owned(), Isolated(id).to_string()]),
    );
    rows.push(["texts scored".to_owned(), count(page.overview.documents())]);
    if page.overview.failed() > 0 {
        rows.push(["records that could not be scored".to_owned(), count(page.overview.failed())]);
    }
    let (words, known) = page.overview.words();
    rows.push(["words scored".to_owned(), count(words)]);
    rows.extend(known.map(|known| ["words that the model knows".to_owned(), percent(known)]));
    if let Some((first, last)) = page.overview.days() {
        rows.push(["dates".to_owned(), format!("{first} to {last}")]);
    }
    if let Some(model) = page.model {
        rows.extend(model_rows(model));
    }
    table(out, "What was scored, and how", ["what", "value"], rows)?;
    if !page.drift.is_empty() {
        let drift = page.drift.join("; ");
        paragraph(
            out,
            "warning",
            &format!(
                "<strong>These texts differ from the model’s training data:</strong> {}. Its figures may not hold here.",
                Isolated(&drift)
            ),
        )?;
    }
    if page.model.is_none() {
        paragraph(
            out,
            "warning",
            "The model was not available when this page was made, so its figures are not shown.",
        )?;
    }
    paragraph(
        out,
        "",
        "<strong>Shares carry the model’s errors.</strong> If it takes one label for another more often than the other way round, \
         every share here is off by that much, whatever the interval. A sample of texts that people have coded shows by how much.",
    )?;
    paragraph(
        out,
        "",
        "Intervals of shares are Wilson’s, those of means are Student’s, cut at the ends of the axis. They count each text as one \
         independent observation, and the reprints of one story as one.",
    )?;
    end_section(out)
}

/// The model's measured figures, one row each.
fn model_rows(model: &Model) -> Vec<[String; 2]> {
    let provenance = &model.provenance;
    let mut rows = vec![["training rows".to_owned(), count(provenance.rows)]];
    for figure in &provenance.held_out {
        let name = format!("macro-F1 on {}", Isolated(&figure.by));
        rows.push([name, format!("{:.3} ({})", figure.macro_f1, counted(figure.rows, "row"))]);
    }
    if provenance.held_out.is_empty()
        && let Some(f1) = provenance.macro_f1
    {
        rows.push(["macro-F1 in cross-validation".to_owned(), format!("{f1:.3}")]);
    }
    if let Some(low) = model.thresholds.low_confidence {
        rows.push([
            "no label below this probability".to_owned(),
            format!("{:.2} ({:.2} for texts of several parts)", low.unit, low.document),
        ]);
    }
    rows
}

/// The first files by name, and how many more there are.
fn files(files: &[String]) -> String {
    let named: Vec<String> = files.iter().take(MAX_FILES).map(|file| Isolated(file).to_string()).collect();
    match files.len().saturating_sub(MAX_FILES) {
        0 => named.join(", "),
        more => format!("{} and {} more", named.join(", "), count(more as u64)),
    }
}

/// How texts differ from those of the training, as far as results of whole documents tell it, in one phrase for each difference.
pub fn drift_of_results(overview: &Overview, model: &Model) -> Vec<String> {
    let Some(profile) = &model.reference else { return Vec::new() };
    // A document of a paragraph model is a mean of several answers, which is less sure than one.
    let known_only = TrainingProfile { confidence: 0.0, shares: Vec::new(), ..profile.clone() };
    let profile = match model.unit {
        Unit::Document => profile,
        Unit::Paragraph => &known_only,
    };
    profile.drift(overview.batch(), &model.labels)
}
