//! Reports what an adaptation tried, chose and expects.

use serde::Serialize;

use crate::error::Message;
use crate::evaluate::ComparisonResult;
use crate::train::adapt::more_labels::MoreLabels;
use crate::train::adapt::options::TrainedOn;
use crate::train::report::TrainReport;

/// How one choice did on the caller's texts, beside the model of the corpus alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AdaptCandidate {
    /// What it was trained on.
    pub trained_on: TrainedOn,
    /// The model of the corpus first, this one second.
    pub compared: ComparisonResult,
}

/// How many of the caller's texts get a label, and are not of low confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AnsweredShares {
    /// By the model of the corpus.
    pub base: f64,
    /// By the new model, which saw none of them.
    pub adapted: f64,
}

/// What an adaptation found.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct AdaptReport {
    /// The caller's texts that were compared.
    pub texts: usize,
    /// Their rows: paragraphs, and passages of longer texts.
    pub rows: usize,
    /// Their groups.
    pub groups: usize,
    /// Every choice, in a fixed order.
    pub candidates: Vec<AdaptCandidate>,
    /// The number of the one that the model is trained by: the lowest log loss.
    pub chosen: usize,
    /// The choices that each fold made for itself, beside the model of the corpus alone: what to
    /// expect of the model.
    pub nested: ComparisonResult,
    /// How many texts each model answers; `None` where one of them has no threshold of low
    /// confidence.
    pub answered: Option<AnsweredShares>,
    /// What further labels would bring; `None` with too few to tell.
    pub more_labels: Option<MoreLabels>,
    /// The training of the model.
    pub training: TrainReport,
    /// What a user should know, one sentence each.
    pub warnings: Vec<Message>,
}
