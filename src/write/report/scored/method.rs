//! Writes what was scored, with which model, and how far its answers can be trusted.

use std::io::{self, Write};

use crate::model::{Model, TrainingProfile, Unit, printed_text_accuracy};
use crate::tabulate::Overview;
use crate::write::report::escape::Isolated;
use crate::write::report::html::{begin_section, end_section, paragraph, table};
use crate::write::report::numbers::{count, counted, percent};
use crate::write::report::scored::{NearDuplicates, ScoredPage};
use crate::write::report::training;

/// Files that are named; the others are counted.
const MAX_FILES: usize = 12;

/// The model's figure that comes nearest to new texts, in a sentence: what it was measured on, and
/// how good it was.
pub(super) fn measured(page: &ScoredPage<'_>) -> Option<String> {
    if let Some(found) = page.model.and(printed_text_accuracy(page.model_id)) {
        return Some(format!(
            "On printed texts of outlets that it never saw, its likeliest label was right for {} and {}; expect somewhat less on \
             yours.",
            share_of(found.paragraphs, "paragraph"),
            share_of(found.articles, "article")
        ));
    }
    let provenance = &page.model?.provenance;
    if let Some(f1) = provenance.adaptation.as_ref().and_then(|adaptation| adaptation.macro_f1) {
        return Some(format!(
            "On held-out texts of those that it was adapted to, its macro-F1 was {f1:.2} of 1; expect less on texts unlike them."
        ));
    }
    let nearest = provenance.held_out.iter().min_by_key(|figure| match figure.by.as_str() {
        "unseen groups" => 0,
        "later dates" => 1,
        _ => 2,
    });
    let (by, f1) = match nearest {
        Some(figure) => (
            format!(
                "{} of its training data that were held out ({})",
                counted(figure.rows, "row"),
                figure.by
            ),
            figure.macro_f1,
        ),
        None => ("held-out rows of its training data".to_owned(), provenance.macro_f1?),
    };
    Some(format!("On {by}, its macro-F1 was {f1:.2} of 1; expect less on texts unlike that data."))
}

/// `75 % of 684 paragraphs`.
fn share_of((count, share): (u64, f64), noun: &str) -> String {
    format!("{} of {}", percent(share), counted(count, noun))
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
    let is_part = !page.filters.is_empty() || matches!(page.near_duplicates, NearDuplicates::LeftOut { .. });
    let texts = if is_part { "texts on this page" } else { "texts scored" };
    rows.push([texts.to_owned(), count(page.overview.documents())]);
    rows.push(["near-duplicates".to_owned(), near_duplicates(page)]);
    if page.overview.failed() > 0 {
        rows.push(["records that could not be scored".to_owned(), count(page.overview.failed())]);
    }
    let (words, known) = page.overview.words();
    rows.push(["words scored".to_owned(), count(words)]);
    rows.extend(known.map(|known| ["words that the model knows".to_owned(), percent(known)]));
    rows.extend(page.overview.dates().map(|(first, last)| {
        let dates = if first == last { first.to_owned() } else { format!("{first} to {last}") };
        ["dates".to_owned(), dates]
    }));
    if let Some(model) = page.model {
        rows.extend(printed_text_rows(page.model_id));
        rows.extend(model_rows(model, page.model_id));
    }
    table(out, "What was scored, and how", ["what", "value"], rows)?;
    training::note(out, page.training)?;
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
        "<strong>Shares carry the model’s errors.</strong> The model may take one label for another more often than the other way \
         round. This biases every share, and the intervals do not include the bias. A sample of texts that people have coded shows \
         how large it is.",
    )?;
    let reprints = match page.near_duplicates {
        NearDuplicates::NotSought => "near-duplicates were not looked for, so reprints count each time",
        NearDuplicates::Marked | NearDuplicates::LeftOut { .. } => "reprints count once per story",
    };
    paragraph(
        out,
        "",
        &format!(
            "Intervals of shares are Wilson’s, those of means are Student’s, cut at the ends of the axis. Each text counts as one \
             independent observation; {reprints}."
        ),
    )?;
    end_section(out)
}

/// How many texts repeat an earlier one, if that is known, and what became of them.
fn near_duplicates(page: &ScoredPage<'_>) -> String {
    match page.near_duplicates {
        NearDuplicates::NotSought => "not looked for".to_owned(),
        NearDuplicates::Marked => match page.overview.repeats() {
            0 => "none among these texts".to_owned(),
            repeats => format!("{} of {}", count(repeats), counted(page.overview.documents(), "text")),
        },
        NearDuplicates::LeftOut { texts, option } => {
            format!("{} left out ({})", count(texts), Isolated(option))
        }
    }
}

/// What was measured on printed texts, if that is known.
fn printed_text_rows(model_id: &str) -> Option<[String; 2]> {
    let found = printed_text_accuracy(model_id)?;
    let measured = [share_of(found.paragraphs, "paragraph"), share_of(found.articles, "article")];
    Some(["likeliest label right on printed texts".to_owned(), measured.join(", ")])
}

/// The model's figures on its own training data, one row each.
fn model_rows(model: &Model, model_id: &str) -> Vec<[String; 2]> {
    let provenance = &model.provenance;
    let is_invented = printed_text_accuracy(model_id).is_some();
    let mut rows = vec![["training rows".to_owned(), count(provenance.rows)]];
    for figure in &provenance.held_out {
        let by = Isolated(&figure.by);
        let name = match is_invented {
            true => format!("macro-F1 in cross-validation on invented training text ({by})"),
            false => format!("macro-F1 on {by}"),
        };
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

/// How texts differ from those of the training, as far as results of whole documents tell it, in
/// one phrase for each difference.
pub fn drift_of_results(overview: &Overview, model: &Model) -> Vec<String> {
    let Some(profile) = &model.training_profile else { return Vec::new() };
    // A document of a paragraph model is a mean of several answers, which is less sure than one.
    let known_only = TrainingProfile { confidence: 0.0, shares: Vec::new(), ..profile.clone() };
    let profile = match model.unit {
        Unit::Document => profile,
        Unit::Paragraph => &known_only,
    };
    profile.drift(overview.batch(), &model.labels)
}
