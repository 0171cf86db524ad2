//! Scores texts with a model: makes a model ready, scores documents with it, and explains the
//! scores.
//!
//! A [`Classifier`] is a cheap handle that threads share. A [`Worker`] holds the buffers of one
//! thread, and [`Workers`] score many items in order on several threads. Each score is a
//! [`verdict::Verdict`], which holds data only.

mod abstain;
mod batch;
mod buffers;
#[allow(clippy::module_inception)]
mod classifier;
mod compiled_model;
pub mod explain;
mod folded_terms;
mod loaded_language;
mod nodes;
mod open;
mod options;
mod paragraphs;
mod reading;
mod scorer;
mod sentence_contributions;
mod shared_tokens;
mod tables;
mod totals;
pub mod verdict;
mod worker;

pub use batch::Workers;
pub use classifier::{Classifier, ModelFile};
pub use options::ScoreOptions;
pub use sentence_contributions::SentenceContribution;
pub use worker::Worker;

pub use crate::threads::BatchSize;
