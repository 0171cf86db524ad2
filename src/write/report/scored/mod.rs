//! Writes the page about scored texts: what they argue, by group and over time, and which ones to
//! read.

mod charts;
mod chosen;
mod coded;
mod groups;
mod headline;
mod method;
mod periods;
mod reading;

use std::io::{self, Write};

pub use method::drift_of_results;

use crate::evaluate::EvaluationResult;
use crate::model::Model;
use crate::tabulate::{Group, Overview};
use crate::write::report::escape::Isolated;
use crate::write::report::{TrainingNote, html};

/// The contents of the page.
#[derive(Clone, Copy, Debug)]
pub struct ScoredPage<'a> {
    /// What was counted.
    pub overview: &'a Overview,
    /// The title; `None` makes the headline the title.
    pub title: Option<&'a str>,
    /// The names of the files that were scored or read.
    pub files: &'a [String],
    /// The conditions that results had to meet, as in `label = for`.
    pub filters: &'a [String],
    /// What was done about texts that repeat an earlier one.
    pub near_duplicates: NearDuplicates<'a>,
    /// The id of the model.
    pub model_id: &'a str,
    /// The id of the loaded-language model, if there was one.
    pub loaded_language_id: Option<&'a str>,
    /// The model, if it is at hand: for its figures, its axis and its language.
    pub model: Option<&'a Model>,
    /// Whether the model was trained on the texts.
    pub training: TrainingNote<'a>,
    /// How the texts differ from those of the training, in one phrase for each difference.
    pub drift: &'a [String],
    /// What a sample of the texts that people have coded says, if there is one.
    pub coded: Option<&'a EvaluationResult>,
    /// Whether the texts themselves were looked for.
    pub has_texts: bool,
}

/// What was done about texts that repeat an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NearDuplicates<'a> {
    /// Nobody looked for them.
    NotSought,
    /// They are on the page, and marked.
    Marked,
    /// They are not on the page.
    LeftOut {
        /// How many they are.
        texts: u64,
        /// The option that left them out, as it was given.
        option: &'a str,
    },
}

/// Groups that are shown by themselves.
const MAX_GROUPS: usize = 20;
/// Periods that are shown by themselves.
const MAX_PERIODS: usize = 36;
/// Labels that have charts of their own.
const MAX_LABELS: usize = 8;
/// Figures of fewer texts are drawn gray, and say how many they are.
const MIN_TEXTS: u64 = 10;

/// Writes the page. The same contents give the same bytes.
///
/// # Errors
/// The system's error if writing fails.
pub fn write_scored_page(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let headline = headline::sentence(page);
    html::begin_page(out, page.title.unwrap_or(&headline))?;
    headline::write(out, page, &headline)?;
    if chosen::has_findings(page) || chosen::has_reasons(page) {
        charts::shares(out, page)?;
    }
    coded::write(out, page)?;
    groups::write(out, page)?;
    periods::write(out, page)?;
    charts::slants(out, page)?;
    charts::repeats(out, page)?;
    reading::write(out, page)?;
    method::write(out, page)?;
    html::end_page(out)
}

/// The classes that have charts, those of the most texts first.
fn shown_classes(overview: &Overview) -> Vec<usize> {
    let whole = overview.whole();
    let share = |class: &usize| whole.labels.get(*class).map_or(0.0, |share| share.value);
    let mut classes: Vec<usize> = (0..overview.labels().len()).collect();
    classes.sort_by(|a, b| share(b).total_cmp(&share(a)).then(a.cmp(b)));
    classes.truncate(MAX_LABELS);
    classes
}

/// The independent texts of a group: stories where repeats are known.
fn observations(group: &Group<'_>) -> u64 {
    group.stories.unwrap_or(group.documents)
}

fn is_small(group: &Group<'_>) -> bool {
    observations(group) < MIN_TEXTS
}

/// What the two ends of the axis mean: the labels that stand there.
fn axis_ends(model: Option<&Model>) -> Option<(String, String)> {
    let labels = &model?.labels;
    let axis = labels.axis()?;
    let named = |wanted: f64| {
        let names = labels.names().iter().zip(axis).filter(|(_, value)| **value == wanted);
        names.map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ")
    };
    let (low, high) = (named(-1.0), named(1.0));
    (!low.is_empty() && !high.is_empty()).then_some((low, high))
}

/// What the ends of the axis are, where the model says it.
fn ends_note(page: &ScoredPage<'_>) -> String {
    match axis_ends(page.model) {
        Some((low, high)) => format!("−1 is all {}, +1 all {}.", Isolated(&low), Isolated(&high)),
        None => "From −1 to +1, the two ends of the model’s axis.".to_owned(),
    }
}

#[cfg(test)]
mod tests;
