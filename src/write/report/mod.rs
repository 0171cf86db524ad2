//! Writes an evaluation, scored texts or explanations as one page of HTML that needs nothing else:
//! no scripts, no network.

mod chart;
mod escape;
mod excerpt;
mod explained;
mod html;
mod marked;
mod mistake;
mod mistakes;
mod numbers;
mod page;
mod scored;
mod sentence_marks;
mod tables;
mod training;

#[cfg(feature = "serve")]
pub(crate) use escape::Escaped;
pub use explained::{ExplainedText, ExplanationPage, LabelTerms};
pub use mistake::Mistake;
#[cfg(feature = "train")]
pub(crate) use numbers::{ends, signed, signed_with_ends};
pub use page::write_report;
pub use scored::{NearDuplicates, ScoredPage, drift_of_results, write_scored_page};

use crate::model::Model;
use crate::write::Evaluated;

/// What is known of the rows that a model was trained on and of those that it answers.
#[derive(Clone, Copy, Debug)]
pub struct TrainingNote<'a> {
    /// What makes its answers better than those to new texts.
    pub warnings: &'a [String],
    /// What is known where there is nothing to warn of.
    pub note: &'a str,
}

/// The contents of the page about an evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The figures.
    pub evaluated: Evaluated<'a>,
    /// Whether the model was trained on the rows.
    pub training: TrainingNote<'a>,
    /// The model, for its strongest terms.
    pub model: &'a Model,
    /// The names of the files that were evaluated.
    pub files: &'a [String],
    /// The conditions that rows had to meet, as they were given.
    pub filters: &'a [String],
    /// The language of the texts, as a code.
    pub language: Option<&'a str>,
    /// The rows whose gold label is least probable, the worst first.
    pub mistakes: &'a [Mistake],
}
